package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
)

// large is a data set of n things that each know and own others.
func large(t testing.TB, n int) *fixture {
	f := newFixture(t)
	id := func(i int) string { return fmt.Sprintf("thing-%07d", i*7919%n) }
	for i := range n {
		f.node("Thing", id(i), values{"title": fmt.Sprintf("Title %d of a thing", i), "text": "Some words that are searched, and a number " + fmt.Sprint(i),
			"count": int64(i % 100), "date": fmt.Sprintf("20%02d", i%25), "tags": []string{"a", fmt.Sprint(i % 9)}})
	}
	for i := range n {
		for k := range 4 {
			f.edge("KNOWS", "Thing", id(i), "Thing", id((i*31+k*97)%n), fmt.Sprint(k), values{"since": int64(k)})
		}
		f.edge("OWNS", "Thing", id(i), "Thing", id((i+1)%n), "", nil)
	}
	return f
}

// A replacing load finds what other hands changed, though the recorded content says
// that there is nothing to do.
func TestReplaceMendsWhatHandsChanged(t *testing.T) {
	f, path := sample(t), file(t)
	s := mustOpen(t, f.cat, path)
	mustLoad(t, s, f.data, store.LoadEmpty)
	list := &plan.Plan{Roots: []*plan.Select{f.list("Thing", "id", "title")}}
	read := func() string {
		res, err := s.Query(t.Context(), list)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(res.Roots)
	}
	want := read()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `UPDATE n_Thing SET "title" = 'changed by hand'`); err != nil {
		t.Fatal(err)
	}
	if read() == want {
		t.Fatal("the change is not seen")
	}
	verified(t, s, f, false)
	if r := mustLoad(t, s, f.data, store.LoadReplace); !r.Changed || read() != want {
		t.Errorf("changed %t: %s", r.Changed, read())
	}
	if r := mustLoad(t, s, f.data, store.LoadReplace); r.Changed {
		t.Errorf("again: %+v", r)
	}
	verified(t, s, f, true)
}

func verified(t *testing.T, s store.Store, f *fixture, want bool) {
	t.Helper()
	found, err := store.Verify(t.Context(), s, f.cat)
	if err != nil || found.AsRecorded() != want {
		t.Errorf("%+v, %v; want as recorded: %t", found, err, want)
	}
}

func TestLoad(t *testing.T) {
	f := sample(t)
	s := mustOpen(t, f.cat, file(t))
	if _, err := s.Query(t.Context(), &plan.Plan{}); store.CodeOf(err) != store.Unavailable {
		t.Fatalf("an empty store answered: %v", err)
	}
	if _, err := s.Info(t.Context()); store.CodeOf(err) != store.Unavailable {
		t.Fatalf("an empty store told about itself: %v", err)
	}
	check := func(name string, mode store.LoadMode, want store.LoadReport) *store.LoadReport {
		t.Helper()
		rep := mustLoad(t, s, f.data, mode)
		if diff := cmp.Diff(&want, rep, cmpopts.IgnoreFields(store.LoadReport{}, "Revision")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		res, err := s.Query(t.Context(), &plan.Plan{Roots: []*plan.Select{f.list("Thing", "id")}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rep.Revision, res.Revision); diff != "" {
			t.Errorf("%s: query reads another revision: %s", name, diff)
		}
		return rep
	}
	first := check("first", store.LoadEmpty, store.LoadReport{Changed: true, NodesCreated: 6, EdgesCreated: 8})
	if first.Revision.Number != 1 || first.Revision.Content != store.ContentHash(f.data) {
		t.Error(first.Revision)
	}
	for _, mode := range []store.LoadMode{store.LoadEmpty, store.LoadMerge, store.LoadReplace} {
		check("again", mode, store.LoadReport{})
	}
	whole := f.data

	f.data = newFixtureOf(f).data
	f.node("Thing", "d", values{"text": "now found"})
	f.node("Thing", "e", nil)
	f.edge("KNOWS", "Thing", "a", "Thing", "b", "2", values{"since": int64(7)})
	f.edge("KNOWS", "Thing", "a", "Thing", "b", "5", nil)
	if _, err := s.Load(t.Context(), f.data, store.LoadOptions{}); store.CodeOf(err) != store.Conflict {
		t.Errorf("a load without a mode into a full store: %v", err)
	}
	merged := check("merge", store.LoadMerge, store.LoadReport{Changed: true, NodesCreated: 1, NodesUpdated: 1, EdgesCreated: 1, EdgesUpdated: 1})
	check("merge again", store.LoadMerge, store.LoadReport{})
	info, err := s.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(info.Counts, info.Degrees["Thing.friends"], info.Degrees["Thing.boxes"]), "[{Thing 5} {Box 2}] [{0 3} {1 1} {4 1}] [{0 4} {1 1}]"; got != want {
		t.Errorf("info: %s, want %s", got, want)
	}
	if merged.Revision.Number != 2 || merged.Revision.Content == first.Revision.Content || merged.Revision.Store != first.Revision.Store {
		t.Error(merged.Revision)
	}

	f.data = whole
	back := check("replace", store.LoadReplace, store.LoadReport{Changed: true, NodesDeleted: 1, NodesUpdated: 1, EdgesUpdated: 1, EdgesDeleted: 1})
	if back.Revision.Content != first.Revision.Content || back.Revision.Number != 3 {
		t.Error("the same data have other content:", back.Revision)
	}
	sel := &plan.Select{Form: plan.Connection, Nodes: f.cat.Nodes, Limit: 10, Search: &plan.Search{Terms: plan.Terms("found")}, Connection: &plan.Conn{Total: true}}
	if got := answer(t, s, sel); got != `[null,0,null]` {
		t.Error("text of a former revision is found:", got)
	}
}

// A merge gives the content of the data set that holds both parts.
func TestContentDoesNotDependOnTheWay(t *testing.T) {
	whole := sample(t)
	part := newFixture(t)
	part.node("Thing", "a", values{"text": "older"})
	part.node("Thing", "d", nil)
	part.edge("KNOWS", "Thing", "a", "Thing", "d", "9", nil)
	s := mustOpen(t, whole.cat, sqlite.Memory)
	mustLoad(t, s, part.on(whole), store.LoadEmpty)
	rep := mustLoad(t, s, whole.data, store.LoadMerge)
	whole.edge("KNOWS", "Thing", "a", "Thing", "d", "9", nil)
	if rep.Revision.Content != store.ContentHash(whole.data) {
		t.Error("content after a merge differs from the content of all data")
	}
}

// on gives the data with the catalog of another fixture.
func (f *fixture) on(o *fixture) *store.Dataset {
	d := newFixtureOf(o).data
	for i, s := range f.data.Nodes {
		d.Nodes[i].Rows = s.Rows
	}
	for i, s := range f.data.Edges {
		d.Edges[i].Rows = s.Rows
	}
	return d
}

// newFixtureOf is an empty data set over the same catalog.
func newFixtureOf(f *fixture) *fixture {
	out := &fixture{cat: f.cat, data: &store.Dataset{Corpus: f.data.Corpus}}
	for _, s := range f.data.Nodes {
		out.data.Nodes = append(out.data.Nodes, store.NodeSet{Type: s.Type})
	}
	for _, s := range f.data.Edges {
		out.data.Edges = append(out.data.Edges, store.EdgeSet{Relationship: s.Relationship, Ends: s.Ends})
	}
	return out
}

func TestIDsMoveBetweenTypes(t *testing.T) {
	f := newFixture(t)
	f.node("Thing", "a", nil)
	s := f.open(t)
	g := newFixtureOf(f)
	g.node("Box", "a", nil)
	if _, err := s.Load(t.Context(), g.data, store.LoadOptions{Mode: store.LoadMerge}); store.CodeOf(err) != store.Conflict || !strings.Contains(err.Error(), `"a"`) {
		t.Error(err)
	}
	rep := mustLoad(t, s, g.data, store.LoadReplace)
	if rep.NodesCreated != 1 || rep.NodesDeleted != 1 {
		t.Error(rep)
	}
}

func TestProgressAndCancel(t *testing.T) {
	f := large(t, 3000)
	s := mustOpen(t, f.cat, file(t))
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Load(ctx, f.data, store.LoadOptions{Progress: func(done, total int) {
		if done > total/2 {
			cancel()
		}
	}})
	if store.CodeOf(err) != store.Timeout {
		t.Fatalf("a cancelled load: %v", err)
	}
	if _, err := s.Query(t.Context(), &plan.Plan{}); store.CodeOf(err) != store.Unavailable {
		t.Fatalf("half a corpus is served: %v", err)
	}
	var last, of int
	if _, err := s.Load(t.Context(), f.data, store.LoadOptions{Progress: func(done, total int) { last, of = done, total }}); err != nil {
		t.Fatal(err)
	}
	if of != 18000 || last != of {
		t.Errorf("progress ended at %d of %d", last, of)
	}
}

// The helper processes of the tests below run this program again.
func TestMain(m *testing.M) {
	if path := os.Getenv("SQLITE_TEST_LOAD"); path != "" {
		t := &testing.T{}
		if os.Getenv("SQLITE_TEST_AGAIN") != "" {
			loadAgain(t, path)
		}
		f := large(t, 8000)
		if os.Getenv("SQLITE_TEST_DATA") == "other" {
			f.data.Corpus.Version = "2"
		}
		s, err := sqlite.Open(context.Background(), f.cat, path)
		if err == nil {
			_, err = s.Load(context.Background(), f.data, store.LoadOptions{Mode: store.LoadReplace, Progress: func(done, total int) {
				if done < total*3/4 {
					return
				}
				fmt.Println("writing")
				if os.Getenv("SQLITE_TEST_HANG") != "" {
					time.Sleep(time.Minute)
				}
			}})
		}
		if err == nil {
			err = s.Close()
		}
		fmt.Println("end", err)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// loadAgain loads one data set after the other until it is killed.
func loadAgain(t *testing.T, path string) {
	sets := []*fixture{large(t, manyThings), large(t, fewThings)}
	for i := 0; ; i++ {
		f := sets[i%2]
		s, err := sqlite.Open(context.Background(), f.cat, path)
		if err == nil {
			_, err = s.Load(context.Background(), f.data, store.LoadOptions{Mode: store.LoadReplace, Progress: func(done, total int) {
				if done >= total*3/4 {
					fmt.Println("writing")
				}
			}})
		}
		if err == nil {
			err = s.Close()
		}
		if err != nil {
			fmt.Println("end", err)
			os.Exit(1)
		}
	}
}

func loadElsewhere(t *testing.T, path string, env ...string) (*exec.Cmd, *strings.Builder) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append(env, "SQLITE_TEST_LOAD="+path)...)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &out
}

func TestKilledLoadLeavesTheOldRevision(t *testing.T) {
	f := sample(t)
	path := file(t)
	s := mustOpen(t, f.cat, path)
	old := mustLoad(t, s, f.data, store.LoadEmpty)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "SQLITE_TEST_LOAD="+path, "SQLITE_TEST_HANG=1")
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := pipe.Read(make([]byte, 64)); err != nil { // it is writing
		t.Fatal(err)
	}
	for range 2 { // while it is writing, and when it is dead
		res, err := s.Query(t.Context(), &plan.Plan{Roots: []*plan.Select{f.list("Thing", "id")}})
		if err != nil || res.Revision != old.Revision || fmt.Sprint(res.Roots[0]) != `[["a"],["b"],["c"],["d"]]` {
			t.Fatal(res, err)
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, f.cat, path)
	if rep := mustLoad(t, s, f.data, store.LoadEmpty); rep.Changed || rep.Revision != old.Revision {
		t.Error(rep)
	}
}

func TestTwoProcessesLoadAtOnce(t *testing.T) {
	path := file(t)
	a, outA := loadElsewhere(t, path, "SQLITE_TEST_DATA=one")
	b, outB := loadElsewhere(t, path, "SQLITE_TEST_DATA=other")
	if err := a.Wait(); err != nil {
		t.Error(err)
	}
	if err := b.Wait(); err != nil {
		t.Error(err)
	}
	for _, out := range []*strings.Builder{outA, outB} {
		if !strings.HasSuffix(out.String(), "end <nil>\n") {
			t.Error(out)
		}
	}
	f := newFixture(t)
	s := mustOpen(t, f.cat, path)
	info, err := s.Info(t.Context())
	if err != nil || info.Revision.Number != 2 || info.Counts[0].Count != 8000 {
		t.Error(info, err)
	}
}

func TestAnotherStoreIsNoticed(t *testing.T) {
	f := sample(t)
	path := file(t)
	s, writer := mustOpen(t, f.cat, path), mustOpen(t, f.cat, path)
	mustLoad(t, writer, f.data, store.LoadEmpty)
	if info, err := s.Info(t.Context()); err != nil || info.Revision.Number != 1 {
		t.Fatal(info, err)
	}
	f.node("Box", "z", nil)
	mustLoad(t, writer, f.data, store.LoadMerge)
	for until := time.Now().Add(time.Second); ; time.Sleep(10 * time.Millisecond) {
		info, err := s.Info(t.Context())
		if err != nil || time.Now().After(until) {
			t.Fatal(info, err)
		}
		if info.Revision.Number == 2 && info.Counts[1].Count == 3 {
			return
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	f := large(b, 100_000)
	for b.Loop() {
		s := mustOpen(b, f.cat, file(b))
		mustLoad(b, s, f.data, store.LoadEmpty)
	}
}
