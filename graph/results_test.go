package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"normgraph/graph"
	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
)

// watched counts statements and lets a test hold them.
type watched struct {
	store.Store
	statements atomic.Int64
	before     func(context.Context) // each statement
}

func (w *watched) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	w.statements.Add(1)
	if w.before != nil {
		w.before(ctx)
	}
	if ctx.Err() != nil {
		return nil, store.Ended(ctx, ctx.Err())
	}
	return w.Store.Query(ctx, p)
}

func caching(t *testing.T, st store.Store) *graph.Service {
	t.Helper()
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), CacheBytes: 1 << 20, Build: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestResultsAreKept(t *testing.T) {
	st := &watched{Store: loaded(t, bundled(t))}
	s := caching(t, st)
	ask := func(document, variables, operation string) *graph.Response {
		return s.Execute(t.Context(), graph.Request{Document: document, Variables: json.RawMessage(variables), OperationName: operation})
	}
	const two = `query A($n: Int = 2) { norms(limit: $n) { id } } query B($n: Int) { norms(limit: $n) { id } }`
	tags := map[string]string{}
	for _, c := range []struct {
		document, variables, operation string
		cache                          string
		statements                     int
		of                             string // cases of one name have one tag
	}{
		{two, `{"n": 3}`, "A", graph.CacheMiss, 1, "A3"},
		{two, `{ "n":3.0 , "other": [1] }`, "A", graph.CacheHit, 0, "A3"},
		{two, ``, "A", graph.CacheMiss, 1, "A2"},
		{two, `{"n": 2}`, "A", graph.CacheHit, 0, "A2"},
		{two, `{"n": 3}`, "B", graph.CacheMiss, 1, "B3"},
		{two + " ", `{"n": 3}`, "B", graph.CacheMiss, 1, "B3 otherwise"},
		{`{ corpus { name } }`, ``, "", graph.CacheMiss, 0, "corpus"},
		{`{ corpus { name } }`, ``, "", graph.CacheHit, 0, "corpus"},
		{`{ ...F } fragment F on Query { __typename }`, ``, "", graph.CacheMiss, 0, "typename"},
		{`{ ...F } fragment F on Query { __typename }`, ``, "", graph.CacheHit, 0, "typename"},
	} {
		before := st.statements.Load()
		r := ask(c.document, c.variables, c.operation)
		if len(r.Errors) > 0 || r.Cache != c.cache || r.Statements != c.statements || int(st.statements.Load()-before) != c.statements || r.Tag == "" {
			t.Errorf("%s %s %s: cache %q, %d statements, %v", c.document, c.variables, c.operation, r.Cache, r.Statements, r.Errors)
		}
		if old, ok := tags[c.of]; ok && old != r.Tag {
			t.Errorf("%s has two tags", c.of)
		}
		tags[c.of] = r.Tag
	}
	seen := map[string]string{}
	for of, tag := range tags {
		if other, ok := seen[tag]; ok {
			t.Errorf("%s and %s have one tag", of, other)
		}
		seen[tag] = of
	}
	for range 2 { // errors are not kept
		if r := ask(`{ norms(limit: -1) { id } }`, ``, ""); r.Tag != "" || r.Cache == graph.CacheHit || len(r.Errors) == 0 {
			t.Errorf("a mistake: tag %q, cache %q", r.Tag, r.Cache)
		}
	}
	known := s.Execute(t.Context(), graph.Request{Document: two, OperationName: "A", Known: func(tag string) bool { return tag == tags["A2"] }})
	if !known.NotModified || known.Data != nil {
		t.Errorf("an answer that is known: %+v", known)
	}
}

// A load, also by another process, is seen within a second.
func TestResultsEndWithTheRevision(t *testing.T) {
	path := t.TempDir() + "/x.db"
	st, err := sqlite.Open(t.Context(), graph.Catalog(), path)
	if err != nil {
		t.Fatal(err)
	}
	d := bundled(t)
	s := caching(t, filled(t, st, d))
	count := func() string {
		r := s.Execute(t.Context(), graph.Request{Document: `{ normsConnection { totalCount } }`})
		return string(r.Data) + r.Tag
	}
	first := count()
	if again := count(); again != first {
		t.Fatal(again)
	}
	other, err := sqlite.Open(t.Context(), graph.Catalog(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	more := *d
	more.Nodes = append([]store.NodeSet(nil), d.Nodes...)
	for i, n := range more.Nodes {
		if n.Type.Name == "Norm" {
			extra := append([]any(nil), n.Rows[0]...)
			for j, p := range n.Type.Properties {
				if p.Name == "id" {
					extra[j] = "extra"
				}
			}
			more.Nodes[i].Rows = append(n.Rows[:len(n.Rows):len(n.Rows)], extra)
		}
	}
	if _, err := other.Load(t.Context(), &more, store.LoadOptions{Mode: store.LoadMerge}); err != nil {
		t.Fatal(err)
	}
	for start := time.Now(); count() == first; time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > time.Second {
			t.Fatal("the load was not seen within a second")
		}
	}
}

func TestEqualQueriesAtOnce(t *testing.T) {
	st := &watched{Store: loaded(t, bundled(t))}
	s := caching(t, st)
	if r := s.Execute(t.Context(), graph.Request{Document: `{ corpus { name } }`}); len(r.Errors) > 0 { // the revision is known
		t.Fatal(r.Errors)
	}
	entered, leave := make(chan context.Context, 30), make(chan struct{})
	st.before = func(ctx context.Context) {
		entered <- ctx
		select {
		case <-leave:
		case <-ctx.Done():
		}
	}
	const document = `{ norms { id } }`
	var made context.Context
	start := func(n int) (cancels []context.CancelFunc, codes []string, wait func()) {
		var wg sync.WaitGroup
		codes = make([]string, n)
		for i := range n {
			ctx, cancel := context.WithCancel(t.Context())
			cancels = append(cancels, cancel)
			wg.Go(func() { codes[i] = s.Execute(ctx, graph.Request{Document: document}).Code() })
			if i == 0 {
				made = <-entered
			}
		}
		time.Sleep(50 * time.Millisecond) // the others wait by now
		return cancels, codes, wg.Wait
	}

	t.Run("all leave", func(t *testing.T) {
		cancels, codes, wait := start(5)
		for i, cancel := range cancels {
			if i == 4 && made.Err() != nil {
				t.Error("the statement ended while one waits")
			}
			cancel()
			time.Sleep(5 * time.Millisecond)
		}
		select {
		case <-made.Done():
		case <-time.After(time.Second):
			t.Error("the statement goes on for nobody")
		}
		wait()
		for _, code := range codes {
			if code != graph.CodeTimeout {
				t.Errorf("code %q", code)
			}
		}
	})
	t.Run("the first leaves", func(t *testing.T) {
		before := st.statements.Load()
		cancels, codes, wait := start(20)
		cancels[0]()
		close(leave)
		wait()
		for i, code := range codes {
			if code != "" {
				t.Errorf("%d: code %q", i, code)
			}
		}
		if n := st.statements.Load() - before; n != 1 {
			t.Errorf("%d statements for 20 equal queries", n)
		}
		for _, cancel := range cancels {
			cancel()
		}
	})
}

// What goes wrong for the first of several callers is not the others' fault.
func TestSharedFault(t *testing.T) {
	for _, c := range []string{"panic", "not admitted"} {
		t.Run(c, func(t *testing.T) {
			st := &watched{Store: loaded(t, bundled(t))}
			s := caching(t, st)
			var first atomic.Bool
			entered, leave := make(chan struct{}), make(chan struct{})
			hold := func() bool {
				if first.Swap(true) {
					return false
				}
				close(entered)
				<-leave
				return true
			}
			ctx := t.Context()
			if c == "panic" {
				st.before = func(context.Context) {
					if hold() {
						panic(c)
					}
				}
			} else {
				ctx = graph.WithAdmission(ctx, func(rows float64) error {
					if hold() {
						return &gqlerror.Error{Message: "too much", Extensions: map[string]any{"code": "RATE_LIMITED"}}
					}
					if rows < 1 {
						t.Errorf("%f rows", rows)
					}
					return nil
				})
			}
			ask := graph.Request{Document: `{ norms { id } }`}
			var wg sync.WaitGroup
			wg.Go(func() {
				defer func() {
					if p := recover(); (p != nil) != (c == "panic") {
						t.Error(p)
					}
				}()
				ask := ask
				ask.Client = "another"
				if r := s.Execute(ctx, ask); r.Code() != "RATE_LIMITED" {
					t.Errorf("the first: %q", r.Code())
				}
			})
			<-entered
			for range 3 {
				wg.Go(func() {
					if r := s.Execute(ctx, ask); len(r.Errors) > 0 || !strings.Contains(string(r.Data), "id") {
						t.Error(r.Errors)
					}
				})
			}
			time.Sleep(50 * time.Millisecond)
			close(leave)
			wg.Wait()
		})
	}
}

// A store that is away fails queries, but not introspection.
func TestResultsWithoutAStore(t *testing.T) {
	s := caching(t, untouched{tb: t})
	for range 2 {
		if r := s.Execute(t.Context(), graph.Request{Document: `{ __schema { queryType { name } } }`}); len(r.Errors) > 0 {
			t.Error(r.Errors)
		}
	}
	if r := s.Execute(t.Context(), graph.Request{Document: `{ norms(limit: 501) { id } }`}); r.Code() != graph.CodeInput {
		t.Error(r.Errors)
	}
	away := caching(t, awayStore{})
	if r := away.Execute(t.Context(), graph.Request{Document: `{ norms { id } }`}); r.Code() != graph.CodeUnavailable || r.Tag != "" {
		t.Error(r.Errors)
	}
}

type awayStore struct{ store.Store }

func (awayStore) Info(context.Context) (*store.Info, error) {
	return nil, &store.Error{Code: store.Unavailable, Message: "away", Cause: errors.New("away")}
}

// BenchmarkRepeated compares a dashboard's query that is answered again with
// one that is made each time.
func BenchmarkRepeated(b *testing.B) {
	st := loaded(b, bundled(b))
	const document = `{ agreements { id title date norms { id name category } signatories { id name country } process { name } } normsConnection { totalCount aggregate { count { nodes } } } }`
	for name, bytes := range map[string]int64{"uncached": 0, "repeated": 1 << 24} {
		b.Run(name, func(b *testing.B) {
			s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), CacheBytes: bytes})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					r := s.Execute(context.Background(), graph.Request{Document: document})
					if len(r.Errors) > 0 {
						b.Fatal(r.Errors)
					}
					b.SetBytes(int64(len(r.Data)))
				}
			})
		})
	}
}

// TestLargePagesAreOfTheProgram: what it reads by one large page is not given to others, kept or not.
func TestLargePagesAreOfTheProgram(t *testing.T) {
	s, err := graph.New(loaded(t, bundled(t)), graph.Options{Limits: graph.DefaultLimits(), CacheBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	r := graph.Request{Document: `{ signatories(limit: 1000) { id } }`, Page: 1000}
	if res := s.Execute(t.Context(), r); len(res.Errors) > 0 || res.Rows != 1000 {
		t.Fatalf("%d rows, %v", res.Rows, res.Errors)
	}
	r.Page = 0
	if res := s.Execute(t.Context(), r); res.Code() != graph.CodeInput {
		t.Errorf("a page of 1000 for others: %d rows, %v", res.Rows, res.Errors)
	}
}
