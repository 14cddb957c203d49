package plan

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
	"normgraph/graph/input"
)

// Field is one response key of a computed object: a root field that the service
// computes, or a field below one. What is selected below a stored node is
// planned already, only its ids are not known yet.
type Field struct {
	Alias, Name string
	Owner       string         // GraphQL type that has the field
	Type        string         // GraphQL type of the value, without list and !
	Nullable    bool           // the value may be null
	Path        string         // response path without positions: "normContinuity.edges.node"
	Args        map[string]any // coerced
	// Where are the arguments that filter stored nodes; one that keeps everything
	// is not there.
	Where map[string]*Cond
	Kids  []*Field // what is selected below a computed type
	// Nodes is the Lookup of what is selected below a stored type or Node, its
	// Alias the path; nil for others. The caller fills IDs and Limit.
	Nodes *Select
	// Aggregate is what is selected below `aggregate` of a connection of nodes,
	// as a Connection that gives nothing else; the caller fills Where.
	Aggregate *Select
}

// Selects reports whether any of the named fields is selected below f, at any
// depth but below stored nodes.
func (f *Field) Selects(names ...string) bool {
	for _, k := range f.Kids {
		for _, n := range names {
			if k.Name == n {
				return true
			}
		}
		if k.Selects(names...) {
			return true
		}
	}
	return false
}

// computed plans a computed field and all below it.
func (b *builder) computed(f *field, owner *ast.Definition, path string) (*Field, error) {
	out := &Field{Alias: f.Alias, Name: f.Name, Owner: owner.Name, Path: path}
	if f.Name == "__typename" {
		return out, nil
	}
	def := owner.Fields.ForName(f.Name)
	out.Type, out.Nullable = def.Type.Name(), !def.Type.NonNull
	var err error
	if out.Args, err = input.Arguments(b.op.Schema, def.Arguments, f.Arguments, b.op.Variables, path); err != nil {
		return nil, err
	}
	if err = b.filters(out, def.Arguments); err != nil {
		return nil, err
	}
	typ := b.op.Schema.Types[out.Type]
	switch {
	case len(f.sets) == 0:
		return out, nil
	case f.Name == "aggregate" && b.connected(owner) != nil:
		out.Aggregate, err = b.aggregates(f, owner, typ)
		return out, err
	case b.op.Catalog.Node(typ.Name) != nil, typ.Kind == ast.Interface:
		out.Nodes = &Select{Alias: path, Form: Lookup}
		return out, b.objectsAt(out.Nodes, typ, f.sets, path, 1)
	}
	fields, err := b.collect(f.sets, typ)
	if err != nil {
		return nil, err
	}
	for _, k := range fields {
		kid, err := b.computed(k, typ, path+"."+k.Alias)
		if err != nil {
			return nil, err
		}
		out.Kids = append(out.Kids, kid)
	}
	return out, nil
}

// filters reads the arguments of f that are filters.
func (b *builder) filters(f *Field, defs ast.ArgumentDefinitionList) error {
	for _, def := range defs {
		typ, isWhere := strings.CutSuffix(def.Type.NamedType, "Where")
		n := b.op.Catalog.Node(typ)
		if !isWhere || n == nil {
			continue
		}
		c, err := b.where(f.Args[def.Name], scope{node: n}, f.Path+"("+def.Name+":)")
		if err != nil {
			return err
		}
		if c == nil {
			continue
		}
		if f.Where == nil {
			f.Where = map[string]*Cond{}
		}
		f.Where[def.Name] = c
	}
	return nil
}

// connected is the stored type that the connection type def pages through.
func (b *builder) connected(def *ast.Definition) *catalog.Node {
	for _, n := range b.op.Catalog.Nodes {
		if strings.EqualFold(def.Name, n.Plural+"Connection") {
			return n
		}
	}
	return nil
}

func (b *builder) aggregates(f *field, owner, typ *ast.Definition) (*Select, error) {
	n := b.connected(owner)
	sel := &Select{Alias: f.Alias, Form: Connection, Nodes: []*catalog.Node{n}}
	sel.Sort = complete(nil, sel)
	c := &Conn{Type: owner.Name, Measures: &Measures{}, Fingerprint: fingerprint(owner.Name, sel.Sort)}
	sel.Connection = c
	items, err := b.aggregate(c.Measures, sel, typ, f.sets)
	c.Items = []ConnItem{{Alias: f.Alias, Field: "aggregate", Type: typ.Name, Aggregate: items}}
	return sel, err
}
