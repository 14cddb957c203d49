package generate

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

const deepestFilter = 3

// where draws a condition on a node; typ is the name of its input type.
func (o *op) where(n *catalog.Node, typ string, depth int) object {
	w := newWhere(o, typ, depth, func(depth int) any { return o.where(n, typ, depth) })
	for range o.upTo(2) {
		if k := o.upTo(9); k < 6 || depth >= deepestFilter || len(n.Relations) == 0 {
			w.property(n.Properties)
		} else {
			w.relation(pick(o, n.Relations))
		}
	}
	return w.fields
}

// connectionWhere draws { node, edge, AND, OR, NOT }.
func (o *op) connectionWhere(n *catalog.Node, rel *catalog.Relationship, typ string, depth int) object {
	w := newWhere(o, typ, depth, func(depth int) any { return o.connectionWhere(n, rel, typ, depth) })
	if o.chance(50) {
		w.add("node", o.where(n, n.Name+"Where", depth+1))
	}
	if len(rel.Properties) > 0 && o.chance(50) {
		w.add("edge", o.edgeWhere(rel, rel.PropertiesType+"Where", depth+1))
	}
	return w.fields
}

func (o *op) edgeWhere(rel *catalog.Relationship, typ string, depth int) object {
	w := newWhere(o, typ, depth, func(depth int) any { return o.edgeWhere(rel, typ, depth) })
	for range o.upTo(2) {
		w.property(rel.Properties)
	}
	return w.fields
}

// where is an input object of conditions in the making.
type where struct {
	*op
	typ    *ast.Definition
	depth  int
	fields object
}

// newWhere begins with AND, OR and NOT, or without.
func newWhere(o *op, typ string, depth int, again func(depth int) any) *where {
	w := &where{op: o, typ: o.schema.Types[typ], depth: depth}
	if depth >= deepestFilter {
		return w
	}
	for _, k := range []string{"AND", "OR"} {
		if o.chance(10) {
			list := make([]any, o.upTo(2))
			for i := range list {
				list[i] = again(depth + 1)
			}
			w.add(k, list)
		}
	}
	if o.chance(15) {
		w.add("NOT", again(depth+1))
	}
	return w
}

func (w *where) add(field string, v any) {
	w.fields = append(w.fields, member{field, w.maybe(w.typ.Fields.ForName(field).Type, v)})
}

func (w *where) property(props []*catalog.Property) {
	p := pick(w.op, props)
	for _, d := range props { // dates have rules of their own: ask for them more often
		if d.Kind == catalog.Date && w.chance(25) {
			p = d
		}
	}
	if w.fields.has(p.Name) {
		return
	}
	typ := w.typ.Fields.ForName(p.Name).Type
	w.add(p.Name, w.filter(w.schema.Types[typ.Name()], func(op string) any { return w.operand(p, op) }))
}

// filter draws one or two operators of a filter type.
func (o *op) filter(typ *ast.Definition, operand func(op string) any) object {
	var f object
	for range 1 + o.upTo(1) {
		op := pick(o, typ.Fields)
		if !f.has(op.Name) {
			f = append(f, member{op.Name, o.maybe(op.Type, operand(op.Name))})
		}
	}
	return f
}

// operand draws a value that a stored one may have to do with.
func (o *op) operand(p *catalog.Property, op string) any {
	switch {
	case op == "eq" && o.chance(12):
		return nil
	case op == "in":
		list := make([]any, o.upTo(3))
		for i := range list {
			list[i] = o.value(p)
		}
		return list
	case op == "eq" && p.List:
		return o.list(p)
	case op == "includes":
		if list := o.list(p); len(list) > 0 {
			return pick(o, list)
		}
		return o.value(p)
	}
	v := o.value(p)
	s, ok := v.(string)
	if !ok {
		return v
	}
	if op == "contains" || op == "startsWith" || op == "endsWith" {
		r := []rune(s)
		from := o.upTo(len(r))
		to := from + o.upTo(len(r)-from)
		switch op {
		case "startsWith":
			from = 0
		case "endsWith":
			to = len(r)
		}
		return string(r[from:max(from, to)])
	}
	if p.Kind == catalog.Date && o.chance(50) {
		return s[:pick(o, [...][]int{4: {4}, 7: {4, 7}, 10: {4, 7}}[len(s)])]
	}
	return v
}

// value draws a stored value of the property, an element for a list.
func (o *op) value(p *catalog.Property) any {
	v := pick(o, o.pool.of(p))
	if list, ok := v.([]any); ok {
		v = missing(p)
		if len(list) > 0 {
			v = pick(o, list)
		}
	}
	if p.Kind == catalog.Enum_ {
		return enum(v.(string))
	}
	return v
}

func (o *op) list(p *catalog.Property) []any {
	list, _ := pick(o, o.pool.of(p)).([]any)
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
		if p.Kind == catalog.Enum_ {
			out[i] = enum(v.(string))
		}
	}
	return out
}

func (w *where) relation(r *catalog.Relation) {
	if w.fields.has(r.Field) || w.fields.has(r.Field+"Connection") {
		return
	}
	target := r.Target.Name + "Where"
	if !r.List {
		if w.chance(20) {
			w.add(r.Field, nil)
			return
		}
		w.add(r.Field, w.where(r.Target, target, w.depth+1))
		return
	}
	field := r.Field
	inner := func() any { return w.where(r.Target, target, w.depth+1) }
	if w.chance(50) {
		field += "Connection"
		typ := w.schema.Types[w.typ.Fields.ForName(field).Type.Name()].Fields.ForName("some").Type.Name()
		inner = func() any { return w.connectionWhere(r.Target, r.Relationship, typ, w.depth+1) }
	}
	var f object
	for range 1 + w.upTo(1) {
		if q := pick(w.op, []string{"some", "all", "none", "single"}); !f.has(q) {
			f = append(f, member{q, inner()})
		}
	}
	if strings.HasSuffix(field, "Connection") && w.chance(40) {
		typ := w.typ.Fields.ForName(field).Type.Name()
		f = append(f, member{"aggregate", w.counts(w.schema.Types[typ].Fields.ForName("aggregate").Type.Name(), w.depth+1)})
	}
	w.add(field, f)
}

func (o *op) counts(typ string, depth int) object {
	w := newWhere(o, typ, depth, func(depth int) any { return o.counts(typ, depth) })
	if o.chance(90) {
		count := o.schema.Types[w.typ.Fields.ForName("count").Type.Name()]
		of := pick(o, count.Fields)
		f := o.filter(o.schema.Types[of.Type.Name()], func(op string) any {
			if op == "in" {
				return []any{o.upTo(3), o.upTo(20)}
			}
			return o.upTo(12)
		})
		w.add("count", object{{of.Name, f}})
	}
	return w.fields
}
