package sqlite

import (
	"encoding/json"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
)

var compare = map[plan.Op]string{plan.Eq: " = ", plan.Lt: " < ", plan.Lte: " <= ", plan.Gt: " > ", plan.Gte: " >= "}

// cond prints a condition in SQL's own three-valued logic.
func (c *compiler) cond(w *plan.Cond, in scope) {
	switch w.Op {
	case plan.True:
		c.print("1")
	case plan.False:
		c.print("0")
	case plan.And:
		c.junction(w.Kids, in, " AND ")
	case plan.Or:
		c.junction(w.Kids, in, " OR ")
	case plan.Not:
		c.print("NOT (")
		c.cond(w.Kids[0], in)
		c.print(")")
	case plan.IsNull:
		c.print(in.column(w.Prop, w.Edge), " IS NULL")
	case plan.Behind:
		c.print("(")
		c.list(len(w.Order), ", ", func(i int) { c.print(in.column(w.Order[i].Prop, w.Order[i].Edge)) })
		c.print(") > (")
		c.list(len(w.Order), ", ", func(i int) { c.arg(argument(w.Order[i].Prop, w.Value.([]any)[i])) })
		c.print(")")
	case plan.Exists:
		c.print("EXISTS (SELECT 1")
		c.related(w, in)
		c.print(")")
	case plan.Count:
		c.count(w, in)
	default:
		c.comparison(w, in.column(w.Prop, w.Edge))
	}
}

// junction prints a balanced tree: the engine bounds the depth of expressions.
func (c *compiler) junction(kids []*plan.Cond, in scope, op string) {
	if len(kids) == 1 {
		c.cond(kids[0], in)
		return
	}
	half := len(kids) / 2
	c.print("(")
	c.junction(kids[:half], in, op)
	c.print(op)
	c.junction(kids[half:], in, op)
	c.print(")")
}

// comparison prints a condition on one column. Text goes by the bytes of
// UTF-8, which is the order of code points; no operator has a pattern syntax.
func (c *compiler) comparison(w *plan.Cond, col string) {
	switch w.Op {
	case plan.In:
		c.print(col)
		c.among(w.Prop, w.Value.([]any))
	case plan.Includes:
		// Both sides are read from JSON, so that they are read alike.
		c.print("CASE WHEN ", col, " IS NOT NULL THEN EXISTS (SELECT 1 FROM json_each(", col, ") WHERE value = (SELECT value FROM json_each(")
		c.arg(listText([]any{w.Value}))
		c.print("))) END")
	case plan.Contains, plan.StartsWith, plan.EndsWith:
		c.substring(w.Op, col, w.Value.(string))
	default:
		c.print(col, compare[w.Op])
		c.arg(argument(w.Prop, w.Value))
	}
}

// substring: the empty text is part of any. The end is compared as bytes,
// because the text functions stop at U+0000.
func (c *compiler) substring(op plan.Op, col, text string) {
	switch {
	case text == "":
		c.print(col, " = ", col)
	case op == plan.EndsWith:
		c.print("substr(CAST(", col, " AS BLOB), ")
		c.arg(int64(-len(text)))
		c.print(") = CAST(")
		c.arg(text)
		c.print(" AS BLOB)")
	default:
		c.print("instr(", col, ", ")
		c.arg(text)
		c.print(map[plan.Op]string{plan.Contains: ") > 0", plan.StartsWith: ") = 1"}[op])
	}
}

// among prints a choice of values as one argument: the text does not grow with
// them, nor does the time to bind them. Floats stay apart, because the engine
// does not read all of their digits exactly.
func (c *compiler) among(p *catalog.Property, list []any) {
	if p != nil && p.Kind == catalog.Float && !p.List {
		c.print(" IN (")
		c.list(len(list), ", ", func(i int) { c.arg(argument(p, list[i])) })
		c.print(")")
		return
	}
	values := make([]any, len(list))
	for i, v := range list {
		values[i] = argument(p, v)
	}
	c.print(" IN (SELECT value FROM json_each(")
	c.arg(listText(values))
	c.print("))")
}

// argument is the stored form of a value: booleans are 0 and 1, lists JSON.
func argument(p *catalog.Property, v any) any {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	case []any:
		return listText(v)
	case int64:
		if p != nil && p.Kind == catalog.Float {
			return float64(v)
		}
	}
	return v
}

// listText is the stored form of a list. Go's encoder gives equal lists equal
// text.
func listText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // scalars always encode
	}
	return string(b)
}

// count compares the number of related nodes, or of relationships.
func (c *compiler) count(w *plan.Cond, in scope) {
	c.print("(SELECT count(")
	if w.Distinct {
		_, far := sides(w.Via)
		c.print("DISTINCT ", far)
	} else {
		c.print("*")
	}
	c.print(")")
	c.related(w, in)
	c.print(")")
	if w.Compare == plan.In {
		c.among(nil, w.Value.([]any))
		return
	}
	c.print(compare[w.Compare])
	c.arg(w.Value)
}

// related prints the relationships that a quantifier speaks of. The far node
// is read only when something is asked of it.
func (c *compiler) related(w *plan.Cond, in scope) {
	far := scope{node: c.alias("n"), edge: c.alias("e")}
	near, end := sides(w.Via)
	c.print(" FROM ", edgeTable(w.Via.Relationship), " ", far.edge)
	if restricts(w.Via) || len(w.Kids) > 0 && asksNode(w.Kids[0]) {
		c.print(" CROSS JOIN ", nodeTable(w.Via.Target), " ", far.node, " ON ", far.node, ".__key = ", far.edge, ".", end)
	}
	c.print(" WHERE ", far.edge, ".", near, " = ", in.node, ".__key")
	if len(w.Kids) > 0 {
		c.print(" AND ")
		c.cond(w.Kids[0], far)
	}
}

// asksNode reports whether a condition speaks of the node, not only of the
// relationship that leads to it.
func asksNode(w *plan.Cond) bool {
	if w.Via != nil || w.Prop != nil {
		return w.Via != nil || !w.Edge
	}
	for _, k := range w.Kids {
		if asksNode(k) {
			return true
		}
	}
	return false
}
