package sqlite

import (
	"normgraph/graph/catalog"
	"normgraph/graph/plan"
)

// search prints a connection over full text. Its inside gives key, type, id
// and score, over which position and order are written.
func (c *compiler) search(s *plan.Select) {
	var edges, total func()
	if s.Connection.Rows {
		edges = func() {
			out := c.picked(scope{})
			c.print("(SELECT ")
			c.array(true, func() {
				c.print("json_array(")
				c.hit(s, out.alias)
				c.print(")")
			})
			c.print(" FROM (SELECT key, type, id, score FROM (")
			c.hits(s, true)
			c.print(")")
			c.behind(s.Search.After)
			c.print(" ORDER BY score DESC, type, id")
			c.limit(s)
			c.print(") ", out.alias, ")")
		}
	}
	if s.Connection.Total {
		total = func() {
			c.print("(SELECT count(*) FROM (")
			c.hits(s, false)
			c.print("))")
		}
	}
	c.tuple(true, edges, total, nil)
}

// hits prints the nodes that every term occurs in.
func (c *compiler) hits(s *plan.Select, scored bool) {
	n := c.alias("r")
	c.print("SELECT ", n, ".__key AS key, ", n, ".type AS type, ", n, ".id AS id")
	if len(s.Search.Terms) == 0 {
		c.print(", 0 AS score FROM node ", n, " WHERE 0")
		return
	}
	if scored {
		c.print(", CASE WHEN ", n, ".__key IN (SELECT rowid FROM search WHERE search MATCH ")
		c.arg(inName(s.Search.Terms))
		c.print(") THEN ")
		c.arg(int64(plan.ScoreName))
		c.print(" ELSE ")
		c.arg(int64(plan.ScoreBody))
		c.print(" END AS score")
	}
	c.print(" FROM search f CROSS JOIN node ", n, " ON ", n, ".__key = f.rowid WHERE f.search MATCH ")
	c.arg(everywhere(s.Search.Terms))
	c.ofTypes(s.Nodes, n, " AND ")
}

// behind prints the condition that a result stands behind a position.
func (c *compiler) behind(p *plan.SearchPosition) {
	if p == nil {
		return
	}
	c.print(" WHERE (score < ")
	c.arg(int64(p.Score))
	c.print(" OR score = ")
	c.arg(int64(p.Score))
	same, next := c.rankOf(p.Kind)
	c.print(" AND (type >= ")
	c.arg(int64(next))
	c.print(" OR type = ")
	c.arg(int64(same))
	c.print(" AND id > ")
	c.arg(p.ID)
	c.print("))")
}

// rankOf gives the rank of a type's name, -1 for none, and of the next name.
func (c *compiler) rankOf(kind string) (same, next int) {
	same = -1
	for i, n := range c.ranked {
		if n.Name > kind {
			return same, i
		}
		if n.Name == kind {
			same = i
		}
	}
	return same, len(c.ranked)
}

// hit prints the keys and parts of one search result.
func (c *compiler) hit(s *plan.Select, out string) {
	sep := ""
	part := func() { c.print(sep); sep = ", " }
	kind := func() {
		c.print("CASE ", out, ".type")
		for i, n := range c.ranked {
			c.print(" WHEN ", itoa(i), " THEN '", n.Name, "'")
		}
		c.print(" END")
	}
	if s.Connection.Keys {
		part()
		c.print(out, ".score, ")
		kind()
		c.print(", ", out, ".id")
	}
	for _, e := range s.Connection.Edges {
		for _, it := range e.Items {
			switch it.Field {
			case "score":
				part()
				c.print(out, ".score")
			case "node":
				part()
				c.node(it.Objects, out)
			case "snippet":
				part()
				c.byType(s.Nodes, out+".type", out+".key", func(i int, x scope) { c.snippet(s.Nodes[i], i, x) })
			}
		}
	}
}

// node prints a result's row, led by the object's index if there are several.
func (c *compiler) node(objects []*plan.Object, out string) {
	nodes := make([]*catalog.Node, len(objects))
	for i, o := range objects {
		nodes[i] = o.Node
	}
	c.byType(nodes, out+".type", out+".key", func(i int, x scope) {
		index := i
		if len(objects) == 1 {
			index = -1
		}
		c.object(objects[i], index, x.column, func() string { return x.node + ".__key" })
	})
}

func (c *compiler) snippet(n *catalog.Node, index int, x scope) {
	c.print("json_array(", itoa(index))
	for _, p := range n.Properties {
		if p.Search > 0 {
			c.print(", ", value(p, x.column(p, false)))
		}
	}
	c.print(")")
}
