// Package gate bounds what runs at the same time, fair to all clients, and counts
// the time for which each request is worked.
package gate

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"normgraph/graph/store"
)

// Client is whom a request is from: places are shared between clients. "" is this
// machine, or a proxy that does not say for whom it asks.
type Client string

type clientKey struct{}

// WithClient says whom the work in a context is for.
func WithClient(ctx context.Context, c Client) context.Context {
	return context.WithValue(ctx, clientKey{}, c)
}

func clientOf(ctx context.Context) Client {
	c, _ := ctx.Value(clientKey{}).(Client)
	return c
}

// Gate has places that clients hold for some time. Clients wait when there is
// none: a place that is given back goes to the client that holds the fewest, of
// those to the one that has held places for the least time of late. So neither many
// requests of others nor long ones keep a client that asks for little waiting for
// longer than until some place is given back. A nil Gate lets all in.
type Gate struct {
	places, each int

	mu            sync.Mutex
	held, waiting int
	lines         map[Client]*line // of clients that hold a place or wait
	came          uint64           // clients so far
	gone          *simplelru.LRU[Client, usage]
}

// line is what one client holds and waits for.
type line struct {
	held    int
	used    usage
	came    uint64       // as Gate.came
	waiting []chan error // first come, first served; nil is for a place
}

// usage is for how long a client held places: what it was at a time, halved with
// every halfLife since.
type usage struct {
	seconds float64
	at      time.Time
}

func (u usage) by(now time.Time) float64 {
	return u.seconds * math.Exp2(-now.Sub(u.at).Seconds()/halfLife.Seconds())
}

// New makes a Gate for n; for 0 one that lets all in. A client has each places at
// most, but for "", which may have all.
func New(n, each int) *Gate {
	if n == 0 {
		return nil
	}
	gone, err := simplelru.NewLRU[Client, usage](remembered, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &Gate{places: n, each: max(each, 1), lines: map[Client]*line{}, gone: gone}
}

const (
	// queue is how many wait for one place, and shortest how many wait at least, so
	// that some of each client can. What waits may hold a place elsewhere.
	queue, shortest = 8, 64
	// within is how long one waits before it is refused: long enough for a burst
	// of short ones, too short for a queue to build up.
	within = time.Second
	// halfLife is the time in which usage is halved.
	halfLife = 10 * time.Second
	// least is what a place counts that was held for no time.
	least = time.Millisecond
	// remembered is of how many clients a gate knows the usage that hold nothing.
	remembered = 1000
)

// Refusal is an error about one client: another may well be let in.
type Refusal struct{ error }

// Refuse makes err one that is about the client alone.
func Refuse(err error) error { return &Refusal{err} }

// Unwrap gives the reason.
func (r *Refusal) Unwrap() error { return r.error }

var errFull = Refuse(&store.Error{Code: store.Unavailable, Message: "too many requests are being answered; try again in a moment"})

// Enter waits for a place for the client of ctx, which leave gives back. Errors:
// *store.Error (Unavailable, in a Refusal; Timeout).
func (g *Gate) Enter(ctx context.Context) (leave func(), err error) {
	if g == nil {
		return func() {}, nil
	}
	client := clientOf(ctx)
	leaveSince := func(start time.Time) func() { return func() { g.leave(client, time.Since(start)) } }
	place, err := g.join(client)
	if err != nil {
		return nil, err
	}
	if place == nil {
		return leaveSince(time.Now()), nil
	}
	defer Pause(ctx)()
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case err = <-place:
	case <-timer.C:
		err = g.giveUp(client, place, errFull)
	case <-ctx.Done():
		err = g.giveUp(client, place, store.Ended(ctx, ctx.Err()))
	}
	if err != nil {
		return nil, err
	}
	return leaveSince(time.Now()), nil
}

// join takes a place (nil, nil), or one in the queue. When that is full, it is at
// the cost of the client that has the most in it.
func (g *Gate) join(client Client) (chan error, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	own := g.lines[client]
	if own == nil {
		g.came++
		used, _ := g.gone.Get(client)
		own = &line{used: used, came: g.came}
		g.lines[client] = own
	}
	if g.held < g.places && g.may(client, own) {
		g.give(own)
		return nil, nil
	}
	if g.waiting == max(g.places*queue, shortest) && !g.shorten(len(own.waiting)+1) {
		g.forget(client, own)
		return nil, errFull
	}
	place := make(chan error, 1)
	own.waiting = append(own.waiting, place)
	g.waiting++
	return place, nil
}

func (g *Gate) may(client Client, l *line) bool { return client == "" || l.held < g.each }

func (g *Gate) give(l *line) {
	g.held++
	l.held++
}

// shorten refuses the last of the longest queue, if that has more than n.
func (g *Gate) shorten(n int) bool {
	var longest *line
	for _, l := range g.lines {
		if longest == nil || len(l.waiting) > len(longest.waiting) {
			longest = l
		}
	}
	last := len(longest.waiting) - 1
	if last < n {
		return false
	}
	longest.waiting[last] <- errFull
	longest.waiting = longest.waiting[:last]
	g.waiting--
	return true
}

// giveUp leaves the queue for a reason, unless a place or a refusal came first.
func (g *Gate) giveUp(client Client, place chan error, why error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	own := g.lines[client]
	if own != nil {
		if i := slices.Index(own.waiting, place); i >= 0 {
			own.waiting = slices.Delete(own.waiting, i, i+1)
			g.waiting--
			g.forget(client, own)
			return why
		}
	}
	return <-place
}

// leave gives a place back that was held for some time, to who is next.
func (g *Gate) leave(client Client, held time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now, own := time.Now(), g.lines[client]
	g.held--
	own.held--
	own.used = usage{own.used.by(now) + (held + least).Seconds(), now}
	g.forget(client, own)
	if next := g.next(now); next != nil {
		place := next.waiting[0]
		next.waiting = next.waiting[1:]
		g.waiting--
		g.give(next)
		place <- nil
	}
}

// next is the line whose first one gets a place; nil for none.
func (g *Gate) next(now time.Time) (next *line) {
	for client, l := range g.lines {
		if len(l.waiting) == 0 || !g.may(client, l) {
			continue
		}
		if next == nil || before(l, next, now) {
			next = l
		}
	}
	return next
}

func before(a, b *line, now time.Time) bool {
	return cmp.Or(cmp.Compare(a.held, b.held), cmp.Compare(a.used.by(now), b.used.by(now)), cmp.Compare(a.came, b.came)) < 0
}

func (g *Gate) forget(client Client, l *line) {
	if l.held == 0 && len(l.waiting) == 0 {
		delete(g.lines, client)
		g.gone.Add(client, l.used)
	}
}
