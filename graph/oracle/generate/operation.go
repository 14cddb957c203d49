// Package generate draws random GraphQL operations without mistakes, with
// values that occur in a data set, and hostile data sets. Only tests and benchmarks import
// it.
package generate

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// Operation is one request.
type Operation struct {
	Document  string
	Variables map[string]any // values of JSON
	// Cursors lists the connections that may be continued: the variable of
	// their argument after, which has no value yet, by response key.
	Cursors []Cursor
}

// Cursor is a connection that a variable continues.
type Cursor struct{ Key, Variable string }

// JSON is Variables as a request holds them.
func (o Operation) JSON() json.RawMessage {
	b, err := json.Marshal(o.Variables)
	if err != nil {
		panic(err)
	}
	return b
}

// Operations draws operations over d.
func Operations(schema *ast.Schema, cat *catalog.Catalog, d *store.Dataset) *rapid.Generator[Operation] {
	p := newPool(d)
	return rapid.Custom(func(t *rapid.T) Operation {
		o := &op{T: t, schema: schema, cat: cat, pool: p, variables: map[string]any{}, fragments: map[*catalog.Node][]string{}}
		body := o.roots()
		var b strings.Builder
		b.WriteString("query Q")
		if len(o.declared) > 0 {
			b.WriteString("(" + strings.Join(o.declared, ", ") + ")")
		}
		b.WriteString(" " + body)
		for _, f := range o.texts {
			b.WriteString("\n" + f)
		}
		return Operation{Document: b.String(), Variables: o.variables, Cursors: o.cursors}
	})
}

// op is an operation in the making.
type op struct {
	*rapid.T
	schema    *ast.Schema
	cat       *catalog.Catalog
	pool      *pool
	n         int // names given
	declared  []string
	variables map[string]any
	fragments map[*catalog.Node][]string
	texts     []string
	cursors   []Cursor
	// mixed is above 0 where fields of several types may meet, whose plain names
	// could stand for values of different types.
	mixed int
}

func (o *op) name(prefix string) string {
	o.n++
	return fmt.Sprintf("%s%d", prefix, o.n)
}

// upTo draws from 0 to n, each as likely as any: rapid's own ranges prefer
// small numbers.
func (o *op) upTo(n int) int {
	v := 0
	for range bits.Len(uint(n)) + 3 {
		v *= 2
		if rapid.Bool().Draw(o.T, "bit") {
			v++
		}
	}
	return v % (n + 1)
}

// chance is true in percent of all draws; a smaller draw makes a simpler operation.
func (o *op) chance(percent int) bool { return o.upTo(99) >= 100-percent }

func pick[T any](o *op, list []T) T { return list[o.upTo(len(list)-1)] }

// variable declares a variable with v as its value and returns its use.
func (o *op) variable(typ *ast.Type, v any) string {
	name := o.name("v")
	o.variables[name] = jsonValue(v)
	o.declared = append(o.declared, "$"+name+": "+typ.String())
	return "$" + name
}

// maybe writes v as a literal or as a variable, in one of several ways.
func (o *op) maybe(typ *ast.Type, v any) any {
	if !o.chance(12) || holdsReference(v) {
		return v
	}
	use := o.variable(typ, v)
	name := use[1:]
	last := len(o.declared) - 1
	switch {
	case !typ.NonNull && o.chance(15): // not given: as if not written
		delete(o.variables, name)
	case o.chance(20): // given by default
		delete(o.variables, name)
		o.declared[last] += " = " + literal(v)
	}
	return reference(use)
}

// directive is nothing, or @skip or @include.
func (o *op) directive() string {
	if !o.chance(8) {
		return ""
	}
	which := pick(o, []string{"skip", "include"})
	value := o.chance(50)
	if o.chance(50) {
		return fmt.Sprintf(" @%s(if: %v)", which, value)
	}
	return fmt.Sprintf(" @%s(if: %s)", which, o.variable(ast.NonNullNamedType("Boolean", nil), value))
}

func (o *op) roots() string {
	var b strings.Builder
	b.WriteString("{")
	for range 1 + o.upTo(2) {
		b.WriteString("\n  " + o.root())
	}
	b.WriteString("\n}")
	return b.String()
}

func (o *op) root() string {
	alias := o.name("r")
	def := func(name string) *ast.FieldDefinition { return o.schema.Query.Fields.ForName(name) }
	switch k := o.upTo(19); {
	case k < 8:
		n := pick(o, o.cat.Nodes)
		return alias + ": " + n.Plural + o.listArgs(n, def(n.Plural), 0) + o.directive() + o.object(n, 1)
	case k < 15:
		n := pick(o, o.cat.Nodes)
		field := n.Plural + "Connection"
		return alias + ": " + field + o.connectionArgs(alias, def(field), n, nil, 0) + o.directive() + o.connection(def(field), n, nil, 1)
	case k == 15:
		return alias + ": node(id: " + literal(o.maybe(ast.NonNullNamedType("ID", nil), o.id())) + ")" + o.node(1)
	case k == 16:
		ids := make([]any, o.upTo(5))
		for i := range ids {
			ids[i] = o.id()
		}
		return alias + ": nodes(ids: " + literal(o.maybe(def("nodes").Arguments.ForName("ids").Type, ids)) + ")" + o.node(1)
	case (k == 17 || k == 18) && def("search") != nil:
		return alias + ": " + o.search(alias, def("search"))
	}
	if def("corpus") == nil {
		return "__typename"
	}
	return pick(o, []string{"__typename", alias + ": corpus { version __typename counts { count kind } n: name licence sources }"})
}

func (o *op) id() any {
	if o.chance(10) {
		return "no-such-node"
	}
	return pick(o, o.pool.ids)
}
