package neo4j

import (
	"normgraph/graph/plan"
)

// cond writes a condition on a node, or on a node and the relationship that
// led to it. Cypher's logic is three-valued as the plan's is.
func (c *compiler) cond(a at, w *plan.Cond) {
	switch w.Op {
	case plan.True:
		c.put("true")
	case plan.False:
		c.put("false")
	case plan.And:
		c.join(a, w.Kids, " AND ")
	case plan.Or:
		c.join(a, w.Kids, " OR ")
	case plan.Not:
		c.put("NOT (")
		c.cond(a, w.Kids[0])
		c.put(")")
	case plan.Behind:
		c.cond(a, w.Kids[0])
	case plan.IsNull:
		c.put(a.property(w.Prop, w.Edge), " IS NULL")
	case plan.Includes:
		c.put(c.param(w.Value), " IN ", a.property(w.Prop, w.Edge))
	case plan.Exists:
		c.put("EXISTS { ")
		c.related(a, w)
		c.put(" }")
	case plan.Count:
		c.put("COUNT { ")
		if u := c.related(a, w); w.Distinct && w.Via.Relationship.Parallel() {
			c.put(" RETURN DISTINCT ", u.node)
		}
		c.put(" } ", compareOps[w.Compare], " ", c.param(w.Value))
	default:
		c.compare(a, w)
	}
}

func (c *compiler) join(a at, kids []*plan.Cond, word string) {
	c.put("(")
	for i, k := range kids {
		if i > 0 {
			c.put(word)
		}
		c.cond(a, k)
	}
	c.put(")")
}

// related writes the MATCH of an Exists or Count.
func (c *compiler) related(a at, w *plan.Cond) at {
	u := c.fresh()
	c.put("MATCH ")
	edge := len(w.Kids) > 0 && onEdge(w.Kids[0])
	c.hop(w.Via, a.node, u, edge)
	if len(w.Kids) > 0 {
		c.where(u, w.Kids[0], nil)
	}
	return u
}

// onEdge reports whether w speaks of the relationship that led to its node.
func onEdge(w *plan.Cond) bool {
	if w.Edge {
		return true
	}
	if w.Op == plan.Exists || w.Op == plan.Count { // their kids speak of other relationships
		return false
	}
	for _, k := range w.Kids {
		if onEdge(k) {
			return true
		}
	}
	return false
}

func (c *compiler) compare(a at, w *plan.Cond) {
	op, ok := compareOps[w.Op]
	if !ok {
		unknown("operator", w.Op)
	}
	left := a.property(w.Prop, w.Edge)
	if text, ok := w.Value.(string); ok {
		switch w.Op {
		case plan.Gt, plan.Lt:
			c.compareText(left, w.Op == plan.Gt, text)
			return
		case plan.Gte, plan.Lte:
			if high, astral := positions(text); len(high)+len(astral) > 0 {
				c.put("NOT ")
				c.compareText(left, w.Op == plan.Lte, text)
				return
			}
		}
	}
	c.put(left, " ", op, " ", c.param(w.Value))
}

// Where the server compares text from the store with text from a parameter it
// goes by UTF-16 units, though it orders by code point (measured on 5.26). The
// two differ only where the first differing characters are one of U+E000–U+FFFF
// and one beyond U+FFFF. So a parameter without such characters is compared as
// it is, and one with them needs a look at what stands at their positions in
// the stored text.

const (
	highPattern   = `'[\\uE000-\\uFFFF]'`
	astralPattern = `'[\\x{10000}-\\x{10FFFF}]'`
)

// compareText writes that left is greater (or else less) than text, by code
// point. The whole is in parentheses when it is more than one comparison.
func (c *compiler) compareText(left string, greater bool, text string) {
	op := " < "
	if greater {
		op = " > "
	}
	high, astral := positions(text)
	if len(high)+len(astral) == 0 {
		c.put("(", left, op, c.param(text), ")")
		return
	}
	// At a high character an astral one is greater, at an astral one a high one
	// is less: whatever the server's operator says.
	above := clash{c.param(high), astralPattern}
	below := clash{c.param(astral), highPattern}
	yes, no := above, below
	if !greater {
		yes, no = below, above
	}
	c.put("(", yes.text(left), " OR (", left, op, c.param(text), " AND NOT ", no.text(left), "))")
}

// clash is a list of [prefix, position] and the class of the character that
// must not be compared there.
type clash struct{ list, class string }

func (x clash) text(left string) string {
	return "any(x IN " + x.list + " WHERE " + left + " STARTS WITH x[0] AND substring(" + left + ", x[1], 1) =~ " + x.class + ")"
}

// positions lists the characters of text that UTF-16 misplaces, each as
// [what stands before it, its position in code points].
func positions(text string) (high, astral []any) {
	high, astral = []any{}, []any{}
	n := int64(0)
	for i, r := range text {
		switch {
		case r > 0xFFFF:
			astral = append(astral, []any{text[:i], n})
		case r >= 0xE000:
			high = append(high, []any{text[:i], n})
		}
		n++
	}
	return high, astral
}
