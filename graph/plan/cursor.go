package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/input"
)

// A cursor is base64url of a JSON list: the fingerprint of the connection and
// its sort, then the value of each sort key. It holds no secret and works on
// every replica and store.

// fingerprint names what a cursor belongs to.
func fingerprint(typ string, keys []Key) string {
	var s strings.Builder
	s.WriteString(typ)
	for _, k := range keys {
		s.WriteByte(' ')
		if k.Edge {
			s.WriteString("edge.")
		}
		s.WriteString(k.Prop.Name)
		if k.Desc {
			s.WriteByte('-')
		}
	}
	sum := sha256.Sum256([]byte(s.String()))
	return hex.EncodeToString(sum[:4])
}

// Cursor encodes the sort key values of one edge: nil, string, int64, float64 or bool.
func Cursor(fingerprint string, values []any) string {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(append([]any{fingerprint}, values...)) // scalars always encode
	return base64.RawURLEncoding.EncodeToString(bytes.TrimRight(buf.Bytes(), "\n"))
}

// Fingerprint names a computed connection, for Cursor and Position.
func Fingerprint(name string) string { return fingerprint(name, nil) }

// Position decodes a cursor of a computed connection into values of the kinds
// ID (a string) or Int (an int64). path is where the cursor stands.
func Position(cursor, fingerprint, path string, kinds []catalog.Kind) ([]any, error) {
	properties := make([]*catalog.Property, len(kinds))
	for i, k := range kinds {
		properties[i] = &catalog.Property{Kind: k, NonNull: true}
	}
	return cursorValues(cursor, fingerprint, path, properties)
}

// cursorValues decodes a cursor of the connection with the fingerprint.
func cursorValues(cursor, fingerprint, path string, kinds []*catalog.Property) ([]any, error) {
	bad := input.Errorf(path, "is not a cursor of this connection with this sort; take one from pageInfo.endCursor or edges.cursor of the same query")
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, bad
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var list []any
	if dec.Decode(&list) != nil || dec.More() || len(list) != len(kinds)+1 || list[0] != fingerprint {
		return nil, bad
	}
	values := list[1:]
	for i, p := range kinds {
		v, ok := cursorValue(p, values[i])
		if !ok {
			return nil, bad
		}
		values[i] = v
	}
	if Cursor(fingerprint, values) != cursor { // the decoders pass over line ends and spare bits
		return nil, bad
	}
	return values, nil
}

func cursorValue(p *catalog.Property, v any) (any, bool) {
	switch x := v.(type) {
	case nil:
		return nil, !p.NonNull
	case string:
		return x, p.Kind.Text()
	case bool:
		return x, p.Kind == catalog.Boolean
	case json.Number:
		if p.Kind == catalog.Int {
			i, err := x.Int64()
			return i, err == nil
		}
		f, err := x.Float64()
		return f, err == nil && p.Kind == catalog.Float
	}
	return nil, false
}

// after is the condition that a row stands behind the given sort key values. A
// first key that is never null bounds the whole, so that an index over it is
// entered at the position and not read from its start.
func after(keys []Key, values []any) *Cond {
	var alternatives []*Cond
	for i, k := range keys {
		var all []*Cond
		for j, p := range keys[:i] {
			all = append(all, equal(p, values[j]))
		}
		alternatives = append(alternatives, and(append(all, behind(k, values[i]))))
	}
	all := or(alternatives)
	if len(keys) == 1 || !keys[0].Prop.NonNull {
		return all
	}
	bound := &Cond{Op: Gte, Prop: keys[0].Prop, Edge: keys[0].Edge, Value: values[0]}
	if keys[0].Desc {
		bound.Op = Lte
	}
	all = and([]*Cond{bound, all})
	if slices.ContainsFunc(keys, func(k Key) bool { return k.Desc || !k.Prop.NonNull }) {
		return all
	}
	return &Cond{Op: Behind, Order: keys, Value: values, Kids: []*Cond{all}}
}

func equal(k Key, v any) *Cond {
	if v == nil {
		return &Cond{Op: IsNull, Prop: k.Prop, Edge: k.Edge}
	}
	return &Cond{Op: Eq, Prop: k.Prop, Edge: k.Edge, Value: v}
}

// behind: nulls are last ascending and first descending.
func behind(k Key, v any) *Cond {
	missing := &Cond{Op: IsNull, Prop: k.Prop, Edge: k.Edge}
	switch {
	case v == nil && k.Desc:
		return not(missing)
	case v == nil:
		return &Cond{Op: False}
	case k.Desc:
		return &Cond{Op: Lt, Prop: k.Prop, Edge: k.Edge, Value: v}
	}
	greater := &Cond{Op: Gt, Prop: k.Prop, Edge: k.Edge, Value: v}
	if k.Prop.NonNull {
		return greater
	}
	return or([]*Cond{greater, missing})
}
