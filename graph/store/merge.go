package store

import (
	"fmt"
	"slices"

	"normgraph/graph/catalog"
)

// Rows reads the rows that a store holds at one revision, in any order. f may
// keep the values, but not the slice or the edge that it is given.
type Rows interface {
	// Nodes calls f with the values of every node of type n, as in NodeSet.
	Nodes(n *catalog.Node, f func(values []any) error) error
	// Edges calls f with every relationship of type r between nodes of the ends.
	Edges(r *catalog.Relationship, ends catalog.Ends, f func(*Edge) error) error
}

// Merged is a data set as a merge writes it: every row whole, and with it the
// relationships that have to go.
type Merged struct {
	*Dataset
	gone map[*catalog.Relationship]map[edgeID]struct{}
}

// edgeID is the identity of a relationship within its type.
type edgeID struct{ from, to, key string }

func (e *Edge) id() edgeID { return edgeID{e.From, e.To, e.Key} }

// Gone reports whether the merge removes a stored relationship.
func (m *Merged) Gone(r *catalog.Relationship, e *Edge) bool {
	_, gone := m.gone[r][e.id()]
	return gone
}

// Merge says what it means to merge d into what is stored; both stores write
// what it gives. A row's identity is its id, or for a relationship its ends and
// key. What a row of d states takes the place of what is stored: a column that d
// lacks (see NodeSet.Columns) stays as it is, an empty value clears. A relation to
// one node that d states again leads to the new node alone, and a relation whose
// column d has (see Dataset.Relations) holds what the row names and nothing else.
// No node goes, and nothing of rows that d does not name. d is not changed.
func Merge(d *Dataset, stored Rows) (*Merged, error) {
	out := *d
	out.Nodes, out.Edges, out.Relations = slices.Clone(d.Nodes), slices.Clone(d.Edges), nil
	m := &Merged{Dataset: &out, gone: map[*catalog.Relationship]map[edgeID]struct{}{}}
	for i := range out.Nodes {
		if err := completeNodes(d, &out.Nodes[i], stored); err != nil {
			return nil, err
		}
	}
	for i := range out.Edges {
		if err := m.mergeEdges(d, &out.Edges[i], stored); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func completeNodes(d *Dataset, set *NodeSet, stored Rows) error {
	columns := set.Columns
	set.Columns = nil
	if columns == nil || len(set.Rows) == 0 {
		return nil
	}
	at := make(map[string]int, len(set.Rows))
	id := slices.Index(set.Type.Properties, set.Type.Property("id"))
	set.Rows = slices.Clone(set.Rows)
	for i, row := range set.Rows {
		at[row[id].(string)] = i
	}
	return stored.Nodes(set.Type, func(values []any) error {
		name, _ := values[id].(string)
		if i, given := at[name]; given {
			set.Rows[i] = Complete(columns, set.Rows[i], values)
		}
		return nil
	})
}

// Complete is a stored row with the given one put over it in the columns that
// are stated; nil columns say all.
func Complete(columns []bool, given, stored []any) []any {
	if columns == nil {
		return given
	}
	row := slices.Clone(given)
	for i, stated := range columns {
		if !stated {
			row[i] = stored[i]
		}
	}
	return row
}

func (m *Merged) mergeEdges(d *Dataset, set *EdgeSet, stored Rows) error {
	columns := set.Columns
	set.Columns = nil
	owned := []owners{d.owners(set, true), d.owners(set, false)}
	if !slices.ContainsFunc(owned, owners.any) && (!set.Relationship.Parallel() || len(set.Rows) == 0) {
		return nil
	}
	set.Rows = slices.Clone(set.Rows)
	at := make(map[edgeID]int, len(set.Rows))
	for i := range set.Rows {
		at[set.Rows[i].id()] = i
	}
	gone := m.gone[set.Relationship]
	if gone == nil {
		gone = map[edgeID]struct{}{}
		m.gone[set.Relationship] = gone
	}
	return stored.Edges(set.Relationship, set.Ends, func(e *Edge) error {
		switch i, given := at[e.id()]; {
		case given:
			set.Rows[i].Values = Complete(columns, set.Rows[i].Values, e.Values)
		case owned[0].has(e.From) || owned[1].has(e.To):
			gone[e.id()] = struct{}{}
		default:
			if i, given := at[edgeID{e.From, e.To, set.Relationship.KeyOf(e.Values)}]; given && set.Relationship.Parallel() {
				return oldKey(set.Relationship, &set.Rows[i])
			}
		}
		return nil
	})
}

// oldKey refuses to add a relationship that is stored under another key.
func oldKey(r *catalog.Relationship, e *Edge) error {
	return &Error{Code: Conflict, Message: fmt.Sprintf("the store was filled by a version that told relationships %s apart by other fields,"+
		" so that a merge would add to the one from %q to %q; load the whole corpus with --replace, then merge", r.Type, e.From, e.To)}
}

// owners are the nodes at one end of a relationship type whose relation the data
// states whole, so that its other relationships go.
type owners map[string]struct{}

func (o owners) any() bool { return len(o) > 0 }

func (o owners) has(id string) bool {
	_, ok := o[id]
	return ok
}

func (d *Dataset) owners(set *EdgeSet, out bool) owners {
	rel := set.relation(out)
	if rel == nil {
		return nil
	}
	o := owners{}
	if !rel.List {
		for _, e := range set.Rows {
			if out {
				o[e.From] = struct{}{}
			} else {
				o[e.To] = struct{}{}
			}
		}
	}
	if slices.Contains(d.Relations, rel) {
		list := d.NodeList(rel.Owner)
		for i := range list.Len() {
			o[list.ID(i)] = struct{}{}
		}
	}
	return o
}

// relation is the field that traverses the relationships of the set, out of
// their from nodes or into their to nodes; nil when no field does.
func (s *EdgeSet) relation(out bool) *catalog.Relation {
	owner, target := s.Ends.From, s.Ends.To
	if !out {
		owner, target = target, owner
	}
	for _, rel := range owner.Relations {
		if rel.Relationship == s.Relationship && rel.Out == out && rel.Target == target {
			return rel
		}
	}
	return nil
}
