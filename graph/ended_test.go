package graph_test

import (
	"context"
	"errors"
	"testing"

	"normgraph/graph"
	"normgraph/graph/plan"
	"normgraph/graph/row"
	"normgraph/graph/store"
)

// late ends the request when the nth statement has been answered.
type late struct {
	store.Store
	end  context.CancelFunc
	left int
}

func (l *late) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	res, err := l.Store.Query(ctx, p)
	if l.left--; l.left == 0 {
		l.end()
	}
	return res, err
}

// TestTheEndIsSeenAfterTheStatement: rows are not read, tables not made and
// nothing is computed or written when the request's time is over by then.
func TestTheEndIsSeenAfterTheStatement(t *testing.T) {
	st := loaded(t, bundled(t))
	for _, c := range []struct {
		document   string
		statements int
	}{
		{`{ norms { id agreements { title } } }`, 1},
		{`{ search(query: "critical infrastructure") { edges { snippet } } }`, 1},
		{`{ signatoriesConnection(first: 9) { totalCount edges { node { name } } } }`, 1},
		{`{ normContinuity(groupBy: NORM) { edges { node { key score } } } }`, 1},
		{`{ commitments(signatory: "fr") { edges { node { coreIdea { id } } } } }`, 1},
		{`{ contributionRanking { borda } }`, 1},
		{`{ neighborhood(id: "un-gge-2015") { edges { type } } }`, 1},
		{`{ normContinuity(groupBy: NORM) { edges { node { norm { name } evidence { aggregate { node { rationale { longest } } } } } } } }`, 2},
	} {
		for _, typed := range []bool{false, true} {
			ctx, end := context.WithCancel(t.Context())
			slow := &late{Store: st, end: end, left: c.statements}
			s, err := graph.New(slow, graph.Options{Limits: graph.DefaultLimits(), Typed: typed})
			if err != nil {
				t.Fatal(err)
			}
			if r := s.Execute(ctx, graph.Request{Document: c.document}); r.Code() != graph.CodeTimeout || r.Data != nil || slow.left != 0 {
				t.Errorf("%s: code %q, want %q, %d statements left: %v %.200s", c.document, r.Code(), graph.CodeTimeout, slow.left, r.Errors, r.Data)
			}
		}
	}
}

// TestRowsEnd: a reader under way stops at the next element.
func TestRowsEnd(t *testing.T) {
	ctx, end := context.WithCancelCause(t.Context())
	r := row.Until(ctx, row.JSON([]byte(`[1, 2, 3]`))).Reader()
	if !r.Enter() || !r.More() {
		t.Fatal(r.Err())
	}
	r.Skip()
	over := errors.New("over")
	end(over)
	if r.More() || !errors.Is(r.Err(), over) {
		t.Errorf("goes on, or ended by %v", r.Err())
	}
}
