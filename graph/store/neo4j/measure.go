package neo4j

import (
	"slices"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
)

// measures writes the list of aggregates over the distinct nodes, or over the
// relationships.
//
// It uses none of Cypher's aggregate functions: the server takes one inside a
// subquery expression for an aggregation of the query around it, and refuses
// that (5.26). So the values are collected once, as v, and folded.
func (c *compiler) measures(s *plan.Select, parent string, list []plan.Measure, edge bool) {
	if len(list) == 0 {
		c.put("[]")
		return
	}
	var props []*catalog.Property
	for _, m := range list {
		if m.Func != plan.CountRows && !slices.Contains(props, m.Prop) {
			props = append(props, m.Prop)
		}
	}
	a := c.fresh()
	distinct := !edge && s.Via != nil && s.Via.Relationship.Parallel()
	if len(props) == 0 { // one CountRows: nothing need be collected
		c.put("[COUNT { ")
		c.matching(s, parent, a, edge)
		if distinct {
			c.put(" RETURN DISTINCT ", a.node)
		}
		c.put(" }]")
		return
	}
	c.put("[v IN [COLLECT { ")
	c.matching(s, parent, a, edge)
	if distinct {
		c.put(" WITH DISTINCT ", a.node)
	}
	c.put(" RETURN ")
	c.list(len(props), func(i int) { c.put(a.property(props[i], edge)) })
	c.put(" }] | ")
	c.list(len(list), func(i int) { c.put(fold(list[i], slices.Index(props, list[i].Prop))) })
	c.put("][0]")
}

// fold is an aggregate of the column at position i of the rows v. Comparisons
// are of stored text with stored text, which go by code point, as size counts
// code points. A comparison with the null that a fold starts from is unknown
// and leads to ELSE.
func fold(m plan.Measure, i int) string {
	x := "x[" + itoa(i) + "]"
	best := func(keep string) string {
		return "reduce(a = null, x IN v | CASE WHEN " + x + " IS NULL OR " + keep + " THEN a ELSE " + x + " END)"
	}
	switch m.Func {
	case plan.CountRows:
		return "size(v)"
	case plan.CountSet:
		return "size([x IN v WHERE " + x + " IS NOT NULL])"
	case plan.Sum:
		if m.Prop.Kind == catalog.Float {
			return compensated(x)
		}
		return "reduce(a = 0, x IN v | a + coalesce(" + x + ", 0))"
	case plan.Min:
		return best("a <= " + x)
	case plan.Max:
		return best("a >= " + x)
	case plan.Shortest:
		return best("size(a) < size(" + x + ") OR size(a) = size(" + x + ") AND a <= " + x)
	case plan.Longest:
		return best("size(a) > size(" + x + ") OR size(a) = size(" + x + ") AND a <= " + x)
	}
	return unknown("measure", m.Func)
}

// compensated is the sum by Kahan, Babuska and Neumaier, as plan.FloatSum and
// SQLite have it: a is the sum, and what was lost in rounding it.
func compensated(x string) string {
	lost := func(greater, less string) string {
		return "[a[0] + " + x + ", a[1] + ((" + greater + " - (a[0] + " + x + ")) + " + less + ")]"
	}
	return "[a IN [reduce(a = [0.0, 0.0], x IN v | CASE WHEN " + x + " IS NULL THEN a" +
		" WHEN abs(a[0]) > abs(" + x + ") THEN " + lost("a[0]", x) +
		" ELSE " + lost(x, "a[0]") + " END)]" +
		" | CASE WHEN isNaN(a[0] + a[1]) THEN a[0] ELSE a[0] + a[1] END][0]"
}
