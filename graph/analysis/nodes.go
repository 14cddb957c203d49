package analysis

import (
	"fmt"

	"normgraph/graph/plan"
	"normgraph/graph/row"
)

// ids are those that one Lookup reads, each once. The cost of the Lookup is that
// of all places where its nodes are written.
type ids struct {
	sel    *plan.Select
	known  map[string]bool
	list   []string
	places int
}

// wanted copies a Lookup, so that the plan's own stays as it is.
func wanted(sel *plan.Select) ids {
	c := *sel
	return ids{sel: &c, known: map[string]bool{}}
}

func (i *ids) add(id string) {
	i.places++
	if !i.known[id] {
		i.known[id] = true
		i.list = append(i.list, id)
	}
}

func (i *ids) selects() []*plan.Select {
	i.sel.IDs, i.sel.Limit = i.list, i.places
	return []*plan.Select{i.sel}
}

// lookup reads the nodes below one field, for all rows.
type lookup struct {
	ids
	found map[string][]byte
}

func (l *lookup) read(rows []row.Rows, t *row.Trace) (err error) {
	l.found, err = row.Objects(l.sel, rows[0], t)
	return err
}

// node leaves a hole for a stored node.
func (w *writer) node(f *plan.Field, id node) {
	if id == "" {
		w.null()
		return
	}
	l, ok := w.byField[f].(*lookup)
	if !ok {
		l = &lookup{ids: wanted(f.Nodes)}
		w.byField[f] = l
		w.wants = append(w.wants, l)
	}
	l.add(string(id))
	w.hole(func(buf []byte) ([]byte, error) {
		text, ok := l.found[string(id)]
		if !ok {
			return nil, fmt.Errorf("%s: node %q of the table is not in its revision", f.Path, id)
		}
		return append(buf, text...), nil
	})
}

// evidence is a connection of assessments, by ascending id.
type evidence []string

func (e evidence) connected() connected {
	return connected{
		n:        len(e),
		position: func(i int) []any { return []any{e[i]} },
		node:     func(i int) any { return node(e[i]) },
		rest: func(f *plan.Field) any {
			if f.Name == "aggregate" {
				return aggregated(e)
			}
			return unknown(f)
		},
	}
}
