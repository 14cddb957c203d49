package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"normgraph/bench/data"
	dataloader "normgraph/bench/dataloader/graph"
	"normgraph/bench/load"
	"normgraph/bench/shape"
	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
)

// testBench is a bench over SQLite with all subjects in this process.
func testBench(t *testing.T) *bench {
	t.Helper()
	d, err := data.Generate(graph.Catalog(), data.MinNodes, 1)
	if err != nil {
		t.Fatal(err)
	}
	on := &world{name: "test", data: d, dir: t.TempDir()}
	st, err := sqlite.Open(t.Context(), graph.Catalog(), on.sqliteFile())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	if _, err := st.Load(t.Context(), d, store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	service, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits()})
	if err != nil {
		t.Fatal(err)
	}
	db, err := dataloader.Open(filepath.ToSlash(on.sqliteFile()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	sql, err := plainSQL(on)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sql.stop() })
	sql.name = subjectSQL
	return &bench{world: on, seed: 1, shapes: shape.Shapes, say: t.Logf, subjects: []*subject{
		served(t, subjectSQLite, handler(service)), served(t, subjectDataloader, dataloader.Handler(db)), sql,
	}}
}

func served(t *testing.T, name string, h http.Handler) *subject {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return &subject{name: name, prepare: graphQL(load.Client(2), server.URL, askCursor)}
}

// handler is the least of GraphQL over HTTP.
func handler(s *graph.Service) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Query     string
			Variables json.RawMessage
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		res := s.Execute(r.Context(), graph.Request{Document: q.Query, Variables: q.Variables})
		answer := map[string]any{"data": res.Data}
		if len(res.Errors) > 0 {
			answer["errors"] = res.Errors
		}
		_ = json.NewEncoder(w).Encode(answer)
	})
}

// The service, the dataloader server and the plain SQL answer every shape alike,
// and every measurement of them gives figures.
func TestSubjectsOnSQLiteAnswerAlike(t *testing.T) {
	b := testBench(t)
	b.effort = effort{Rounds: 1, Warm: 20 * time.Millisecond, Closed: 20 * time.Millisecond, Alone: 20 * time.Millisecond, Open: 50 * time.Millisecond, Patience: 10 * time.Second, Connections: 2}
	cells, err := b.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Dashboard is for the service alone.
	if want := (len(shape.Shapes)-1)*len(b.subjects) + 1; len(cells) != want {
		t.Fatalf("%d cells, want %d", len(cells), want)
	}
	for _, c := range cells {
		if len(c.Capacity) != 1 || c.Capacity[0] <= 0 || c.Alone[0] <= 0 || c.P99 < c.P50 || c.P50 <= 0 || c.OpenRequests == 0 {
			t.Errorf("%s %s: %+v", c.Subject, c.Shape, c)
		}
	}
	var table strings.Builder
	if err := writeTable(&table, cells); err != nil {
		t.Fatal(err)
	}
	if err := writeRatios(&table, cells); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(table.String(), "| large"); n != 3+2 {
		t.Errorf("the tables have %d lines on large, want three figures and two ratios:\n%s", n, table.String())
	}
}

// A subject whose answers differ is found before anything is measured.
func TestOtherAnswersAreFound(t *testing.T) {
	b := testBench(t)
	honest := b.subjects[1].prepare
	b.subjects[1].prepare = func(ctx context.Context, s *shape.Shape, values []shape.Values) (load.Attack, error) {
		a, err := honest(ctx, s, values)
		for i := range a.Bodies {
			a.Bodies[i] = []byte(strings.Replace(string(a.Bodies[i]), "limit: 5)", "limit: 4)", 1))
		}
		return a, err
	}
	b.Patience = 10 * time.Second
	if _, err := b.prepare(t.Context(), shape.Small); err != nil {
		t.Errorf("small: %v", err)
	}
	if _, err := b.prepare(t.Context(), shape.Large); err == nil || !strings.Contains(err.Error(), "answers differently") {
		t.Errorf("a smaller page was not noticed: %v", err)
	}
}

// A peer that does not answer in time is left out of a shape and of its ratios;
// everything else is measured.
func TestSlowPeersAreLeftOut(t *testing.T) {
	b := testBench(t)
	b.effort = effort{Rounds: 1, Warm: 10 * time.Millisecond, Closed: 10 * time.Millisecond, Alone: 10 * time.Millisecond, Open: 20 * time.Millisecond, Patience: 2 * time.Second, Connections: 2}
	b.shapes = []*shape.Shape{shape.Small, shape.Large}
	honest := b.subjects[1].prepare
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { time.Sleep(3 * time.Second) }))
	t.Cleanup(silent.Close)
	b.subjects[1].prepare = func(ctx context.Context, s *shape.Shape, values []shape.Values) (load.Attack, error) {
		a, err := honest(ctx, s, values)
		if s == shape.Large {
			a.URL = silent.URL
		}
		return a, err
	}
	cells, err := b.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		if out := c.Subject == subjectDataloader && c.Shape == "large"; (c.LeftOut != "") != out || (len(c.Capacity) == 0) != out {
			t.Errorf("%s %s: left out %q, capacities %v", c.Subject, c.Shape, c.LeftOut, c.Capacity)
		}
	}
	var table strings.Builder
	if err := writeTable(&table, cells); err != nil {
		t.Fatal(err)
	}
	if err := writeRatios(&table, cells); err != nil {
		t.Fatal(err)
	}
	if text := table.String(); strings.Count(text, "no answer within 2s") != 1 || strings.Count(text, "SQLite / dataloader") != 1 {
		t.Errorf("want one line left out and one ratio to the dataloader:\n%s", text)
	}
}
