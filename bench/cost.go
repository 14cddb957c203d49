package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"normgraph/bench/hostile"
	"normgraph/graph"
	"normgraph/graph/oracle/generate"
	"normgraph/graph/store"
)

type costCmd struct {
	common

	Nodes     int     `default:"0" help:"Size of the data, in nodes; 0 is the bundled corpus."`
	Store     string  `default:"sqlite" enum:"sqlite,neo4j" help:"Store of the service."`
	Documents int     `default:"10000" help:"Documents asked, half of them generated and half aimed at the estimate."`
	Worst     int     `default:"10" help:"Documents shown that cost most, and least, for a point."`
	Check     float64 `placeholder:"RATIO" help:"Fail when the dearest point costs more than so many times the median."`
}

// Help is the long help of the command.
func (costCmd) Help() string {
	return `A point is what a client pays before a statement is sent (docs/limits.md). It should cost the same whatever is
asked. On SQLite its cost is the CPU time of this process, in which the service and the store run; on Neo4j it is the
time that an answer took, one at a time. Documents that take less than the 20 points of a request pay for, 2 ms,
are left out: their price is that of the request. Cheap points are those of documents whose filters keep little of
what is paid for. Examples:

  go run ./bench cost
  go run ./bench cost --documents 400 --check 20`
}

// trivial is the time that the points of a request pay for, at the 10 points of
// a millisecond.
const trivial = 2 * time.Millisecond

// passes is how often each document is asked; the least time counts.
const passes = 3

// priced is a document with what it cost.
type priced struct {
	hostile.Document
	points float64 // paid before
	spent  time.Duration
	code   string // "" when it was answered
}

// perPoint is in microseconds.
func (p *priced) perPoint() float64 { return p.spent.Seconds() * 1e6 / p.points }

// Run asks all documents, one after the other.
func (c *costCmd) Run(ctx context.Context) (err error) {
	w, err := newWorkshop(c.Cache)
	if err != nil {
		return err
	}
	on, err := w.world(c.Nodes, c.Seed)
	if err != nil {
		return err
	}
	st, stop, err := w.openStore(ctx, on, c.Store, c.Memory)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close(), stop()) }()
	service, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits()})
	if err != nil {
		return err
	}
	spent := processTime
	if c.Store != "sqlite" {
		start := time.Now()
		spent = func() time.Duration { return time.Since(start) }
	}
	list := drawDocuments(on.data, c.Documents, c.Seed)
	for pass := range passes {
		for i := range list {
			if p := &list[i]; pass == 0 || p.code == "" && p.spent > trivial && p.spent < 100*trivial {
				p.ask(ctx, service, pass, spent)
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return c.report(list)
}

// drawDocuments mixes operations as a fuzzer draws them with those that are
// aimed at the estimate.
func drawDocuments(d *store.Dataset, n int, seed uint64) []priced {
	list := make([]priced, n)
	operations := generate.Operations(graph.Schema(), graph.Catalog(), d)
	aimed := hostile.New(graph.Catalog(), d, seed)
	for i := range list {
		if i%2 == 0 {
			list[i].Document = aimed.Next()
			continue
		}
		o := operations.Example(int(seed)*n + i)
		list[i].Document = hostile.Document{Shape: "generated", Text: o.Document, Variables: o.JSON()}
	}
	return list
}

// ask asks the service as a new document. Preparing it is part of its cost, so that
// nothing of it is kept from the pass before: the caches of statements are short.
func (p *priced) ask(ctx context.Context, s *graph.Service, pass int, spent func() time.Duration) {
	points := 20.0
	ctx = graph.WithAdmission(ctx, func(rows float64) error { points += rows; return nil })
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	start := spent()
	res := s.Execute(ctx, graph.Request{Document: fmt.Sprintf("%s #%d", p.Text, pass), Variables: p.Variables})
	took := spent() - start
	if pass == 0 || took < p.spent {
		p.spent = took
	}
	p.points, p.code = points, res.Code()
}

// processTime is the CPU time of this process.
func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // only for a selector that is none
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (c *costCmd) report(list []priced) error {
	refused := map[string]int{}
	byShape := map[string][]*priced{}
	var counted []*priced
	for i := range list {
		p := &list[i]
		switch {
		case p.code != "" && p.code != graph.CodeTimeout:
			refused[p.code]++
		case p.spent >= trivial:
			counted = append(counted, p)
			byShape[p.Shape] = append(byShape[p.Shape], p)
		}
	}
	fmt.Printf("%d documents, refused: %v; %d took %v or more\n\n", len(list), refused, len(counted), trivial)
	if len(counted) == 0 {
		return errors.New("no document took long enough to be counted")
	}
	cells := func(name string, of []*priced) []string {
		slices.SortFunc(of, func(a, b *priced) int { return cmp.Compare(a.perPoint(), b.perPoint()) })
		row := []string{name, "", "", fmt.Sprint(len(of))}
		for _, q := range []float64{0, .01, .1, .5, .9, .99, 1} {
			row = append(row, number(of[int(q*float64(len(of)-1))].perPoint()))
		}
		return row
	}
	rows := [][]string{{"µs per point", "", "", "documents", "least", "p1", "p10", "p50", "p90", "p99", "most"}}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range byShape {
			if !yield(name) {
				return
			}
		}
	}) {
		rows = append(rows, cells(name, byShape[name]))
	}
	rows = append(rows, cells("all", counted))
	if err := writeAligned(os.Stdout, rows); err != nil {
		return err
	}
	n := min(c.Worst, len(counted))
	show("\ndearest", counted[len(counted)-n:])
	show("\ncheapest", counted[:n])
	middle := counted[len(counted)/2].perPoint()
	dearest := counted[len(counted)-1].perPoint() / middle
	fmt.Printf("\ndearest / median: %s, median / cheapest: %s\n", number(dearest), number(middle/counted[0].perPoint()))
	if c.Check > 0 && dearest > c.Check {
		return fmt.Errorf("the dearest point costs %s times the median, more than %s", number(dearest), number(c.Check))
	}
	return nil
}

func show(title string, list []*priced) {
	fmt.Println(title)
	for _, p := range list {
		text := strings.Join(strings.Fields(p.Text), " ")
		fmt.Printf("%8s µs/point  %8s ms  %8.0f points  %s: %.1500s %.900s\n", number(p.perPoint()), number(milliseconds(p.spent)), p.points, p.Shape, text, p.Variables)
	}
}
