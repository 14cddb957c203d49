package generate

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

// arguments collects what is written between parentheses.
type arguments []string

func (a *arguments) add(name string, v any) { *a = append(*a, name+": "+literal(v)) }

func (a arguments) String() string {
	if len(a) == 0 {
		return ""
	}
	return "(" + strings.Join(a, ", ") + ")"
}

func (o *op) listArgs(n *catalog.Node, def *ast.FieldDefinition, depth int) string {
	var a arguments
	typ := func(name string) *ast.Type { return def.Arguments.ForName(name).Type }
	if o.chance(50) {
		a.add("where", o.maybe(typ("where"), o.where(n, typ("where").Name(), 0)))
	}
	if o.chance(40) {
		a.add("sort", o.maybe(typ("sort"), o.sort(typ("sort").Name())))
	}
	if o.paged(depth) {
		a.add("limit", o.maybe(typ("limit"), o.size(depth)))
	}
	if o.chance(25) {
		a.add("offset", o.maybe(typ("offset"), o.upTo(4)))
	}
	return a.String()
}

func (o *op) connectionArgs(alias string, def *ast.FieldDefinition, n *catalog.Node, rel *catalog.Relationship, depth int) string {
	var a arguments
	typ := func(name string) *ast.Type { return def.Arguments.ForName(name).Type }
	if o.chance(50) {
		var w object
		if rel == nil {
			w = o.where(n, typ("where").Name(), 0)
		} else {
			w = o.connectionWhere(n, rel, typ("where").Name(), 0)
		}
		a.add("where", o.maybe(typ("where"), w))
	}
	if o.chance(50) {
		sort := o.sort
		if rel != nil {
			sort = o.connectionSort
		}
		a.add("sort", o.maybe(typ("sort"), sort(typ("sort").Name())))
	}
	if o.paged(depth) {
		a.add("first", o.maybe(typ("first"), o.size(depth)))
	}
	o.continued(alias, &a)
	return a.String()
}

// continued adds an argument after whose variable has no value yet.
func (o *op) continued(alias string, a *arguments) {
	if o.chance(60) {
		v := o.name("after")
		o.declared = append(o.declared, "$"+v+": String")
		o.cursors = append(o.cursors, Cursor{alias, v})
		a.add("after", reference("$"+v))
	}
}

// paged: deep lists without a page size are rare, for they are long.
func (o *op) paged(depth int) bool { return o.chance([...]int{70, 85, 97, 100, 100}[depth]) }

func (o *op) size(depth int) any {
	if o.chance(3) {
		return nil
	}
	return o.upTo([...]int{24, 6, 3, 2, 2}[depth])
}

func (o *op) sort(typ string) any {
	list := make([]any, o.upTo(3))
	for i := range list {
		list[i] = o.sortKey(typ)
	}
	return list
}

func (o *op) sortKey(typ string) any {
	f := pick(o, o.schema.Types[typ].Fields)
	return object{{f.Name, enum(pick(o, []string{"ASC", "DESC"}))}}
}

func (o *op) connectionSort(typ string) any {
	list := make([]any, o.upTo(3))
	for i := range list {
		part := pick(o, o.schema.Types[typ].Fields)
		list[i] = object{{part.Name, o.sortKey(part.Type.Name())}}
	}
	return list
}

func (o *op) search(alias string, def *ast.FieldDefinition) string {
	var a arguments
	a.add("query", o.maybe(def.Arguments.ForName("query").Type, o.words()))
	if o.chance(40) {
		kinds := make([]any, o.upTo(4))
		for i := range kinds {
			kinds[i] = enum(pick(o, o.cat.Nodes).Name)
		}
		a.add("kinds", o.maybe(def.Arguments.ForName("kinds").Type, kinds))
	}
	if o.chance(80) {
		a.add("first", o.upTo(12))
	}
	o.continued(alias, &a)
	var b strings.Builder
	b.WriteString("search" + a.String() + " { totalCount pageInfo { " + o.pageInfo() + " }")
	for range o.upTo(2) {
		b.WriteString(" " + o.name("e") + ": edges { cursor __typename")
		b.WriteString(pick(o, []string{"", " score", " snippet score", " snippet"}))
		if o.chance(80) {
			b.WriteString(" node" + o.node(2))
		}
		b.WriteString(" }")
	}
	b.WriteString(" }")
	return b.String()
}

// words draws what a user might type into a search box.
func (o *op) words() string {
	var out []string
	for range 1 + o.upTo(1) {
		list := strings.Fields(pick(o, o.pool.texts))
		if len(list) == 0 {
			continue
		}
		i := o.upTo(len(list) - 1)
		word := []rune(strings.ReplaceAll(list[i], `"`, ""))
		switch o.upTo(5) {
		case 0:
			out = append(out, `"`+strings.ReplaceAll(strings.Join(list[i:min(len(list), i+1+o.upTo(2))], " "), `"`, "")+`"`)
		case 1, 2:
			out = append(out, string(word[:(len(word)+1)/2])+"*")
		case 3:
			out = append(out, strings.ToUpper(string(word)))
		default:
			out = append(out, string(word))
		}
	}
	if o.chance(5) {
		out = append(out, pick(o, []string{`"`, "*", "AND", "NEAR(a b)", "-", `a" OR "b`}))
	}
	return strings.Join(out, " ")
}
