package analysis

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/row"
)

// aggregated asks for the aggregates over some nodes.
type aggregated []string

// aggregate reads the properties of the nodes of all rows; the aggregates of each
// row are made of them here, so that the statement does not grow with the rows.
type aggregate struct {
	ids
	properties []*catalog.Property
	values     map[string][]row.Value // by id, in the order of properties
}

func newAggregate(sel *plan.Select) *aggregate {
	n := sel.Nodes[0]
	a := &aggregate{}
	object := &plan.Object{Node: n}
	for _, m := range sel.Connection.Measures.Node {
		if m.Prop != nil && !slices.Contains(a.properties, m.Prop) {
			a.properties = append(a.properties, m.Prop)
			object.Items = append(object.Items, plan.Item{Alias: m.Prop.Name, Prop: m.Prop})
		}
	}
	a.ids = wanted(&plan.Select{Alias: sel.Alias, Form: plan.Lookup, Nodes: sel.Nodes, Objects: []*plan.Object{object}})
	return a
}

func (a *aggregate) read(rows []row.Rows, t *row.Trace) error {
	a.values = map[string][]row.Value{}
	r := tableReader()(rows[0])
	r.rows(func() {
		id := r.text()
		r.More()
		r.Enter()
		r.integer() // the object's index
		values := make([]row.Value, len(a.properties))
		for i, p := range a.properties {
			r.More()
			values[i] = r.Scalar(p.Kind)
		}
		a.values[id] = values
		r.More() // leaves the object
		t.Rows++
	})
	return r.Err()
}

// measure folds one property, or counts.
func (a *aggregate) measure(m plan.Measure, ids []string) row.Value {
	if m.Prop == nil {
		return row.Value{Kind: catalog.Int, Int: int64(len(ids))}
	}
	place := slices.Index(a.properties, m.Prop)
	var values []row.Value
	for _, id := range ids {
		if v := a.values[id]; v != nil && !v[place].Null {
			values = append(values, v[place])
		}
	}
	return fold(m, values)
}

// fold is what a store answers for m over values that are not missing.
func fold(m plan.Measure, values []row.Value) row.Value {
	none := row.Value{Kind: m.Prop.Kind, Null: true}
	least := func(compare func(a, b row.Value) int) row.Value {
		if len(values) == 0 {
			return none
		}
		return slices.MinFunc(values, compare)
	}
	value := func(a, b row.Value) int {
		return cmp.Or(cmp.Compare(a.Text, b.Text), cmp.Compare(a.Int, b.Int), cmp.Compare(a.Float, b.Float))
	}
	length := func(v row.Value) int { return utf8.RuneCountInString(v.Text) }
	switch m.Func {
	case plan.CountSet:
		return row.Value{Kind: catalog.Int, Int: int64(len(values))}
	case plan.Sum:
		var whole int64
		var sum plan.FloatSum
		for _, v := range values {
			whole += v.Int
			sum.Add(v.Float)
		}
		return row.Value{Kind: catalog.Float, Float: float64(whole) + sum.Value()}
	case plan.Min:
		return least(value)
	case plan.Max:
		return least(func(a, b row.Value) int { return value(b, a) })
	case plan.Shortest:
		return least(func(a, b row.Value) int { return cmp.Or(length(a)-length(b), value(a, b)) })
	}
	return least(func(a, b row.Value) int { return cmp.Or(length(b)-length(a), value(a, b)) })
}

// aggregate leaves a hole for the aggregates of one row.
func (w *writer) aggregate(f *plan.Field, ids aggregated) {
	a, ok := w.byField[f].(*aggregate)
	if !ok {
		a = newAggregate(f.Aggregate)
		w.byField[f] = a
		if len(a.properties) > 0 { // counts need no statement
			w.wants = append(w.wants, a)
		}
	}
	for _, id := range ids {
		a.add(id)
	}
	w.hole(func(buf []byte) ([]byte, error) {
		measures := f.Aggregate.Connection.Measures.Node
		values := make([]row.Value, len(measures))
		for i, m := range measures {
			values[i] = a.measure(m, ids)
		}
		return row.AppendAggregate(buf, f.Aggregate.Connection.Items[0], values)
	})
}
