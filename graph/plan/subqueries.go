package plan

// conditionsPerSubquery is how many scalar conditions take as long to plan as a
// subquery.
const conditionsPerSubquery = 4

// Subqueries is how much there is for a store to plan: what stands below p's roots
// and in its filters, each list, count and condition across a relation, as often as
// it is nested, and each few scalar conditions. A store that plans a statement from
// within looks at what is nested again at each level. Neo4j takes about ten
// milliseconds for one of these when a statement is of a new shape.
func (p *Plan) Subqueries() int64 {
	var n int64 // in conditions
	for _, r := range p.Roots {
		n += r.subqueries(1)
	}
	return (n + conditionsPerSubquery - 1) / conditionsPerSubquery
}

// CheckSubqueries refuses a plan of more than maximum Subqueries.
func (p *Plan) CheckSubqueries(maximum int64) error {
	if n := p.Subqueries(); n > maximum {
		return &LimitError{"subqueries", "subqueries, each counted once for every level, and four conditions as one", n, maximum,
			"select fewer relations and counts, nest them less deeply, or filter by fewer relations and conditions"}
	}
	return nil
}

// subqueries counts those of a selection that is nested in depth levels. A filter
// is written as often as the selection is read.
func (s *Select) subqueries(depth int64) int64 {
	reading := depth*conditionsPerSubquery + s.Where.subqueries(depth+1)
	conn := s.Connection
	if conn == nil {
		return reading + below(s.Objects, depth+1)
	}
	var n int64
	if conn.Rows {
		n += reading
		for _, e := range conn.Edges {
			for _, it := range e.Items {
				n += below(it.Objects, depth+1)
			}
		}
	}
	if conn.Total {
		n += reading
	}
	if m := conn.Measures; m != nil {
		if len(m.Node) > 0 {
			n += reading
		}
		if len(m.Edge) > 0 {
			n += reading
		}
	}
	return n
}

func below(objects []*Object, depth int64) int64 {
	var n int64
	for _, o := range objects {
		for _, it := range o.Items {
			if it.Select != nil {
				n += it.Select.subqueries(depth)
			}
		}
	}
	return n
}

func (c *Cond) subqueries(depth int64) int64 {
	if c == nil {
		return 0
	}
	var n int64
	switch {
	case c.Via != nil:
		n, depth = depth*conditionsPerSubquery, depth+1
	case len(c.Kids) == 0:
		n = 1
	}
	for _, k := range c.Kids {
		n += k.subqueries(depth)
	}
	return n
}
