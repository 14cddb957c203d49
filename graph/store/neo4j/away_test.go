package neo4j

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j/devserver"
	"normgraph/graph/store/neo4j/devserver/devtest"
)

func TestNobodyThere(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for _, uri := range []string{"neo4j://127.0.0.1:9", "bolt://127.0.0.1:9", "neo4j://no.such.host.invalid"} {
		s, err := Open(t.Context(), fixtureCatalog(t), Config{URI: uri})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, err = s.Query(t.Context(), total(s))
		wantCode(t, err, store.Unavailable)
		var e *store.Error
		if e, _ = err.(*store.Error); e != nil && strings.ContainsAny(e.Message, ":/") {
			t.Errorf("the message tells an address: %s", e.Message)
		}
		t.Logf("gave up after %v", time.Since(start))
		_, err = s.Info(t.Context())
		wantCode(t, err, store.Unavailable)
		_, err = s.Load(t.Context(), small(s.cat), store.LoadOptions{})
		wantCode(t, err, store.Unavailable)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		_, err = s.Query(t.Context(), total(s))
		wantCode(t, err, store.Unavailable)
	}
	if _, err := Open(t.Context(), fixtureCatalog(t), Config{URI: "postgres://x"}); err == nil {
		t.Error("a malformed address was taken")
	}
}

func TestServerReturns(t *testing.T) {
	server := devtest.Own(t, devserver.Options{DataDir: t.TempDir()})
	s := open(t, server, fixtureCatalog(t))
	if _, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	// Many connections, which the kill turns into dead ones.
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if _, err := things(t, s); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	_, err := things(t, s)
	wantCode(t, err, store.Unavailable)
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for {
		n, err := things(t, s)
		if err == nil && n == 10 {
			break
		}
		if time.Since(start) > time.Minute {
			t.Fatalf("long after the return: %d things, %v", n, err)
		}
	}
	t.Logf("answered %v after the return", time.Since(start))
}

// slow is a selection that walks all paths of a length; of 7 in the dense data
// that takes the server minutes.
func slow(cat *catalog.Catalog, length int) *plan.Select {
	thing, other := cat.Node("Thing"), cat.Node("Other")
	w := &plan.Cond{Op: plan.Contains, Prop: other.Property("name"), Value: "x"}
	for i := range length {
		via := thing.Relation("knows")
		if i%2 == 1 {
			via = other.Relation("knownBy")
		}
		// Each level counts in vain, so no level can stop early.
		w = &plan.Cond{Op: plan.Count, Via: via, Kids: []*plan.Cond{w}, Compare: plan.Gte, Value: int64(0)}
	}
	// The outermost level must start from a thing, so length is odd.
	return &plan.Select{Form: plan.List, Nodes: []*catalog.Node{thing}, Where: w, Sort: byID(thing), Limit: 100, Page: 100, Objects: items(thing, "n")}
}

// dense joins every thing to every other one.
func dense(cat *catalog.Catalog, size int) *store.Dataset {
	d := dataset{version: "dense"}
	id := func(kind string, i int) string { return kind + string(rune('a'+i)) }
	for i := range size {
		d.things = append(d.things, map[string]any{"id": id("t", i)})
		d.others = append(d.others, map[string]any{"id": id("o", i), "name": "x"})
		for j := range size {
			d.knows = append(d.knows, [5]any{id("t", i), id("o", j), "k", nil, nil})
		}
	}
	return d.build(cat)
}

// The end of the caller's context ends the statement in the server too.
func TestDeadline(t *testing.T) {
	server := devtest.ForTest(t)
	s := open(t, server, fixtureCatalog(t))
	if _, err := s.Load(t.Context(), dense(s.cat, 20), store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Run("deadline", func(t *testing.T) { endsInServer(t, server, s, 5*time.Second, false) })
	t.Run("caller left", func(t *testing.T) { endsInServer(t, server, s, time.Minute, true) })
	if n, err := things(t, s); n != 20 || err != nil {
		t.Errorf("%d things, %v", n, err)
	}
}

// endsInServer runs a statement that would take minutes, over dense data, until
// its time is over or, when it is seen in the server, its caller leaves.
func endsInServer(t *testing.T, server *devserver.Server, s *Store, limit time.Duration, leaves bool) {
	t.Helper()
	running := func() int64 {
		return cypher(t, server, "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'NormgraphRevision' AND NOT currentQuery STARTS WITH 'SHOW' RETURN count(*)", nil)[0][0].(int64)
	}
	ctx, leave := context.WithTimeout(t.Context(), limit)
	defer leave()
	ended := make(chan error)
	go func() {
		_, err := s.Query(ctx, &plan.Plan{Roots: []*plan.Select{slow(s.cat, 7)}})
		ended <- err
	}()
	for running() == 0 {
		if ctx.Err() != nil {
			t.Fatal("the statement was not seen in the server")
		}
	}
	if leaves {
		leave()
	}
	wantCode(t, <-ended, store.Timeout)
	start := time.Now()
	for running() > 0 {
		if time.Since(start) > 30*time.Second {
			t.Fatal("the statement still runs in the server")
		}
	}
	t.Logf("the server was done %v after the caller", time.Since(start))
}
