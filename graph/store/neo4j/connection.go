package neo4j

import (
	"normgraph/graph/plan"
)

// connection writes the value of a Connection: [edges, total, measures].
func (c *compiler) connection(s *plan.Select, parent string) {
	conn := s.Connection
	c.put("[")
	if conn.Rows {
		c.edges(s, parent)
	} else {
		c.put("null")
	}
	c.put(", ")
	if conn.Total {
		a := c.fresh()
		c.put("COUNT { ")
		c.match(s, parent, a, s.Where != nil && onEdge(s.Where))
		c.where(a, s.Where, false)
		c.put(" }")
	} else {
		c.put("null")
	}
	c.put(", ")
	if conn.Measures != nil {
		c.put("[")
		c.measures(s, parent, conn.Measures.Node, false)
		c.put(", ")
		c.measures(s, parent, conn.Measures.Edge, true)
		c.put("]")
	} else {
		c.put("null")
	}
	c.put("]")
}

func (c *compiler) edges(s *plan.Select, parent string) {
	conn, a := s.Connection, c.fresh()
	c.put("COLLECT { ")
	c.match(s, parent, a, true)
	c.where(a, s.Where, inIndexOrder(s), conn.After)
	c.put(" WITH ", a.node)
	if s.Via != nil {
		c.put(", ", a.edge)
	}
	c.order(s, a)
	c.put(" RETURN [")
	var parts []func()
	if conn.Keys {
		for _, k := range s.Sort {
			parts = append(parts, func() { c.put(a.property(k.Prop, k.Edge)) })
		}
	}
	for _, e := range conn.Edges {
		for _, it := range e.Items {
			switch it.Field {
			case "node":
				parts = append(parts, func() { c.object(it.Objects, a.node, len(it.Objects) > 1) })
			case "properties":
				parts = append(parts, func() { c.items(it.Properties, a.edge) })
			}
		}
	}
	c.parts(parts)
	c.put("] }")
}

func (c *compiler) parts(parts []func()) {
	for i, part := range parts {
		if i > 0 {
			c.put(", ")
		}
		part()
	}
}

// measures writes the list of aggregates over the distinct nodes, or over the
// relationships.
func (c *compiler) measures(s *plan.Select, parent string, list []plan.Measure, edge bool) {
	if len(list) == 0 {
		c.put("[]")
		return
	}
	a := c.fresh()
	c.put("COLLECT { ")
	c.match(s, parent, a, edge || s.Where != nil && onEdge(s.Where))
	c.where(a, s.Where, false)
	if !edge && s.Via != nil && s.Via.Relationship.Parallel() {
		c.put(" WITH DISTINCT ", a.node)
	}
	c.put(" RETURN ")
	c.list(len(list), func(i int) { c.measure(list[i], a, edge) })
	c.put(" }[0]")
}

func (c *compiler) measure(m plan.Measure, a at, edge bool) {
	if m.Func == plan.CountRows {
		c.put("count(*)")
		return
	}
	p := a.property(m.Prop, edge)
	switch m.Func {
	case plan.CountSet:
		c.put("count(", p, ")")
	case plan.Min:
		c.put("min(", p, ")")
	case plan.Max:
		c.put("max(", p, ")")
	case plan.Sum:
		c.put("sum(", p, ")")
	case plan.Shortest: // size counts code points of stored text
		c.put("min(CASE WHEN ", p, " IS NOT NULL THEN [size(", p, "), ", p, "] END)[1]")
	case plan.Longest:
		c.put("min(CASE WHEN ", p, " IS NOT NULL THEN [-size(", p, "), ", p, "] END)[1]")
	default:
		unknown("measure", m.Func)
	}
}
