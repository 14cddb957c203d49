package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"normgraph/graph"
	"normgraph/graph/gate"
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

// TestPlacesOfRequests: one client has half of the places; when all are taken, what
// is kept is answered, and nothing else is read, parsed or sent to the store.
func TestPlacesOfRequests(t *testing.T) {
	st := &watched{Store: loaded(t, bundled(t))}
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), CacheBytes: 1 << 20, Requests: 2})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(client gate.Client, document string) *graph.Response {
		return s.Execute(t.Context(), graph.Request{Document: document, Client: client})
	}
	const kept = `{ norms(limit: 3) { id } }`
	made := ask("a", kept)
	entered, leave := make(chan struct{}), make(chan struct{})
	st.before = func(context.Context) {
		entered <- struct{}{}
		<-leave
	}
	var wg sync.WaitGroup
	hold := func(client gate.Client) {
		wg.Go(func() {
			if r := ask(client, fmt.Sprintf(`{ norms(where: {id: {eq: %q}}) { id } }`, client)); len(r.Errors) > 0 {
				t.Errorf("%s: %v", client, r.Errors)
			}
		})
		<-entered
	}
	refused := func(client gate.Client, document string) {
		t.Helper()
		before := st.statements.Load()
		if r := ask(client, document); r.Code() != graph.CodeUnavailable || st.statements.Load() != before {
			t.Errorf("%s: %s %v", document, r.Data, r.Errors)
		}
	}
	hold("a")
	refused("a", `{ norms(limit: 4) { id } }`)
	hold("b")
	refused("c", `{ norms(limit: 4) { id } }`)
	refused("c", `{ none`)
	for _, client := range []gate.Client{"a", "b", "c"} {
		if r := ask(client, kept); string(r.Data) != string(made.Data) || r.Cache != graph.CacheHit || r.Tag != made.Tag {
			t.Errorf("what is kept: %s %q %v", r.Data, r.Cache, r.Errors)
		}
	}
	close(leave)
	wg.Wait()
	st.before = nil
	if r := ask("c", `{ norms(limit: 4) { id } }`); len(r.Errors) > 0 {
		t.Errorf("afterwards: %v", r.Errors)
	}
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

// Statements beyond the bound wait a little, then are refused.
func TestStatementsAreBounded(t *testing.T) {
	st := &watched{Store: loaded(t, bundled(t))}
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), Statements: 2})
	if err != nil {
		t.Fatal(err)
	}
	var running, most atomic.Int64
	leave := make(chan struct{})
	st.before = func(context.Context) {
		most.Store(max(most.Load(), running.Add(1)))
		<-leave
		running.Add(-1)
	}
	codes := make(chan string, 6)
	for range 6 {
		go func() { codes <- s.Execute(t.Context(), graph.Request{Document: `{ norms { id } }`}).Code() }()
	}
	for range 4 {
		if code := <-codes; code != graph.CodeUnavailable {
			t.Errorf("code %q", code)
		}
	}
	close(leave)
	for range 2 {
		if code := <-codes; code != "" {
			t.Errorf("code %q", code)
		}
	}
	if most.Load() != 2 {
		t.Errorf("%d statements at once", most.Load())
	}
}

// TestHeavyWorkIsBounded: long statements and computations wait for each other;
// all else passes.
// limited is a store that runs one statement at a time.
type limited struct{ *watched }

func (limited) AtOnce() int { return 1 }

// TestStatementsAsTheStoreRuns: what a store does not run at once waits where
// clients take turns, and not in the store.
func TestStatementsAsTheStoreRuns(t *testing.T) {
	st := &watched{Store: loaded(t, bundled(t))}
	s, err := graph.New(limited{st}, graph.Options{Limits: graph.DefaultLimits(), Statements: 16})
	if err != nil {
		t.Fatal(err)
	}
	entered, leave := make(chan struct{}, 2), make(chan struct{})
	st.before = func(context.Context) {
		entered <- struct{}{}
		<-leave
	}
	codes := make(chan string)
	ask := func() { codes <- s.Execute(t.Context(), graph.Request{Document: `{ norms { id } }`}).Code() }
	go ask()
	<-entered
	go ask()
	if code := <-codes; code != graph.CodeUnavailable || len(entered) > 0 {
		t.Errorf("the second: %q, and %d in the store", code, len(entered))
	}
	close(leave)
	if code := <-codes; code != "" {
		t.Errorf("the first: %q", code)
	}
}

func TestHeavyWorkIsBounded(t *testing.T) {
	st := &watched{Store: loaded(t, bundled(t))}
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), Statements: 8, Heavy: 1})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(document string) string {
		return s.Execute(t.Context(), graph.Request{Document: document}).Code()
	}
	const computed = `{ normMatrix(rows: CORE_IDEA, columns: YEAR) { assessedIncidents } }`
	if code := ask(computed); code != "" { // and its table is kept
		t.Fatal(code)
	}
	entered, leave := make(chan struct{}, 8), make(chan struct{})
	var held atomic.Bool
	st.before = func(context.Context) {
		if held.CompareAndSwap(false, true) {
			entered <- struct{}{}
			<-leave
		}
	}
	const inside = `: assessments(limit: 500) { incident { assessments(limit: 90) { id } } } `
	const rows = `{ assessments(limit: 500) { incident { assessments(limit: 90) { id %s } } } b` + inside + `c` + inside + `d` + inside + `}`
	const visits = `{ agreements(where: {signatories: {some: {agreements: {some: {signatories: {some: {id: {eq: "%s"}}}}}}}}) { id } }`
	many := ""
	for i := range 25 {
		many += fmt.Sprintf("r%d: rationale ", i)
	}
	first := make(chan string)
	go func() { first <- ask(fmt.Sprintf(visits, "a")) }()
	<-entered
	for document, want := range map[string]string{
		fmt.Sprintf(rows, "rationale"): graph.CodeUnavailable,
		fmt.Sprintf(visits, "b"):       graph.CodeUnavailable,
		"{ assessments(limit: 500) { incident { assessments(limit: 90) { norm { id name summary } " + many + " } } } }": graph.CodeUnavailable,
		`{ normMatrix(rows: NORM, columns: YEAR) { assessedIncidents } }`:                                               graph.CodeUnavailable,
		computed: "", // is kept
		`{ norms { id } agreements { signatories { id } } }`: "",
	} {
		if code := ask(document); code != want {
			t.Errorf("%s: code %q, want %q", document, code, want)
		}
	}
	close(leave)
	if code := <-first; code != "" {
		t.Errorf("the first: %q", code)
	}
	if code := ask(fmt.Sprintf(visits, "b")); code != "" {
		t.Errorf("afterwards: %q", code)
	}
}

// TestLongStatement: a statement that was taken for a light one and goes on takes a
// place among the heavy ones, or ends.
func TestLongStatement(t *testing.T) {
	st := &watched{Store: loaded(t, bundled(t))}
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), Statements: 8, Heavy: 1})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(document string) string {
		return s.Execute(t.Context(), graph.Request{Document: document}).Code()
	}
	const light, heavy = `{ norms(limit: %d) { id } }`, `{ agreements(where: {signatories: {some: {agreements: {some: {signatories: {some: {id: {eq: "a"}}}}}}}}) { id } }`
	started, leave := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	st.before = func(ctx context.Context) {
		switch {
		case !first.Swap(true):
			close(started)
			select {
			case <-leave:
			case <-ctx.Done():
			}
		default:
			<-ctx.Done()
		}
	}
	long := make(chan string)
	go func() { long <- ask(fmt.Sprintf(light, 1)) }()
	<-started
	time.Sleep(500 * time.Millisecond)                                     // by now it has the place
	if code := ask(fmt.Sprintf(light, 2)); code != graph.CodeUnavailable { // ends when the other has the place
		t.Errorf("a second long one: %q", code)
	}
	if code := ask(heavy); code != graph.CodeUnavailable {
		t.Errorf("a heavy one: %q", code)
	}
	close(leave)
	if code := <-long; code != "" {
		t.Errorf("the one with the place: %q", code)
	}
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
