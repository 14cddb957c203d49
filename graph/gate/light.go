package gate

import (
	"context"
	"time"
)

// Full reports whether all places are taken.
func (g *Gate) Full() bool {
	if g == nil {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.held >= g.places
}

// short is how long work may take that was let in as light.
const short = 100 * time.Millisecond

// Light runs work that is expected to be short. When it turns out not to be it
// takes a place of g, and goes on while it waits for one; if there is none for it,
// its context ends. Errors: work's own; *store.Error (Unavailable, in a Refusal).
func (g *Gate) Light(ctx context.Context, work func(context.Context) error) error {
	if g == nil {
		return work(ctx)
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	defer time.AfterFunc(short, func() {
		leave, err := g.Enter(WithMeter(ctx, nil)) // which would else count no work
		if err != nil {
			end(err)
			return
		}
		<-ctx.Done()
		leave()
	}).Stop()
	err := work(ctx)
	if err != nil && context.Cause(ctx) == errFull {
		return errFull
	}
	return err
}
