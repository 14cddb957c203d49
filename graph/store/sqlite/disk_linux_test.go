package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
)

// disk mounts a file system of its own of some bytes, which takes root.
func disk(t *testing.T, bytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Skipf("SKIPPED: no file system can be mounted for a full or read-only disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// A load that does not fit says so, and the store answers from what it held.
func TestDiskFull(t *testing.T) {
	dir := disk(t, 2<<20)
	f := sample(t)
	s := mustOpen(t, f.cat, filepath.Join(dir, "x.db"))
	old := mustLoad(t, s, f.data, store.LoadEmpty)
	for range 2 {
		_, err := s.Load(t.Context(), large(t, 8000).on(f), store.LoadOptions{Mode: store.LoadReplace})
		var e *store.Error
		if !errors.As(err, &e) || e.Code != store.Unavailable || !strings.Contains(e.Message, "full") {
			t.Errorf("a load that does not fit: %v", err)
		}
		res, err := s.Query(t.Context(), &plan.Plan{Roots: []*plan.Select{f.list("Thing", "id")}})
		if err != nil || res.Revision != old.Revision {
			t.Errorf("afterwards: %v", err)
		}
	}
	f.node("Box", "small", nil)
	if rep := mustLoad(t, s, f.data, store.LoadMerge); rep.NodesCreated != 1 {
		t.Errorf("a load that fits: %+v", rep)
	}
}

// A disk that takes nothing more cannot hold a new store.
func TestDiskFullAtOnce(t *testing.T) {
	dir := disk(t, 64<<10)
	filler := filepath.Join(dir, "filler")
	if err := os.WriteFile(filler, make([]byte, 60<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "x.db")
	if _, err := sqlite.Open(t.Context(), catalogOf(t, things), path); store.CodeOf(err) != store.Unavailable {
		t.Errorf("a new store: %v", err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=1m"); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, catalogOf(t, things), path)
}

// A store that cannot be written to is refused, and stays as it is.
func TestReadOnlyDisk(t *testing.T) {
	dir := disk(t, 4<<20)
	path := filepath.Join(dir, "x.db")
	f := sample(t)
	s := mustOpen(t, f.cat, path)
	old := mustLoad(t, s, f.data, store.LoadEmpty)
	remount := func(flags uintptr) {
		t.Helper()
		if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	remount(syscall.MS_RDONLY)
	before := picture(t, dir)
	_, err := sqlite.Open(t.Context(), f.cat, path)
	var e *store.Error
	if !errors.As(err, &e) || e.Code != store.Unavailable || strings.Contains(e.Message, dir) {
		t.Errorf("a read-only store: %v", err)
	}
	if _, err := sqlite.Open(t.Context(), f.cat, filepath.Join(dir, "new.db")); store.CodeOf(err) != store.Unavailable {
		t.Errorf("a new store on a read-only disk: %v", err)
	}
	if after := picture(t, dir); after != before {
		t.Errorf("the folder was changed:\n%s\n%s", before, after)
	}
	remount(0)
	s = mustOpen(t, f.cat, path)
	if info, err := s.Info(t.Context()); err != nil || info.Revision != old.Revision {
		t.Errorf("writable again: %v", err)
	}
}

// TestFileLimit: a load that exceeds what one file may hold fails as on a full
// disk. It runs in a process of its own, whose limit it is.
func TestFileLimit(t *testing.T) {
	path := file(t)
	f := sample(t)
	s := mustOpen(t, f.cat, path)
	old := mustLoad(t, s, f.data, store.LoadEmpty)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "SQLITE_TEST_LOAD="+path, "SQLITE_TEST_FILE_LIMIT=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "end the ") {
		t.Fatalf("%v: %.500s", err, out)
	}
	t.Logf("%s", strings.TrimSpace(string(out)))
	s = mustOpen(t, f.cat, path)
	if info, err := s.Info(t.Context()); err != nil || info.Revision != old.Revision {
		t.Errorf("afterwards: %v %v", info, err)
	}
}

func init() {
	if os.Getenv("SQLITE_TEST_FILE_LIMIT") == "" {
		return
	}
	signal.Ignore(syscall.SIGXFSZ) // the call fails instead
	limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		panic(err)
	}
}
