//go:build !unix

package devserver

import (
	"os"
	"os/exec"
)

// Without process groups and polite signals a server is simply killed.

func isolate(*exec.Cmd) {}

func askGroup(p *os.Process) { _ = p.Kill() }

func killGroup(p *os.Process) { _ = p.Kill() }
