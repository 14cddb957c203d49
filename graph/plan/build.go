package plan

import (
	"cmp"
	"math"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
	"normgraph/graph/input"
)

// Limits bound the plan of one operation.
type Limits struct {
	Depth      int // nested selections of nodes
	Selections int // response keys
	Conditions int // of all filters
	Page       int // nodes of one page of a list; 0 is catalog.MaxPage
}

// Operation is a validated operation with coerced variables (package input).
type Operation struct {
	Schema    *ast.Schema
	Catalog   *catalog.Catalog
	Doc       *ast.QueryDocument
	Operation *ast.OperationDefinition
	Variables map[string]any
	Limits    Limits
}

// Build plans the root fields: those that read nodes as Roots, introspection and
// __typename as Introspection, others as Computed. Errors: *InputError, *LimitError.
func Build(op Operation) (*Plan, error) {
	b := &builder{op: op}
	root := op.Schema.Query
	if err := b.directives(op.Operation.SelectionSet, map[string]bool{}); err != nil {
		return nil, err
	}
	fields, err := b.collect([]ast.SelectionSet{op.Operation.SelectionSet}, root)
	if err != nil {
		return nil, err
	}
	p := &Plan{}
	for _, f := range fields {
		p.Keys = append(p.Keys, f.Alias)
		sel, err := b.root(f)
		if err != nil {
			return nil, err
		}
		if sel != nil {
			p.Roots = append(p.Roots, sel)
			continue
		}
		if strings.HasPrefix(f.Name, "__") {
			c, err := b.unread().computed(f, root, f.Alias)
			if err != nil {
				return nil, err
			}
			p.Introspection = append(p.Introspection, c)
			continue
		}
		c, err := b.computed(f, root, f.Alias)
		if err != nil {
			return nil, err
		}
		p.Computed = append(p.Computed, c)
	}
	return p, nil
}

type builder struct {
	op         Operation
	selections int
	conditions int
}

// unread plans what no store reads. Its response keys count for nothing: they are
// no more than the fields of the document, and what they ask for is measured.
func (b *builder) unread() *builder {
	op := b.op
	op.Limits.Selections = math.MaxInt
	return &builder{op: op}
}

// condition counts one condition of a filter.
func (b *builder) condition() error {
	b.conditions++
	if most := b.op.Limits.Conditions; b.conditions > most {
		return &LimitError{"conditions", "conditions in filters", int64(b.conditions), int64(most), "filter by fewer conditions"}
	}
	return nil
}

func (b *builder) count() error {
	b.selections++
	if most := b.op.Limits.Selections; b.selections > most {
		return &LimitError{"selections", "selections", int64(b.selections), int64(most), "select fewer fields"}
	}
	return nil
}

// root plans one root field; nil when it does not read nodes.
func (b *builder) root(f *field) (*Select, error) {
	if f.Definition == nil {
		return nil, nil
	}
	args, err := input.Arguments(b.op.Schema, f.Definition.Arguments, f.Arguments, b.op.Variables, f.Alias)
	if err != nil {
		return nil, err
	}
	switch f.Name {
	case "node", "nodes":
		return b.lookup(f, args)
	case "search":
		return b.search(f, args)
	}
	for _, n := range b.op.Catalog.Nodes {
		switch f.Name {
		case n.Plural:
			return b.read(f, args, &Select{Alias: f.Alias, Form: List, Nodes: []*catalog.Node{n}}, f.Alias, 1)
		case n.Plural + "Connection":
			return b.read(f, args, &Select{Alias: f.Alias, Form: Connection, Nodes: []*catalog.Node{n}}, f.Alias, 1)
		}
	}
	return nil, nil
}

// relation plans a relation field, its list or its connection.
func (b *builder) relation(n *catalog.Node, f *field, path string, depth int) (*Select, error) {
	sel := &Select{Alias: f.Alias}
	rel := n.Relation(f.Name)
	switch {
	case rel != nil && rel.List:
		sel.Form = List
	case rel != nil:
		sel.Form = One
	default:
		const suffix = "Connection"
		rel, sel.Form = n.Relation(f.Name[:max(0, len(f.Name)-len(suffix))]), Connection
	}
	sel.Via, sel.Nodes = rel, []*catalog.Node{rel.Target}
	args, err := input.Arguments(b.op.Schema, f.Definition.Arguments, f.Arguments, b.op.Variables, path)
	if err != nil {
		return nil, err
	}
	return b.read(f, args, sel, path, depth)
}

// read fills a List, One or Connection from the field's arguments and selection.
func (b *builder) read(f *field, args map[string]any, sel *Select, path string, depth int) (*Select, error) {
	if most := b.op.Limits.Depth; depth > most {
		return nil, &LimitError{"depth", "levels of nodes", int64(depth), int64(most), "nest less deeply"}
	}
	node, scope := sel.Nodes[0], scope{node: sel.Nodes[0]}
	var err error
	if sel.Form == Connection && sel.Via != nil {
		scope.rel = sel.Via.Relationship
		sel.Where, err = b.connectionWhere(args["where"], scope, path+"(where:)")
	} else {
		sel.Where, err = b.where(args["where"], scope, path+"(where:)")
	}
	if err != nil {
		return nil, err
	}
	sel.Sort = readSort(args["sort"], sel)
	if err := b.page(sel, args, path); err != nil {
		return nil, err
	}
	if sel.Form == Connection {
		return sel, b.connection(f, args, sel, path, depth)
	}
	def := b.op.Schema.Types[node.Name]
	return sel, b.objectsAt(sel, def, f.sets, path, depth)
}

// page reads limit and offset, or first.
func (b *builder) page(sel *Select, args map[string]any, path string) error {
	if sel.Form == One {
		sel.Limit, sel.Page = 1, 1
		return nil
	}
	name := "limit"
	if sel.Form == Connection {
		name = "first"
	}
	size, given := args[name].(int64)
	largest := cmp.Or(b.op.Limits.Page, catalog.MaxPage)
	switch {
	case !given:
		sel.Page, sel.ByDefault = catalog.DefaultPage, true
	case size < 0 || size > int64(largest):
		return input.Errorf(path+"("+name+":)", "must be from 0 to %d, got %d", largest, size)
	default:
		sel.Page = int(size)
	}
	sel.Limit = sel.Page
	if sel.ByDefault || sel.Form == Connection {
		sel.Limit++ // the row beyond the page tells that there are more
	}
	if off, ok := args["offset"].(int64); ok {
		if off < 0 {
			return input.Errorf(path+"(offset:)", "must not be negative, got %d", off)
		}
		sel.Offset = int(off)
	}
	return nil
}

// lookup plans node(id:) and nodes(ids:).
func (b *builder) lookup(f *field, args map[string]any) (*Select, error) {
	sel := &Select{Alias: f.Alias, Form: Lookup}
	if id, ok := args["id"].(string); ok {
		sel.IDs, sel.Single = []string{id}, true
	}
	if ids, ok := args["ids"].([]any); ok {
		if len(ids) > catalog.MaxPage {
			return nil, input.Errorf(f.Alias+"(ids:)", "at most %d ids, got %d", catalog.MaxPage, len(ids))
		}
		for _, id := range ids {
			sel.IDs = append(sel.IDs, id.(string))
		}
	}
	return sel, b.objectsAt(sel, b.op.Schema.Types[f.Definition.Type.Name()], f.sets, f.Alias, 1)
}

// objectsAt plans what to read of each concrete type that a field can give.
func (b *builder) objectsAt(sel *Select, typ *ast.Definition, sets []ast.SelectionSet, path string, depth int) error {
	objs, nodes, err := b.shapes(typ, sets, path, depth)
	sel.Objects, sel.Nodes = objs, nodes
	sel.Limit = max(sel.Limit, len(sel.IDs))
	return err
}

// shapes gives one Object per stored type that typ can be, in catalog order.
func (b *builder) shapes(typ *ast.Definition, sets []ast.SelectionSet, path string, depth int) ([]*Object, []*catalog.Node, error) {
	var objs []*Object
	var nodes []*catalog.Node
	possible := b.op.Schema.GetPossibleTypes(typ)
	start := b.selections
	most := start
	for _, n := range b.op.Catalog.Nodes {
		for _, p := range possible {
			if p.Name != n.Name {
				continue
			}
			// The types of an interface share one selection: count the largest.
			b.selections = start
			o, err := b.object(n, p, sets, path, depth)
			if err != nil {
				return nil, nil, err
			}
			most = max(most, b.selections)
			objs, nodes = append(objs, o), append(nodes, n)
		}
	}
	b.selections = most
	return objs, nodes, nil
}

func (b *builder) object(n *catalog.Node, def *ast.Definition, sets []ast.SelectionSet, path string, depth int) (*Object, error) {
	fields, err := b.collect(sets, def)
	if err != nil {
		return nil, err
	}
	o := &Object{Node: n, Items: make([]Item, 0, len(fields))}
	for _, f := range fields {
		it := Item{Alias: f.Alias}
		switch {
		case f.Name == "__typename":
		case len(f.sets) > 0:
			// The concrete type's definition: an interface's own lacks the relation.
			own := *f.Field
			own.Definition = def.Fields.ForName(f.Name)
			f.Field = &own
			if it.Select, err = b.relation(n, f, path+"."+f.Alias, depth+1); err != nil {
				return nil, err
			}
		default:
			it.Prop = n.Property(f.Name)
		}
		o.Items = append(o.Items, it)
	}
	return o, nil
}
