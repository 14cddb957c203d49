package seed

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// base is what is stored of the nodes and relationships that a folder names,
// when it is to be merged. The zero base is that of no store.
type base struct {
	nodes map[string]*node
	edges map[*catalog.Relationship]map[storedEdge][]any
}

// storedEdge is the identity of a stored relationship within its type.
type storedEdge struct{ from, to, key string }

// of gives what is stored of a node, or nil.
func (b base) of(id string, n *catalog.Node) []any {
	if x := b.nodes[id]; x != nil && x.typ == n {
		return x.values
	}
	return nil
}

// edge gives what is stored of the relationship with the key of values, or nil.
func (b base) edge(rel *catalog.Relationship, from, to *node, values []any) []any {
	return b.edges[rel][storedEdge{from.id, to.id, rel.KeyOf(values)}]
}

// readBase goes over the folder once to see which ids it names, and over the store
// once to read what it holds of them.
func (r *reader) readBase(fsys fs.FS) error {
	named := map[string]bool{}
	pairs := map[*file]map[[2]string]bool{}
	for _, f := range r.files {
		if !r.present[f.name] {
			continue
		}
		data, problem, err := readRegular(fsys, f.name, maxCSV)
		if err != nil {
			return fmt.Errorf("cannot read %s: %w", f.name, err)
		}
		if problem != "" {
			continue // said when it is read
		}
		t, ok := openTable(f, data, &Problems{}, true)
		if !ok {
			continue
		}
		pairs[f] = map[[2]string]bool{}
		for row, more := t.next(); more; row, more = t.next() {
			pairs[f][names(row, named)] = true
		}
	}
	r.base = base{map[string]*node{}, map[*catalog.Relationship]map[storedEdge][]any{}}
	for _, n := range r.cat.Nodes {
		idAt := indexOf(n.Properties, "id")
		err := r.stored.Nodes(n, func(values []any) error {
			if id := values[idAt].(string); named[id] {
				r.base.nodes[id] = &node{id: id, typ: n, values: slices.Clone(values)}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for f, named := range pairs {
		for _, rel := range f.relationships {
			of := map[storedEdge][]any{}
			r.base.edges[rel] = of
			for _, ends := range rel.Ends {
				err := r.stored.Edges(rel, ends, func(e *store.Edge) error {
					if named[[2]string{e.From, e.To}] {
						of[storedEdge{e.From, e.To, e.Key}] = slices.Clone(e.Values)
					}
					return nil
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// names puts the ids that a row names into all, and gives those of its ends.
func names(row row, all map[string]bool) (pair [2]string) {
	for i, c := range row.table.columns {
		if c == nil || i >= len(row.cells) {
			continue
		}
		text := row.cells[i]
		switch {
		case c.end == fromEnd:
			pair[0] = text
		case c.end == toEnd:
			pair[1] = text
		case c.relation == nil && !c.identifies():
			continue
		}
		for id := range strings.SplitSeq(text, ";") {
			all[id] = true
		}
	}
	return pair
}
