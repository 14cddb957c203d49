//go:build unix

package devtest

import (
	"os/exec"
	"syscall"
)

// detach gives the keeper a session of its own, so that Ctrl-C in the terminal
// of a test does not end the server of another one.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
