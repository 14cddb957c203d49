package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"normgraph/bench/load"
	"normgraph/bench/shape"
)

// effort says how long things are measured.
type effort struct {
	Rounds      int           `default:"5" help:"Rounds; each measures every subject with every shape. The table gives medians of rounds, and least and most."`
	Warm        time.Duration `default:"3s" help:"Time to warm up, per subject and shape."`
	Closed      time.Duration `default:"3s" help:"Time of a closed loop, per round, subject and shape."`
	Alone       time.Duration `default:"1s" help:"Time of a closed loop with one connection, for the latency without load."`
	Open        time.Duration `default:"10s" help:"Time of the open loop at half of the capacity, per subject and shape."`
	Patience    time.Duration `default:"5s" help:"A peer that takes longer for one answer is left out of the shape."`
	Connections int           `default:"8" help:"Requests under way in a closed loop."`
}

var quickEffort = effort{Rounds: 2, Warm: 300 * time.Millisecond, Closed: 600 * time.Millisecond, Alone: 300 * time.Millisecond, Open: 800 * time.Millisecond, Patience: 5 * time.Second, Connections: 8}

// cell is what was measured of one subject with one shape.
type cell struct {
	World, Shape, Subject string
	Capacity              []float64 // answers per second, a round each
	Alone                 []float64 // p50 in ms with one connection, a round each
	OpenRate              float64   // requests per second
	OpenRequests          int
	OpenFailed            int
	P50, P99              float64   // ms, in the open loop
	CPU, DatabaseCPU      []float64 // seconds per 1,000 requests, a round each
	Memory                []float64 // bytes of the process that answers, a round each
	Bytes                 float64   // of an answer; 0 for plain statements
	Statements, Hits      float64   // per request; NaN when not known
	// LeftOut says why nothing was measured; "" when it was.
	LeftOut string
	attack  load.Attack
	subject *subject
}

// bench measures shapes with subjects.
type bench struct {
	effort
	world    *world
	subjects []*subject
	shapes   []*shape.Shape
	seed     uint64
	say      func(format string, args ...any)
}

// run compares the answers first and then measures. Rounds go over all shapes
// and subjects, so that a disturbance of the machine meets them alike.
func (b *bench) run(ctx context.Context) ([]*cell, error) {
	var cells []*cell
	for _, s := range b.shapes {
		row, err := b.prepare(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", b.world.name, s.Name, err)
		}
		cells = append(cells, row...)
	}
	b.say("%s: all answers are equal", b.world.name)
	all := cells
	cells = slices.DeleteFunc(slices.Clone(all), func(c *cell) bool { return c.LeftOut != "" })
	for _, c := range cells {
		if err := c.drive(ctx, b.Warm, b.Connections, nil); err != nil {
			return nil, err
		}
	}
	for round := range b.Rounds {
		b.say("%s: round %d of %d", b.world.name, round+1, b.Rounds)
		for i := range cells {
			// Another order each round: who comes first is disturbed by other things.
			if err := cells[(i+round*7)%len(cells)].round(ctx, b.effort, round); err != nil {
				return nil, err
			}
		}
	}
	b.say("%s: open loop at half of the capacity", b.world.name)
	for _, c := range cells {
		if err := c.open(ctx, b.effort); err != nil {
			return nil, err
		}
	}
	for _, c := range all {
		c.attack, c.subject = load.Attack{}, nil // they hold on to the data set
	}
	return all, nil
}

// prepare makes the cells of a shape and compares the answers of all subjects
// with those of the first GraphQL server. A peer that takes longer than b.Patience
// is left out: its measurements would not end.
func (b *bench) prepare(ctx context.Context, s *shape.Shape) ([]*cell, error) {
	values, err := shape.For(s, b.world.data, b.seed)
	if err != nil {
		return nil, err
	}
	var out []*cell
	var wanted []json.RawMessage
	for _, sub := range b.subjects {
		if s.Own && !ours(sub.name) {
			continue
		}
		c := &cell{World: b.world.name, Shape: s.Name, Subject: sub.name, Statements: math.NaN(), Hits: math.NaN(), subject: sub}
		if c.attack, err = sub.prepare(ctx, s, values); err != nil {
			return nil, fmt.Errorf("%s: %w", titles[sub.name], err)
		}
		answers, err := c.compare(ctx, b.Patience, s, values, wanted)
		if !ours(sub.name) && wanted != nil && errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			c.LeftOut = fmt.Sprintf("no answer within %v", b.Patience)
			b.say("%s, %s: LEFT OUT, %s: %s", b.world.name, s.Name, titles[sub.name], c.LeftOut)
			out = append(out, c)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s answers differently, and so is not measured: %w", titles[sub.name], err)
		}
		if wanted == nil {
			wanted = answers
		}
		if err := c.cost(ctx, s, values[:min(8, len(values))]); err != nil {
			return nil, fmt.Errorf("%s: %w", titles[sub.name], err)
		}
		out = append(out, c)
	}
	return out, nil
}

// compare asks everything once. wanted is nil for the first subject, which must
// answer something.
func (c *cell) compare(ctx context.Context, patience time.Duration, s *shape.Shape, values []shape.Values, wanted []json.RawMessage) ([]json.RawMessage, error) {
	var answers []json.RawMessage
	full := false
	for i, v := range values {
		var data json.RawMessage
		err := within(ctx, patience, func(ctx context.Context) error {
			if c.subject.rows != nil {
				rows, err := c.subject.rows(ctx, s, v)
				if err != nil {
					return err
				}
				return s.SameValues(wanted[i], shape.RowLeaves(rows))
			}
			var err error
			if data, err = post(ctx, c.attack.Client, c.attack.URL, c.attack.Bodies[i]); err != nil || wanted == nil {
				return err
			}
			return s.Same(wanted[i], data)
		})
		if err != nil {
			return nil, fmt.Errorf("with %v: %w", v.Raw, err)
		}
		if c.subject.rows != nil {
			continue
		}
		full = full || len(shape.Leaves(data)) > 0
		answers = append(answers, data)
	}
	if c.subject.rows == nil && !full {
		return nil, fmt.Errorf("all answers are empty")
	}
	return answers, nil
}

func within(ctx context.Context, d time.Duration, work func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return work(ctx)
}

// cost reads statements and db hits per request.
func (c *cell) cost(ctx context.Context, s *shape.Shape, values []shape.Values) error {
	n := float64(len(values))
	if count := c.subject.statements; count != nil {
		before, err := count(ctx)
		if err != nil {
			return err
		}
		for i := range values {
			if _, err := post(ctx, c.attack.Client, c.attack.URL, c.attack.Bodies[i]); err != nil {
				return err
			}
		}
		after, err := count(ctx)
		if err != nil {
			return err
		}
		c.Statements = (after - before) / n
	} else if c.subject.rows != nil {
		c.Statements = 1
	}
	if c.subject.cost == nil {
		return nil
	}
	var statements, hits float64
	for _, v := range values {
		a, b, err := c.subject.cost(ctx, s, v)
		if err != nil {
			return fmt.Errorf("its db hits cannot be read: %w", err)
		}
		statements, hits = statements+a, hits+b
	}
	c.Hits = hits / n
	if math.IsNaN(c.Statements) {
		c.Statements = statements / n
	}
	return nil
}

// drive runs one closed loop.
func (c *cell) drive(ctx context.Context, d time.Duration, connections int, then func(load.Outcome)) error {
	a := c.attack
	a.Connections, a.Duration = connections, d
	a.First = c.attack.First
	out, err := load.Run(ctx, a)
	if err != nil {
		return fmt.Errorf("%s, %s: %w", titles[c.Subject], c.Shape, err)
	}
	c.attack.First += out.Requests
	if then != nil {
		then(out)
	}
	return nil
}

func (c *cell) round(ctx context.Context, e effort, round int) error {
	before, beforeDB, err := c.usage()
	if err != nil {
		return err
	}
	requests := 0.0
	err = c.drive(ctx, e.Closed, e.Connections, func(o load.Outcome) {
		c.Capacity = append(c.Capacity, o.Rate)
		c.Bytes = o.Bytes
		requests = float64(o.Requests)
	})
	if err != nil {
		return err
	}
	after, afterDB, err := c.usage()
	if err != nil {
		return err
	}
	c.CPU = append(c.CPU, (after.cpu-before.cpu)*1000/requests)
	c.DatabaseCPU = append(c.DatabaseCPU, (afterDB.cpu-beforeDB.cpu)*1000/requests)
	if c.subject.rows == nil { // else it is this process, data set and all
		c.Memory = append(c.Memory, after.memory)
	}
	return c.drive(ctx, e.Alone, 1, func(o load.Outcome) { c.Alone = append(c.Alone, milliseconds(o.P50)) })
}

func (c *cell) usage() (service, database usage, err error) {
	if service, err = used(c.subject.pid); err != nil {
		return
	}
	database, err = used(c.subject.dbPID)
	return
}

func (c *cell) open(ctx context.Context, e effort) error {
	a := c.attack
	a.Connections, a.Duration, a.Rate = e.Connections, e.Open, median(c.Capacity)/2
	out, err := load.Run(ctx, a)
	if err != nil {
		return fmt.Errorf("%s, %s, open loop: %w", titles[c.Subject], c.Shape, err)
	}
	c.OpenRate, c.OpenRequests, c.OpenFailed = a.Rate, out.Requests, out.Failed
	c.P50, c.P99 = milliseconds(out.P50), milliseconds(out.P99)
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// median of at least one value; NaN of none.
func median(list []float64) float64 {
	if len(list) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(list))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}
