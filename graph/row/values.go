package row

import (
	"fmt"
	"time"

	"normgraph/graph/catalog"
)

// Values reads a value made of nested []any and scalars: nil, int64, float64,
// string and bool, as a driver decodes it. A time.Time is taken for a text kind
// in RFC 3339; any other type is an error of the reader.
func Values(v any) Rows { return valueRows{v} }

type valueRows struct{ value any }

func (r valueRows) Reader() Reader { return &valueReader{frames: []frame{{list: []any{r.value}}}} }

// valueReader walks the lists; frames[0] holds the outermost value.
type valueReader struct {
	frames []frame
	err    error
}

// frame is a list that was entered and the position of the next element.
type frame struct {
	list []any
	next int
}

func (r *valueReader) Err() error { return r.err }

func (r *valueReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("row: "+format, args...)
	}
}

// take steps over the next element and returns it.
func (r *valueReader) take() (any, bool) {
	if r.err != nil {
		return nil, false
	}
	f := &r.frames[len(r.frames)-1]
	if f.next == len(f.list) {
		r.fail("expected another element after %d", f.next)
		return nil, false
	}
	f.next++
	return f.list[f.next-1], true
}

func (r *valueReader) Enter() bool {
	v, ok := r.take()
	if !ok || v == nil {
		return false
	}
	list, ok := v.([]any)
	if !ok {
		r.fail("expected a list, got %T", v)
		return false
	}
	r.frames = append(r.frames, frame{list: list})
	return true
}

func (r *valueReader) More() bool {
	if r.err != nil {
		return false
	}
	if len(r.frames) == 1 {
		r.fail("expected a list to be entered")
		return false
	}
	f := r.frames[len(r.frames)-1]
	if f.next < len(f.list) {
		return true
	}
	r.frames = r.frames[:len(r.frames)-1]
	return false
}

func (r *valueReader) Skip() { r.take() }

func (r *valueReader) Scalar(kind catalog.Kind) Value {
	v, ok := r.take()
	if !ok {
		return Value{}
	}
	list, isList := v.([]any)
	if !isList {
		return r.scalar(kind, v)
	}
	out := Value{Kind: kind, List: make([]Value, len(list))}
	for i, e := range list {
		if e == nil {
			r.fail("expected an element that is a scalar, got null")
		}
		out.List[i] = r.scalar(kind, e)
	}
	if r.err != nil {
		return Value{}
	}
	return out
}

func (r *valueReader) scalar(kind catalog.Kind, v any) Value {
	out := Value{Kind: kind}
	switch v := v.(type) {
	case nil:
		out.Null = true
		return out
	case string:
		out.Text = v
		if kind.Text() {
			return out
		}
	case time.Time:
		out.Text = v.Format(time.RFC3339Nano)
		if kind.Text() {
			return out
		}
	case int64:
		switch kind {
		case catalog.Int:
			out.Int = v
			return out
		case catalog.Float: // a sum over nothing
			out.Float = float64(v)
			return out
		}
	case float64:
		out.Float = v
		if kind == catalog.Float {
			return out
		}
	case bool:
		out.Bool = v
		if kind == catalog.Boolean {
			return out
		}
	}
	r.fail("expected a value of the planned kind, got %T", v)
	return Value{}
}
