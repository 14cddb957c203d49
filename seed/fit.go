package seed

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// fits reports where the data, or what is stored once the data is merged into it,
// would not hold together.
func (r *reader) fits(d *store.Dataset) error {
	merged := &store.Merged{Dataset: d}
	if r.stored != nil {
		var err error
		if merged, err = store.Merge(d, r.stored); err != nil {
			return err
		}
		if err := r.bereft(merged); err != nil {
			return err
		}
	}
	for _, n := range r.cat.Nodes {
		if len(n.Key) > 0 && len(r.rows[n.Index]) > 0 {
			if err := r.keys(n, merged); err != nil {
				return err
			}
		}
	}
	return nil
}

// bereft reports stored nodes that a merge would leave without a relation that
// each must have.
func (r *reader) bereft(m *store.Merged) error {
	for _, n := range r.cat.Nodes {
		for _, rel := range n.Relations {
			if rel.List || !rel.NonNull {
				continue
			}
			err := r.targets(rel, m, func(owner, target string, gone bool) {
				if _, stated := r.stated[single{rel, owner}]; gone && !stated {
					// Only the other end's cell can have left it out.
					at := place{file: r.files[rel.Target.Index].name}
					if other := r.ids[target]; other != nil {
						at = other.at.place()
					}
					r.add(at, "%s would be left without %s, which each %s has; give it another", show(owner), rel.Field, n.Name)
				}
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// targets calls f with the stored relationships of a relation to one node.
func (r *reader) targets(rel *catalog.Relation, m *store.Merged, f func(owner, target string, gone bool)) error {
	ends := catalog.Ends{From: rel.Owner, To: rel.Target}
	if !rel.Out {
		ends.From, ends.To = ends.To, ends.From
	}
	return r.stored.Edges(rel.Relationship, ends, func(e *store.Edge) error {
		owner, target := e.From, e.To
		if !rel.Out {
			owner, target = target, owner
		}
		f(owner, target, m.Gone(rel.Relationship, e))
		return nil
	})
}

// keys refuses two nodes of a type that share the fields of its key and differ in
// a value that is not free text, and warns of others.
func (r *reader) keys(n *catalog.Node, m *store.Merged) error {
	related := make([]map[string]string, len(n.Key)) // by owner, for relations
	for i, k := range n.Key {
		if k.Relation == nil {
			continue
		}
		of := map[string]string{}
		related[i] = of
		if r.stored != nil {
			err := r.targets(k.Relation, m, func(owner, target string, gone bool) {
				if !gone {
					of[owner] = target
				}
			})
			if err != nil {
				return err
			}
		}
		for _, set := range r.edges {
			if set.Relationship != k.Relation.Relationship {
				continue
			}
			for _, e := range set.Rows {
				if k.Relation.Out {
					of[e.From] = e.To
				} else {
					of[e.To] = e.From
				}
			}
		}
	}
	first := map[string]*node{}
	check := func(x *node) {
		key, ok := keyText(n, related, x)
		if !ok {
			return
		}
		other := first[key]
		if other == nil {
			first[key] = x
			return
		}
		if x.at.table == nil { // said at the row that is given
			x, other = other, x
		}
		if x.at.table == nil {
			return // stored both
		}
		who := fmt.Sprintf("%s and %s (%s) are of the same %s", show(x.id), show(other.id), other.at, keyNames(n))
		if differ := differing(n, x.values, other.values); len(differ) > 0 {
			r.add(x.at.place(), "%s, and differ in %s; expected one row, or the same values", who, strings.Join(differ, ", "))
		} else {
			r.warn(x.at.place(), "%s, with the same values; both are kept", who)
		}
	}
	for _, x := range r.nodesOf[n.Index] {
		check(x)
	}
	if r.stored == nil {
		return nil
	}
	idAt := indexOf(n.Properties, "id")
	return r.stored.Nodes(n, func(values []any) error {
		if id := values[idAt].(string); r.ids[id] == nil {
			check(&node{id: id, typ: n, values: slices.Clone(values)})
		}
		return nil
	})
}

// keyText is the key of a node as one text; false when a part is unknown.
func keyText(n *catalog.Node, related []map[string]string, x *node) (string, bool) {
	var b strings.Builder
	for i, k := range n.Key {
		var part any
		if k.Property != nil {
			part = x.values[indexOf(n.Properties, k.Property.Name)]
		} else if target := related[i][x.id]; target != "" {
			part = target
		}
		if part == nil {
			return "", false
		}
		fmt.Fprintf(&b, "%q|", fmt.Sprint(part))
	}
	return b.String(), true
}

func keyNames(n *catalog.Node) string {
	var names []string
	for _, k := range n.Key {
		names = append(names, snake(k.Name()))
	}
	return strings.Join(names, ", ")
}

// differing names the properties, free text and basis aside, in which two nodes
// differ.
func differing(n *catalog.Node, a, b []any) []string {
	var names []string
	for i, p := range n.Properties {
		if p.Name == "id" || p.Name == "basis" || p.Kind == catalog.String || p.Kind == catalog.URL {
			continue
		}
		if !reflect.DeepEqual(a[i], b[i]) {
			names = append(names, snake(p.Name))
		}
	}
	return names
}
