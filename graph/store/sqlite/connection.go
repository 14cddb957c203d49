package sqlite

import "normgraph/graph/plan"

// connection prints [edges, total, measures]; null for what was not asked.
func (c *compiler) connection(s *plan.Select, parent string) {
	conn, root := s.Connection, parent == ""
	var edges, total, measures func()
	if conn.Rows {
		edges = func() {
			in := c.scope(s)
			out := c.picked(in)
			c.print("(SELECT ")
			c.array(root, func() {
				c.print("json_array(")
				c.edge(s, out)
				c.print(")")
			})
			c.print(" FROM (")
			c.pick(s, parent, out)
			c.print(") ", out.alias, ")")
		}
	}
	if conn.Total {
		total = func() {
			in := c.scope(s)
			c.print("(SELECT count(*)")
			c.from(s, parent, in)
			c.where(s, parent, in, nil)
			c.print(")")
		}
	}
	if m := conn.Measures; m != nil {
		measures = func() {
			c.print("json_array(")
			c.measures(s, parent, m.Node, false)
			c.print(", ")
			c.measures(s, parent, m.Edge, true)
			c.print(")")
		}
	}
	c.tuple(root, edges, total, measures)
}

// edge prints the sort keys and the parts of one edge.
func (c *compiler) edge(s *plan.Select, out *picked) {
	sep := ""
	part := func() { c.print(sep); sep = ", " }
	if s.Connection.Keys {
		for _, k := range s.Sort {
			part()
			c.print(out.column(k.Prop, k.Edge))
		}
	}
	for _, e := range s.Connection.Edges {
		for _, it := range e.Items {
			switch it.Field {
			case "node":
				part()
				c.object(it.Objects[0], -1, out.column, out.key)
			case "properties":
				part()
				c.properties(it.Properties, out)
			}
		}
	}
}

func (c *compiler) properties(items []plan.Item, out *picked) {
	c.print("json_array(")
	sep := ""
	for _, it := range items {
		if it.Prop != nil {
			c.print(sep, value(it.Prop, out.column(it.Prop, true)))
			sep = ", "
		}
	}
	c.print(")")
}

// measures prints the aggregates over a connection's distinct nodes, or over
// its relationships.
func (c *compiler) measures(s *plan.Select, parent string, list []plan.Measure, edges bool) {
	if len(list) == 0 {
		c.print("json_array()")
		return
	}
	in := c.scope(s)
	out := c.picked(in)
	c.print("(SELECT json_array(")
	c.list(len(list), ", ", func(i int) {
		m := list[i]
		if m.Prop == nil {
			c.print("count(*)")
			return
		}
		c.print(measure(m.Func, out.column(m.Prop, edges)))
	})
	c.print(") FROM (")
	c.columns(out)
	c.from(s, parent, in)
	c.where(s, parent, in, nil)
	if !edges && s.Via != nil && s.Via.Relationship.Parallel() {
		c.print(" GROUP BY ", far(s, in))
	}
	c.print(") ", out.alias, ")")
}

// measure is one aggregate over a column. The shortest and the longest text are
// the least of texts that begin with their rank by length in ten digits.
func measure(f plan.Func, col string) string {
	switch f {
	case plan.CountSet:
		return "count(" + col + ")"
	case plan.Min:
		return "min(" + col + ")"
	case plan.Max:
		return "max(" + col + ")"
	case plan.Sum:
		return "coalesce(sum(" + col + "), 0)"
	case plan.Shortest:
		return leastText("codepoints(CAST("+col+" AS BLOB))", col)
	case plan.Longest:
		return leastText("9999999999 - codepoints(CAST("+col+" AS BLOB))", col)
	}
	return "count(*)"
}

func leastText(rank, col string) string {
	return "CAST(substr(CAST(min(format('%010d', " + rank + ") || " + col + ") AS BLOB), 11) AS TEXT)"
}
