// Not under the race detector: the driver (5.28.4) writes to the lists of its
// routing table without a lock, where readers have them.

//go:build !race

package neo4j

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"normgraph/graph/store"
	"normgraph/graph/store/neo4j/devserver"
	"normgraph/graph/store/neo4j/devserver/devtest"
)

// A server that stands still takes connections and answers nothing. Whoever asks is
// told so with a code, and answered when it goes on.
func TestPausedServer(t *testing.T) {
	dir := t.TempDir()
	server := devtest.Own(t, devserver.Options{DataDir: dir})
	s := open(t, server, fixtureCatalog(t))
	if _, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	var pid int
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range files {
		if b, _ := os.ReadFile(f); bytes.Contains(b, []byte("--home-dir="+dir)) {
			pid, _ = strconv.Atoi(filepath.Base(filepath.Dir(f)))
		}
	}
	if pid == 0 {
		t.Skip("the server is in a container")
	}
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
	paused, end := context.WithTimeout(t.Context(), acquireTimeout+connectTimeout)
	defer end()
	var wg sync.WaitGroup
	for i := range 60 { // more than there are connections
		wg.Go(func() {
			for paused.Err() == nil {
				limit := time.Second + time.Duration(i%2)*(acquireTimeout+connectTimeout) // shorter and longer than the driver waits
				if _, _, err := within(t, s, limit); store.CodeOf(err) == "" {
					t.Errorf("a paused server: %v", err)
					return
				}
			}
		})
	}
	wg.Wait()
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	for start := time.Now(); ; {
		n, _, err := within(t, s, 10*time.Second)
		if n == 10 && err == nil {
			break
		}
		if store.CodeOf(err) == "" || time.Since(start) > time.Minute {
			t.Fatalf("when it goes on: %d things, %v", n, err)
		}
	}
}
