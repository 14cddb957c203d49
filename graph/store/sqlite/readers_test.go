package sqlite_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
)

// TestInfoWaitsForNoStatement: when every reader has a statement that does not end,
// the next statement waits, and what the store holds is told all the same.
func TestInfoWaitsForNoStatement(t *testing.T) {
	f := newFixture(t)
	const things, parts = 60, 20
	for i := range things {
		f.node("Thing", fmt.Sprint("t", i), nil)
		for k := range parts {
			f.edge("OWNS", "Thing", fmt.Sprint("t", i), "Thing", fmt.Sprint("t", (i+k+1)%things), "", nil)
		}
	}
	path := file(t)
	mustLoad(t, mustOpen(t, f.cat, path), f.data, store.LoadEmpty)
	s, err := sqlite.Open(t.Context(), f.cat, path, sqlite.Readers(2)) // which has read nothing yet
	if err != nil {
		t.Fatal(err)
	}
	endless := f.list("Thing", "id")
	endless.Where = &plan.Cond{Op: plan.Eq, Prop: f.prop("Thing", "name"), Value: "none"}
	for range 12 {
		endless.Where = &plan.Cond{Op: plan.Exists, Via: f.cat.Node("Thing").Relation("parts"), Kids: []*plan.Cond{endless.Where}}
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error)
	for range 2 {
		go func() {
			_, err := s.Query(ctx, &plan.Plan{Roots: []*plan.Select{endless}})
			ended <- err
		}()
	}
	for waits := false; !waits; {
		short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		_, err := s.Query(short, &plan.Plan{})
		waits = store.CodeOf(err) == store.Timeout
		cancel()
	}
	info, err := s.Info(t.Context())
	if err != nil || info.Counts[f.cat.Node("Thing").Index].Count != things {
		t.Errorf("info beside statements: %+v, %v", info, err)
	}
	end()
	for range 2 {
		if err := <-ended; store.CodeOf(err) != store.Timeout {
			t.Errorf("a statement ended by its caller: %v", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
