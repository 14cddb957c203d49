//go:build unix && !linux

package devserver

import (
	"os/exec"
	"syscall"
)

// isolate gives the command its own process group. These systems have no
// parent-death signal: a server outlives a parent that was killed.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}
