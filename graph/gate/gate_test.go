package gate_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"normgraph/graph/gate"
	"normgraph/graph/store"
)

// TestGate: one is in, eight wait for a second, all others are refused at once.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate.New(1)
		leave, err := g.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		took := make(chan time.Duration, 20)
		for range 20 {
			go func() {
				if _, err := g.Enter(t.Context()); store.CodeOf(err) != store.Unavailable {
					t.Errorf("a second one: %v", err)
				}
				took <- time.Since(start)
			}()
		}
		at := map[time.Duration]int{}
		for range 20 {
			at[<-took]++
		}
		if at[0] != 12 || at[time.Second] != 8 {
			t.Errorf("refused after: %v", at)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := g.Enter(gone); store.CodeOf(err) != store.Timeout {
			t.Errorf("gone: %v", err)
		}
		go func() {
			time.Sleep(500 * time.Millisecond)
			leave()
		}()
		if leave, err = g.Enter(t.Context()); err != nil {
			t.Errorf("after the first has left: %v", err)
		}
		leave()
	})
	for range 3 {
		if _, err := gate.New(0).Enter(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
