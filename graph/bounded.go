package graph

import (
	"context"

	"normgraph/graph/gate"
	"normgraph/graph/plan"
	"normgraph/graph/row"
	"normgraph/graph/store"
)

// bounded is a store that runs no statement of too great a cost, so many at the
// same time, and fewer heavy ones. Whoever asks the store asks it here.
type bounded struct {
	store.Store
	limits     plan.CostLimits
	all, heavy *gate.Gate
}

// Query is the store's, *plan.LimitError, the word of an admission against the
// plan, or Unavailable when too many statements run.
func (b *bounded) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	if err := b.affordable(ctx, p); err != nil {
		return nil, err
	}
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

// affordable refuses a plan that costs too much.
func (b *bounded) affordable(ctx context.Context, p *plan.Plan) error {
	if err := p.CheckSubqueries(b.limits.Subqueries); err != nil {
		return err
	}
	info, err := b.Info(ctx)
	if err != nil {
		return err
	}
	cost := p.Cost(statistics{info})
	if p.Table { // its rows have a bound of their own, and are paid by their time
		cost = plan.Cost{Visited: cost.Visited}
	}
	if err := cost.Check(b.limits); err != nil {
		return err
	}
	p.Heavy = p.Table || cost.Heavy()
	return admit(ctx, cost.Work())
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
