package neo4j

import (
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/text"
)

// Full-text search works on two hidden properties of a node: the tokens of its
// names and titles, and those of its other texts. Tokens stand between single
// spaces, with one at each end, so that a phrase is found with CONTAINS. The
// full-text index only narrows down the nodes to look at.
const (
	nameColumn = "_name"
	bodyColumn = "_body"
)

// columns are the hidden properties of a node; "" where there is nothing to
// search. values are in the order of n.Properties.
func columns(n *catalog.Node, values []any) [2]string {
	name, body := store.SearchTokens(n, values)
	return [2]string{spaced(name), spaced(body)}
}

func spaced(tokens []string) string {
	if len(tokens) == 0 {
		return ""
	}
	return " " + strings.Join(tokens, " ") + " "
}

// needle is the text that a column contains when the term occurs in it.
func needle(t text.Term) string {
	s := spaced(t.Tokens)
	if t.Prefix {
		s = s[:len(s)-1]
	}
	return s
}

const (
	maxTokenLength = 255 // the whitespace analyzer cuts longer tokens
	maxClauses     = 64  // tokens asked of the index; the rest is left to CONTAINS
)

// candidates is a Lucene query that finds every node in which all terms occur,
// and perhaps more. It is built of tokens, which are ASCII letters and digits;
// anything else would be escaped.
func candidates(terms []text.Term) string {
	var clauses []string
	for _, t := range terms {
		for i, token := range t.Tokens {
			prefix := t.Prefix && i == len(t.Tokens)-1
			if len(token) > maxTokenLength {
				token, prefix = token[:maxTokenLength], false
			}
			clause := "+" + escape(token)
			if prefix {
				clause += "*"
			}
			clauses = append(clauses, clause)
		}
	}
	return strings.Join(clauses[:min(len(clauses), maxClauses)], " ")
}

func escape(token string) string {
	var b strings.Builder
	for _, r := range token {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// search writes the value of a search connection.
func (c *compiler) search(s *plan.Select) {
	conn := s.Connection
	if len(s.Search.Terms) == 0 || len(s.Nodes) == 0 {
		c.put("[", orNull("[]", conn.Rows), ", ", orNull("0", conn.Total), ", null]")
		return
	}
	needles := make([]string, len(s.Search.Terms))
	for i, t := range s.Search.Terms {
		needles[i] = needle(t)
	}
	query, terms := c.param(candidates(s.Search.Terms)), c.param(needles)
	c.put("[")
	if conn.Rows {
		c.found(s, query, terms)
	} else {
		c.put("null")
	}
	c.put(", ")
	if conn.Total {
		c.put("COUNT { ")
		a := c.matches(s, query, terms)
		c.put(" RETURN ", a.node, " }")
	} else {
		c.put("null")
	}
	c.put(", null]")
}

func orNull(text string, asked bool) string {
	if asked {
		return text
	}
	return "null"
}

// matches writes the clauses that bind a node to every match.
func (c *compiler) matches(s *plan.Select, query, terms string) at {
	a := c.fresh()
	c.put("CALL db.index.fulltext.queryNodes('", searchIndex, "', ", query, ") YIELD node AS ", a.node,
		" WITH ", a.node, " WHERE (", a.node, ":", labels(s.Nodes), ") AND all(x IN ", terms, " WHERE ",
		a.node, ".", nameColumn, " CONTAINS x OR ", a.node, ".", bodyColumn, " CONTAINS x)")
	if s.Where != nil {
		c.put(" AND ")
		c.cond(a, s.Where)
	}
	return a
}

// found writes the page of results, ordered by score descending, kind and id.
func (c *compiler) found(s *plan.Select, query, terms string) {
	c.put("COLLECT { ")
	a := c.matches(s, query, terms)
	c.put(" WITH ", a.node, ", CASE WHEN any(x IN ", terms, " WHERE ", a.node, ".", nameColumn, " CONTAINS x) THEN ",
		itoa(plan.ScoreName), " ELSE ", itoa(plan.ScoreBody), " END AS score, CASE")
	for _, n := range s.Nodes {
		c.put(" WHEN ", a.node, ":", name(n.Name), " THEN '", n.Name, "'")
	}
	c.put(" END AS kind")
	if p := s.Search.After; p != nil {
		score, kind := c.param(int64(p.Score)), c.param(p.Kind)
		c.put(" WHERE score < ", score, " OR score = ", score, " AND (kind > ", kind, " OR kind = ", kind, " AND ")
		c.compareText(a.node+".id", true, p.ID)
		c.put(")")
	}
	c.put(" WITH ", a.node, ", score, kind ORDER BY score DESC, kind, ", a.node, ".id LIMIT ", c.param(int64(s.Limit)), " RETURN [")
	var parts []func()
	if s.Connection.Keys {
		parts = append(parts, func() { c.put("score, kind, ", a.node, ".id") })
	}
	for _, e := range s.Connection.Edges {
		for _, it := range e.Items {
			switch it.Field {
			case "node":
				parts = append(parts, func() { c.object(it.Objects, a.node, len(it.Objects) > 1) })
			case "score":
				parts = append(parts, func() { c.put("score") })
			case "snippet":
				parts = append(parts, func() { c.snippet(s.Nodes, a.node) })
			}
		}
	}
	c.parts(parts)
	c.put("] }")
}

// snippet writes the node's type, as its position in nodes, and its searched fields.
func (c *compiler) snippet(nodes []*catalog.Node, node string) {
	c.put("CASE")
	for i, n := range nodes {
		c.put(" WHEN ", node, ":", name(n.Name), " THEN [", itoa(i))
		for _, p := range n.Properties {
			if p.Search > 0 {
				c.put(", ", node, ".", name(p.Name))
			}
		}
		c.put("]")
	}
	c.put(" END")
}
