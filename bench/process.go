package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/procfs"
)

// process is a server under test.
type process struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	stderr *strings.Builder
	lines  *bufio.Reader // of standard output
}

// spawn starts a command. It ends when its standard input is closed, or by SIGTERM.
func spawn(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, stderr: &strings.Builder{}}
	cmd.Stderr = p.stderr
	cmd.WaitDelay = 10 * time.Second
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.stdin, p.lines = stdin, bufio.NewReader(stdout)
	return p, cmd.Start()
}

// line reads a line of standard output, such as the address that a server prints.
func (p *process) line() (string, error) {
	line, err := p.lines.ReadString('\n')
	if err != nil {
		_ = p.stop()
		return "", fmt.Errorf("%s did not start: %s", p.cmd.Args[0], p.stderr)
	}
	return strings.TrimSpace(line), nil
}

func (p *process) stop() error {
	_ = p.stdin.Close()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	_, _ = io.Copy(io.Discard, p.lines)
	var exit *exec.ExitError
	if err := p.cmd.Wait(); err != nil && !errors.As(err, &exit) { // a signal may be its end
		return err
	}
	return nil
}

// freePort is a port on the loopback interface that nothing listens on now.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// ended reports whether the process has ended by itself.
func (p *process) ended() bool {
	proc, err := procfs.NewProc(p.cmd.Process.Pid)
	if err != nil {
		return true
	}
	stat, err := proc.Stat()
	return err != nil || stat.State == "Z"
}

// ready waits until the server answers url with status 200.
func (p *process) ready(ctx context.Context, client *http.Client, url string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	last := errors.New("no answer")
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
			err = fmt.Errorf("status %d", response.StatusCode)
		}
		if p.ended() {
			return errors.New("it ended by itself")
		}
		if ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w", url, last)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// usage is what a process has used: CPU in seconds since its start, resident
// memory in bytes.
type usage struct{ cpu, memory float64 }

// used reads the usage of a process; zero for pid 0.
func used(pid int) (usage, error) {
	if pid == 0 {
		return usage{}, nil
	}
	proc, err := procfs.NewProc(pid)
	if err != nil {
		return usage{}, err
	}
	stat, err := proc.Stat()
	return usage{stat.CPUTime(), float64(stat.ResidentMemory())}, err
}

// findProcess gives the id of the process that has text in its command line, 0
// if there is none.
func findProcess(text string) int {
	all, err := procfs.AllProcs()
	if err != nil {
		return 0
	}
	for _, p := range all {
		args, err := p.CmdLine()
		if err == nil && strings.Contains(strings.Join(args, " "), text) {
			return p.PID
		}
	}
	return 0
}
