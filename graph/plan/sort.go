package plan

import (
	"strconv"

	"normgraph/graph/catalog"
	"normgraph/graph/input"
)

// sort reads the sort argument and completes it to a total order.
func (b *builder) sort(v any, sel *Select, path string) ([]Key, error) {
	list, _ := v.([]any)
	var keys []Key
	for i, e := range list {
		at := path + "[" + strconv.Itoa(i) + "]"
		if e == nil {
			return nil, input.Errorf(at, "must not be null")
		}
		k, ok, err := b.sortKey(e.(map[string]any), sel, at)
		if err != nil {
			return nil, err
		}
		if ok {
			keys = append(keys, k)
		}
	}
	return complete(keys, sel), nil
}

// complete ends the order with id and, where two edges can share a node, with
// the edge's key. What follows an id cannot matter and is dropped.
func complete(keys []Key, sel *Select) []Key {
	parallel := sel.Form == Connection && sel.Via != nil && sel.Via.Relationship.Parallel()
	byID := false
	out := keys[:0]
	for _, k := range keys {
		if repeated(out, k) || byID && !k.Edge {
			continue
		}
		out = append(out, k)
		byID = byID || !k.Edge && k.Prop.Name == "id"
		if byID && !parallel {
			break
		}
	}
	if !byID {
		out = append(out, Key{Prop: sel.Nodes[0].Property("id")})
	}
	if parallel {
		out = append(out, Key{Prop: catalog.EdgeKey, Edge: true})
	}
	return out
}

func repeated(keys []Key, k Key) bool {
	for _, x := range keys {
		if x.Prop == k.Prop {
			return true
		}
	}
	return false
}

func (b *builder) sortKey(m map[string]any, sel *Select, path string) (Key, bool, error) {
	if len(m) > 1 {
		return Key{}, false, input.Errorf(path, "one key per object; write several objects to sort by several keys")
	}
	for name, dir := range m {
		at := path + "." + name
		if dir == nil {
			return Key{}, false, input.Errorf(at, "must not be null; expected ASC or DESC")
		}
		if sel.Form == Connection && sel.Via != nil { // { node: {…} } or { edge: {…} }
			inner := dir.(map[string]any)
			if len(inner) > 1 {
				return Key{}, false, input.Errorf(at, "one key per object; write several objects to sort by several keys")
			}
			for n, d := range inner {
				if d == nil {
					return Key{}, false, input.Errorf(at+"."+n, "must not be null; expected ASC or DESC")
				}
				if name == "edge" {
					return Key{Prop: sel.Via.Relationship.Property(n), Edge: true, Desc: d == "DESC"}, true, nil
				}
				return Key{Prop: sel.Nodes[0].Property(n), Desc: d == "DESC"}, true, nil
			}
			return Key{}, false, nil
		}
		return Key{Prop: sel.Nodes[0].Property(name), Desc: dir == "DESC"}, true, nil
	}
	return Key{}, false, nil
}
