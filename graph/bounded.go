package graph

import (
	"context"

	"normgraph/graph/gate"
	"normgraph/graph/plan"
	"normgraph/graph/row"
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
	leave, err := b.enter(ctx, p.Heavy)
	if err != nil {
		return nil, err
	}
	defer leave()
	res, err := b.Store.Query(ctx, p)
	if err != nil {
		return nil, err
	}
	for i, rows := range res.Roots {
		res.Roots[i] = row.Until(ctx, rows) // what is done with them must end too
	}
	return res, nil
}

// enter waits for a place, which leave gives back.
func (b *bounded) enter(ctx context.Context, heavy bool) (leave func(), err error) {
	if !heavy {
		return b.all.Enter(ctx)
	}
	leaveHeavy, err := b.heavy.Enter(ctx) // waits here, where it keeps no light one waiting
	if err != nil {
		return nil, err
	}
	leaveAll, err := b.all.Enter(ctx)
	if err != nil {
		leaveHeavy()
		return nil, err
	}
	return func() { leaveAll(); leaveHeavy() }, nil
}
