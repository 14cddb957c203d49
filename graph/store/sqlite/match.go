package sqlite

import (
	"strconv"
	"strings"

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

func itoa(i int) string { return strconv.Itoa(i) }
