package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the built command; the tests below use it as a user would.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "normgraph-test-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "normgraph")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", binary, ".") // as in an image, which has no repository
	build.Stderr = os.Stderr
	code := 1
	if err := build.Run(); err == nil {
		code = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// command is the binary with a data folder of its own.
func command(t testing.TB, data string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), binary, args...)
	c.Env = append(os.Environ(), "XDG_DATA_HOME="+data, "HOME="+data, "NORMGRAPH_STORE=", "NEO4J_USER=", "NEO4J_PASSWORD=")
	return c
}

// run gives the exit code and what was printed.
func run(t *testing.T, data, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	c := command(t, data, args...)
	var out, errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(stdin), &out, &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() })
	defer late.Stop()
	err := c.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), out.String(), errs.String()
}

// served is a running server.
type served struct {
	*exec.Cmd
	url string

	mu  sync.Mutex
	log strings.Builder
	eof chan struct{}
}

// serve starts a server and waits for a log line with the message.
func serve(t testing.TB, data, until string, args ...string) *served {
	t.Helper()
	s := &served{Cmd: command(t, data, append([]string{"serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--log-format", "json"}, args...)...), eof: make(chan struct{})}
	stderr, err := s.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Process.Kill() })
	reached := make(chan struct{})
	go func() {
		defer close(s.eof)
		once := sync.OnceFunc(func() { close(reached) })
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			var line struct{ Msg, Address string }
			_ = json.Unmarshal(lines.Bytes(), &line) // other output is kept as it is
			s.mu.Lock()
			s.log.WriteString(lines.Text() + "\n")
			if line.Address != "" {
				s.url = "http://" + line.Address
			}
			s.mu.Unlock()
			if line.Msg == until {
				once()
			}
		}
	}()
	select {
	case <-reached:
	case <-s.eof:
		t.Fatalf("the server ended: %s", s.said())
	case <-time.After(3 * time.Minute):
		t.Fatalf("no %q within three minutes: %s", until, s.said())
	}
	return s
}

func (s *served) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// stop sends the signal and gives the exit code.
func (s *served) stop(t testing.TB) int {
	t.Helper()
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-s.eof
	_ = s.Wait() // the exit code tells
	return s.ProcessState.ExitCode()
}

func fetch(t *testing.T, url string) (int, string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}
