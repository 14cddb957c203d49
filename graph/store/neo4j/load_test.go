package neo4j

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j/devserver/devtest"
)

// large needs more rows than one transaction takes.
func large(cat *catalog.Catalog, version string) *store.Dataset {
	d := dataset{version: version}
	for i := range 4000 {
		d.things = append(d.things, map[string]any{"id": fmt.Sprintf("t%d", i), "title": "thing " + version, "n": int64(i)})
	}
	for i := range 1000 {
		d.others = append(d.others, map[string]any{"id": fmt.Sprintf("o%d", i)})
	}
	for i := range 8000 {
		d.has = append(d.has, [2]string{fmt.Sprintf("t%d", i%4000), fmt.Sprintf("o%d", (i*7+i/4000)%1000)})
	}
	return d.build(cat)
}

func total(s *Store) *plan.Plan {
	n := s.cat.Node("Thing")
	return &plan.Plan{Roots: []*plan.Select{{Form: plan.Connection, Nodes: []*catalog.Node{n}, Sort: byID(n), Connection: &plan.Conn{Total: true}}}}
}

// things asks the store as a client does.
func things(tb testing.TB, s *Store) (int64, error) {
	res, err := s.Query(tb.Context(), total(s))
	if err != nil {
		return 0, err
	}
	r := res.Roots[0].Reader()
	r.Enter()
	r.More()
	r.Skip()
	r.More()
	return r.Scalar(catalog.Int).Int, r.Err()
}

// storedContent is the content of the rows that the database holds.
func storedContent(tb testing.TB, s *Store) (c store.Content) {
	tb.Helper()
	for _, n := range s.cat.Nodes {
		err := s.eachNode(tb.Context(), n, func(x storedNode) error { c.Add(c.Node(n, x.values)); return nil })
		if err != nil {
			tb.Fatal(err)
		}
	}
	for _, r := range s.cat.Relationships {
		err := s.eachEdge(tb.Context(), r, func(e *store.Edge) error { c.Add(c.Edge(r, *e)); return nil })
		if err != nil {
			tb.Fatal(err)
		}
	}
	return c
}

func wantCode(tb testing.TB, err error, code store.Code) {
	tb.Helper()
	if store.CodeOf(err) != code {
		tb.Errorf("got %v, want code %s", err, code)
	}
}

func TestLoad(t *testing.T) {
	server := devtest.ForTest(t)
	cat := fixtureCatalog(t)
	s, ctx := open(t, server, cat), t.Context()

	_, err := things(t, s)
	wantCode(t, err, store.Unavailable)
	_, err = s.Info(ctx)
	wantCode(t, err, store.Unavailable)

	load := func(d *store.Dataset, mode store.LoadMode) *store.LoadReport {
		t.Helper()
		r, err := s.Load(ctx, d, store.LoadOptions{Mode: mode})
		if err != nil {
			t.Fatal(err)
		}
		if info, err := s.Info(ctx); err != nil || info.Revision != r.Revision {
			t.Fatalf("info says %v, %v; the load %v", info, err, r.Revision)
		}
		return r
	}
	first := load(small(cat), store.LoadEmpty)
	want := &store.LoadReport{Changed: true, NodesCreated: 14, EdgesCreated: 11, Revision: first.Revision}
	if d := cmp.Diff(want, first); d != "" {
		t.Error(d)
	}
	if first.Revision.Number != 1 || first.Revision.Content != store.ContentHash(small(cat)) || len(first.Revision.Store) != 32 {
		t.Errorf("revision %+v", first.Revision)
	}
	info, err := s.Info(ctx)
	if err != nil {
		t.Fatal(err)
	}
	wantInfo := &store.Info{Revision: first.Revision, Corpus: small(cat).Corpus, Counts: []store.Count{{Kind: "Thing", Count: 10}, {Kind: "Other", Count: 4}},
		Degrees: store.Degrees{"Thing.knows": {{Degree: 0, Nodes: 8}, {Degree: 1, Nodes: 1}, {Degree: 4, Nodes: 1}}, "Thing.has": {{Degree: 0, Nodes: 8}, {Degree: 1, Nodes: 1}, {Degree: 2, Nodes: 1}},
			"Thing.main": {{Degree: 0, Nodes: 8}, {Degree: 1, Nodes: 2}}, "Thing.parts": {{Degree: 0, Nodes: 9}, {Degree: 1, Nodes: 1}},
			"Other.knownBy": {{Degree: 0, Nodes: 1}, {Degree: 1, Nodes: 1}, {Degree: 2, Nodes: 2}}}}
	if d := cmp.Diff(wantInfo, info); d != "" {
		t.Error(d)
	}
	for _, mode := range []store.LoadMode{store.LoadEmpty, store.LoadMerge, store.LoadReplace} {
		if r := load(small(cat), mode); r.Changed || r.Revision != first.Revision {
			t.Errorf("mode %d: equal data made %+v", mode, r)
		}
	}

	other := dataset{version: "2", things: []map[string]any{{"id": "t1", "title": "changed"}, {"id": "new"}, {"id": "t5"}},
		others: []map[string]any{{"id": "o1", "name": "one", "size": int64(10)}}, knows: [][5]any{{"t1", "o1", "k1", "foe", nil}, {"new", "o1", "k9", nil, nil}}}.build(cat)
	_, err = s.Load(ctx, other, store.LoadOptions{})
	wantCode(t, err, store.Conflict)
	merged := load(other, store.LoadMerge)
	want = &store.LoadReport{Changed: true, NodesCreated: 1, NodesUpdated: 1, EdgesCreated: 1, EdgesUpdated: 1, Revision: merged.Revision}
	if d := cmp.Diff(want, merged); d != "" {
		t.Error(d)
	}
	if merged.Revision.Number != 2 || merged.Revision.Store != first.Revision.Store {
		t.Errorf("revision %+v", merged.Revision)
	}
	if r := load(other, store.LoadMerge); r.Changed {
		t.Errorf("merged twice: %+v", r)
	}
	replaced := load(other, store.LoadReplace)
	want = &store.LoadReport{Changed: true, NodesDeleted: 11, EdgesDeleted: 10, Revision: replaced.Revision}
	if d := cmp.Diff(want, replaced); d != "" {
		t.Error(d)
	}
	if replaced.Revision.Content != store.ContentHash(other) {
		t.Error("the content after a replace is not that of the data set")
	}

	// An id that changes its type keeps its relationships only if the data says so.
	turned := dataset{version: "2", things: []map[string]any{{"id": "t1", "title": "changed"}}, others: []map[string]any{{"id": "new"}, {"id": "o1"}, {"id": "t5"}},
		knows: [][5]any{{"t1", "o1", "k1", "foe", nil}, {"t1", "new", "k2", nil, nil}}}.build(cat)
	_, err = s.Load(ctx, turned, store.LoadOptions{Mode: store.LoadMerge})
	wantCode(t, err, store.Conflict)
	if r := load(turned, store.LoadReplace); r.Revision.Content != store.ContentHash(turned) {
		t.Error("content")
	}
	content := storedContent(t, s)
	if got := content.Hex(turned.Corpus); got != store.ContentHash(turned) {
		t.Error("what is stored is not what was loaded")
	}
	// A relationship to nowhere writes nothing.
	dangling := dataset{version: "3", things: []map[string]any{{"id": "t9"}}, knows: [][5]any{{"t9", "o404", "k", nil, nil}}, others: []map[string]any{{"id": "o404"}}}.build(cat)
	dangling.Nodes[1].Rows = nil
	_, err = s.Load(ctx, dangling, store.LoadOptions{Mode: store.LoadMerge})
	wantCode(t, err, store.Conflict)
	if n, err := things(t, s); n != 1 || err != nil {
		t.Errorf("%d things, %v", n, err)
	}
}

// A replacing load finds what other hands changed, though the recorded content says
// that there is nothing to do.
func TestReplaceMendsWhatHandsChanged(t *testing.T) {
	s, server := loaded(t)
	verified := func(want bool) {
		t.Helper()
		found, err := store.Verify(t.Context(), s, s.cat)
		if err != nil || found.AsRecorded() != want {
			t.Errorf("%+v, %v; want as recorded: %t", found, err, want)
		}
	}
	verified(true)
	for _, text := range []string{
		"MATCH (n:Thing {id: 't1'}) SET n.title = 'changed by hand'",
		"MATCH (n:Thing {id: 't1'}) SET n._name = ' changed '",
		"MATCH (n:Thing {id: 't2'}) DETACH DELETE n",
		"CREATE (:NormgraphNode:Thing {id: 'by hand'})",
		"CREATE (:NormgraphNode:Thing)",
		"MATCH (:Thing {id: 't1'})-[e:KNOWS {key: 'k1'}]->() SET e.since = 7",
		"MATCH (:Thing {id: 't1'})-[e:HAS]->(:Other {id: 'o2'}) DELETE e",
		"MATCH (a:Thing {id: 't1'}), (b:Other {id: 'o4'}) CREATE (a)-[:HAS]->(b)",
	} {
		cypher(t, server, text, nil)
		verified(strings.Contains(text, "n._name")) // hidden, and no content
		r, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{Mode: store.LoadReplace})
		if err != nil {
			t.Fatal(err)
		}
		verified(true)
		if content := storedContent(t, s); !r.Changed || content.Hex(small(s.cat).Corpus) != store.ContentHash(small(s.cat)) {
			t.Errorf("after %s: changed %t, the rows are not those of the data", text, r.Changed)
		}
		if r, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{Mode: store.LoadReplace}); err != nil || r.Changed {
			t.Errorf("again: %+v, %v", r, err)
		}
	}
}

// What other tools see is plain.
func TestStoredForm(t *testing.T) {
	_, server := loaded(t)
	rows := cypher(t, server, "MATCH (n:Thing {id: 't1'})-[k:KNOWS {key: 'k1'}]->(o:NormgraphNode:Other) RETURN properties(n), properties(k), labels(n)", nil)
	want := []any{map[string]any{"id": "t1", "title": "alpha", "text": "the quick fox", "n": int64(1), "f": 1.5, "b": true, "day": "2017", "colour": "RED",
		"tags": []any{"x", "y"}, "numbers": []any{int64(1), int64(2)}, "_name": " alpha ", "_body": " the qquick fox "},
		map[string]any{"key": "k1", "role": "friend", "since": int64(2000)}, []any{"NormgraphNode", "Thing"}}
	if d := cmp.Diff(want, rows[0]); d != "" {
		t.Error(d)
	}
}

func TestForeignDatabase(t *testing.T) {
	server := devtest.ForTest(t)
	cypher(t, server, "CREATE (:Customer {id: 't1'})", nil)
	s := open(t, server, fixtureCatalog(t))
	_, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{Mode: store.LoadReplace})
	wantCode(t, err, store.Conflict)
	_, err = things(t, s)
	wantCode(t, err, store.Unavailable)
	rows := cypher(t, server, "SHOW INDEXES YIELD name WHERE name STARTS WITH 'normgraph' RETURN count(*)", nil)
	if rows[0][0] != int64(0) {
		t.Error("indexes were made in somebody's database")
	}
}

// A full-text index with other options is made again.
func TestSearchIndexOptions(t *testing.T) {
	_, server := loaded(t)
	cypher(t, server, "DROP INDEX normgraph_search", nil)
	cypher(t, server, "CREATE FULLTEXT INDEX normgraph_search FOR (n:NormgraphNode) ON EACH [n._name, n._body] OPTIONS {indexConfig: {`fulltext.analyzer`: 'english'}}", nil)
	s := open(t, server, fixtureCatalog(t))
	if _, err := things(t, s); err != nil {
		t.Fatal(err)
	}
	rows := cypher(t, server, "SHOW INDEXES YIELD name, options, state WHERE name = 'normgraph_search' RETURN options.indexConfig['fulltext.analyzer'], state", nil)
	if d := cmp.Diff([][]any{{"whitespace", "ONLINE"}}, rows); d != "" {
		t.Error(d)
	}
}

// Replicas that load at once do it once.
func TestConcurrentLoads(t *testing.T) {
	server := devtest.ForTest(t)
	var wg sync.WaitGroup
	reports := make([]*store.LoadReport, 3)
	for i := range reports {
		s := open(t, server, fixtureCatalog(t))
		wg.Go(func() {
			r, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{})
			if err != nil {
				t.Error(err)
			}
			reports[i] = r
		})
	}
	wg.Wait()
	changed := 0
	for _, r := range reports {
		if r == nil {
			t.FailNow()
		}
		if r.Changed {
			changed++
		}
		if r.Revision != reports[0].Revision {
			t.Errorf("revisions differ: %v, %v", r.Revision, reports[0].Revision)
		}
	}
	if changed != 1 {
		t.Errorf("%d loads changed the store", changed)
	}
}

// Another process's write is noticed within a second, and no read mixes two
// revisions.
func TestReadsDuringWrites(t *testing.T) {
	server := devtest.ForTest(t)
	writer, reader := open(t, server, fixtureCatalog(t)), open(t, server, fixtureCatalog(t))
	version := func(n int) *store.Dataset {
		d := dataset{version: fmt.Sprint(n)}
		for i := range 300 {
			d.things = append(d.things, map[string]any{"id": fmt.Sprintf("t%d", i), "n": int64(n)})
		}
		return d.build(writer.cat)
	}
	if _, err := writer.Load(t.Context(), version(1), store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := reader.Info(t.Context()); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	n := reader.cat.Node("Thing")
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				sel := &plan.Select{Form: plan.List, Nodes: []*catalog.Node{n}, Sort: byID(n), Limit: 1000, Page: 1000, Objects: items(n, "n")}
				res, err := reader.Query(t.Context(), &plan.Plan{Roots: []*plan.Select{sel}})
				if err != nil {
					t.Error(err)
					return
				}
				count := 0
				for r := res.Roots[0].Reader(); r.Enter() || count == 0; {
					for r.More() {
						r.Enter()
						r.More()
						if v := r.Scalar(catalog.Int).Int; v != res.Revision.Number {
							t.Errorf("a row of version %d in revision %d", v, res.Revision.Number)
							return
						}
						r.More()
						count++
					}
					break
				}
				if count != 300 {
					t.Errorf("%d rows", count)
					return
				}
			}
		})
	}
	var last store.Revision
	for i := 2; i < 15; i++ {
		r, err := writer.Load(t.Context(), version(i), store.LoadOptions{Mode: store.LoadReplace})
		if err != nil {
			t.Fatal(err)
		}
		last = r.Revision
	}
	close(done)
	wg.Wait()
	time.Sleep(revisionTrusted)
	if info, err := reader.Info(t.Context()); err != nil || info.Revision != last {
		t.Errorf("info %v, %v; want revision %v", info, err, last)
	}
}

// A read that meets a write of another process knows it, at any point of its
// statement.
func TestUnsettledRead(t *testing.T) {
	server := devtest.ForTest(t)
	reader, writer := open(t, server, fixtureCatalog(t)), open(t, server, fixtureCatalog(t))
	data := dense(writer.cat, 13)
	if _, err := writer.Load(t.Context(), data, store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	text, params := Compile(&plan.Plan{Roots: []*plan.Select{slow(reader.cat, 5)}})
	cypher(t, server, "EXPLAIN "+text, params) // plans it, so that it soon begins to read
	met := 0
	for try := 0; try < 10 && met < 2; try++ {
		finished := make(chan int64)
		time.AfterFunc(300*time.Millisecond, func() {
			data.Corpus.Version += "+"
			r, err := writer.Load(t.Context(), data, store.LoadOptions{Mode: store.LoadReplace})
			if err != nil {
				t.Error(err)
				r = &store.LoadReport{}
			}
			finished <- r.Revision.Number
		})
		_, now, err := reader.attempt(t.Context(), text, params)
		var number int64
		select {
		case number = <-finished:
		default: // the read was the quicker one
			<-finished
			continue
		}
		switch {
		case errors.As(err, new(*unsettled)):
			met++
		case err != nil:
			t.Fatal(err)
		case now.revision.Number != number:
			t.Errorf("a read that met the write of revision %d answers from %d", number, now.revision.Number)
		}
	}
	if met == 0 {
		t.Error("no read met a write")
	}
}

// A store of a newer version is not served.
func TestNewerFormat(t *testing.T) {
	s, server := loaded(t)
	cypher(t, server, "MATCH (m:NormgraphRevision) SET m.format = 99", nil)
	_, err := things(t, open(t, server, s.cat))
	wantCode(t, err, store.Unavailable)
}
