package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"normgraph/bench/load"
)

// What a stranger is promised while others attack.
const (
	keptWithin = 50 * time.Millisecond // p99
	newWithin  = time.Second           // p99
	newAsked   = 100
)

// nobodyAttacks is what the figures are without an attack: a busy machine spoils them.
const nobodyAttacks = "none"

// networks attacks from several clients at once, each kind of heavy query for
// itself and then all in turn, and prints what a stranger sees.
func (c *attackCmd) networks(ctx context.Context, w *workshop, on *world) error {
	rows := [][]string{{"attack", "data", "store", "kept: p99 ms", "new: p99 ms", "refused", "not ready", "attack: answered/s", "refused/s", "MB", "aim"}}
	for _, name := range c.Stores {
		some, err := c.crowded(ctx, w, on, name)
		if err != nil {
			return fmt.Errorf("%s: %w", titles[name], err)
		}
		rows = append(rows, some...)
	}
	fmt.Printf("\n%d networks, %d requests under way; aim: kept below %v, new below %v, none refused, ready; load average: %s\n\n",
		c.Networks, c.UnderWay, keptWithin, newWithin, loadAverage())
	return writeAligned(os.Stdout, rows)
}

// crowded is networks on one store.
func (c *attackCmd) crowded(ctx context.Context, w *workshop, on *world, name string) (rows [][]string, err error) {
	target := "sqlite:" + on.sqliteFile()
	if onNeo4j(name) {
		if err := w.startNeo4j(ctx, on, c.Memory); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, on.neo.Stop()) }()
		target = on.neo.URI
	}
	s, err := w.service(ctx, target, load.Client(1), "--trusted-proxy=127.0.0.1")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	kinds := heavyQueries(on.data)
	all := heavyQuery{"all in turn", func(i int) string { return kinds[i%len(kinds)].document(i / len(kinds)) }}
	nobody := heavyQuery{name: nobodyAttacks}
	for n, q := range slices.Concat([]heavyQuery{nobody}, kinds, []heavyQuery{all}) {
		w.log.Printf("%s, %s: %s, from %d networks", on.name, titles[name], q.name, c.Networks)
		row, err := c.crowd(ctx, w, s, n+1, q)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		rows = append(rows, append([]string{q.name, on.name, name}, row...))
	}
	return rows, nil
}

// crowd is the n-th attack, from networks that nobody had before.
func (c *attackCmd) crowd(ctx context.Context, w *workshop, s *subject, n int, q heavyQuery) ([]string, error) {
	attack := load.Attack{Client: load.Client(c.UnderWay), URL: s.url, Connections: c.UnderWay, Duration: c.Duration, Tolerant: true}
	bodies := int(2000 * c.Duration.Seconds())
	if q.document == nil {
		bodies = 0
	}
	for i := range bodies {
		body, err := request(q.document(i), nil)
		if err != nil {
			return nil, err
		}
		attack.Bodies = append(attack.Bodies, body)
	}
	for i := range c.Networks {
		attack.From = append(attack.From, fmt.Sprintf("2001:db8:%d:%d::1", n, i))
	}
	if q.document != nil {
		if _, err := post(ctx, attack.Client, s.url, attack.Bodies[0]); err != nil {
			return nil, err // an attack with a mistake in it would be none
		}
	}
	body, err := request(normalQuery, nil)
	if err != nil {
		return nil, err
	}
	kept := load.Attack{Client: load.Client(4), URL: s.url, Rate: c.Normal, Connections: 4, Duration: c.Duration, Tolerant: true,
		Bodies: [][]byte{body}, From: []string{"192.0.2.1"}}
	fresh := kept
	fresh.Client, fresh.Rate, fresh.Bodies = load.Client(4), newAsked/c.Duration.Seconds(), nil
	for i := range newAsked {
		body, err := request(fmt.Sprintf(`{ norms(limit: 3, where: { NOT: { id: { eq: "%d of %d" } } }) { id name } }`, i, n), nil)
		if err != nil {
			return nil, err
		}
		fresh.Bodies = append(fresh.Bodies, body)
	}
	if _, err := post(ctx, kept.Client, s.url, body); err != nil {
		return nil, err
	}
	var outcomes [3]load.Outcome
	var group errgroup.Group
	for i, a := range []load.Attack{attack, kept, fresh} {
		if len(a.Bodies) == 0 {
			continue
		}
		group.Go(func() (err error) {
			outcomes[i], err = load.Run(ctx, a)
			return err
		})
	}
	away := 0
	group.Go(func() (err error) {
		away, err = notReady(ctx, strings.TrimSuffix(s.url, "/graphql")+"/readyz", c.Duration)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	busy, known, small := outcomes[0], outcomes[1], outcomes[2]
	for _, o := range []load.Outcome{known, small} {
		if o.Failure != nil {
			w.log.Printf("a stranger: %v", o.Failure)
		}
	}
	after, err := used(s.pid)
	verdict := "met"
	if known.P99 >= keptWithin || small.P99 >= newWithin || known.Failed+small.Failed+away > 0 {
		verdict = "NOT MET"
	}
	seconds := c.Duration.Seconds()
	return []string{number(milliseconds(known.P99)), number(milliseconds(small.P99)), dash(float64(known.Failed + small.Failed)), dash(float64(away)),
		number(float64(busy.Requests-busy.Failed) / seconds), dash(float64(busy.Failed) / seconds), number(after.memory / 1e6), verdict}, err
}

// notReady asks ten times a second whether a service is ready, and counts how often
// it is not.
func notReady(ctx context.Context, url string, within time.Duration) (n int, err error) {
	client := load.Client(1)
	end := time.After(within)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return n, ctx.Err()
		case <-end:
			return n, nil
		case <-tick.C:
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return n, err
		}
		response, err := client.Do(r)
		if err != nil {
			return n, err
		}
		if response.StatusCode != http.StatusOK {
			n++
		}
		if err := response.Body.Close(); err != nil {
			return n, err
		}
	}
}
