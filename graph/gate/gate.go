// Package gate bounds what runs at the same time.
package gate

import (
	"context"
	"time"

	"normgraph/graph/store"
)

// Gate lets so many in at the same time. A nil Gate lets all in.
type Gate struct{ places, waiting chan struct{} }

// New makes a Gate for n; for 0 one that lets all in.
func New(n int) *Gate {
	if n == 0 {
		return nil
	}
	return &Gate{make(chan struct{}, n), make(chan struct{}, n*queue)}
}

const (
	// queue is how many wait for one place. What waits may hold a place elsewhere.
	queue = 8
	// within is how long one waits before it is refused: long enough for a burst
	// of short ones, too short for a queue to build up.
	within = time.Second
)

// ErrFull refuses what there is no place for.
var ErrFull = &store.Error{Code: store.Unavailable, Message: "too many requests are being answered; try again in a moment"}

// Enter waits for a place, which leave gives back. Errors: *store.Error
// (Unavailable, Timeout).
func (g *Gate) Enter(ctx context.Context) (leave func(), err error) {
	if g == nil {
		return func() {}, nil
	}
	leave = func() { <-g.places }
	select {
	case g.places <- struct{}{}:
		return leave, nil
	default:
	}
	select {
	case g.waiting <- struct{}{}:
		defer func() { <-g.waiting }()
	default:
		return nil, ErrFull
	}
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case g.places <- struct{}{}:
		return leave, nil
	case <-timer.C:
		return nil, ErrFull
	case <-ctx.Done():
		return nil, store.Ended(ctx, ctx.Err())
	}
}
