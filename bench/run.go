package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"normgraph/bench/shape"
	"normgraph/graph/store/neo4j/devserver"
)

const corpusName = "corpus"

type common struct {
	Seed  uint64 `default:"1" help:"Seed of the data and of the values asked for."`
	Cache string `placeholder:"DIR" help:"Folder for built programs and loaded stores, kept between runs. Default: normgraph/bench in the user's cache folder."`
	Memory
}

// Memory is that of the Neo4j that is started: its whole store fits, as the
// service's documentation advises.
type Memory struct {
	HeapMB      int `default:"2048" help:"Java heap of the Neo4j that is started, in MiB."`
	PageCacheMB int `default:"3072" help:"Its memory for pages of the store, in MiB."`
}

func (m Memory) options(dir string) devserver.Options {
	return devserver.Options{Own: true, DataDir: dir, HeapMB: m.HeapMB, PageCacheMB: m.PageCacheMB}
}

type runCmd struct {
	common
	effort

	Quick    bool     `help:"About two minutes: 10⁴ nodes, short measurements, no cache, no plain Cypher. Enough to see the ratios, not to quote them."`
	Nodes    []int    `default:"10000" help:"Sizes of generated data, in nodes; five relationships each."`
	Corpus   bool     `help:"The bundled corpus too."`
	Subjects []string `default:"sqlite,cached,dataloader,sql,neo4j,library,cypher" help:"What is measured."`
	Shapes   []string `default:"point,page,small,large,filter,connection,keyset,search,dashboard" help:"Query shapes."`
	JSON     string   `placeholder:"FILE" help:"Write all figures to a file too."`
}

// Validate checks what kong cannot.
func (c *runCmd) Validate() error {
	for _, s := range c.Subjects {
		if titles[s] == "" {
			return fmt.Errorf("--subjects: %q is none of sqlite, cached, dataloader, sql, neo4j, library, cypher", s)
		}
	}
	if !slices.ContainsFunc(c.Subjects, func(s string) bool { return s != subjectSQL && s != subjectCypher }) {
		return errors.New("--subjects needs a GraphQL server, whose answers the others are compared with")
	}
	_, err := shapesNamed(c.Shapes)
	return err
}

func shapesNamed(names []string) ([]*shape.Shape, error) {
	var out []*shape.Shape
	for _, name := range names {
		i := slices.IndexFunc(shape.Shapes, func(s *shape.Shape) bool { return s.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("--shapes: %q is no shape", name)
		}
		out = append(out, shape.Shapes[i])
	}
	return out, nil
}

// Run measures and prints.
func (c *runCmd) Run(ctx context.Context) error {
	w, err := newWorkshop(c.Cache)
	if err != nil {
		return err
	}
	if c.Quick {
		c.effort, c.Nodes = quickEffort, []int{10_000}
		if len(c.Subjects) == len(titles) { // not chosen
			c.Subjects = slices.DeleteFunc(c.Subjects, func(s string) bool { return s == subjectCypher || s == subjectCached })
		}
	}
	sizes := slices.Sorted(slices.Values(c.Nodes))
	if c.Corpus {
		sizes = append([]int{0}, sizes...)
	}
	// Plain statements are compared with a server's answers, so they come later.
	slices.SortStableFunc(c.Subjects, func(a, b string) int { return order(a) - order(b) })
	start := time.Now()
	var cells []*cell
	var failed error
	for _, nodes := range sizes {
		var got []*cell
		if got, failed = c.world(ctx, w, nodes); failed != nil {
			break // what was measured before is printed
		}
		cells = append(cells, got...)
	}
	if len(cells) == 0 {
		return failed
	}
	w.log.Printf("done in %v", time.Since(start).Round(time.Second))
	fmt.Printf("%s, %d cores, load average before: %s; %d connections, %d rounds of %v, open loop %v\n\n",
		time.Now().Format(time.DateOnly), runtime.NumCPU(), loadAverage(), c.Connections, c.Rounds, c.Closed, c.Open)
	if err := errors.Join(writeTable(os.Stdout, cells), writeRatios(os.Stdout, cells)); err != nil {
		return errors.Join(failed, err)
	}
	if c.JSON == "" {
		return failed
	}
	file, err := os.Create(c.JSON)
	if err != nil {
		return errors.Join(failed, err)
	}
	return errors.Join(failed, writeJSON(file, cells), file.Close())
}

// order puts the subjects as the table has them.
func order(subject string) int {
	return slices.Index([]string{subjectSQLite, subjectCached, subjectDataloader, subjectSQL, subjectNeo4j, subjectLibrary, subjectCypher}, subject)
}

// world measures one data set.
func (c *runCmd) world(ctx context.Context, w *workshop, nodes int) (cells []*cell, err error) {
	on, err := w.world(nodes, c.Seed)
	if err != nil {
		return nil, err
	}
	names := slices.Clone(c.Subjects)
	if slices.ContainsFunc(names, func(s string) bool { return !onNeo4j(s) }) {
		if err := w.fillSQLite(ctx, on); err != nil {
			return nil, err
		}
	}
	if slices.ContainsFunc(names, onNeo4j) {
		switch err := w.startNeo4j(ctx, on, c.Memory); {
		case errors.Is(err, devserver.ErrUnavailable) && c.Quick:
			w.log.Printf("LEFT OUT, everything on Neo4j: %v", err)
			names = slices.DeleteFunc(names, onNeo4j)
		case err != nil:
			return nil, err
		default:
			defer func() { err = errors.Join(err, on.neo.Stop()) }()
		}
	}
	b := &bench{effort: c.effort, world: on, seed: c.Seed, say: w.log.Printf}
	if b.shapes, err = shapesNamed(c.Shapes); err != nil {
		return nil, err
	}
	defer func() {
		for _, s := range b.subjects {
			err = errors.Join(err, s.stop())
		}
	}()
	for _, name := range names {
		s, err := w.start(ctx, name, on, c.Connections)
		if err != nil && c.Quick && name == subjectLibrary {
			w.log.Printf("LEFT OUT: %v", err)
			continue
		}
		if err != nil {
			return nil, err
		}
		b.subjects = append(b.subjects, s)
	}
	return b.run(ctx)
}

// loadAverage tells how busy the machine is besides: a busy one spoils figures.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "not known"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}

func writeJSON(w io.Writer, cells []*cell) error {
	type figures struct {
		World, Shape, Subject string
		Capacity, Alone, CPU  []float64
		DatabaseCPU, Memory   []float64
		OpenRate, P50, P99    float64
		OpenRequests          int
		OpenFailed            int
		Statements, Hits      *float64 `json:",omitempty"`
		Bytes                 float64
		LeftOut               string `json:",omitempty"`
	}
	known := func(v float64) *float64 {
		if math.IsNaN(v) {
			return nil
		}
		return &v
	}
	var out []figures
	for _, c := range cells {
		out = append(out, figures{c.World, c.Shape, c.Subject, c.Capacity, c.Alone, c.CPU, c.DatabaseCPU, c.Memory,
			c.OpenRate, c.P50, c.P99, c.OpenRequests, c.OpenFailed, known(c.Statements), known(c.Hits), c.Bytes, c.LeftOut})
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	return encoder.Encode(out)
}
