package plan

import "normgraph/graph/catalog"

// readSort reads the sort argument and completes it to a total order.
func readSort(v any, sel *Select) []Key {
	list, _ := v.([]any)
	keys := make([]Key, len(list))
	for i, e := range list {
		keys[i] = sortKey(e.(map[string]any), sel)
	}
	return complete(keys, sel)
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

// sortKey reads { field: ASC }, or { node: {…} } or { edge: {…} } of a relation's
// connection. Each is @oneOf, so that it has one member that is not null.
func sortKey(m map[string]any, sel *Select) Key {
	name, v := only(m)
	inner, nested := v.(map[string]any)
	if nested {
		m = inner
	}
	field, direction := only(m)
	if nested && name == "edge" {
		return Key{Prop: sel.Via.Relationship.Property(field), Edge: true, Desc: direction == "DESC"}
	}
	return Key{Prop: sel.Nodes[0].Property(field), Desc: direction == "DESC"}
}

func only(m map[string]any) (string, any) {
	for name, v := range m {
		return name, v
	}
	return "", nil
}
