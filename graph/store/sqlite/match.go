package sqlite

import (
	"strconv"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/text"
)

// everywhere is the FTS5 query for nodes in which every term occurs.
func everywhere(terms []text.Term) string { return join(terms, " AND ") }

// inName is the FTS5 query for nodes with some term in the name column.
func inName(terms []text.Term) string { return "{name} : (" + join(terms, " OR ") + ")" }

// join writes terms of encoded tokens (letters and digits of ASCII), quoted, so
// that none is an operator.
func join(terms []text.Term, op string) string {
	out := make([]string, len(terms))
	for i, t := range terms {
		out[i] = `"` + strings.Join(t.Tokens, `" + "`) + `"`
		if t.Prefix {
			out[i] += " *"
		}
	}
	return strings.Join(out, op)
}

// tokens gives the search text of a node: its most telling fields, and the
// others. A separator keeps a phrase from spanning two fields.
func tokens(n *catalog.Node, values []any) (name, body string) {
	var names, bodies []string
	for i, p := range n.Properties {
		s, ok := values[i].(string)
		if p.Search == 0 || !ok {
			continue
		}
		field := strings.Join(text.Tokens(s), " ")
		if p.Search > 1 {
			names = append(names, field)
		} else {
			bodies = append(bodies, field)
		}
	}
	const between = " " + text.Separator + " "
	return strings.Join(names, between), strings.Join(bodies, between)
}

func itoa(i int) string { return strconv.Itoa(i) }
