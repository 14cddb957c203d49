package gate_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"normgraph/graph/gate"
	"normgraph/graph/store"
)

// TestLight: work that is long after all takes a place while it goes on, and gives
// it back; it ends when there is none for it.
func TestLight(t *testing.T) {
	lasting := func(d time.Duration) func(context.Context) error {
		return func(ctx context.Context) error {
			select {
			case <-time.After(d):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	synctest.Test(t, func(t *testing.T) {
		g := gate.New(1, 1)
		if err := g.Light(t.Context(), lasting(99*time.Millisecond)); err != nil || g.Full() {
			t.Errorf("short work: %v, all places taken: %v", err, g.Full())
		}
		done := make(chan error)
		go func() { done <- g.Light(t.Context(), lasting(time.Minute)) }()
		time.Sleep(99 * time.Millisecond)
		synctest.Wait()
		if g.Full() {
			t.Error("a place is taken too early")
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if !g.Full() {
			t.Error("long work takes no place")
		}
		start := time.Now()
		err := g.Light(t.Context(), lasting(time.Minute))
		if store.CodeOf(err) != store.Unavailable || !errors.As(err, new(*gate.Refusal)) || time.Since(start) != 1100*time.Millisecond {
			t.Errorf("more long work: %v after %v", err, time.Since(start))
		}
		if err := g.Light(t.Context(), lasting(time.Second)); err != nil {
			t.Errorf("work that ends while it waits for a place: %v", err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if g.Full() {
			t.Error("the place was not given back")
		}
		gone, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		if err := g.Light(gone, lasting(time.Minute)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("when the caller has gone: %v", err)
		}
	})
	if err := gate.New(0, 0).Light(t.Context(), lasting(0)); err != nil {
		t.Error(err)
	}
}
