package analysis

import (
	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/row"
)

// Selections of tables are made by hand: whole, without pages.

// all selects the nodes of a type, by id.
func all(n *catalog.Node, where *plan.Cond, items ...plan.Item) *plan.Select {
	return &plan.Select{
		Alias: n.Plural, Form: plan.List, Nodes: []*catalog.Node{n}, Where: where, Sort: byID(n),
		Limit: plan.Everything, Page: plan.Everything, Objects: []*plan.Object{{Node: n, Items: items}},
	}
}

func byID(n *catalog.Node) []plan.Key { return []plan.Key{{Prop: n.Property("id")}} }

// stored asks for properties.
func stored(n *catalog.Node, names ...string) []plan.Item {
	items := make([]plan.Item, len(names))
	for i, name := range names {
		items[i] = plan.Item{Alias: name, Prop: n.Property(name)}
	}
	return items
}

// end asks for the id of the node at the end of a single relation.
func end(n *catalog.Node, field string) plan.Item {
	r := n.Relation(field)
	return plan.Item{Alias: field, Select: &plan.Select{
		Alias: field, Form: plan.One, Via: r, Nodes: []*catalog.Node{r.Target}, Sort: byID(r.Target),
		Limit: 1, Page: 1, Objects: []*plan.Object{{Node: r.Target, Items: stored(r.Target, "id")}},
	}}
}

// edges asks for the relationships of a relation with properties that can be
// parallel: target's id, key, and the named properties; see reader.edges.
func edges(r *catalog.Relation, where *plan.Cond, names ...string) plan.Item {
	items := make([]plan.Item, len(names))
	for i, name := range names {
		items[i] = plan.Item{Alias: name, Prop: r.Relationship.Property(name)}
	}
	sort := byID(r.Target)
	if r.Relationship.Parallel() {
		sort = append(sort, plan.Key{Prop: catalog.EdgeKey, Edge: true})
	}
	edge := &plan.Edge{Alias: "edges"}
	if len(names) > 0 {
		edge.Items = []plan.EdgeItem{{Alias: "properties", Field: "properties", Properties: items}}
	}
	return plan.Item{Alias: r.Field, Select: &plan.Select{
		Alias: r.Field, Form: plan.Connection, Via: r, Nodes: []*catalog.Node{r.Target}, Where: where, Sort: sort,
		Limit: plan.Everything, Page: plan.Everything,
		Connection: &plan.Conn{Edges: []*plan.Edge{edge}, Items: []plan.ConnItem{{Alias: "edges", Field: "edges", Edge: edge}}, Rows: true, Keys: true},
	}}
}

// reader reads rows in the order in which they were asked for. Texts are kept
// once each, apart from the store's memory.
type reader struct {
	row.Reader
	texts map[string]string
}

// tableReader gives a reader per root; they share their texts.
func tableReader() func(row.Rows) *reader {
	texts := map[string]string{}
	return func(rows row.Rows) *reader { return &reader{rows.Reader(), texts} }
}

func (r *reader) own(s string) string {
	if kept, ok := r.texts[s]; ok {
		return kept
	}
	kept := string([]byte(s))
	r.texts[kept] = kept
	return kept
}

// each reads the list at hand, f one element.
func (r *reader) each(f func()) {
	if r.Enter() {
		for r.Err() == nil && r.More() {
			f()
		}
	}
}

// rows reads a list of rows, f the items of one.
func (r *reader) rows(f func()) {
	r.each(func() {
		r.Enter()
		f()
		r.More() // leaves the row
	})
}

// text reads the next item, "" for null.
func (r *reader) text() string {
	r.More()
	return r.own(r.Scalar(catalog.String).Text)
}

func (r *reader) truth() bool {
	r.More()
	return r.Scalar(catalog.Boolean).Bool
}

func (r *reader) integer() int {
	r.More()
	return int(r.Scalar(catalog.Int).Int)
}

// list reads the next item, a list of texts.
func (r *reader) list() []string {
	r.More()
	var list []string
	r.each(func() { list = append(list, r.own(r.Scalar(catalog.String).Text)) })
	return list
}

// end reads the next item, the id that end asked for, "" if there is no node.
func (r *reader) end() string {
	r.More()
	id := ""
	r.rows(func() { id = r.text() })
	return id
}

// edges reads the next item, what edges asked for; f reads the properties.
func (r *reader) edges(parallel, properties bool, f func(target, key string)) {
	r.More()
	r.Enter()
	r.More()
	r.rows(func() {
		target, key := r.text(), ""
		if parallel {
			key = r.text()
		}
		if properties {
			r.More()
			r.Enter()
		}
		f(target, key)
		if properties {
			r.More() // leaves the properties
		}
	})
	r.More()
	r.Skip() // total
	r.More()
	r.Skip() // measures
	r.More()
}
