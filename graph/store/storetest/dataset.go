package storetest

import (
	"fmt"
	"slices"

	"normgraph/graph"
	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

type values map[string]any

// builder makes data sets by hand. Required values that are not given are the
// least of their kind.
type builder struct{ data store.Dataset }

func build() *builder {
	b := &builder{store.Dataset{Corpus: store.Corpus{Name: "test", Version: "1", Licence: "CC0-1.0", Sources: []store.Source{{Name: "by hand"}}}}}
	for _, n := range graph.Catalog().Nodes {
		b.data.Nodes = append(b.data.Nodes, store.NodeSet{Type: n})
	}
	for _, r := range graph.Catalog().Relationships {
		for _, e := range r.Ends {
			b.data.Edges = append(b.data.Edges, store.EdgeSet{Relationship: r, Ends: e})
		}
	}
	return b
}

// node adds a node, or replaces the one with the id.
func (b *builder) node(typ, id string, v values) *builder {
	set := &b.data.Nodes[graph.Catalog().Node(typ).Index]
	given := values{"id": id}
	for k, x := range v {
		given[k] = x
	}
	r := row(typ, set.Type.Properties, given)
	i := slices.IndexFunc(set.Rows, func(r []any) bool { return r[0] == id })
	if i >= 0 {
		set.Rows[i] = r
	} else {
		set.Rows = append(set.Rows, r)
	}
	return b
}

// edge adds a relationship between nodes of the types.
func (b *builder) edge(typ, fromType, from, toType, to, key string, v values) *builder {
	for i := range b.data.Edges {
		s := &b.data.Edges[i]
		if s.Relationship.Type == typ && s.Ends.From.Name == fromType && s.Ends.To.Name == toType {
			s.Rows = append(s.Rows, store.Edge{From: from, To: to, Key: key, Values: row(typ, s.Relationship.Properties, v)})
			return b
		}
	}
	panic("storetest: no relationship " + typ + " from " + fromType + " to " + toType)
}

func (b *builder) dataset() *store.Dataset { return &b.data }

func row(owner string, props []*catalog.Property, given values) []any {
	out := make([]any, len(props))
	for i, p := range props {
		v, ok := given[p.Name]
		if n, isInt := v.(int); isInt {
			v = int64(n)
		}
		if !ok && p.NonNull {
			v = least(p)
		}
		out[i] = v
	}
	for name := range given {
		if !slices.ContainsFunc(props, func(p *catalog.Property) bool { return p.Name == name }) {
			panic(fmt.Sprintf("storetest: %s has no %s", owner, name))
		}
	}
	return out
}

func least(p *catalog.Property) any {
	if p.List {
		switch p.Kind {
		case catalog.Int:
			return []int64{}
		case catalog.Float:
			return []float64{}
		case catalog.Boolean:
			return []bool{}
		}
		return []string{}
	}
	switch p.Kind {
	case catalog.Int:
		return int64(0)
	case catalog.Float:
		return 0.0
	case catalog.DateTime:
		return "2000-01-01T00:00:00.000000000Z"
	case catalog.Boolean:
		return false
	case catalog.Date:
		return "2000"
	case catalog.Enum_:
		return p.Enum.Values[0]
	}
	return ""
}

// counts are the nodes and relationships of a data set.
func counts(d *store.Dataset) (nodes, edges int) {
	for _, s := range d.Nodes {
		nodes += len(s.Rows)
	}
	for _, s := range d.Edges {
		edges += len(s.Rows)
	}
	return nodes, edges
}
