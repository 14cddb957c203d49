package generate

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

const deepest = 4

// object draws a selection set on a stored type.
func (o *op) object(n *catalog.Node, depth int) string {
	var b strings.Builder
	b.WriteString(" {")
	for range 1 + o.upTo(3) {
		b.WriteString(" " + o.item(n, depth))
	}
	b.WriteString(" }")
	return b.String()
}

func (o *op) item(n *catalog.Node, depth int) string {
	k := o.upTo(19)
	if depth >= deepest && k >= 9 {
		k = o.upTo(8)
	}
	switch {
	case k < 7:
		return o.leaf(n) + o.directive()
	case k == 7:
		return pick(o, []string{"id", "__typename", "kind_of: __typename"})
	case k == 8:
		return "... on Node" + o.directive() + " { id " + pick(o, o.schema.Types["Node"].Fields).Name + " }"
	case k == 9:
		return pick(o, []string{"... on " + n.Name, "..."}) + o.directive() + o.object(n, depth)
	case k == 10:
		return o.fragment(n, depth)
	}
	if len(n.Relations) == 0 {
		return o.leaf(n)
	}
	return o.relation(n, pick(o, n.Relations), depth)
}

func (o *op) leaf(n *catalog.Node) string {
	p := pick(o, n.Properties)
	if o.mixed > 0 && o.schema.Types["Node"].Fields.ForName(p.Name) == nil || o.chance(25) {
		return o.name("f") + ": " + p.Name
	}
	return p.Name
}

// fragment spreads a named fragment, an old one of the type or a new one.
func (o *op) fragment(n *catalog.Node, depth int) string {
	if old := o.fragments[n]; len(old) > 0 && depth == deepest-1 {
		return "..." + pick(o, old)
	}
	name := o.name("F")
	o.mixed++
	text := "fragment " + name + " on " + n.Name + o.object(n, max(depth, deepest-1))
	o.mixed--
	o.texts = append(o.texts, text)
	o.fragments[n] = append(o.fragments[n], name)
	return "..." + name + o.directive()
}

// relation draws a relation field, sometimes in two parts to be merged.
func (o *op) relation(n *catalog.Node, r *catalog.Relation, depth int) string {
	alias := o.name("a")
	def := o.schema.Types[n.Name].Fields.ForName(r.Field)
	var head string
	var set func() string
	switch {
	case !r.List:
		head, set = alias+": "+r.Field, func() string { return o.object(r.Target, depth+1) }
	case o.chance(50):
		head, set = alias+": "+r.Field+o.listArgs(r.Target, def, depth), func() string { return o.object(r.Target, depth+1) }
	default:
		def = o.schema.Types[n.Name].Fields.ForName(r.Field + "Connection")
		head = alias + ": " + def.Name + o.connectionArgs(alias, def, r.Target, r.Relationship, depth)
		set = func() string { return o.connection(def, r.Target, r.Relationship, depth+1) }
	}
	text := head + o.directive() + set()
	if o.chance(8) {
		text += " " + head + set()
	}
	return text
}

// node draws a selection set on the interface.
func (o *op) node(depth int) string {
	o.mixed++
	defer func() { o.mixed-- }()
	var b strings.Builder
	b.WriteString(" { " + pick(o, []string{"__typename", "id", pick(o, o.schema.Types["Node"].Fields).Name}))
	for range o.upTo(3) {
		n := pick(o, o.cat.Nodes)
		if o.chance(20) {
			b.WriteString(" " + o.fragment(n, deepest-1))
			continue
		}
		b.WriteString(" ... on " + n.Name + o.directive() + o.object(n, depth))
	}
	b.WriteString(" }")
	return b.String()
}

// connection draws a selection set on a connection; rel is nil at the root.
func (o *op) connection(def *ast.FieldDefinition, n *catalog.Node, rel *catalog.Relationship, depth int) string {
	typ := o.schema.Types[def.Type.Name()]
	var b strings.Builder
	b.WriteString(" {")
	for range 1 + o.upTo(2) {
		switch k := o.upTo(9); {
		case k < 5:
			b.WriteString(" " + o.name("e") + ": edges" + o.directive() + " {" + o.edge(n, rel, depth) + " }")
		case k < 7:
			b.WriteString(" " + o.name("p") + ": pageInfo { " + o.pageInfo() + " }")
		case k == 7:
			b.WriteString(" totalCount" + o.directive())
		case k == 8:
			b.WriteString(" __typename")
		default:
			if f := typ.Fields.ForName("aggregate"); f != nil {
				b.WriteString(" " + o.name("g") + ": aggregate" + o.directive() + o.aggregate(o.schema.Types[f.Type.Name()]))
			}
		}
	}
	b.WriteString(" __typename }")
	return b.String()
}

func (o *op) pageInfo() string {
	return pick(o, []string{"hasNextPage", "endCursor hasNextPage", "startCursor endCursor hasPreviousPage hasNextPage", "hasPreviousPage", "s: startCursor __typename"})
}

func (o *op) edge(n *catalog.Node, rel *catalog.Relationship, depth int) string {
	var b strings.Builder
	if o.chance(60) {
		b.WriteString(" cursor")
	}
	if rel != nil && len(rel.Properties) > 0 && o.chance(50) {
		b.WriteString(" properties {")
		for range 1 + o.upTo(2) {
			b.WriteString(" " + o.name("q") + ": " + pick(o, rel.Properties).Name)
		}
		b.WriteString(" __typename }")
	}
	if o.chance(80) {
		b.WriteString(" node" + o.object(n, depth))
	}
	b.WriteString(" __typename")
	return b.String()
}

// aggregate draws from whatever the schema offers below aggregate.
func (o *op) aggregate(typ *ast.Definition) string {
	var b strings.Builder
	b.WriteString(" {")
	for range 1 + o.upTo(2) {
		f := pick(o, typ.Fields)
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		b.WriteString(" " + o.name("m") + ": " + f.Name)
		if t := o.schema.Types[f.Type.Name()]; t.Kind == ast.Object {
			b.WriteString(o.aggregate(t))
		}
	}
	b.WriteString(" __typename }")
	return b.String()
}
