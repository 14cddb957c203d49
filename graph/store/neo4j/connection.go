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
		c.matching(s, parent, a, false)
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
	if keys := inIndexOrder(s); len(keys) == 2 && conn.After != nil && conn.After.Op == plan.Behind {
		c.continued(s, a, keys)
	} else {
		c.match(s, parent, a, true)
		c.where(a, s.Where, keys, conn.After)
	}
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

// continued writes the MATCH of a page that begins behind a position in the order
// of an index. The server enters an index by one range only: here once for the
// rest of the first key's value, and once for the greater ones.
func (c *compiler) continued(s *plan.Select, a at, keys []plan.Key) {
	values := s.Connection.After.Value.([]any)
	is := func(op plan.Op, i int) *plan.Cond { return &plan.Cond{Op: op, Prop: keys[i].Prop, Value: values[i]} }
	c.put("CALL () { ")
	for i, position := range [][]*plan.Cond{{is(plan.Eq, 0), is(plan.Gt, 1)}, {is(plan.Gt, 0)}} {
		if i > 0 {
			c.put(" UNION ALL ")
		}
		c.match(s, "", a, false)
		c.where(a, s.Where, keys, position...)
		c.put(" WITH ", a.node)
		c.order(s, a)
		c.put(" RETURN ", a.node)
	}
	c.put(" }")
}

func (c *compiler) parts(parts []func()) {
	for i, part := range parts {
		if i > 0 {
			c.put(", ")
		}
		part()
	}
}

// matching writes the MATCH of all rows that pass the selection's Where.
func (c *compiler) matching(s *plan.Select, parent string, a at, edge bool) {
	c.match(s, parent, a, edge || s.Where != nil && onEdge(s.Where))
	c.where(a, s.Where, nil)
}
