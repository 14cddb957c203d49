package gate_test

import (
	"testing"
	"testing/synctest"
	"time"

	"normgraph/graph/cores"
	"normgraph/graph/gate"
)

// TestMeter: what is counted is the time without waits: for a place, for what
// another makes, for the network.
func TestMeter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var clock gate.Clock
		m := clock.Start()
		ctx := gate.WithMeter(gate.WithClient(t.Context(), "a"), m)
		g := gate.New(1, 1)
		first, err := g.Enter(ctx)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			time.Sleep(600 * time.Millisecond)
			first()
		}()
		leave, err := g.Enter(ctx) // waits 600 ms
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Millisecond)
		leave()
		resume := gate.Pause(ctx)
		inner := gate.Pause(ctx)
		time.Sleep(time.Second)
		inner()
		time.Sleep(time.Second)
		resume()
		time.Sleep(7 * time.Millisecond)
		resume = gate.Pause(ctx) // and is worked for elsewhere meanwhile
		pause := gate.Work(ctx)
		time.Sleep(200 * time.Millisecond)
		pause()
		time.Sleep(time.Second)
		resume()
		if got := m.Stop(); got != 237*time.Millisecond {
			t.Errorf("counted %v", got)
		}
		gate.Pause(t.Context())() // no meter, no fault
		gate.Work(t.Context())()
	})
}

// TestMetersShareTheCores: when more run than there are cores, all together are
// counted what the cores could do.
func TestMetersShareTheCores(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const crowd = 4
		var clock gate.Clock
		var meters []*gate.Meter
		for range crowd * cores.Count {
			meters = append(meters, clock.Start())
		}
		time.Sleep(time.Second)
		for _, m := range meters[1:] {
			if got := m.Stop(); got != time.Second/crowd {
				t.Fatalf("counted %v", got)
			}
		}
		time.Sleep(time.Second) // alone
		if got := meters[0].Stop(); got != time.Second+time.Second/crowd {
			t.Errorf("counted %v", got)
		}
	})
}
