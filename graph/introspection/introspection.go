// Package introspection answers __schema, __type and __typename of the root from
// the schema itself. How large an answer is follows from the schema and the
// selection alone, so that it is measured before it is made.
package introspection

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/plan"
	"normgraph/graph/row"
)

// Schema is a schema that can be asked about.
type Schema struct {
	*ast.Schema
	types      []*ast.Definition // by name
	directives []*ast.DirectiveDefinition
}

// New makes a Schema of s, which must not change afterwards.
func New(s *ast.Schema) *Schema {
	out := &Schema{Schema: s}
	for _, def := range s.Types {
		out.types = append(out.types, def)
	}
	slices.SortFunc(out.types, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	for _, d := range s.Directives {
		out.directives = append(out.directives, d)
	}
	slices.SortFunc(out.directives, func(a, b *ast.DirectiveDefinition) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Size is how large an answer is.
type Size struct {
	Values int64 // scalars, objects, lists and nulls
	Bytes  int64 // of its JSON
}

// Limits bound the Size of one answer.
type Limits struct{ Values, Bytes int64 }

// Measure tells the size of the answer to fields, which stand in the root of one
// operation. It stops at the limits. Errors: *plan.LimitError, the context's.
func (s *Schema) Measure(ctx context.Context, fields []*plan.Field, l Limits) (Size, error) {
	w := &writer{ctx: ctx, schema: s, limits: l, measures: true}
	for _, f := range fields {
		w.root(f)
	}
	return w.size, w.err
}

// Append writes the answer to one root field, of no more than the limit's bytes.
// Errors as Measure.
func (s *Schema) Append(ctx context.Context, buf []byte, f *plan.Field, l Limits) ([]byte, error) {
	w := &writer{ctx: ctx, schema: s, limits: l, buf: buf, counted: len(buf)}
	w.root(f)
	return w.buf, w.err
}

// writer writes JSON, or measures what it would write.
type writer struct {
	ctx      context.Context
	schema   *Schema
	limits   Limits
	measures bool // buf is not kept
	buf      []byte
	counted  int // bytes of buf that are in size
	size     Size
	err      error
}

// step counts one value and what was written before it.
func (w *writer) step() {
	w.size.Values++
	w.count()
	if over := w.size.Values; over > w.limits.Values && w.err == nil {
		w.err = &plan.LimitError{Limit: "introspectionValues", What: "values or more of introspection", Requested: over,
			Maximum: w.limits.Values, Advice: "ask for fewer fields of the schema, or nest them less deeply"}
	}
	if w.size.Values%1024 == 0 && w.err == nil {
		w.err = context.Cause(w.ctx)
	}
}

func (w *writer) count() {
	w.size.Bytes += int64(len(w.buf) - w.counted)
	if w.measures {
		w.buf = w.buf[:0]
	}
	w.counted = len(w.buf)
	if w.err == nil {
		w.err = row.TooLong(w.size.Bytes, w.limits.Bytes)
	}
}

func (w *writer) null() {
	w.step()
	w.buf = append(w.buf, "null"...)
}

func (w *writer) truth(b bool) {
	w.step()
	if b {
		w.buf = append(w.buf, "true"...)
		return
	}
	w.buf = append(w.buf, "false"...)
}

func (w *writer) text(s string) {
	w.step()
	w.buf = row.AppendText(w.buf, s)
}

// some is text, or null if there is none.
func (w *writer) some(s string) {
	if s == "" {
		w.null()
		return
	}
	w.text(s)
}

// list writes a list of what each writes.
func list[T any](w *writer, items iter.Seq[T], each func(T)) {
	w.step()
	w.buf = append(w.buf, '[')
	first := true
	for item := range items {
		if w.err != nil {
			return
		}
		if !first {
			w.buf = append(w.buf, ',')
		}
		first = false
		each(item)
	}
	w.buf = append(w.buf, ']')
}

// object writes what is selected below f of a value of type name.
func (w *writer) object(f *plan.Field, name string, value func(*plan.Field)) {
	w.step()
	w.buf = append(w.buf, '{')
	for i, k := range f.Kids {
		if w.err != nil {
			return
		}
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.buf = append(append(append(w.buf, '"'), k.Alias...), `":`...)
		if k.Name == "__typename" {
			w.text(name)
		} else {
			value(k)
		}
	}
	w.buf = append(w.buf, '}')
}
