package graph_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"normgraph/graph"
	"normgraph/graph/gate"
)

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

// TestHeavyWorkIsBounded: long statements and computations wait for each other;
// all else passes.
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
