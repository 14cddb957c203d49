package gate

import (
	"context"
	"sync"
	"time"

	"normgraph/graph/cores"
)

// Clock counts time for Meters. When more run than there are cores, each is
// counted its part of them alone: waiting for a core is no work.
type Clock struct {
	mu      sync.Mutex
	running int
	at      time.Time     // of the last change of running
	worked  time.Duration // of a meter that has run from the start
}

// Meter counts the time for which one request is worked.
type Meter struct {
	clock *Clock
	waits int
	since time.Duration // when it began to run, by the clock
	spent time.Duration
}

// Start makes a Meter that runs.
func (c *Clock) Start() *Meter {
	m := &Meter{clock: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	m.run()
	return m
}

// pass brings the clock up to now.
func (c *Clock) pass() {
	now := time.Now()
	if c.running > 0 {
		part := min(1, float64(cores.Count)/float64(c.running))
		c.worked += time.Duration(float64(now.Sub(c.at)) * part)
	}
	c.at = now
}

func (m *Meter) run() {
	m.clock.pass()
	m.clock.running++
	m.since = m.clock.worked
}

func (m *Meter) halt() {
	m.clock.pass()
	m.clock.running--
	m.spent += m.clock.worked - m.since
}

// wait adds to the number of waits: while there are any, m does not run.
func (m *Meter) wait(n int) {
	m.clock.mu.Lock()
	defer m.clock.mu.Unlock()
	before := m.waits
	m.waits += n
	switch {
	case before <= 0 && m.waits > 0:
		m.halt()
	case before > 0 && m.waits <= 0:
		m.run()
	}
}

// Pause stops counting until resume.
func (m *Meter) Pause() (resume func()) {
	m.wait(1)
	return func() { m.wait(-1) }
}

// Stop ends counting for good and gives the time.
func (m *Meter) Stop() time.Duration {
	m.wait(1 << 30)
	return m.spent
}

type meterKey struct{}

// WithMeter lets m count the work in a context.
func WithMeter(ctx context.Context, m *Meter) context.Context {
	return context.WithValue(ctx, meterKey{}, m)
}

func meterOf(ctx context.Context) *Meter {
	m, _ := ctx.Value(meterKey{}).(*Meter)
	return m
}

// Pause stops the meter of a context, if it has one, until resume.
func Pause(ctx context.Context) (resume func()) {
	if m := meterOf(ctx); m != nil {
		return m.Pause()
	}
	return func() {}
}

// Work is for the goroutine that the paused request of a context waits for: it is
// counted until pause.
func Work(ctx context.Context) (pause func()) {
	if m := meterOf(ctx); m != nil {
		m.wait(-1)
		return func() { m.wait(1) }
	}
	return func() {}
}
