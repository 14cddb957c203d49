// Package storetest holds a store.Store to its contract and to the API's
// description. Every backend runs all of it from its own tests.
package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"

	"normgraph/graph"
	"normgraph/graph/oracle"
	"normgraph/graph/store"
)

// Run tests a backend. open gives a store over graph.Catalog that holds
// nothing; the stores that it gave before are closed by then. Run closes it.
func Run(t *testing.T, open func(tb testing.TB) store.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, func(testing.TB) store.Store)
	}{
		{"Empty", empty},
		{"Load", load},
		{"LoadTwice", loadTwice},
		{"LoadEmptyIntoFull", loadEmptyIntoFull},
		{"Merge", merge},
		{"MergeNames", mergeNames},
		{"MergeParts", mergeParts},
		{"Replace", replace},
		{"LongText", longText},
		{"MergeFuzz", mergeFuzz},
		{"Ended", ended},
		{"LoadWhileReading", loadWhileReading},
		{"LoadMemory", memory},
		{"Closed", closed},
		{"Operators", operators},
		{"Logic", logic},
		{"Pages", pages},
		{"EdgePages", edgePages},
		{"ParallelRelationships", parallelRelationships},
		{"Aggregates", aggregates},
		{"Search", search},
		{"HostileText", hostileText},
		{"Hostile", hostile},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open) })
	}
}

// opened is a store that closes with the test.
func opened(tb testing.TB, open func(testing.TB) store.Store) store.Store {
	tb.Helper()
	st := open(tb)
	tb.Cleanup(func() {
		if err := st.Close(); err != nil {
			tb.Errorf("Close: %v", err)
		}
	})
	return st
}

func must(tb testing.TB, st store.Store, d *store.Dataset, mode store.LoadMode) *store.LoadReport {
	tb.Helper()
	r, err := st.Load(tb.Context(), d, store.LoadOptions{Mode: mode})
	if err != nil {
		tb.Fatalf("Load: %v", err)
	}
	return r
}

// subject is a loaded store with a service over it and the oracle's view of
// the same data.
type subject struct {
	testing.TB
	store   store.Store
	service *graph.Service
	oracle  *oracle.Graph
}

func newSubject(tb testing.TB, open func(testing.TB) store.Store, d *store.Dataset) *subject {
	tb.Helper()
	st := opened(tb, open)
	must(tb, st, d, store.LoadEmpty)
	return &subject{tb, st, service(tb, st), oracle.New(graph.Schema(), graph.Catalog(), d)}
}

func service(tb testing.TB, st store.Store) *graph.Service {
	tb.Helper()
	limits := graph.DefaultLimits()
	limits.Scan.Tokens, limits.Scan.Aliases, limits.Scan.RootFields, limits.Selections = 1e6, 1e5, 1e3, 1e5
	limits.Subqueries = 1e6
	s, err := graph.New(st, graph.Options{Limits: limits, Log: func(_ context.Context, err error) { tb.Logf("fault: %v", err) }})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// ask returns the data of a request without errors.
func (s *subject) ask(document string, vars map[string]any) string {
	s.Helper()
	raw, err := json.Marshal(vars)
	if err != nil {
		s.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(s.Context(), time.Minute)
	defer cancel()
	r := s.service.Execute(ctx, graph.Request{Document: document, Variables: raw})
	if len(r.Errors) > 0 {
		s.Fatalf("errors: %v\n%s\n%s", r.Errors, document, raw)
	}
	return string(r.Data)
}

// says checks an answer that was worked out by hand.
func (s *subject) says(document, want string) {
	s.Helper()
	if got := s.ask(document, nil); got != want {
		s.Errorf("%s\nwant %s\ngot  %s", document, want, got)
	}
}

// agrees checks an answer against the oracle.
func (s *subject) agrees(document string, vars map[string]any) oracle.Pairs {
	s.Helper()
	raw, err := json.Marshal(vars)
	if err != nil {
		s.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var given map[string]any
	if err := dec.Decode(&given); err != nil {
		s.Fatal(err)
	}
	return s.agreesAs(document, vars, given)
}

// agreesAs has values of variables apart for the oracle: its own cursors.
func (s *subject) agreesAs(document string, vars, given map[string]any) oracle.Pairs {
	s.Helper()
	doc, errs := gqlparser.LoadQueryWithRules(graph.Schema(), document, nil)
	if errs != nil {
		s.Fatalf("%v\n%s", errs, document)
	}
	want := s.oracle.Execute(doc, doc.Operations[0], given)
	pairs, err := want.Data.Equal([]byte(s.ask(document, vars)))
	if err != nil {
		s.Errorf("%v\n%s\n%v", err, document, vars)
	}
	return pairs
}
