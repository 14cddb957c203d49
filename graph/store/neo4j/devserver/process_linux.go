package devserver

import (
	"os/exec"
	"syscall"
)

// isolate gives the command its own process group, so that Ctrl-C reaches
// only us, and ends it when this process dies without a word.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
