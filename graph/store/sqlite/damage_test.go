package sqlite_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
)

// The data sets of TestKilledLoads, by number of things.
const fewThings, manyThings = 60, 400

// TestKilledLoads kills a process that loads one data set after the other a
// hundred times, at any moment: the store holds one of the two whole, and can be
// loaded again.
func TestKilledLoads(t *testing.T) {
	const kills = 100
	few, many := large(t, fewThings), large(t, manyThings)
	want := map[string]int64{store.ContentHash(few.data): fewThings, store.ContentHash(many.data): manyThings}
	path := file(t)
	check := func(f *fixture) int64 {
		s, err := sqlite.Open(t.Context(), f.cat, path)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		info, err := s.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n, ok := want[info.Revision.Content]
		if !ok || info.Counts[0].Count != n {
			t.Fatalf("revision %d has content %s and %v, want %v", info.Revision.Number, info.Revision.Content, info.Counts, want)
		}
		for _, kind := range []string{"Thing", "Box"} {
			sel := f.list(kind, "id", "name")
			sel.Limit, sel.Page = 10_000, 10_000
			res, err := s.Query(t.Context(), &plan.Plan{Roots: []*plan.Select{sel}})
			if err != nil {
				t.Fatal(err)
			}
			if found := strings.Count(fmt.Sprint(res.Roots[0]), `["`); kind == "Thing" && int64(found) != n {
				t.Fatalf("%d things are read, %d are said", found, n)
			}
		}
		if _, err := s.Load(t.Context(), f.data, store.LoadOptions{Mode: store.LoadReplace}); err != nil { // a load after the killed one
			t.Fatal(err)
		}
		return n
	}
	s := mustOpen(t, few.cat, path)
	mustLoad(t, s, few.data, store.LoadEmpty)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	found := map[int64]int{}
	around := 20 * time.Millisecond // from three quarters of the rows to the commit: found by trying
	for range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "SQLITE_TEST_LOAD="+path, "SQLITE_TEST_AGAIN=1")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if lines := bufio.NewReader(out); rand.N(8) > 0 { // else while it starts
			if line, _ := lines.ReadString('\n'); line != "writing\n" { // three quarters of the rows
				t.Fatalf("the process says %q", line)
			}
		}
		time.Sleep(rand.N(2 * around))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		n := check(few)
		found[n]++
		if n == fewThings {
			around += around / 8
		} else {
			around -= around / 8
		}
	}
	t.Logf("%d kills; by number of things found: %v", kills, found)
	if len(found) < 2 {
		t.Error("the kills were all before, or all after a commit")
	}
}

// TestCutWhileOpen cuts the file of an open store, whose pages are mapped into
// memory: statements end with a clear error, and the store closes.
func TestCutWhileOpen(t *testing.T) {
	f := large(t, 2000)
	path := file(t)
	s := mustOpen(t, f.cat, path)
	mustLoad(t, s, f.data, store.LoadEmpty)
	ask := func() error {
		sel := f.list("Thing", "id", "name")
		sel.Limit, sel.Page = 2000, 2000
		_, err := s.Query(t.Context(), &plan.Plan{Roots: []*plan.Select{sel}})
		return err
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 3*4096); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := ask(); store.CodeOf(err) != store.Unavailable || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("got %v, want that the file is damaged", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestFlippedBits flips one bit of a store's file at a time. The file is
// refused, or answers as before: rows are held against the content of their
// revision. Nothing panics or hangs, and what is refused stays as it is.
func TestFlippedBits(t *testing.T) {
	f := large(t, 200)
	path := file(t)
	s := mustOpen(t, f.cat, path)
	mustLoad(t, s, f.data, store.LoadEmpty)
	everything := func(s *sqlite.Store) (string, error) {
		var out strings.Builder
		for _, kind := range []string{"Thing", "Box"} {
			var names []string
			for _, p := range f.cat.Node(kind).Properties {
				names = append(names, p.Name)
			}
			sel := f.list(kind, names...)
			sel.Limit, sel.Page = 1000, 1000
			res, err := s.Query(t.Context(), &plan.Plan{Roots: []*plan.Select{sel}})
			if err != nil {
				return "", err
			}
			fmt.Fprint(&out, res.Revision.Number, res.Roots[0])
		}
		return out.String(), nil
	}
	want, err := everything(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	refused, failed, same := 0, 0, 0
	path = filepath.Join(t.TempDir(), "x.db")
	const flips = 200
	for range flips {
		at := rnd.IntN(len(whole) * 8)
		if rnd.IntN(8) == 0 {
			at = rnd.IntN(4096 * 8) // the header and the schema more often
		}
		broken := append([]byte(nil), whole...)
		broken[at/8] ^= 1 << (at % 8)
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := sqlite.Open(t.Context(), f.cat, path)
		if err != nil {
			if store.CodeOf(err) == "" {
				t.Errorf("bit %d: opening gave an error without a code: %v", at, err)
			}
			refused++
			if after, err := os.ReadFile(path); err != nil || string(after) != string(broken) {
				t.Errorf("bit %d: a file that was refused was changed: %v", at, err)
			}
			continue
		}
		switch got, err := everything(s); {
		case err == nil && got == want:
			same++
		case err == nil:
			t.Errorf("bit %d: other answers", at)
		case store.CodeOf(err) == "":
			t.Errorf("bit %d: an error without a code: %v", at, err)
		default:
			failed++
		}
		if err := s.Close(); err != nil {
			t.Errorf("bit %d: %v", at, err)
		}
	}
	t.Logf("of %d flips %d were refused on opening, %d on reading, %d changed no answer", flips, refused, failed, same)
	if refused < flips/4 {
		t.Error("few flips are found")
	}
}
