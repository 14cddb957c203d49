package graph

import (
	"context"

	"normgraph/graph/gate"
	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// bounded is a store that runs so many statements at the same time, and fewer
// heavy ones.
type bounded struct {
	store.Store
	all, heavy *gate.Gate
}

// Query is the store's, or Unavailable when too many statements run.
func (b *bounded) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	if p.Heavy { // waits here, where it keeps no light one waiting
		leave, err := b.heavy.Enter(ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
	}
	leave, err := b.all.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return b.Store.Query(ctx, p)
}
