package main

import (
	"fmt"
	"io"
	"math"
	"slices"

	"normgraph/bench/shape"
)

// results finds cells that were measured.
type results []*cell

func (r results) find(world, shape, subject string) *cell {
	for _, c := range r {
		if c.World == world && c.Shape == shape && c.Subject == subject && c.LeftOut == "" {
			return c
		}
	}
	return nil
}

func (r results) worlds() []string {
	var out []string
	for _, c := range r {
		if !slices.Contains(out, c.World) {
			out = append(out, c.World)
		}
	}
	return out
}

// ratio of a figure of two subjects with one shape, NaN if one is missing.
func (r results) ratio(world string, s *shape.Shape, a, b string, figure func(*cell) float64) float64 {
	x, y := r.find(world, s.Name, a), r.find(world, s.Name, b)
	if x == nil || y == nil {
		return math.NaN()
	}
	return figure(x) / figure(y)
}

func capacity(c *cell) float64 { return median(c.Capacity) }
func cpu(c *cell) float64      { return median(c.CPU) }
func alone(c *cell) float64    { return median(c.Alone) }

var nestedShapes = []*shape.Shape{shape.Small, shape.Large}

// writeRatios prints what the project aims at, as ratios of one run.
func writeRatios(w io.Writer, cells []*cell) error {
	r := results(cells)
	rows := [][]string{{"data", "ratio", "shape", "measured", "aim", ""}}
	add := func(world, what, shape string, v float64, aim string, met bool) {
		if math.IsNaN(v) {
			return
		}
		verdict := "met"
		if !met {
			verdict = "NOT MET"
		}
		if aim == "" {
			verdict = ""
		}
		rows = append(rows, []string{world, what, shape, number(v), aim, verdict})
	}
	for _, world := range r.worlds() {
		twice, compared := 0, 0
		for _, s := range shape.Shapes {
			v := r.ratio(world, s, subjectNeo4j, subjectLibrary, capacity)
			add(world, "capacity, Neo4j / library", s.Name, v, "≥ 1.2", v >= 1.2)
			if v >= 2 {
				twice++
			}
			if !math.IsNaN(v) {
				compared++
			}
		}
		if compared >= 6 {
			add(world, "shapes with twice the library's capacity", fmt.Sprintf("%d compared", compared), float64(twice), "≥ 6", twice >= 6)
		}
		for _, s := range shape.Shapes {
			v := r.ratio(world, s, subjectNeo4j, subjectLibrary, cpu)
			add(world, "CPU of the service, Neo4j / library", s.Name, v, "≤ 0.25", v <= 0.25)
		}
		for _, s := range nestedShapes {
			v := r.ratio(world, s, subjectNeo4j, subjectCypher, alone)
			add(world, "p50 alone, Neo4j / plain Cypher", s.Name, v, "≤ 1.3", v <= 1.3)
		}
		for _, s := range shape.Shapes {
			v := r.ratio(world, s, subjectSQLite, subjectDataloader, capacity)
			if slices.Contains(nestedShapes, s) {
				add(world, "capacity, SQLite / dataloader", s.Name, v, "≥ 3", v >= 3)
			} else {
				add(world, "capacity, SQLite / dataloader", s.Name, v, "", true)
			}
		}
		v := r.ratio(world, shape.Dashboard, subjectCached, subjectSQLite, capacity)
		add(world, "capacity, cached / not", shape.Dashboard.Name, v, "≥ 20", v >= 20)
		if c := r.find(world, shape.Dashboard.Name, subjectCached); c != nil {
			add(world, "p99 ms at half of the capacity, cached", c.Shape, c.P99, "≤ 2", c.P99 <= 2)
		}
		v = r.ratio(world, shape.Large, subjectSQLite, subjectSQL, alone)
		add(world, "p50 alone, SQLite / plain SQL", shape.Large.Name, v, "≤ 1.5", v <= 1.5)
	}
	r.growth(add)
	if len(rows) == 1 {
		return nil
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	return writeAligned(w, rows)
}

// growth compares the largest generated data set with the smallest; they come
// in order of size.
func (r results) growth(add func(world, what, shape string, v float64, aim string, met bool)) {
	var generated []string
	for _, w := range r.worlds() {
		if w != corpusName {
			generated = append(generated, w)
		}
	}
	if len(generated) < 2 {
		return
	}
	small, large := generated[0], generated[len(generated)-1]
	for _, subject := range []string{subjectSQLite, subjectNeo4j} {
		for _, s := range shape.Shapes {
			a, b := r.find(large, s.Name, subject), r.find(small, s.Name, subject)
			if a == nil || b == nil {
				continue
			}
			v := alone(a) / alone(b)
			aim, met := "", true
			if s == shape.Small || s == shape.Large || s == shape.Page || s == shape.Keyset {
				aim, met = "≤ 1.5", v <= 1.5
			}
			add(large+" / "+small, "p50 alone, "+titles[subject], s.Name, v, aim, met)
		}
	}
}
