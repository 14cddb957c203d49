package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"normgraph/bench/load"
	"normgraph/bench/shape"
	"normgraph/graph/store"
)

type attackCmd struct {
	common

	Nodes    int           `default:"0" help:"Size of the data, in nodes; 0 is the bundled corpus."`
	Duration time.Duration `default:"10s" help:"Time of each attack."`
	Rate     float64       `default:"1000" help:"Heavy requests started per second, up to 256 at once; all are different."`
	Clients  []int         `default:"1,100" help:"Clients that the heavy requests come from."`
	Cases    []string      `default:"flood,networks" enum:"flood,networks" help:"flood: so many requests a second, as above. networks: --under-way heavy requests all the time, of --networks clients."`
	Networks int           `default:"8" help:"Clients of the case networks."`
	UnderWay int           `default:"24" help:"Requests under way of the case networks."`
	Stores   []string      `default:"sqlite,neo4j" enum:"sqlite,neo4j" help:"Stores of the case networks."`
	Normal   float64       `default:"20" help:"Normal requests per second meanwhile, from another client."`
}

// Help is the long help of the command.
func (attackCmd) Help() string {
	return `The service runs with its defaults behind what it takes for a proxy, so that each client has
points of its own; the case flood on SQLite. The load generator has its part of the same cores. Examples:

  go run ./bench attack
  go run ./bench attack --cases networks --stores sqlite --duration 5s
  go run ./bench attack --nodes 100000 --duration 20s`
}

// maxClients is how many addresses one attack has.
const maxClients = 60_000

// Validate checks what kong cannot.
func (c *attackCmd) Validate() error {
	if c.Networks < 1 || c.Networks > 250 || c.UnderWay < 1 || c.UnderWay > 256 {
		return fmt.Errorf("--networks and --under-way: expected 1 to 250 and 1 to 256, got %d and %d", c.Networks, c.UnderWay)
	}
	if c.Rate <= 0 || c.Normal <= 0 {
		return errors.New("--rate and --normal: expected more than 0 requests per second")
	}
	for _, n := range c.Clients {
		if n < 1 || n > maxClients {
			return fmt.Errorf("--clients: expected 1 to %d, got %d", maxClients, n)
		}
	}
	return nil
}

// normalQuery is what others ask meanwhile.
const normalQuery = `{ norms(limit: 20) { id name agreements { title } } }`

// heavyQuery gives documents of one kind; of different numbers, different ones.
type heavyQuery struct {
	name     string
	document func(i int) string
}

// heavyQueries cost about as much as the service admits.
func heavyQueries(d *store.Dataset) []heavyQuery {
	of := map[string][]any{}
	for _, typ := range []string{"Agreement", "Incident", "Signatory"} {
		of[typ] = shape.Column(d, typ, "id")
	}
	id := func(typ string, i int) string { return of[typ][i%len(of[typ])].(string) }
	letters := func(i int) string {
		return string([]byte{byte('a' + i%26), byte('a' + i/26%26)})
	}
	return []heavyQuery{
		{"normContinuity, 10,000 resamples", func(i int) string {
			return fmt.Sprintf(`{ normContinuity(groupBy: NORM, resamples: 10000, seed: %d) { edges { node { key rankInterval { low } scoreInterval { low } qValue } } } }`, i)
		}},
		{"normMatrix, categories × years", func(i int) string {
			from := time.Date(1990, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			return fmt.Sprintf(`{ normMatrix(rows: CATEGORY, columns: YEAR, from: %q) { cells { count } } }`, from)
		}},
		{"paths of 8", func(i int) string {
			return fmt.Sprintf(`{ paths(from: %q, to: %q, maxLength: 8, first: 50) { length paths { nodes { id } } } }`, id("Incident", i), id("Signatory", i/len(of["Incident"])+i))
		}},
		{"neighborhood, up to 500 nodes", func(i int) string {
			ids := len(of["Agreement"])
			return fmt.Sprintf(`{ neighborhood(id: %q, depth: 3, first: %d) { nodes { id } edges { type } } }`, id("Agreement", i), 500-i/ids%400)
		}},
		{"agreementSimilarity", func(int) string {
			ids := map[string]bool{}
			for range 100 {
				ids[fmt.Sprintf("%q", id("Agreement", rand.IntN(len(of["Agreement"]))))] = true
			}
			list := slices.Collect(maps.Keys(ids))
			return `{ agreementSimilarity(ids: [` + strings.Join(list, ",") + `], groupBy: NORM) { jaccard } }`
		}},
		{"search, two letters each", func(i int) string {
			return fmt.Sprintf(`{ search(query: "%s* %s*", first: 100) { totalCount edges { score node { ... on Norm { id name summary } } } } }`, letters(i), letters(i/676))
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
	if err := w.fillSQLite(ctx, on); err != nil {
		return err
	}
	if slices.Contains(c.Cases, "flood") {
		if err := c.flood(ctx, w, on); err != nil {
			return err
		}
	}
	if slices.Contains(c.Cases, "networks") {
		return c.networks(ctx, w, on)
	}
	return nil
}

// flood attacks with so many requests a second.
func (c *attackCmd) flood(ctx context.Context, w *workshop, on *world) (err error) {
	s, err := w.service(ctx, "sqlite:"+on.sqliteFile(), load.Client(1), "--trusted-proxy=127.0.0.1")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	rows := [][]string{{"attack", "data", "clients", "normal: p50 ms", "p99 ms", "failed", "attack: asked/s", "answered/s", "refused/s", "MB"}}
	for _, q := range heavyQueries(on.data) {
		for _, clients := range c.Clients {
			w.log.Printf("%s: %s, from %d", on.name, q.name, clients)
			row, err := c.attack(ctx, s, len(rows), clients, q)
			if err != nil {
				return fmt.Errorf("%s: %w", q.name, err)
			}
			rows = append(rows, append([]string{q.name, on.name, fmt.Sprint(clients)}, row...))
		}
	}
	fmt.Printf("load average: %s\n\n", loadAverage())
	return writeAligned(os.Stdout, rows)
}

// attack is the n-th, from addresses that nobody had before.
func (c *attackCmd) attack(ctx context.Context, s *subject, n, clients int, q heavyQuery) ([]string, error) {
	heavy := load.Attack{Client: load.Client(256), URL: s.url, Rate: c.Rate, Connections: 64, Duration: c.Duration}
	for i := range int(c.Rate*c.Duration.Seconds()) + 1 {
		body, err := request(q.document(i), nil)
		if err != nil {
			return nil, err
		}
		heavy.Bodies = append(heavy.Bodies, body)
	}
	for i := range clients {
		heavy.From = append(heavy.From, fmt.Sprintf("10.%d.%d.%d", n, i/250, i%250+1))
	}
	if _, err := post(ctx, heavy.Client, s.url, heavy.Bodies[0]); err != nil {
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
