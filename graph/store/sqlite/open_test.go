package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
)

// put writes bytes over a part of a file.
func put(t *testing.T, path string, at int64, b []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(b, at); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	other := func(t *testing.T, path string) {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec(`PRAGMA journal_mode=WAL; CREATE TABLE theirs(a); INSERT INTO theirs VALUES(1)`); err != nil {
			t.Fatal(err)
		}
	}
	ours := func(t *testing.T, path string) {
		f := sample(t)
		s := mustOpen(t, f.cat, path)
		mustLoad(t, s, f.data, store.LoadEmpty)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name string
		make func(t *testing.T, path string)
		says string
	}{
		{"text", func(t *testing.T, path string) { _ = os.WriteFile(path, []byte("id,title\n1,a\n"), 0o600) }, "is not a normgraph store"},
		{"long text", func(t *testing.T, path string) {
			_ = os.WriteFile(path, []byte(strings.Repeat("words ", 5000)), 0o600)
		}, "is not a normgraph store"},
		{"folder", func(t *testing.T, path string) { _ = os.Mkdir(path, 0o700) }, "is a folder"},
		{"another program's", other, "another program"},
		{"newer", func(t *testing.T, path string) {
			ours(t, path)
			put(t, path, 60, binary.BigEndian.AppendUint32(nil, 99))
		}, "newer version of normgraph (format 99"},
		{"truncated", func(t *testing.T, path string) {
			ours(t, path)
			if err := os.Truncate(path, 3*4096); err != nil {
				t.Fatal(err)
			}
		}, "is damaged"},
		{"header only", func(t *testing.T, path string) {
			ours(t, path)
			if err := os.Truncate(path, 100); err != nil {
				t.Fatal(err)
			}
		}, "is damaged"},
		{"first page", func(t *testing.T, path string) {
			ours(t, path)
			put(t, path, 100, bytes.Repeat([]byte{0xee}, 3000))
		}, "is damaged"},
		{"a page within", func(t *testing.T, path string) {
			ours(t, path)
			put(t, path, 6*4096, bytes.Repeat([]byte{0xee}, 4096))
		}, "is damaged"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "x.db")
			tt.make(t, path)
			before := picture(t, dir)
			s, err := sqlite.Open(t.Context(), catalogOf(t, things), path)
			if err == nil {
				_ = s.Close()
				t.Fatal("opened")
			}
			var e *store.Error
			if !errors.As(err, &e) || e.Code != store.Conflict || !strings.Contains(e.Message, tt.says) || strings.Contains(e.Message, dir) {
				t.Errorf("got %v, want a conflict that says %q", err, tt.says)
			}
			if after := picture(t, dir); after != before {
				t.Errorf("the folder was changed:\n%s\n%s", before, after)
			}
		})
	}
}

// picture is what a folder holds.
func picture(t *testing.T, dir string) string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, e := range list {
		b, _ := os.ReadFile(filepath.Join(dir, e.Name()))
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %d %v %x\n", e.Name(), len(b), info.ModTime().UnixNano(), bytes.Count(b, []byte{0}))
	}
	return out.String()
}

func TestOpenUnopenable(t *testing.T) {
	_, err := sqlite.Open(t.Context(), catalogOf(t, things), filepath.Join(t.TempDir(), "no", "such", "x.db"))
	var e *store.Error
	if !errors.As(err, &e) || e.Code != store.Unavailable || strings.Contains(e.Message, "such") {
		t.Error(err)
	}
}

// An odd path is a path, an empty file is a new store, and nothing stays next
// to a closed store.
func TestOpenAndClose(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a b?mode=ro#%41.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f := sample(t)
	for i := range 2 {
		s, err := sqlite.Open(t.Context(), f.cat, path)
		if err != nil {
			t.Fatal(err)
		}
		if rep := mustLoad(t, s, f.data, store.LoadEmpty); rep.Changed != (i == 0) {
			t.Error(rep)
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Query(t.Context(), &plan.Plan{}); store.CodeOf(err) != store.Unavailable {
			t.Error(err)
		}
		if _, err := s.Load(t.Context(), f.data, store.LoadOptions{}); store.CodeOf(err) != store.Unavailable {
			t.Error(err)
		}
		if list, _ := os.ReadDir(dir); len(list) != 1 {
			t.Error(list)
		}
	}
}

// A store of another schema answers nothing until it is rebuilt.
func TestOtherSchema(t *testing.T) {
	path := file(t)
	f := sample(t)
	s := mustOpen(t, f.cat, path)
	old := mustLoad(t, s, f.data, store.LoadEmpty)
	const newer = `type Thing @node { id: ID! name: String! @search(weight: 3) added: Int }`
	cat := catalogOf(t, newer)
	d := &store.Dataset{Nodes: []store.NodeSet{{Type: cat.Node("Thing"), Rows: [][]any{{"n", "new", int64(1)}}}}}
	next := mustOpen(t, cat, path)
	if _, err := next.Query(t.Context(), &plan.Plan{}); store.CodeOf(err) != store.Unavailable || !strings.Contains(err.Error(), "load --replace") {
		t.Error(err)
	}
	if _, err := next.Load(t.Context(), d, store.LoadOptions{Mode: store.LoadMerge}); store.CodeOf(err) != store.Conflict {
		t.Error(err)
	}
	if rep := mustLoad(t, next, d, store.LoadReplace); rep.Revision.Number != old.Revision.Number+1 || rep.NodesCreated != 1 {
		t.Error(rep)
	}
	if _, err := next.Info(t.Context()); err != nil {
		t.Error(err)
	}
	// The program with the older schema sees it at once.
	_, err := s.Query(t.Context(), &plan.Plan{Roots: []*plan.Select{f.list("Thing", "id", "title")}})
	if store.CodeOf(err) != store.Unavailable {
		t.Error(err)
	}
}

func TestCancelledQuery(t *testing.T) {
	f := large(t, 2000)
	for _, path := range []string{sqlite.Memory, file(t)} {
		s := mustOpen(t, f.cat, path)
		mustLoad(t, s, f.data, store.LoadEmpty)
		deep := f.list("Thing", "id")
		for range 9 {
			outer := f.list("Thing", "id")
			deep.Via = f.cat.Node("Thing").Relation("friends")
			outer.Objects[0].Items = append(outer.Objects[0].Items, plan.Item{Select: deep})
			deep = outer
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := s.Query(ctx, &plan.Plan{Roots: []*plan.Select{deep}}); store.CodeOf(err) != store.Timeout {
			t.Fatal(err)
		}
		if _, err := s.Query(t.Context(), &plan.Plan{Roots: []*plan.Select{f.list("Thing", "id")}}); err != nil {
			t.Error("after a cancelled query:", err)
		}
	}
}

// Many statements, more than are kept, on all connections, while loads run.
func TestConcurrentUse(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	f := sample(t)
	for _, path := range []string{sqlite.Memory, file(t)} {
		s, err := sqlite.Open(t.Context(), f.cat, path)
		if err != nil {
			t.Fatal(err)
		}
		mustLoad(t, s, f.data, store.LoadEmpty)
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := range 150 {
					sel := f.list("Thing", "id")
					for range (i*7 + w) % 100 { // as many texts
						sel.Objects[0].Items = append(sel.Objects[0].Items, plan.Item{Prop: f.prop("Thing", "id")})
					}
					ctx, cancel := context.WithCancel(t.Context())
					if i%10 == 0 {
						go cancel()
					}
					res, err := s.Query(ctx, &plan.Plan{Roots: []*plan.Select{sel}})
					switch {
					case err != nil && store.CodeOf(err) != store.Timeout:
						t.Error(err)
					case err == nil && !strings.HasPrefix(fmt.Sprint(res.Roots[0]), `[["a"`):
						t.Error(res.Roots[0])
					}
					cancel()
				}
			})
		}
		g := newFixtureOf(f)
		for i := range 5 {
			g.node("Box", fmt.Sprint("extra", i), nil)
			mustLoad(t, s, g.data, store.LoadMerge)
		}
		wg.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
