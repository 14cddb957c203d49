package seed

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// reference is the id of a related node in a relation's column.
type reference struct {
	relation *catalog.Relation
	owner    *node
	id       string
	at       mark
}

// references notes the ids in a row's relation columns.
func (r *reader) references(row row, owner *node) {
	for i, c := range row.table.columns {
		if c == nil || c.relation == nil {
			continue
		}
		at := row.mark(i)
		text, ok := r.text(row, i)
		if ok && text == "" {
			if c.relation.NonNull && !c.relation.List {
				r.empty[single{c.relation, owner.id}] = at
			}
			continue
		}
		// Even a reference that turns out wrong shows that one was meant.
		if !c.relation.List {
			r.stated[single{c.relation, owner.id}] = at
		}
		if !ok {
			continue
		}
		ids := []string{text}
		var msgs []string
		switch {
		case c.relation.List:
			ids, msgs = split(text, true)
		case strings.Contains(text, ";"):
			ids, msgs = nil, []string{"expected one id, got the list " + show(text)}
		}
		for _, msg := range msgs {
			r.add(at.place(), "%s", msg)
		}
		for _, id := range ids {
			r.pending = append(r.pending, reference{c.relation, owner, id, at})
		}
	}
}

// link turns the noted references into relationships.
func (r *reader) link() {
	for _, ref := range r.pending {
		target := r.resolve(ref.id, ref.at, []*catalog.Node{ref.relation.Target})
		if target == nil || ref.owner.id == "" {
			continue
		}
		from, to := ref.owner, target
		if !ref.relation.Out {
			from, to = to, from
		}
		r.edge(ref.relation.Relationship, from, to, nil, ref.at)
	}
}

// resolve finds the node of an id that must be of one of the types; nil when
// there is none.
func (r *reader) resolve(id string, at mark, types []*catalog.Node) *node {
	n := r.ids[id]
	if n == nil {
		n = r.base.nodes[id]
	}
	switch {
	case n == nil && slices.ContainsFunc(types, r.torn):
		return nil // it may be the id of a row that could not be made out
	case n == nil && r.stored != nil:
		r.add(at.place(), "nothing in the folder or the store has the id %s; expected %s, or of a stored one", show(id), idsOf(types))
		return nil
	case n == nil:
		r.add(at.place(), "nothing has the id %s; expected %s", show(id), idsOf(types))
		return nil
	case !slices.Contains(types, n.typ):
		r.add(at.place(), "%s is of type %s (%s); expected %s", show(id), n.typ.Name, n.at, idsOf(types))
		return nil
	}
	return n
}

// torn reports whether not all ids of a type are known.
func (r *reader) torn(n *catalog.Node) bool {
	t := r.tables[r.files[n.Index]]
	return t != nil && t.torn
}

// idsOf says whose ids are meant.
func idsOf(types []*catalog.Node) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.Name + " in " + snake(t.Plural) + ".csv"
	}
	return "the id of a row of " + strings.Join(names, " or ")
}

// relationships reads a file of relationships with properties.
func (r *reader) relationships(t *table) {
	f := t.file
	for row, ok := t.next(); ok; row, ok = t.next() {
		if row.short {
			continue
		}
		values, wrong := r.values(row)
		var ids [toEnd + 1]*node
		for i, c := range t.columns {
			if c == nil || c.end == noEnd {
				continue
			}
			if text, ok := r.text(row, i); ok {
				types := f.from
				if c.end == toEnd {
					types = f.to
				}
				ids[c.end] = r.resolve(text, row.mark(i), types)
			}
		}
		from, to := ids[fromEnd], ids[toEnd]
		if from == nil || to == nil {
			continue
		}
		at := row.mark(-1)
		rel := f.relationship(from, to)
		if rel == nil {
			r.add(at.place(), "no relationship of this file leads from %s (%s) to %s (%s); expected %s", show(from.id), from.typ.Name, show(to.id), to.typ.Name, f.pairs())
			continue
		}
		values = r.whole(row, values, wrong, r.base.edge(rel, from, to, values))
		r.edge(rel, from, to, values, at)
	}
}

// relationship is the type of a row between two nodes, or nil.
func (f *file) relationship(from, to *node) *catalog.Relationship {
	var other *catalog.Relationship
	for _, rel := range f.relationships {
		if !slices.Contains(rel.Ends, catalog.Ends{From: from.typ, To: to.typ}) {
			continue
		}
		has, ok := toNodeHas[rel.Type]
		if !ok {
			other = rel
		} else if i := indexOf(to.typ.Properties, has.property); i >= 0 && to.values != nil && to.values[i] == has.value {
			return rel
		}
	}
	return other
}

// pairs lists what the file's relationships join.
func (f *file) pairs() string {
	var list []string
	for _, rel := range f.relationships {
		for _, e := range rel.Ends {
			s := e.From.Name + " to " + e.To.Name
			if has, ok := toNodeHas[rel.Type]; ok {
				s += " with " + has.property + " " + has.value
			}
			list = append(list, s)
		}
	}
	return strings.Join(list, " or ")
}

// edge adds a relationship, unless its like is there.
func (r *reader) edge(rel *catalog.Relationship, from, to *node, values []any, at mark) {
	e := store.Edge{From: from.id, To: to.id, Values: values}
	if rel.Parallel() {
		e.Key = rel.KeyOf(values)
	}
	set := r.edgeSet[ends{rel, catalog.Ends{From: from.typ, To: to.typ}}]
	id := edgeID{from, to, e.Key}
	if first, ok := r.seen[set][id]; ok {
		says := fmt.Sprintf("the relationship %s from %s to %s is stated already (%s)", rel.Type, show(from.id), show(to.id), first.at)
		if reflect.DeepEqual(values, r.edges[set].Rows[first.row].Values) {
			r.warn(at.place(), "%s with the same values; it is taken once", says)
		} else {
			r.add(at.place(), "%s with other values; expected it once%s", says, apart(rel))
		}
		return
	}
	r.seen[set][id] = seen{at, int32(len(r.edges[set].Rows))}
	r.atMostOne(rel, from, to, at)
	r.edges[set].Rows = append(r.edges[set].Rows, e)
}

// apart says what would have made a relationship another one.
func apart(rel *catalog.Relationship) string {
	if len(rel.Key) == 0 {
		return ""
	}
	var names []string
	for _, p := range rel.Key {
		names = append(names, snake(p.Name))
	}
	return ", or rows that differ in " + strings.Join(names, ", ")
}

// atMostOne refuses a second relationship of a node's single relation.
func (r *reader) atMostOne(rel *catalog.Relationship, from, to *node, at mark) {
	for _, end := range []struct {
		owner, other *node
		out          bool
	}{{from, to, true}, {to, from, false}} {
		for _, relation := range end.owner.typ.Relations {
			if relation.List || relation.Relationship != rel || relation.Out != end.out || relation.Target != end.other.typ {
				continue
			}
			key := single{relation, end.owner.id}
			if first, ok := r.stated[key]; ok && first != at {
				r.add(at.place(), "%s has another %s already (%s); expected at most one", show(end.owner.id), relation.Field, first)
			} else {
				r.stated[key] = at
			}
		}
	}
}

// singles refuses nodes without a relation that each must have.
func (r *reader) singles() {
	for _, n := range r.cat.Nodes {
		for _, relation := range n.Relations {
			if !relation.List && relation.NonNull {
				r.exactlyOne(relation)
			}
		}
	}
}

func (r *reader) exactlyOne(relation *catalog.Relation) {
	t, nodes := r.tables[r.files[relation.Owner.Index]], r.nodesOf[relation.Owner.Index]
	if len(nodes) == 0 {
		return
	}
	column := t.file.column(snake(relation.Field)) // nil when it has properties
	absent := column == nil || !slices.Contains(t.columns, column)
	other := r.files[relation.Target.Index] // may state it too
	if column == nil {
		other = r.fileOf(relation.Relationship)
	}
	if ot := r.tables[other]; absent && ot != nil && (ot.torn || ot.cut) {
		return // a row that was refused may have stated it
	}
	var without []*node
	for _, n := range nodes {
		key := single{relation, n.id}
		_, stated := r.stated[key]
		_, empty := r.empty[key]
		if !stated && (empty || r.base.nodes[n.id] == nil) {
			without = append(without, n)
		}
	}
	expected := idsOf([]*catalog.Node{relation.Target})
	if column == nil {
		expected = "a row of it in " + other.name
	}
	if absent && column != nil && len(without) == len(nodes) {
		r.add(place{file: t.file.name, line: t.line, column: column.name}, "the column is missing; expected %s for each row", expected)
		return
	}
	for _, n := range without {
		at := place{file: t.file.name, line: int(n.at.line), column: snake(relation.Field)}
		if empty, ok := r.empty[single{relation, n.id}]; ok {
			at = empty.place()
		}
		r.add(at, "%s has no %s; expected %s", show(n.id), relation.Field, expected)
	}
}

// fileOf is the file of a relationship with properties.
func (r *reader) fileOf(rel *catalog.Relationship) *file {
	i := slices.IndexFunc(r.files, func(f *file) bool { return slices.Contains(f.relationships, rel) })
	return r.files[i]
}
