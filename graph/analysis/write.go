package analysis

import (
	"context"
	"fmt"
	"strconv"

	"normgraph/graph/catalog"
	"normgraph/graph/continuity"
	"normgraph/graph/plan"
	"normgraph/graph/row"
)

// A view turns a result into values that the writer understands: nil, string,
// bool, int, continuity.Number, object, sequence, node, nodes, connected,
// evidence, aggregated and properties; an error refuses the whole.

// object gives the value of each field of one computed object.
type object func(f *plan.Field) any

// sequence is a list of values.
type sequence struct {
	n  int
	at func(int) any
}

func list(n int, at func(int) object) sequence {
	return sequence{n, func(i int) any { return at(i) }}
}

// each makes a list of objects out of a slice.
func each[T any](items []T, view func(*T) object) sequence {
	return list(len(items), func(i int) object { return view(&items[i]) })
}

// node is a stored node by its id; "" is null.
type node string

// nodes is a list of stored nodes.
type nodes []string

// writer writes the response with holes where stored nodes go. They are filled
// when the nodes have been read.
type writer struct {
	ctx     context.Context // ends the writing
	catalog *catalog.Catalog
	pages   pages
	buf     []byte
	holes   []hole
	wants   []want
	byField map[*plan.Field]want
	cut     []string // paths of lists that the default page size cut
	before  int64    // bytes of the response that are written elsewhere
	most    int64    // bytes that it may have; 0: no bound
	err     error
}

// hole is a place in the response that fill completes.
type hole struct {
	at   int
	fill func([]byte) ([]byte, error)
}

// want is what holes wait for: selections to read, at least one.
type want interface {
	selects() []*plan.Select
	read([]row.Rows, *row.Trace) error
}

func newWriter(ctx context.Context, cat *catalog.Catalog, p pages) *writer {
	return &writer{ctx: ctx, catalog: cat, pages: p, byField: map[*plan.Field]want{}}
}

func (w *writer) hole(fill func([]byte) ([]byte, error)) {
	w.holes = append(w.holes, hole{len(w.buf), fill})
}

// fits refuses a response that is too long with n bytes more, or whose time is over.
func (w *writer) fits(n int) error {
	if w.ctx.Err() != nil {
		return context.Cause(w.ctx)
	}
	return row.TooLong(w.before+int64(n), w.most)
}

// filled is the response from start to end with its holes filled.
func (w *writer) filled(start, end int) ([]byte, error) {
	var out []byte
	for len(w.holes) > 0 && w.holes[0].at <= end {
		h := w.holes[0]
		out = append(out, w.buf[start:h.at]...)
		var err error
		if out, err = h.fill(out); err != nil {
			return nil, err
		}
		if err := w.fits(len(out)); err != nil {
			return nil, err
		}
		start, w.holes = h.at, w.holes[1:]
	}
	out = append(out, w.buf[start:end]...)
	w.before += int64(len(out))
	return out, w.fits(0)
}

// value writes the value of a field.
func (w *writer) value(f *plan.Field, v any) {
	if err := w.fits(len(w.buf)); err != nil {
		w.fail(err)
	}
	if w.err != nil {
		return
	}
	switch v := v.(type) {
	case nil:
		w.null()
	case string:
		w.buf = row.AppendText(w.buf, v)
	case bool:
		w.buf = strconv.AppendBool(w.buf, v)
	case int:
		w.buf = strconv.AppendInt(w.buf, int64(v), 10)
	case continuity.Number:
		w.buf = append(w.buf, v.String()...)
	case object:
		w.object(f, v)
	case sequence:
		w.sequence(f, v)
	case node:
		w.node(f, v)
	case nodes:
		w.sequence(f, sequence{len(v), func(i int) any { return node(v[i]) }})
	case connected:
		w.object(f, w.connection(f, v))
	case evidence:
		w.object(f, w.connection(f, v.connected()))
	case aggregated:
		w.aggregate(f, v)
	case properties:
		w.properties(f, v)
	case error:
		w.fail(v)
	default:
		w.fail(fmt.Errorf("%s.%s: no way to write a %T", f.Owner, f.Name, v))
	}
}

func (w *writer) null() { w.buf = append(w.buf, "null"...) }

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) object(f *plan.Field, o object) {
	w.buf = append(w.buf, '{')
	for i, k := range f.Kids {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.buf = row.AppendText(w.buf, k.Alias)
		w.buf = append(w.buf, ':')
		if k.Name == "__typename" {
			w.buf = row.AppendText(w.buf, k.Owner)
			continue
		}
		w.value(k, o(k))
	}
	w.buf = append(w.buf, '}')
}

func (w *writer) sequence(f *plan.Field, s sequence) {
	w.buf = append(w.buf, '[')
	for i := range s.n {
		if w.err != nil {
			return
		}
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.value(f, s.at(i))
	}
	w.buf = append(w.buf, ']')
}
