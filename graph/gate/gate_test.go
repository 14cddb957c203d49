package gate_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"normgraph/graph/gate"
	"normgraph/graph/store"
)

// TestGate: one is in, 64 wait for a second, all others are refused at once.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate.New(1, 1)
		leave, err := g.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		took := make(chan time.Duration, 80)
		for range 80 {
			go func() {
				if _, err := g.Enter(t.Context()); store.CodeOf(err) != store.Unavailable {
					t.Errorf("a second one: %v", err)
				}
				took <- time.Since(start)
			}()
		}
		at := map[time.Duration]int{}
		for range 80 {
			at[<-took]++
		}
		if at[0] != 16 || at[time.Second] != 64 {
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
		if _, err := gate.New(0, 0).Enter(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// crowd enters a gate for several clients and tells who got a place, in order.
type crowd struct {
	t    *testing.T
	gate *gate.Gate
	mu   sync.Mutex // of what follows
	got  []gate.Client
	// held are places by client, the first one first.
	held    map[gate.Client][]func()
	refused map[gate.Client]int
}

func newCrowd(t *testing.T, g *gate.Gate) *crowd {
	return &crowd{t: t, gate: g, held: map[gate.Client][]func(){}, refused: map[gate.Client]int{}}
}

// ask lets n requests of a client enter, and waits until each is in, refused or
// waiting.
func (c *crowd) ask(client gate.Client, n int) {
	for range n {
		go func() {
			leave, err := c.gate.Enter(gate.WithClient(c.t.Context(), client))
			c.mu.Lock()
			defer c.mu.Unlock()
			if err != nil {
				c.refused[client]++
				return
			}
			c.got = append(c.got, client)
			c.held[client] = append(c.held[client], leave)
		}()
		c.settle()
	}
}

// settle waits until nobody writes to c.
func (c *crowd) settle() {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
}

func (c *crowd) leave(client gate.Client) {
	c.mu.Lock()
	leave := c.held[client][0]
	c.held[client] = c.held[client][1:]
	c.mu.Unlock()
	leave() // which may let another in, who writes to c
	c.settle()
}

// leaveAll gives all places back and lets nobody in any more.
func (c *crowd) leaveAll() {
	c.settle()
	time.Sleep(2 * time.Second) // whoever waits is refused
	c.settle()
	for _, places := range c.held {
		for _, leave := range places {
			leave()
		}
	}
}

// TestStrangerIsNext: a client with a thousand requests waiting keeps a stranger
// waiting until one place is free.
func TestStrangerIsNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, gate.New(125, 125))
		c.ask("crowd", 125+1000)
		c.ask("stranger", 1)
		if len(c.got) != 125 || c.refused["crowd"] != 1 || c.refused["stranger"] != 0 {
			t.Fatalf("%d in, refused %v: the stranger has its place in the queue from the longest one", len(c.got), c.refused)
		}
		c.leave("crowd")
		if last := c.got[len(c.got)-1]; len(c.got) != 126 || last != "stranger" {
			t.Errorf("the next of %d is %s", len(c.got), last)
		}
		c.leaveAll()
	})
}

// TestPlacesAreShared: places that are given back go to who holds the fewest, and
// of those that hold as many to who has had the least.
func TestPlacesAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, gate.New(6, 6))
		c.ask("a", 20)
		c.ask("b", 5)
		c.ask("c", 5)
		for range 4 {
			c.leave("a")
		}
		if len(c.held["a"]) != 2 || len(c.held["b"]) != 2 || len(c.held["c"]) != 2 {
			t.Errorf("held: %v", c.got)
		}
		if turns := c.got[6:]; !slices.Equal(turns, []gate.Client{"b", "c", "b", "c"}) {
			t.Errorf("turns: %v", turns)
		}
		c.leaveAll()
	})
	// Short ones, one place: each client in its turn, however many it has waiting.
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, gate.New(1, 1))
		c.ask("a", 6)
		c.ask("b", 2)
		c.ask("", 1)
		for len(c.got) < 9 {
			c.leave(c.got[len(c.got)-1])
		}
		if fmt.Sprintf("%q", c.got) != `["a" "b" "" "a" "b" "a" "a" "a" "a"]` {
			t.Errorf("turns: %q", c.got)
		}
		c.leaveAll()
	})
}

// TestEightCrowds: eight clients fill a gate and its queue; requests of a stranger
// that come one after the other are each next and none is refused.
func TestEightCrowds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, gate.New(4, 2))
		crowds := make([]gate.Client, 8)
		for i := range crowds {
			crowds[i] = gate.Client(rune('a' + i))
			c.ask(crowds[i], 100)
		}
		give := func() {
			c.settle()
			time.Sleep(10 * time.Millisecond)
			c.settle()
			i := slices.IndexFunc(c.got, func(g gate.Client) bool { return len(c.held[g]) > 0 })
			c.leave(c.got[i])
		}
		for range crowds { // none is new
			give()
		}
		for n := range 100 {
			c.ask("stranger", 1)
			give()
			if last := c.got[len(c.got)-1]; last != "stranger" {
				t.Fatalf("request %d: the next is %s", n, last)
			}
			c.leave("stranger")
			for _, crowd := range crowds {
				c.ask(crowd, 5)
			}
		}
		if c.refused["stranger"] > 0 {
			t.Errorf("refused: %v", c.refused)
		}
		c.leaveAll()
	})
}

// TestPlacesOfOneClient: it has its part of the places though nobody else asks, but
// for this machine.
func TestPlacesOfOneClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, gate.New(6, 3))
		c.ask("a", 5)
		c.ask("b", 1)
		if len(c.held["a"]) != 3 || len(c.held["b"]) != 1 {
			t.Errorf("held: %v", c.got)
		}
		c.leave("b") // which is no help to a
		if len(c.held["a"]) != 3 {
			t.Errorf("held: %v", c.got)
		}
		c.leave("a")
		if len(c.held["a"]) != 3 || len(c.got) != 5 {
			t.Errorf("held: %v", c.got)
		}
		c.ask("", 3)
		if len(c.held[""]) != 3 {
			t.Errorf("held: %v", c.got)
		}
		c.leaveAll()
	})
}

// TestRefusal: that there is no place is about one client.
func TestRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate.New(1, 1)
		leave, err := g.Enter(gate.WithClient(t.Context(), "a"))
		if err != nil {
			t.Fatal(err)
		}
		defer leave()
		_, err = g.Enter(gate.WithClient(t.Context(), "a"))
		if !errors.As(err, new(*gate.Refusal)) || store.CodeOf(err) != store.Unavailable {
			t.Errorf("%v", err)
		}
	})
}
