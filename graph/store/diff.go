package store

import (
	"reflect"
	"slices"

	"normgraph/graph/catalog"
)

// Change is one row that a load would write, or a field that leads to one node.
type Change struct {
	Kind ChangeKind
	Type string // of the node or the relationship
	ID   string // of the node, or of the relationship's from node
	To   string // of the relationship's to node
	Key  string // of the relationship
	// Fields are what changes, for Updated.
	Fields []FieldChange
}

// ChangeKind says what becomes of a row.
type ChangeKind uint8

// The kinds.
const (
	Created ChangeKind = iota
	Updated
	Deleted
)

// FieldChange is a value before and after, in the form that NodeSet documents, or
// the id of a related node; nil for none.
type FieldChange struct {
	Name          string
	Before, After any
}

// Diff calls f with what a load of d would change in a store that holds rows, and
// counts as the load would. same is the number of d's rows that change nothing. A
// relation to one node is told as a field of its owner, and that of a new node not
// at all.
func Diff(d *Dataset, mode LoadMode, stored Rows, f func(Change) error) (report LoadReport, same int, err error) {
	x := differ{mode: mode, stored: stored, tell: f, created: map[string]bool{}}
	m := &Merged{Dataset: d}
	if mode == LoadMerge {
		if m, err = Merge(d, stored); err != nil {
			return report, 0, err
		}
	}
	for _, set := range m.Nodes {
		if err := x.nodes(set); err != nil {
			return report, 0, err
		}
	}
	for i := range m.Edges {
		if err := x.edges(&m.Edges[i], m); err != nil {
			return report, 0, err
		}
	}
	x.report.Changed = x.report != LoadReport{}
	return x.report, x.same, nil
}

type differ struct {
	mode    LoadMode
	stored  Rows
	tell    func(Change) error
	report  LoadReport
	same    int
	created map[string]bool // ids of new nodes
}

func (x *differ) nodes(set NodeSet) error {
	if len(set.Rows) == 0 && x.mode != LoadReplace {
		return nil
	}
	id := slices.Index(set.Type.Properties, set.Type.Property("id"))
	given := make(map[string][]any, len(set.Rows))
	for _, row := range set.Rows {
		given[row[id].(string)] = row
	}
	err := x.stored.Nodes(set.Type, func(values []any) error {
		name, _ := values[id].(string) // other hands may have left it out
		row, ok := given[name]
		delete(given, name)
		change := Change{Type: set.Type.Name, ID: name}
		switch {
		case !ok && x.mode == LoadReplace:
			x.report.NodesDeleted++
			change.Kind = Deleted
		case !ok:
			return nil
		default:
			change.Kind, change.Fields = Updated, fieldChanges(set.Type.Properties, values, row)
			if len(change.Fields) == 0 {
				x.same++
				return nil
			}
			x.report.NodesUpdated++
		}
		return x.tell(change)
	})
	if err != nil {
		return err
	}
	for _, row := range set.Rows {
		name := row[id].(string)
		if _, left := given[name]; !left {
			continue
		}
		x.created[name] = true
		x.report.NodesCreated++
		if err := x.tell(Change{Kind: Created, Type: set.Type.Name, ID: name}); err != nil {
			return err
		}
	}
	return nil
}

func fieldChanges(props []*catalog.Property, before, after []any) []FieldChange {
	var out []FieldChange
	for i, p := range props {
		if !reflect.DeepEqual(before[i], after[i]) {
			out = append(out, FieldChange{p.Name, before[i], after[i]})
		}
	}
	return out
}

func (x *differ) edges(set *EdgeSet, m *Merged) error {
	r := set.Relationship
	single := set.single()
	fields := map[string]*FieldChange{} // of single, by owner
	var owners []string
	// write counts a relationship that comes or goes, and tells it.
	write := func(e *Edge, kind ChangeKind) error {
		if kind == Created {
			x.report.EdgesCreated++
		} else {
			x.report.EdgesDeleted++
		}
		if single == nil {
			return x.tell(Change{Kind: kind, Type: r.Type, ID: e.From, To: e.To, Key: e.Key})
		}
		owner, target := e.From, e.To
		if !single.Out {
			owner, target = target, owner
		}
		if x.created[owner] {
			return nil
		}
		c := fields[owner]
		if c == nil {
			c = &FieldChange{Name: single.Field}
			fields[owner] = c
			owners = append(owners, owner)
		}
		if kind == Created {
			c.After = target
		} else {
			c.Before = target
		}
		return nil
	}
	given := make(map[edgeID]*Edge, len(set.Rows))
	for i := range set.Rows {
		given[set.Rows[i].id()] = &set.Rows[i]
	}
	err := x.stored.Edges(r, set.Ends, func(e *Edge) error {
		row := given[e.id()]
		delete(given, e.id())
		switch {
		case row == nil && (x.mode == LoadReplace || m.Gone(r, e)):
			return write(e, Deleted)
		case row == nil:
			return nil
		}
		changed := fieldChanges(r.Properties, e.Values, row.Values)
		if len(changed) == 0 {
			x.same++
			return nil
		}
		x.report.EdgesUpdated++
		return x.tell(Change{Kind: Updated, Type: r.Type, ID: e.From, To: e.To, Key: e.Key, Fields: changed})
	})
	if err != nil {
		return err
	}
	for i := range set.Rows {
		if e := &set.Rows[i]; given[e.id()] != nil {
			if err := write(e, Created); err != nil {
				return err
			}
		}
	}
	for _, owner := range owners {
		if err := x.tell(Change{Kind: Updated, Type: single.Owner.Name, ID: owner, Fields: []FieldChange{*fields[owner]}}); err != nil {
			return err
		}
	}
	return nil
}

// single is the relation to one node that the relationships of the set are, when
// they have no properties; nil for none.
func (s *EdgeSet) single() *catalog.Relation {
	if s.Relationship.Parallel() {
		return nil
	}
	for _, out := range []bool{true, false} {
		if rel := s.relation(out); rel != nil && !rel.List {
			return rel
		}
	}
	return nil
}
