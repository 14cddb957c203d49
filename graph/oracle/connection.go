package oracle

import (
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

// source is what a connection reads: nodes of a type, or the relationships of
// one node.
type source struct {
	rows []row
	node *catalog.Node
	via  *catalog.Relation
}

// key is one sort key.
type key struct {
	field      string
	edge, desc bool
}

// sortKeys reads a sort argument; relation connections sort by node and edge.
func sortKeys(v any, via *catalog.Relation) []key {
	var keys []key
	add := func(m map[string]any, edge bool) {
		for f, d := range m {
			keys = append(keys, key{f, edge, d == "DESC"})
		}
	}
	for _, e := range asList(v) {
		m := e.(map[string]any)
		if via == nil {
			add(m, false)
			continue
		}
		for part, inner := range m {
			add(inner.(map[string]any), part == "edge")
		}
	}
	return keys
}

// keys are the values that a row is ordered by: its sort keys, its id, the
// key of its relationship.
func (x row) keys(keys []key) []any {
	var out []any
	for _, k := range keys {
		if k.edge {
			out = append(out, x.edge.values[k.field])
		} else {
			out = append(out, x.node.values[k.field])
		}
	}
	out = append(out, x.node.id())
	if x.edge != nil {
		out = append(out, x.edge.key)
	}
	return out
}

// compareRows: nulls last ascending and first descending; id and key ascending.
func compareRows(keys []key, a, b []any) int {
	for i := range a {
		c := 0
		switch {
		case a[i] == nil || b[i] == nil:
			c = order(a[i] == nil && b[i] != nil, a[i] != nil && b[i] == nil)
		default:
			c = compare(a[i], b[i])
		}
		if i < len(keys) && keys[i].desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func (r *run) connection(s source, f *field, args map[string]any, def *ast.Definition) any {
	rows := s.rows
	if w, ok := args["where"].(map[string]any); ok {
		rows = slices.DeleteFunc(slices.Clone(rows), func(x row) bool {
			if s.via != nil {
				return x.where(s.via, w) != yes
			}
			return x.node.where(w) != yes
		})
	}
	keys := sortKeys(args["sort"], s.via)
	p := page{total: len(rows)}
	for _, x := range rows {
		p.rows = append(p.rows, ranked{row: x, keys: x.keys(keys)})
	}
	p.cut(args, func(a, b []any) int { return compareRows(keys, a, b) })
	return r.page(f, def, &p, func(f *field, typ *ast.Definition) any { return r.aggregate(rows, f, typ) })
}

// ranked is an edge of a page with what it is ordered by.
type ranked struct {
	row
	keys    []any
	score   int64
	snippet string
}

// page is one page of a connection.
type page struct {
	rows                       []ranked
	total                      int
	more, continued, byDefault bool
}

// cut orders all edges and keeps the page that first and after ask for.
func (p *page) cut(args map[string]any, compare func(a, b []any) int) {
	slices.SortFunc(p.rows, func(a, b ranked) int { return compare(a.keys, b.keys) })
	if after, ok := args["after"].(Cursor); ok {
		p.continued = true
		p.rows = slices.DeleteFunc(p.rows, func(x ranked) bool { return compare(x.keys, after.values) <= 0 })
	}
	first, ok := args["first"].(int64)
	if !ok {
		first, p.byDefault = catalog.DefaultPage, true
	}
	if int64(len(p.rows)) > first {
		p.rows, p.more = p.rows[:first], true
	}
}

// page writes a connection.
func (r *run) page(f *field, def *ast.Definition, p *page, aggregate func(*field, *ast.Definition) any) any {
	if p.more && p.byDefault {
		r.cut(&r.answer.Connections)
	}
	o := &Object{}
	for _, f := range r.collect(def, f.sets...) {
		if f.Name == "__typename" {
			o.add(f.Alias, def.Name)
			continue
		}
		typ := r.schema.Types[def.Fields.ForName(f.Name).Type.Name()]
		switch f.Name {
		case "totalCount":
			o.add(f.Alias, int64(p.total))
		case "aggregate":
			o.add(f.Alias, aggregate(f, typ))
		case "pageInfo":
			info := &Object{}
			for _, f := range r.collect(typ, f.sets...) {
				info.add(f.Alias, p.info(f.Name, typ))
			}
			o.add(f.Alias, info)
		case "edges":
			list := []any{}
			r.under(f.Alias, func() {
				for _, x := range p.rows {
					list = append(list, r.edge(x, typ, f))
				}
			})
			o.add(f.Alias, list)
		}
	}
	return o
}

func (p *page) info(field string, def *ast.Definition) any {
	n := len(p.rows)
	switch field {
	case "hasNextPage":
		return p.more
	case "hasPreviousPage":
		return p.continued
	case "__typename":
		return def.Name
	}
	switch {
	case n == 0:
		return nil
	case field == "startCursor":
		return Cursor{p.rows[0].keys}
	}
	return Cursor{p.rows[n-1].keys}
}

func (r *run) edge(x ranked, def *ast.Definition, f *field) any {
	o := &Object{}
	for _, f := range r.collect(def, f.sets...) {
		switch f.Name {
		case "__typename":
			o.add(f.Alias, def.Name)
		case "cursor":
			o.add(f.Alias, Cursor{x.keys})
		case "score":
			o.add(f.Alias, x.score)
		case "snippet":
			o.add(f.Alias, x.snippet)
		case "node":
			r.under(f.Alias, func() { o.add(f.Alias, r.object(x.node, f.sets)) })
		case "properties":
			typ := r.schema.Types[def.Fields.ForName(f.Name).Type.Name()]
			props := &Object{}
			for _, f := range r.collect(typ, f.sets...) {
				if f.Name == "__typename" {
					props.add(f.Alias, typ.Name)
					continue
				}
				props.add(f.Alias, x.row.edge.values[f.Name])
			}
			o.add(f.Alias, props)
		}
	}
	return o
}

func decimal(i int64) string { return strconv.FormatInt(i, 10) }
