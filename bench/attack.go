package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"normgraph/bench/load"
	"normgraph/graph/store"
)

type attackCmd struct {
	common

	Nodes    int           `default:"0" help:"Size of the data, in nodes; 0 is the bundled corpus."`
	Duration time.Duration `default:"10s" help:"Time of each attack."`
	Rate     float64       `default:"1000" help:"Heavy requests started per second, up to 256 at once; all are different."`
	Clients  []int         `default:"1,100" help:"Clients that the heavy requests come from."`
	Normal   float64       `default:"20" help:"Normal requests per second meanwhile, from another client."`
}

// Help is the long help of the command.
func (attackCmd) Help() string {
	return `The service runs on SQLite with its defaults behind what it takes for a proxy, so that each client has
points of its own. The load generator has its part of the same cores. Examples:

  go run ./bench attack
  go run ./bench attack --nodes 100000 --duration 20s`
}

// normalQuery is what others ask meanwhile.
const normalQuery = `{ norms(limit: 20) { id name agreements { title } } }`

// attacks gives documents that cost as much as the service admits, each once.
func attacks(d *store.Dataset) []struct {
	name     string
	document func(i int) string
} {
	ids := func(typ string) func() string {
		for _, n := range d.Nodes {
			if n.Type.Name == typ {
				return func() string { return n.Rows[rand.IntN(len(n.Rows))][0].(string) }
			}
		}
		panic("no type " + typ)
	}
	agreement, incident, signatory := ids("Agreement"), ids("Incident"), ids("Signatory")
	letters := func() string {
		return string(rune('a'+rand.IntN(26))) + string(rune('a' + rand.IntN(26)))[:rand.IntN(2)]
	}
	return []struct {
		name     string
		document func(i int) string
	}{
		{"normContinuity, 10,000 resamples", func(i int) string {
			return fmt.Sprintf(`{ normContinuity(groupBy: NORM, resamples: 10000, seed: %d) { edges { node { key rankInterval { low } scoreInterval { low } qValue } } } }`, i)
		}},
		{"normMatrix, categories × years", func(i int) string {
			return fmt.Sprintf(`{ normMatrix(rows: CATEGORY, columns: YEAR, from: "%d") { cells { count } } }`, 1000+i)
		}},
		{"paths of 8", func(int) string {
			return fmt.Sprintf(`{ paths(from: %q, to: %q, maxLength: 8, first: 50) { length paths { nodes { id } } } }`, incident(), signatory())
		}},
		{"neighborhood, 500 nodes", func(int) string {
			return fmt.Sprintf(`{ neighborhood(id: %q, depth: 3, first: 500) { nodes { id } edges { type } } }`, agreement())
		}},
		{"agreementSimilarity", func(int) string {
			of := map[string]bool{}
			for range 100 {
				of[agreement()] = true
			}
			var list []string
			for id := range of {
				list = append(list, fmt.Sprintf("%q", id))
			}
			return `{ agreementSimilarity(ids: [` + strings.Join(list, ",") + `], groupBy: NORM) { jaccard } }`
		}},
		{"search, one or two letters", func(i int) string {
			return fmt.Sprintf(`{ search(query: "%s* %s*", first: 100) { totalCount edges { score node { ... on Norm { id name summary } } } } }`, letters(), letters())
		}},
		{"thousands of rows", func(i int) string {
			return fmt.Sprintf(`{ a%d: agreements(limit: 60, offset: %d) { title norms(limit: 50) { name assessments(limit: 10) { relevance rationale } } } }`, i, i%50)
		}},
		{"filters in filters", func(i int) string {
			return fmt.Sprintf(`{ agreements(where: { signatories: { some: { agreements: { some: { title: { contains: "%d" } } } } } }) { id } }`, i)
		}},
		{"a long sort with counts", func(i int) string {
			return fmt.Sprintf(`{ agreementsConnection(first: 100, where: { NOT: { title: { eq: "%d" } } }, sort: [{ title: DESC }]) { totalCount edges { node { title signatoriesConnection(first: 50, sort: [{ node: { name: DESC } }]) { totalCount edges { node { name } } } } } } }`, i)
		}},
	}
}

// Run attacks and prints what a normal client sees.
func (c *attackCmd) Run(ctx context.Context) (err error) {
	w, err := newWorkshop(c.Cache)
	if err != nil {
		return err
	}
	on, err := w.world(c.Nodes, c.Seed)
	if err != nil {
		return err
	}
	st, err := w.openSQLite(ctx, on)
	if err != nil {
		return err
	}
	if err := st.Close(); err != nil {
		return err
	}
	s, err := w.start(ctx, subjectDefault, on, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	rows := [][]string{{"attack", "data", "clients", "normal: p50 ms", "p99 ms", "failed", "attack: asked/s", "answered/s", "refused/s", "MB"}}
	for _, a := range attacks(on.data) {
		for _, clients := range c.Clients {
			w.log.Printf("%s: %s, from %d", on.name, a.name, clients)
			row, err := c.attack(ctx, s, len(rows), clients, a.document)
			if err != nil {
				return fmt.Errorf("%s: %w", a.name, err)
			}
			rows = append(rows, append([]string{a.name, on.name, fmt.Sprint(clients)}, row...))
		}
	}
	fmt.Printf("load average: %s\n\n", loadAverage())
	return writeAligned(os.Stdout, rows)
}

// attack is the n-th, from addresses that nobody had before.
func (c *attackCmd) attack(ctx context.Context, s *subject, n, clients int, document func(int) string) ([]string, error) {
	heavy := load.Attack{Client: load.Client(256), URL: s.url, Rate: c.Rate, Connections: 64, Duration: c.Duration}
	for i := range int(c.Rate*c.Duration.Seconds()) + 1 {
		body, err := request(document(i), nil)
		if err != nil {
			return nil, err
		}
		heavy.Bodies = append(heavy.Bodies, body)
	}
	for i := range clients {
		heavy.From = append(heavy.From, fmt.Sprintf("10.%d.%d.%d", n, i/250, i%250+1))
	}
	if _, err := post(ctx, http.DefaultClient, s.url, heavy.Bodies[0]); err != nil {
		return nil, err // an attack with a mistake in it would be none
	}
	body, err := request(normalQuery, nil)
	if err != nil {
		return nil, err
	}
	normal := load.Attack{Client: load.Client(4), URL: s.url, Rate: c.Normal, Connections: 4, Duration: c.Duration, Bodies: [][]byte{body}, From: []string{"192.0.2.1"}}
	var calm, busy load.Outcome
	var group errgroup.Group
	group.Go(func() error {
		var err error
		busy, err = load.Run(ctx, heavy)
		return err
	})
	group.Go(func() error {
		var err error
		calm, err = load.Run(ctx, normal)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	after, err := used(s.pid)
	seconds := c.Duration.Seconds()
	return []string{number(milliseconds(calm.P50)), number(milliseconds(calm.P99)), dash(float64(calm.Failed)), number(float64(busy.Requests) / seconds),
		number(float64(busy.Requests-busy.Failed) / seconds), dash(float64(busy.Failed) / seconds), number(after.memory / 1e6)}, err
}
