package devtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/graph/store/neo4j/devserver"
)

// userEnv makes the test binary a second user of the pool in this folder: it
// says the server's URI and keeps the server until it is killed.
const userEnv = "DEVTEST_TEST_USER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(userEnv); dir != "" {
		server, _, err := pool{Dir: dir, Idle: idle}.acquire(context.Background())
		if err != nil {
			fmt.Println("error:", strings.ReplaceAll(err.Error(), "\n", " | "))
			os.Exit(1)
		}
		fmt.Println(server.URI)
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with the parent
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const idle = 3 * time.Second

// TestPool has two processes use one server, with a crash of each kind. A
// server takes ten seconds to start, so the steps share it.
func TestPool(t *testing.T) {
	if os.Getenv("NEO4J_URI") != "" {
		t.Skip("SKIPPED: NEO4J_URI names the server, so no keeper runs")
	}
	p := pool{Dir: t.TempDir(), Idle: idle}
	t.Cleanup(func() { waitUntil(t, "the keeper ends", func() bool { return free(p.file("keeper.lock")) }) })

	user := exec.Command(os.Args[0])
	user.Env = append(os.Environ(), userEnv+"="+p.Dir)
	out, err := user.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := user.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := user.Start(); err != nil {
		t.Fatal(err)
	}
	uri, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	uri = strings.TrimSpace(uri)
	if text, failed := strings.CutPrefix(uri, "error: "); failed {
		_ = user.Wait()
		if strings.Contains(text, devserver.ErrUnavailable.Error()) {
			giveUp(t, fmt.Errorf("%w: %s", devserver.ErrUnavailable, text))
		}
		t.Fatal(text)
	}

	short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, _, err := p.acquire(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a second process got the server while the first one uses it: %v", err)
	}

	// The first user dies without a release: the same server goes to the next.
	if err := user.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = user.Wait()
	server, release, err := p.acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if server.URI != uri {
		t.Errorf("the first process had %s, the second got %s", uri, server.URI)
	}
	if err := server.Kill(); !errors.Is(err, devserver.ErrNotOwned) {
		t.Errorf("Kill of the shared server: %v", err)
	}

	if runtime.GOOS == "linux" {
		t.Run("keeper killed", func(t *testing.T) {
			keeper := processWith(t, keeperEnv, p.Dir)
			if err := keeper.Kill(); err != nil {
				t.Fatal(err)
			}
			_, _ = keeper.Wait()
			release()
			server, release, err = p.acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if server.How == devserver.HowMaven && server.URI != uri && listens(uri) {
				t.Error("the server of the killed keeper still listens")
			}
		})
	}
	if err := prepare(t.Context(), server); err != nil {
		t.Fatal(err)
	}
	release()
	waitUntil(t, "the idle server stops", func() bool { return !listens(server.URI) })
}

func TestForTest(t *testing.T) {
	for range 2 { // the second finds nothing of the first
		t.Run("empty", func(t *testing.T) {
			server := ForTest(t)
			driver, err := server.Driver()
			if err != nil {
				t.Fatal(err)
			}
			defer driver.Close(t.Context())
			result, err := neo4j.ExecuteQuery(t.Context(), driver,
				"MATCH (n) WITH count(n) AS before CREATE (:Left) RETURN before", nil, neo4j.EagerResultTransformer)
			if err != nil {
				t.Fatal(err)
			}
			if before := result.Records[0].Values[0]; before != int64(1) {
				t.Errorf("ForTest gave a database with %v nodes, expected the mark alone", before)
			}

			again := &recorder{TB: t, name: t.Name() + "/child"}
			again.run(func() { ForTest(again) })
			if !strings.Contains(again.fatal, "has the server already") {
				t.Errorf("a subtest that takes its parent's server: %q", again.fatal)
			}
		})
	}
}

// TestMissing looks for a Neo4j where there is nothing.
func TestMissing(t *testing.T) {
	t.Setenv("NEO4J_URI", "")
	t.Setenv("PATH", t.TempDir())
	t.Setenv("JAVA_HOME", "")
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", "")
	forget := func() { unavailable = nil }
	t.Cleanup(forget)
	for list, failure := range map[string]bool{"": false, "node": false, "neo4j": true, "node, neo4j": true} {
		t.Run(list, func(t *testing.T) {
			forget()
			t.Setenv(RequireEnv, list)
			for range 2 { // looked for, and remembered
				r := &recorder{TB: t, name: "other"}
				r.run(func() { ForTest(r) })
				said := r.skipped
				if failure {
					said = r.fatal
				}
				if !strings.Contains(said, "Java on PATH not found") || (r.skipped != "") == failure {
					t.Errorf("fatal: %q\nskipped: %q", r.fatal, r.skipped)
				}
			}
		})
	}
}

// recorder is a test that keeps what it was ended with.
type recorder struct {
	testing.TB
	name           string
	fatal, skipped string
	cleanups       []func()
}

func (r *recorder) Name() string     { return r.name }
func (r *recorder) Helper()          {}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

func (r *recorder) Fatalf(format string, args ...any) {
	r.fatal = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Skipf(format string, args ...any) {
	r.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (r *recorder) run(test func()) {
	done := make(chan struct{})
	go func() { defer close(done); test() }()
	<-done
	for _, f := range r.cleanups {
		f()
	}
}

// processWith finds the process whose environment variable contains text.
func processWith(t *testing.T, variable, text string) *os.Process {
	t.Helper()
	environs, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range environs {
		environ, _ := os.ReadFile(path) // processes come and go
		for entry := range strings.SplitSeq(string(environ), "\x00") {
			command, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
			if strings.HasPrefix(entry, variable+"=") && strings.Contains(entry, text) && strings.HasPrefix(string(command), "normgraph-neo4j-keeper") {
				pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
				if err != nil {
					t.Fatal(err)
				}
				process, err := os.FindProcess(pid)
				if err != nil {
					t.Fatal(err)
				}
				return process
			}
		}
	}
	t.Fatalf("no process with %s=…%s…", variable, text)
	return nil
}

func free(path string) bool {
	lock := flock.New(path)
	ok, err := lock.TryLock()
	return errors.Join(err, lock.Close()) == nil && ok
}

func listens(uri string) bool {
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(uri, "neo4j://"), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

func waitUntil(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !ok(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}
