package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// Object is a response object: its keys in order.
type Object struct {
	Keys   []string
	Values []any // nil, string, int64, float64, bool, []any, *Object, Cursor
}

func (o *Object) add(key string, v any) {
	o.Keys = append(o.Keys, key)
	o.Values = append(o.Values, v)
}

// Cursor stands where a response holds an opaque cursor: the sort key values
// of an edge. As a variable's value it means to continue after that edge.
type Cursor struct{ values []any }

// MarshalJSON writes o with its keys in order, for messages.
func (o *Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, k := range o.Keys {
		if i > 0 {
			b.WriteByte(',')
		}
		key, _ := json.Marshal(k)
		v, err := json.Marshal(o.Values[i])
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Equal compares a response with what was expected, order of keys included.
// Cursors are not compared but paired, the service's with the oracle's, in
// the order in which they stand. The error tells the first difference.
func (o *Object) Equal(data []byte) (Pairs, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	got, err := ordered(dec)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("something follows the data")
	}
	var p Pairs
	err = p.equal("data", o, got)
	return p, err
}

// Pair is one cursor, as the service and as the oracle writes it.
type Pair struct {
	Path  string
	Text  string
	Value Cursor
}

// Pairs are all cursors of a response.
type Pairs []Pair

func (p *Pairs) equal(path string, want, got any) error {
	differ := func() error {
		w, _ := json.Marshal(want)
		g, _ := json.Marshal(got)
		return fmt.Errorf("%s: want %s, got %s", path, clip(w), clip(g))
	}
	switch w := want.(type) {
	case *Object:
		if w == nil {
			if got != nil {
				return differ()
			}
			return nil
		}
		g, ok := got.(*Object)
		if !ok || !slices.Equal(w.Keys, g.Keys) {
			return differ()
		}
		for i, k := range w.Keys {
			if err := p.equal(path+"."+k, w.Values[i], g.Values[i]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		g, ok := got.([]any)
		if !ok {
			return differ()
		}
		for i := range min(len(w), len(g)) {
			if err := p.equal(fmt.Sprintf("%s[%d]", path, i), w[i], g[i]); err != nil {
				return err
			}
		}
		if len(w) != len(g) {
			return fmt.Errorf("%s: want %d elements, got %d", path, len(w), len(g))
		}
		return nil
	case Cursor:
		text, ok := got.(string)
		if !ok || text == "" {
			return differ()
		}
		*p = append(*p, Pair{path, text, w})
		return nil
	case int64:
		n, ok := got.(json.Number)
		if f, err := n.Float64(); !ok || err != nil || f != float64(w) {
			return differ()
		}
		return nil
	case float64:
		n, ok := got.(json.Number)
		if f, err := n.Float64(); !ok || err != nil || f != w {
			return differ()
		}
		return nil
	}
	if want != got {
		return differ()
	}
	return nil
}

func clip(b []byte) string {
	if len(b) > 600 {
		return string(b[:600]) + "…"
	}
	return string(b)
}

// ordered decodes one value; objects keep the order of their keys.
func ordered(dec *json.Decoder) (any, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		o := &Object{}
		for dec.More() {
			k, err := dec.Token()
			if err != nil {
				return nil, err
			}
			v, err := ordered(dec)
			if err != nil {
				return nil, err
			}
			o.add(k.(string), v)
		}
		_, err := dec.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			v, err := ordered(dec)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := dec.Token()
		return list, err
	}
	return t, nil
}
