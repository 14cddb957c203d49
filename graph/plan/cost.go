package plan

import (
	"math"

	"normgraph/graph/catalog"
)

// Statistics are the degree statistics of one revision.
type Statistics interface {
	// Nodes is the number of nodes of a type.
	Nodes(*catalog.Node) int64
	// Related is the mean over the owner's nodes of min(related, page), and the
	// largest such value.
	Related(r *catalog.Relation, page int) (mean float64, largest int64)
	// Degree is the mean of all related over the owner's nodes, or over those of
	// them that a relationship of r's type leads to, each as often as one does.
	Degree(r *catalog.Relation, reached bool) float64
}

// Cost is the number of rows that a plan reads: as expected from the
// statistics, and at worst. Visited is the expected number of related nodes that
// filters look at, beside the rows.
type Cost struct {
	Estimated float64
	Worst     int64 // saturates at the largest int64
	Visited   float64
	Values    float64 // in the expected rows
}

// Work is the cost in rows of a few values: in the time that one takes to be
// read, sent and written, a filter looks at about a hundred related nodes.
func (c Cost) Work() float64 { return c.Estimated + c.Values/10 + c.Visited/100 }

// Heavy reports whether a store is busy for long, a tenth of a second or more.
func (c Cost) Heavy() bool { return c.Work() >= 10_000 }

// CostLimits bound the cost of one operation.
type CostLimits struct{ Rows, WorstRows, Visited, Subqueries int64 }

// Cost estimates the rows of p. A filter is taken to keep everything.
func (p *Plan) Cost(s Statistics) Cost {
	var c Cost
	for _, r := range p.Roots {
		c.add(r, s, 1, 1)
	}
	return c
}

func (c *Cost) add(sel *Select, s Statistics, estimated float64, worst int64) {
	rows := int64(sel.Limit)
	mean := float64(rows)
	all := mean // before the filter
	if sel.Via != nil {
		mean, rows = s.Related(sel.Via, sel.Limit)
		all = s.Degree(sel.Via, false)
	} else if sel.Form != Lookup {
		var stored int64
		for _, n := range sel.Nodes {
			stored += s.Nodes(n)
		}
		all = float64(stored)
		rows = min(rows, stored)
		mean = float64(rows)
	}
	scans := 1.0
	if conn := sel.Connection; conn != nil && conn.Total {
		scans++
	}
	if conn := sel.Connection; conn != nil && conn.Measures != nil {
		scans++
	}
	c.Visited += estimated * all * scans * visited(sel.Where, sel.Via, s)
	estimated *= mean
	worst = saturate(worst, rows)
	c.Estimated += estimated
	c.Worst = saturateAdd(c.Worst, worst)
	if sel.Connection == nil {
		c.objects(sel.Objects, s, estimated, worst)
		return
	}
	for _, e := range sel.Connection.Edges {
		for _, it := range e.Items {
			c.objects(it.Objects, s, estimated, worst)
		}
	}
}

// objects adds the relations below a row; of several types a row is only one,
// so the dearest counts.
func (c *Cost) objects(objs []*Object, s Statistics, estimated float64, worst int64) {
	var dearest Cost // Visited is that of all
	for _, o := range objs {
		var below Cost
		for _, it := range o.Items {
			if it.Select != nil {
				below.add(it.Select, s, estimated, worst)
			} else {
				below.Values += estimated
			}
		}
		dearest.Estimated = math.Max(dearest.Estimated, below.Estimated)
		dearest.Worst = max(dearest.Worst, below.Worst)
		dearest.Values = math.Max(dearest.Values, below.Values)
		c.Visited += below.Visited
	}
	c.Estimated += dearest.Estimated
	c.Worst = saturateAdd(c.Worst, dearest.Worst)
	c.Values += dearest.Values
}

// visited is the number of related nodes that a condition looks at for one node
// that from led to, when it stops nowhere early.
func visited(w *Cond, from *catalog.Relation, s Statistics) float64 {
	if w == nil {
		return 0
	}
	sum, degree := 0.0, 1.0
	if w.Via != nil {
		degree = s.Degree(w.Via, from != nil && from.Relationship == w.Via.Relationship)
		from, sum = w.Via, 1
	}
	for _, k := range w.Kids {
		sum += visited(k, from, s)
	}
	return degree * sum
}

// Check refuses a cost over its limits.
func (c Cost) Check(l CostLimits) error {
	const advice = "ask for smaller pages, fewer levels, or filter"
	if est := int64(math.Ceil(math.Min(c.Estimated, 1e18))); est > l.Rows {
		return &LimitError{"rows", "rows", est, l.Rows, advice}
	}
	if c.Worst > l.WorstRows {
		return &LimitError{"worstRows", "rows in the worst case", c.Worst, l.WorstRows, advice}
	}
	if n := int64(math.Min(c.Visited, 1e18)); n > l.Visited {
		return &LimitError{"visited", "related nodes to look at in filters", n, l.Visited, "filter by fewer relations, or nest them less deeply"}
	}
	return nil
}

func saturate(a, b int64) int64 {
	if a != 0 && b > math.MaxInt64/a {
		return math.MaxInt64
	}
	return a * b
}

func saturateAdd(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
