package seed

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// Read reads a corpus folder of the form that the package comment describes.
// All rows stand in the order of their files; relationships follow the order of
// the files that state them (node types in catalog order, then relationship
// files).
//
// A corpus with any mistake is refused whole, with a *Problems error that lists
// every one; other errors say that a file could not be read.
func Read(fsys fs.FS, cat *catalog.Catalog) (*store.Dataset, error) {
	files, err := layout(cat)
	if err != nil {
		return nil, err
	}
	r := newReader(cat, files)
	corpus, err := r.corpus(fsys)
	if err != nil {
		return nil, err
	}
	if err := r.listed(fsys); err != nil {
		return nil, err
	}
	for _, f := range files {
		if !r.present[f.name] {
			continue
		}
		data, problem, err := readRegular(fsys, f.name, maxCSV)
		if err != nil {
			return nil, fmt.Errorf("cannot read %s: %w", f.name, err)
		}
		if problem != "" {
			r.tables[f] = &table{file: f, torn: true}
			r.add(place{file: f.name}, "%s", problem)
			continue
		}
		t, ok := openTable(f, data, &r.Problems)
		r.tables[f] = t
		switch {
		case !ok:
		case f.node != nil:
			r.nodes(t)
		default:
			r.relationships(t)
		}
	}
	// Relation columns may name rows of any file, so they wait for all of them.
	r.link()
	r.singles()
	if len(r.List) > 0 {
		r.sort()
		return nil, &Problems{r.List}
	}
	d := &store.Dataset{Corpus: corpus, Edges: r.edges}
	for i, n := range cat.Nodes {
		d.Nodes = append(d.Nodes, store.NodeSet{Type: n, Rows: r.rows[i]})
	}
	return d, nil
}

// reader gathers the rows and what is wrong with them.
type reader struct {
	Problems
	cat     *catalog.Catalog
	files   []*file         // those of the node types first, by Node.Index
	present map[string]bool // names of the CSV files in the folder
	tables  map[*file]*table
	rows    [][][]any // by Node.Index
	nodesOf [][]*node // by Node.Index: the rows that have an id
	ids     map[string]*node
	pending []reference
	edges   []store.EdgeSet
	edgeSet map[ends]int      // index in edges
	seen    []map[edgeID]mark // by index in edges
	// stated holds the relationships of single relations, by owner.
	stated map[single]mark
	empty  map[single]mark // the empty cells of relations that are needed
}

// node is a row that has an id. Its values are nil when the row is short.
type node struct {
	id     string
	typ    *catalog.Node
	values []any
	at     mark
}

type ends struct {
	relationship *catalog.Relationship
	catalog.Ends
}

type edgeID struct {
	from, to *node
	key      string
}

type single struct {
	relation *catalog.Relation
	owner    string
}

func newReader(cat *catalog.Catalog, files []*file) *reader {
	r := &reader{cat: cat, files: files, present: map[string]bool{}, tables: map[*file]*table{},
		rows: make([][][]any, len(cat.Nodes)), nodesOf: make([][]*node, len(cat.Nodes)),
		ids: map[string]*node{}, edgeSet: map[ends]int{},
		stated: map[single]mark{}, empty: map[single]mark{}}
	for _, rel := range cat.Relationships {
		for _, e := range rel.Ends {
			r.edgeSet[ends{rel, e}] = len(r.edges)
			r.edges = append(r.edges, store.EdgeSet{Relationship: rel, Ends: e})
			r.seen = append(r.seen, map[edgeID]mark{})
		}
	}
	return r
}

// listed notes which files are there and refuses CSV files that no type knows.
func (r *reader) listed(fsys fs.FS) error {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return fmt.Errorf("cannot list the corpus folder: %w", err)
	}
	names := make([]string, len(r.files))
	for i, f := range r.files {
		names[i] = f.name
	}
	for _, e := range entries {
		name := e.Name()
		switch {
		case e.IsDir() || strings.HasPrefix(name, ".") || !strings.EqualFold(path.Ext(name), ".csv"):
		case slices.Contains(names, name):
			r.present[name] = true
		default:
			r.add(place{file: name}, "unknown file%s; expected one of %s", suggest(name, names), strings.Join(names, ", "))
		}
	}
	return nil
}

// nodes reads the rows of one type.
func (r *reader) nodes(t *table) {
	n := t.file.node
	idAt := t.position("id")
	t.torn = idAt < 0
	for row, ok := t.next(); ok; row, ok = t.next() {
		if row.short {
			// The id of a short row still counts, lest each reference to it be
			// reported too.
			if idAt >= 0 && idAt < len(row.cells) && idForm.MatchString(row.cells[idAt]) {
				r.claim(&node{id: row.cells[idAt], typ: n, at: row.mark(idAt)})
			}
			continue
		}
		values := r.values(row)
		r.rows[n.Index] = append(r.rows[n.Index], values)
		id, _ := values[indexOf(n.Properties, "id")].(string)
		owner := &node{id: id, typ: n, values: values, at: row.mark(idAt)}
		if id != "" && !r.claim(owner) {
			owner.id = "" // its relations would be taken for those of the first row
		}
		r.references(row, owner)
	}
}

// claim gives an id to its first row and reports whether that is n.
func (r *reader) claim(n *node) bool {
	first := r.ids[n.id]
	switch {
	case first == nil:
		r.ids[n.id] = n
		if n.values != nil {
			r.nodesOf[n.typ.Index] = append(r.nodesOf[n.typ.Index], n)
		}
		return true
	case first.typ == n.typ:
		r.add(n.at.place(), "%s is already the id of line %d; expected one row for an id", show(n.id), first.at.line)
	default:
		r.add(n.at.place(), "%s is already the id of a row of type %s (%s); expected an id unique across all types", show(n.id), first.typ.Name, first.at)
	}
	return false
}
