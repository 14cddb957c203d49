package plan

import (
	"math"

	"normgraph/graph/catalog"
	"normgraph/graph/text"
)

// Statistics are the degree statistics of one revision.
type Statistics interface {
	// Nodes is the number of nodes of a type.
	Nodes(*catalog.Node) int64
	// Related is the mean of min(related, page) and the largest such value, over
	// the owner's nodes, or over those of them that a relationship of r's type
	// leads to, each as often as one does.
	Related(r *catalog.Relation, page int, reached bool) (mean float64, largest int64)
}

// Cost is what a plan asks of a store, as expected from the statistics.
type Cost struct {
	Estimated float64 // rows of the answer
	Worst     int64   // the same at worst; saturates at the largest int64
	Visited   float64 // nodes that are looked at beside them
	points    float64 // all but the rows
	parts     float64 // the same, of what does not depend on the data
	filters   struct{ visited, points float64 }
}

// Work is the cost in points. A point is the time in which a row of few values is
// read and written, some four microseconds of one processor; docs/performance.md
// says how far that holds.
func (c Cost) Work() float64 { return c.Estimated + c.points + c.parts }

// Filters is what the filters alone cost.
func (c Cost) Filters() Cost { return Cost{Visited: c.filters.visited, points: c.filters.points} }

// Heavy reports whether a store is busy for long, a tenth of a second or more.
func (c Cost) Heavy() bool { return c.Work() >= 25_000 }

// CostLimits bound the cost of one operation.
type CostLimits struct{ Rows, WorstRows, Visited, Points, Subqueries int64 }

// Points of what a plan asks for beside a row of the answer. `go run ./bench
// cost` measures what they cost.
const (
	// of the statement: to plan, compile and prepare it
	selectionPart = 20
	itemPart      = 1.5
	conditionPart = 6
	valuePart     = 1 // of a condition
	// of the answer
	valuePoints   = 0.1
	cursorPoints  = 0.5
	snippetPoints = 5
	// of what is read and not kept
	readPoints    = 0.2  // a node, and what leads to it
	countPoints   = 0.1  // one that is only counted
	sortPoints    = 0.1  // a key of a node that is sorted
	groupPoints   = 0.4  // a node that several relationships lead to
	measurePoints = 0.1  // a value of an aggregate
	lengthPoints  = 0.5  // one that is the shortest or longest
	testPoints    = 0.04 // a condition on a value
	listPoints    = 0.5  // one on a list
	matchPoints   = 0.3  // a node that a search finds
)

// Cost estimates p. A filter is taken to keep everything but what it names by id.
func (p *Plan) Cost(s Statistics) Cost {
	var c Cost
	for _, r := range p.Roots {
		c.add(r, s, at{estimated: 1, worst: 1})
	}
	return c
}

// at is the place of a selection: the rows above it, and the relation that leads
// to them.
type at struct {
	estimated float64
	worst     int64
	via       *catalog.Relation
}

func (c *Cost) add(sel *Select, s Statistics, above at) {
	kept, all, most := size(sel, s, above)
	c.read(sel, s, above, all)
	below := at{estimated: above.estimated * kept, worst: saturate(above.worst, most), via: sel.Via}
	c.Estimated += below.estimated
	c.Worst = saturateAdd(c.Worst, below.worst)
	c.parts += selectionPart + valuePart*float64(len(sel.IDs))
	if sel.Connection == nil {
		c.objects(sel.Objects, s, below)
		return
	}
	if sel.Connection.Keys {
		c.points += below.estimated * cursorPoints
	}
	for _, e := range sel.Connection.Edges {
		for _, it := range e.Items {
			c.parts += itemPart * float64(1+len(it.Properties))
			c.points += below.estimated * valuePoints * float64(len(it.Properties))
			if it.Field == "snippet" {
				c.points += below.estimated * snippetPoints
			}
			c.objects(it.Objects, s, below)
		}
	}
}

// size is for one row above: the rows that sel keeps and at most keeps, and all
// that it finds them among.
func size(sel *Select, s Statistics, above at) (kept, all float64, most int64) {
	if sel.Via != nil {
		reached := above.via != nil && above.via.Relationship == sel.Via.Relationship
		kept, most = s.Related(sel.Via, sel.Limit, reached)
		all, _ = s.Related(sel.Via, Everything, reached)
		return kept, all, most
	}
	most = int64(sel.Limit)
	if sel.Form == Lookup {
		return float64(most), 0, most
	}
	var stored int64
	for _, n := range sel.Nodes {
		stored += s.Nodes(n)
	}
	stored = min(stored, named(sel.Where))
	most = min(most, stored)
	return float64(most), float64(stored), most
}

// named is how many nodes a condition names by id at most, or the largest int64.
func named(w *Cond) int64 {
	most := int64(math.MaxInt64)
	switch {
	case w == nil:
	case w.Op == False:
		return 0
	case w.Op == And:
		for _, k := range w.Kids {
			most = min(most, named(k))
		}
	case w.Prop == nil || w.Edge || w.Prop.Name != "id":
	case w.Op == Eq:
		return 1
	case w.Op == In:
		return int64(len(w.Value.([]any)))
	}
	return most
}

// read adds what is looked at to find the rows, and what is made of it.
func (c *Cost) read(sel *Select, s Statistics, above at, all float64) {
	scan := func(nodes, each float64) {
		looked, test := c.test(sel.Where, sel.Via, s)
		c.Visited += above.estimated * nodes * (1 + looked)
		c.points += above.estimated * nodes * (each + test)
		c.filters.visited += above.estimated * nodes * looked
		c.filters.points += above.estimated * nodes * test
	}
	conn := sel.Connection
	switch {
	case sel.Form == Lookup, sel.Form == One:
		return
	case sel.Search != nil:
		all *= found(sel.Search.Terms)
		if conn.Rows {
			scan(all, matchPoints+2*sortPoints)
		}
		if conn.Total {
			scan(all, matchPoints)
		}
		return
	}
	if conn == nil || conn.Rows {
		after := conn != nil && conn.Continued
		group := 0.0
		if conn == nil && sel.Via != nil && sel.Via.Relationship.Parallel() {
			group = groupPoints
		}
		switch {
		case !sel.ordered():
			scan(all, readPoints+group+sortPoints*float64(len(sel.Sort)))
		case sel.Where == nil && !(after && sel.Via != nil): // ends with the page
			scan(math.Min(all, float64(sel.Offset+sel.Limit)), readPoints+group)
		default:
			scan(all, readPoints+group)
		}
	}
	if conn == nil {
		return
	}
	if conn.Total {
		scan(all, countPoints)
	}
	if m := conn.Measures; m != nil {
		for _, list := range [][]Measure{m.Node, m.Edge} {
			if len(list) == 0 {
				continue
			}
			each := readPoints
			for _, x := range list {
				c.parts += itemPart
				if x.Func == Shortest || x.Func == Longest {
					each += lengthPoints
				} else {
					each += measurePoints
				}
			}
			scan(all, each)
		}
	}
	c.parts += itemPart * float64(len(sel.Sort))
}

// ordered reports whether an index has the order of sel, so that a page reads what
// it gives.
func (sel *Select) ordered() bool {
	k := sel.Sort[0]
	switch {
	case k.Edge || k.Desc:
		return false
	case k.Prop.Name == "id":
		return true
	}
	return sel.Via == nil && len(sel.Sort) == 2 && k.Prop.Indexed() && k.Prop.NonNull
}

// objects adds what is read of a row; of several types a row is only one, so the
// dearest counts. What is looked at, and the statement, is that of all.
func (c *Cost) objects(objs []*Object, s Statistics, row at) {
	var dearest Cost
	for _, o := range objs {
		var below Cost
		for _, it := range o.Items {
			c.parts += itemPart
			if it.Select != nil {
				below.add(it.Select, s, row)
			} else {
				below.points += row.estimated * valuePoints
			}
		}
		dearest.Estimated = math.Max(dearest.Estimated, below.Estimated)
		dearest.Worst = max(dearest.Worst, below.Worst)
		dearest.points = math.Max(dearest.points, below.points)
		c.Visited += below.Visited
		c.filters.visited += below.filters.visited
		c.filters.points += below.filters.points
		c.parts += below.parts
	}
	c.Estimated += dearest.Estimated
	c.Worst = saturateAdd(c.Worst, dearest.Worst)
	c.points += dearest.points
}

// test is what a condition takes for one node that from led to, when it stops
// nowhere early: the related nodes that it looks at, and points.
func (c *Cost) test(w *Cond, from *catalog.Relation, s Statistics) (looked, points float64) {
	if w == nil {
		return 0, 0
	}
	for _, k := range w.Kids {
		via := from
		if w.Via != nil {
			via = w.Via
		}
		n, p := c.test(k, via, s)
		looked, points = looked+n, points+p
	}
	switch {
	case w.Via != nil:
		c.parts += conditionPart
		degree, _ := s.Related(w.Via, Everything, from != nil && from.Relationship == w.Via.Relationship)
		return degree * (1 + looked), degree * (readPoints + points)
	case w.Prop == nil:
	case w.Op == Includes || w.Prop.List:
		c.parts += conditionPart
		points += listPoints
	default:
		c.parts += conditionPart
		points += testPoints
	}
	if list, ok := w.Value.([]any); ok {
		c.parts += valuePart * float64(len(list))
	}
	return looked, points
}

// found is the part of all nodes that a search may find: the shorter its most
// telling word, the more. A word as a whole is taken for a prefix of some letters.
func found(terms []text.Term) float64 {
	if len(terms) == 0 {
		return 0
	}
	least := 1.0
	for _, t := range terms {
		for i, token := range t.Tokens {
			letters := len(token)
			if !t.Prefix || i < len(t.Tokens)-1 {
				letters += 2
			}
			least = math.Min(least, math.Pow(2, -float64(min(letters-1, 5))))
		}
	}
	return least
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
		return &LimitError{"visited", "nodes to look at", n, l.Visited,
			"count, aggregate, sort and filter on fewer levels and by fewer relations"}
	}
	if n := int64(math.Min(c.Work(), 1e18)); n > l.Points {
		return &LimitError{"points", "points of work", n, l.Points,
			"aggregate, sort and filter on fewer levels, or less of it"}
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
