package row

import (
	"normgraph/graph/plan"
)

// What the typed and the direct path share: how a connection's page, cursors
// and aggregates come out of its row.

// page collects what pageInfo needs while the edges go by.
type page struct {
	rows        int // edges on the page
	more        bool
	first, last string // cursors, when keys travel
}

// keys reads the sort key values at the head of an edge and gives its cursor.
func keys(r Reader, sel *plan.Select, next func() bool) string {
	values := make([]any, len(sel.Sort))
	for i, k := range sel.Sort {
		if !next() {
			return ""
		}
		values[i] = r.Scalar(k.Prop.Kind).plain()
	}
	return plan.Cursor(sel.Connection.Fingerprint, values)
}

func (v Value) plain() any {
	switch {
	case v.Null:
		return nil
	case v.Kind.Text():
		return v.Text
	}
	switch v.Kind {
	case kindInt:
		return v.Int
	case kindFloat:
		return v.Float
	}
	return v.Bool
}

// visit tells the page about one edge.
func (p *page) visit(cursor string) {
	if p.rows == 0 {
		p.first = cursor
	}
	p.last = cursor
	p.rows++
}

// info is the value of one pageInfo field.
func (p *page) info(field string, continued bool) Value {
	switch field {
	case "hasNextPage":
		return boolean(p.more)
	case "hasPreviousPage":
		return boolean(continued)
	case "startCursor":
		return cursor(p.first, p.rows)
	}
	return cursor(p.last, p.rows)
}

func boolean(b bool) Value { return Value{Kind: kindBool, Bool: b} }

func cursor(c string, rows int) Value {
	if rows == 0 {
		return Value{Kind: kindString, Null: true}
	}
	return Value{Kind: kindString, Text: c}
}

// measures are the aggregate values of one connection.
type measures struct{ node, edge []Value }

func readMeasures(r Reader, m *plan.Measures) measures {
	if m == nil {
		r.Skip()
		return measures{}
	}
	var out measures
	if !r.Enter() {
		return out
	}
	for i, list := range [][]plan.Measure{m.Node, m.Edge} {
		if !r.More() {
			return out
		}
		values := make([]Value, 0, len(list))
		if r.Enter() {
			for _, x := range list {
				if r.More() {
					values = append(values, r.Scalar(measureKind(x)))
				}
			}
			r.More()
		}
		if i == 0 {
			out.node = values
		} else {
			out.edge = values
		}
	}
	r.More()
	return out
}

func measureKind(m plan.Measure) kind {
	switch m.Func {
	case plan.CountRows, plan.CountSet:
		return kindInt
	case plan.Shortest, plan.Longest:
		return kindString
	}
	if m.Func == plan.Sum {
		return kindFloat // a sum of Int values may be beyond Int
	}
	return m.Prop.Kind
}

// value is one aggregate leaf; an average is sum over count, null over nothing.
func (m measures) value(it plan.AggItem) Value {
	list := m.node
	if it.Edge {
		list = m.edge
	}
	if it.Measure >= len(list) {
		return Value{Null: true}
	}
	v := list[it.Measure]
	if it.Divisor < 0 {
		return v
	}
	n := list[it.Divisor].Int
	if n == 0 {
		return Value{Kind: kindFloat, Null: true}
	}
	return Value{Kind: kindFloat, Float: v.Float / float64(n)}
}
