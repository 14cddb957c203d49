package graph_test

import (
	"context"
	"encoding/json"
	"testing"

	"normgraph/graph"
	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// TestCorpusOfTheRevision: what corpus tells and what was read beside it are of one
// revision, although they are read apart.
func TestCorpusOfTheRevision(t *testing.T) {
	data := bundled(t)
	inner := loaded(t, data)
	moves := 1
	st := &shifting{Store: inner, move: func() {
		if moves--; moves >= 0 {
			data.Corpus.Version += "+"
			if _, err := inner.Load(t.Context(), data, store.LoadOptions{Mode: store.LoadReplace}); err != nil {
				t.Error(err)
			}
		}
	}}
	s := caching(t, st)
	const document = `{ a: corpus { revision version } norms(limit: 1) { id } b: corpus { revision } }`
	r := s.Execute(t.Context(), graph.Request{Document: document})
	var got struct {
		A struct {
			Revision int64
			Version  string
		}
		B struct{ Revision int64 }
	}
	if err := json.Unmarshal(r.Data, &got); err != nil {
		t.Fatal(err, r.Errors)
	}
	if got.A.Revision != 2 || got.B.Revision != 2 || got.A.Version != data.Corpus.Version || r.Revision.Number != 2 {
		t.Errorf("an answer of revision %d tells %+v", r.Revision.Number, got)
	}
	moves = 100
	if r := s.Execute(t.Context(), graph.Request{Document: document + " # again"}); r.Code() != graph.CodeUnavailable {
		t.Errorf("data that never stand still: %s %v", r.Data, r.Errors)
	}
}

// shifting moves the data after each statement that reads nodes.
type shifting struct {
	store.Store
	move func()
}

func (s *shifting) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	r, err := s.Store.Query(ctx, p)
	if len(p.Roots) > 0 {
		s.move()
	}
	return r, err
}
