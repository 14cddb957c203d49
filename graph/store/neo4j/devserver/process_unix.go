//go:build unix

package devserver

import (
	"os"
	"syscall"
)

// The errors of syscall.Kill are left out: the group is gone, which is what
// the caller wants.

func askGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGTERM) }

func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }
