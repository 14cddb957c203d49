package row

import "normgraph/graph/plan"

// Objects writes the nodes of a Lookup, each apart, for a response that is put
// together elsewhere. Unknown ids are missing. Paths in t begin with sel.Alias.
func Objects(sel *plan.Select, rows Rows, t *Trace) (map[string][]byte, error) {
	w := writer{decoder: decoder{Reader: rows.Reader(), t: t}}
	t.push(sel.Alias)
	defer t.pop()
	found := w.each(sel)
	return found, w.failed()
}

// AppendText writes a JSON string with the escapes of the rest of a response.
func AppendText(buf []byte, s string) []byte { return appendString(buf, s) }

// AppendAggregate writes the aggregates that it asks for from the values of the
// nodes' measures, in their order.
func AppendAggregate(buf []byte, it plan.ConnItem, node []Value) ([]byte, error) {
	w := writer{decoder: decoder{t: &Trace{}}, buf: buf}
	w.aggregate(it.Type, it.Aggregate, measures{node: node})
	return w.buf, w.err
}
