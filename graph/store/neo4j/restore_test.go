// Not under the race detector: the driver (5.28.4) hands out the lists of its
// routing table, and takes servers from them while they are read.

//go:build !race

package neo4j

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"normgraph/graph/store"
	"normgraph/graph/store/neo4j/devserver"
	"normgraph/graph/store/neo4j/devserver/devtest"
)

// A process that has written goes on by itself when the server comes back with
// a backup from before its write.
func TestRestoredBackup(t *testing.T) {
	dir, backup := t.TempDir(), filepath.Join(t.TempDir(), "backup")
	server := devtest.Own(t, devserver.Options{DataDir: dir})
	s := open(t, server, fixtureCatalog(t))
	if _, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	copyAll := func(from, to string) {
		if err := os.RemoveAll(to); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("cp", "-r", from, to).CombinedOutput(); err != nil {
			t.Fatal(err, string(out))
		}
	}
	data := filepath.Join(dir, "data")
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	copyAll(data, backup)
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context(), dataset{version: "2"}.build(s.cat), store.LoadOptions{Mode: store.LoadReplace}); err != nil {
		t.Fatal(err)
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	copyAll(backup, data)
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for {
		n, _, err := within(t, s, 10*time.Second)
		if n == 10 && err == nil {
			break
		}
		if time.Since(start) > time.Minute {
			t.Fatalf("%v after the return: %d things, %v", time.Since(start), n, err)
		}
	}
	t.Logf("answered %v after the return", time.Since(start))
}
