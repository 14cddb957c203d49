// Package gate bounds what runs at the same time.
package gate

import (
	"context"
	"time"

	"normgraph/graph/store"
)

// Gate lets so many in at the same time. A nil Gate lets all in.
type Gate chan struct{}

// New makes a Gate for n; for 0 one that lets all in.
func New(n int) Gate {
	if n == 0 {
		return nil
	}
	return make(Gate, n)
}

// within is how long one waits for others before it is refused: long enough for
// a burst of short ones, too short for a queue to build up.
const within = time.Second

// Enter waits for a place, which leave gives back. Errors: *store.Error
// (Unavailable, Timeout).
func (g Gate) Enter(ctx context.Context) (leave func(), err error) {
	if g == nil {
		return func() {}, nil
	}
	leave = func() { <-g }
	select {
	case g <- struct{}{}:
		return leave, nil
	default:
	}
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case g <- struct{}{}:
		return leave, nil
	case <-timer.C:
		return nil, &store.Error{Code: store.Unavailable, Message: "too many requests are being answered; try again in a moment"}
	case <-ctx.Done():
		return nil, store.Ended(ctx, ctx.Err())
	}
}
