package analysis

import (
	"slices"
	"strconv"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/continuity"
	"normgraph/graph/plan"
	"normgraph/graph/row"
)

// properties asks for what is stored with a relationship.
type properties continuity.Edge

// stores reads the properties of all relationships below one field: for each
// relation that covers some, their owners by id.
type stores struct {
	catalog *catalog.Catalog
	owners  map[*catalog.Relation]*side
	order   []*side
	found   map[continuity.Edge][]property
}

// side is a relation, the ids at its owner's end and those at the other.
type side struct {
	relation       *catalog.Relation
	owners, others []string
}

type property struct{ Name, Value string }

func (s *stores) add(e properties) {
	for _, n := range s.catalog.Nodes {
		for _, r := range n.Relations {
			if r.Relationship.Type != e.Type || !covers(r) {
				continue
			}
			at := s.owners[r]
			if at == nil {
				at = &side{relation: r}
				s.owners[r] = at
				s.order = append(s.order, at)
			}
			owner, other := e.From, e.To
			if !r.Out {
				owner, other = other, owner
			}
			at.owners, at.others = append(at.owners, owner), append(at.others, other)
		}
	}
}

func (s *stores) selects() []*plan.Select {
	var list []*plan.Select
	for _, at := range s.order {
		slices.Sort(at.owners)
		slices.Sort(at.others)
		at.owners, at.others = slices.Compact(at.owners), slices.Compact(at.others)
		r := at.relation
		names := make([]string, len(r.Relationship.Properties))
		for i, p := range r.Relationship.Properties {
			names[i] = p.Name
		}
		list = append(list, &plan.Select{
			Alias: r.Field, Form: plan.Lookup, Nodes: []*catalog.Node{r.Owner}, IDs: at.owners, Limit: len(at.owners),
			Objects: []*plan.Object{{Node: r.Owner, Items: []plan.Item{edges(r, within(r.Target, at.others), names...)}}},
		})
	}
	return list
}

func (s *stores) read(roots []row.Rows, t *row.Trace) error {
	s.found = map[continuity.Edge][]property{}
	for i, at := range s.order {
		r := tableReader()(roots[i])
		rel := at.relation
		r.rows(func() {
			owner := r.text()
			r.More()
			r.Enter()
			r.integer() // the object's index
			r.edges(true, true, func(other, key string) {
				t.Rows++
				e := continuity.Edge{Type: rel.Relationship.Type, From: owner, To: other, Key: key}
				if !rel.Out {
					e.From, e.To = other, owner
				}
				for _, p := range rel.Relationship.Properties {
					if v := r.value(p); v != "" {
						s.found[e] = append(s.found[e], property{p.Name, v})
					}
				}
			})
			r.More() // leaves the object
		})
		if err := r.Err(); err != nil {
			return err
		}
	}
	return nil
}

// value reads the next item as text, "" for null; lists with semicolons, as in
// the files of a corpus.
func (r *reader) value(p *catalog.Property) string {
	r.More()
	if !p.List {
		return r.scalarText(p.Kind)
	}
	var list []string
	r.each(func() { list = append(list, r.scalarText(p.Kind)) })
	return strings.Join(list, ";")
}

func (r *reader) scalarText(k catalog.Kind) string {
	switch v := r.Scalar(k); {
	case v.Null:
		return ""
	case k == catalog.Int:
		return strconv.FormatInt(v.Int, 10)
	case k == catalog.Float:
		return strconv.FormatFloat(v.Float, 'g', -1, 64)
	case k == catalog.Boolean:
		return strconv.FormatBool(v.Bool)
	default:
		return r.own(v.Text)
	}
}

// properties leaves a hole for the properties of a relationship.
func (w *writer) properties(f *plan.Field, e properties) {
	if len(w.catalog.Relationship(e.Type).Properties) == 0 {
		w.sequence(f, sequence{})
		return
	}
	s, ok := w.byField[f].(*stores)
	if !ok {
		s = &stores{catalog: w.catalog, owners: map[*catalog.Relation]*side{}}
		w.byField[f] = s
		w.wants = append(w.wants, s)
	}
	s.add(e)
	w.hole(func(buf []byte) ([]byte, error) {
		part := newWriter(w.ctx, w.catalog, nil)
		part.value(f, each(s.found[continuity.Edge(e)], func(p *property) object { return view(p, nil) }))
		return append(buf, part.buf...), part.err
	})
}

// within keeps the nodes with one of the ids.
func within(n *catalog.Node, ids []string) *plan.Cond {
	if len(ids) == 0 {
		return &plan.Cond{Op: plan.False}
	}
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return &plan.Cond{Op: plan.In, Prop: n.Property("id"), Value: values}
}
