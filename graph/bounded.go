package graph

import (
	"context"
	"sync/atomic"
	"time"

	"normgraph/graph/gate"
	"normgraph/graph/plan"
	"normgraph/graph/row"
	"normgraph/graph/store"
)

// bounded is a store that runs no statement of too great a cost, so many at the
// same time, and fewer heavy ones; those that turn out heavy are such. Whoever asks
// the store asks it here. Its Info waits for no statement.
type bounded struct {
	store.Store
	limits     plan.CostLimits
	all, heavy *gate.Gate
	answered   atomic.Int64 // when the last statement was, nanoseconds since 1970
}

// lately is how long a store that has answered is taken to be there.
const lately = 5 * time.Second

// load tells of a store that is slow to say that it is there: whether all places
// are taken, and whether a statement was answered lately.
func (b *bounded) load() (full, answering bool) {
	return b.all.Full(), time.Since(time.Unix(0, b.answered.Load())) < lately
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
	var res *store.Result
	query := func(ctx context.Context) (err error) {
		res, err = b.Store.Query(ctx, p)
		return err
	}
	if p.Heavy {
		err = query(ctx)
	} else {
		err = b.heavy.Light(ctx, query)
	}
	if err != nil {
		return nil, err
	}
	b.answered.Store(time.Now().UnixNano())
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
		cost = cost.Filters()
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
