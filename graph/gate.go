package graph

import (
	"context"
	"time"

	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// gate bounds the statements that a store runs at the same time.
type gate struct {
	store.Store
	slots chan struct{}
}

// gateWithin is how long a statement waits for others before it is refused:
// long enough for a burst of short ones, too short for a queue to build up.
const gateWithin = time.Second

func bounded(st store.Store, statements int) store.Store {
	return &gate{st, make(chan struct{}, statements)}
}

// Query is the store's, or Unavailable when too many statements run.
func (g *gate) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	select {
	case g.slots <- struct{}{}:
	default:
		timer := time.NewTimer(gateWithin)
		defer timer.Stop()
		select {
		case g.slots <- struct{}{}:
		case <-timer.C:
			return nil, &store.Error{Code: store.Unavailable, Message: "too many requests are being answered; try again in a moment"}
		case <-ctx.Done():
			return nil, store.Ended(ctx, ctx.Err())
		}
	}
	defer func() { <-g.slots }()
	return g.Store.Query(ctx, p)
}
