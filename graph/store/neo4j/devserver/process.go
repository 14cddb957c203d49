package devserver

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// process is a started command, in a process group of its own where the
// system has them, and reaped when it ends.
type process struct {
	cmd    *exec.Cmd
	output *tail
	done   chan struct{} // closed after the process was reaped
}

// spawn starts cmd and copies its output to log, which may be nil.
func spawn(cmd *exec.Cmd, log io.Writer) (*process, error) {
	p := &process{cmd: cmd, output: &tail{next: log}, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.output, p.output
	cmd.WaitDelay = 5 * time.Second // a grandchild may keep the pipe open
	isolate(cmd)
	started := make(chan error, 1)
	go func() {
		// Linux ties a child's parent-death signal to the thread that started
		// it, so that thread has to live as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // cmd.ProcessState tells more than the error
			close(p.done)
		}
	}()
	return p, <-started
}

// runTool runs cmd to its end; the error of a failure has its last lines.
func runTool(ctx context.Context, cmd *exec.Cmd, log io.Writer) error {
	name := filepath.Base(cmd.Path)
	proc, err := spawn(cmd, log)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	select {
	case <-proc.done:
	case <-ctx.Done():
		proc.kill()
		return fmt.Errorf("%s: %w", name, ctx.Err())
	}
	if !cmd.ProcessState.Success() {
		return fmt.Errorf("%s failed (%s); its last lines:\n%s", name, proc.state(), proc.output.lastLines(15))
	}
	return nil
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// state says how an ended process ended.
func (p *process) state() string { return p.cmd.ProcessState.String() }

// terminate asks the process to end and reports whether it did within limit.
func (p *process) terminate(limit time.Duration) bool {
	askGroup(p.cmd.Process)
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-p.done:
		return true
	case <-timer.C:
		return false
	}
}

// kill ends the process and its group and waits for it.
func (p *process) kill() {
	killGroup(p.cmd.Process)
	<-p.done
}

// tail passes on what is written to it and keeps the end of it.
type tail struct {
	next io.Writer // nil: nobody

	mu   sync.Mutex
	kept []byte
}

const tailSize = 16 << 10

// Write never fails: a log that cannot be written must not end the server.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b...)
	if extra := len(t.kept) - tailSize; extra > 0 {
		t.kept = append(t.kept[:0], t.kept[extra:]...)
	}
	if t.next != nil {
		_, _ = t.next.Write(b)
	}
	return len(b), nil
}

// lastLines returns at most n lines, each indented by two spaces.
func (t *tail) lastLines(n int) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.TrimSpace(string(t.kept))
	if text == "" {
		return "  (none)"
	}
	lines := strings.Split(text, "\n")
	lines = lines[max(0, len(lines)-n):]
	return "  " + strings.Join(lines, "\n  ")
}
