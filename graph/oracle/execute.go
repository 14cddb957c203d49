package oracle

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

// Answer is what a response should be.
type Answer struct {
	Data *Object
	// Lists are the paths of lists that the default page cut, Connections those
	// of connections.
	Lists, Connections []string
}

// Execute answers a validated operation. Values of vars are those of JSON, or
// a Cursor. The fields revision and loadedAt of the corpus are not known here.
func (g *Graph) Execute(doc *ast.QueryDocument, op *ast.OperationDefinition, vars map[string]any) *Answer {
	r := &run{Graph: g, doc: doc, vars: variables(op, vars), answer: &Answer{Data: &Object{}}}
	for _, f := range r.collect(g.schema.Query, op.SelectionSet) {
		r.under(f.Alias, func() { r.answer.Data.add(f.Alias, r.root(f)) })
	}
	return r.answer
}

type run struct {
	*Graph
	doc    *ast.QueryDocument
	vars   map[string]any
	answer *Answer
	path   []string
}

func (r *run) under(key string, f func()) {
	r.path = append(r.path, key)
	f()
	r.path = r.path[:len(r.path)-1]
}

func (r *run) cut(list *[]string) {
	if p := strings.Join(r.path, "."); !slices.Contains(*list, p) {
		*list = append(*list, p)
	}
}

// field is a response key: the first field of that key, and the selection sets
// of all of them.
type field struct {
	*ast.Field
	sets  []ast.SelectionSet
	outer string // name of the field around it, below aggregate
}

// collect is CollectFields of the specification.
func (r *run) collect(typ *ast.Definition, sets ...ast.SelectionSet) []*field {
	var out []*field
	visited := map[string]bool{}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if !r.included(s.Directives) {
					continue
				}
				i := slices.IndexFunc(out, func(f *field) bool { return f.Alias == s.Alias })
				if i < 0 {
					out = append(out, &field{Field: s})
					i = len(out) - 1
				}
				out[i].sets = append(out[i].sets, s.SelectionSet)
			case *ast.InlineFragment:
				if r.included(s.Directives) && r.applies(typ, s.TypeCondition) {
					walk(s.SelectionSet)
				}
			case *ast.FragmentSpread:
				if !r.included(s.Directives) || visited[s.Name] {
					continue
				}
				visited[s.Name] = true
				if def := r.doc.Fragments.ForName(s.Name); r.applies(typ, def.TypeCondition) {
					walk(def.SelectionSet)
				}
			}
		}
	}
	for _, s := range sets {
		walk(s)
	}
	return out
}

func (r *run) applies(typ *ast.Definition, condition string) bool {
	return condition == "" || condition == typ.Name || slices.Contains(typ.Interfaces, condition)
}

func (r *run) included(ds ast.DirectiveList) bool {
	on := func(name string) (bool, bool) {
		d := ds.ForName(name)
		if d == nil {
			return false, false
		}
		v, _ := r.literal(d.Arguments.ForName("if").Value)
		return v == true, true
	}
	if skip, ok := on("skip"); ok && skip {
		return false
	}
	include, ok := on("include")
	return !ok || include
}

func (r *run) root(f *field) any {
	args := r.args(f.Field)
	def := r.schema.Types[f.Definition.Type.Name()]
	switch f.Name {
	case "__typename":
		return r.schema.Query.Name
	case "node":
		return r.found(args["id"], f)
	case "nodes":
		list := []any{}
		for _, id := range asList(args["ids"]) {
			list = append(list, r.found(id, f))
		}
		return list
	case "search":
		return r.search(f, args, def)
	case "corpus":
		return r.about(f, def)
	}
	for _, n := range r.catalog.Nodes {
		switch f.Name {
		case n.Plural:
			return r.list(r.all(n), f, args)
		case n.Plural + "Connection":
			return r.connection(source{rows: r.all(n), node: n}, f, args, def)
		}
	}
	panic("oracle: unknown root field " + f.Name)
}

func (r *run) found(id any, f *field) any {
	if i, ok := id.(int64); ok {
		id = decimal(i)
	}
	if n := r.byID[id.(string)]; n != nil {
		return r.object(n, f.sets)
	}
	return nil
}

func (r *run) object(n *node, sets []ast.SelectionSet) *Object {
	o := &Object{}
	def := r.schema.Types[n.typ.Name]
	for _, f := range r.collect(def, sets...) {
		r.under(f.Alias, func() { o.add(f.Alias, r.value(n, def, f)) })
	}
	return o
}

func (r *run) value(n *node, def *ast.Definition, f *field) any {
	if f.Name == "__typename" {
		return def.Name
	}
	if n.typ.Property(f.Name) != nil {
		return n.values[f.Name]
	}
	args := r.args(f.Field)
	if rel := n.typ.Relation(f.Name); rel != nil {
		if rel.List {
			return r.list(distinct(related(n, rel)), f, args)
		}
		if rows := related(n, rel); len(rows) > 0 {
			return r.object(rows[0].node, f.sets)
		}
		return nil
	}
	rel := n.typ.Relation(strings.TrimSuffix(f.Name, "Connection"))
	typ := r.schema.Types[def.Fields.ForName(f.Name).Type.Name()]
	return r.connection(source{rows: related(n, rel), node: rel.Target, via: rel}, f, args, typ)
}

// list answers limit, offset, where and sort over nodes.
func (r *run) list(rows []row, f *field, args map[string]any) any {
	if w, ok := args["where"].(map[string]any); ok {
		rows = slices.DeleteFunc(rows, func(x row) bool { return x.node.where(w) != yes })
	}
	keys := sortKeys(args["sort"], nil)
	slices.SortFunc(rows, func(a, b row) int { return compareRows(keys, a.keys(keys), b.keys(keys)) })
	if off, ok := args["offset"].(int64); ok {
		rows = rows[min(off, int64(len(rows))):]
	}
	limit, ok := args["limit"].(int64)
	if !ok {
		limit = catalog.DefaultPage
		if len(rows) > catalog.DefaultPage {
			r.cut(&r.answer.Lists)
		}
	}
	list := []any{}
	for _, x := range rows[:min(limit, int64(len(rows)))] {
		list = append(list, r.object(x.node, f.sets))
	}
	return list
}

func (r *run) about(f *field, def *ast.Definition) any {
	o := &Object{}
	for _, f := range r.collect(def, f.sets...) {
		switch f.Name {
		case "__typename":
			o.add(f.Alias, def.Name)
		case "name":
			o.add(f.Alias, r.corpus.Name)
		case "version":
			o.add(f.Alias, r.corpus.Version)
		case "licence":
			o.add(f.Alias, r.corpus.Licence)
		case "sources":
			o.add(f.Alias, anyList(r.corpus.Texts()))
		case "attributions":
			list := []any{}
			typ := r.schema.Types[def.Fields.ForName(f.Name).Type.Name()]
			for _, s := range r.corpus.Attributions() {
				c := &Object{}
				for _, f := range r.collect(typ, f.sets...) {
					v := map[string]string{"__typename": typ.Name, "name": s.Name, "version": s.Version, "licence": s.Licence, "date": s.Date, "url": s.URL}[f.Name]
					if v == "" {
						c.add(f.Alias, nil)
					} else {
						c.add(f.Alias, v)
					}
				}
				list = append(list, c)
			}
			o.add(f.Alias, list)
		case "counts":
			list := []any{}
			typ := r.schema.Types[def.Fields.ForName(f.Name).Type.Name()]
			for _, n := range r.catalog.Nodes {
				c := &Object{}
				for _, f := range r.collect(typ, f.sets...) {
					c.add(f.Alias, map[string]any{"__typename": typ.Name, "kind": n.Name, "count": int64(len(r.nodes[n]))}[f.Name])
				}
				list = append(list, c)
			}
			o.add(f.Alias, list)
		}
	}
	return o
}
