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

// Reading is a corpus that was read.
type Reading struct {
	Data *store.Dataset
	// Warnings were accepted, and want to be looked at.
	Warnings []Problem
}

// Read is Check of a folder that is not to be merged, without the warnings.
func Read(fsys fs.FS, cat *catalog.Catalog) (*store.Dataset, error) {
	reading, err := Check(fsys, cat, nil)
	if err != nil {
		return nil, err
	}
	return reading.Data, nil
}

// Check reads a corpus folder of the form that the package comment describes.
// All rows stand in the order of their files; relationships follow the order of
// the files that state them (node types in catalog order, then relationship
// files).
//
// With stored the folder is to be merged into what a store holds: it may name ids
// that are there alone, leave out columns of rows that are there, and has to fit
// what is there. See store.Merge.
//
// A corpus with any mistake is refused whole, with a *Problems error that lists
// every one; other errors say that a file, or the store, could not be read.
func Check(fsys fs.FS, cat *catalog.Catalog, stored store.Rows) (*Reading, error) {
	files, err := layout(cat)
	if err != nil {
		return nil, err
	}
	r := newReader(cat, files)
	r.stored = stored
	corpus, err := r.corpus(fsys)
	if err != nil {
		return nil, err
	}
	if err := r.listed(fsys); err != nil {
		return nil, err
	}
	if stored != nil {
		if err := r.readBase(fsys); err != nil {
			return nil, err
		}
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
		t, ok := openTable(f, data, &r.Problems, stored != nil)
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
	d := r.dataset(corpus)
	if len(r.List) == 0 && d.Len() == 0 {
		r.add(place{file: corpusFile}, "the corpus holds no row; expected rows in CSV files such as %s%s", files[0].name, r.passedOver())
	}
	if len(r.List) == 0 {
		if err := r.fits(d); err != nil {
			return nil, err
		}
	}
	if len(r.List) > 0 {
		r.sort()
		return nil, &Problems{r.List}
	}
	warnings := Problems{r.warnings}
	warnings.sort()
	return &Reading{d, warnings.List}, nil
}

func (r *reader) dataset(corpus store.Corpus) *store.Dataset {
	d := &store.Dataset{Corpus: corpus, Edges: r.edges}
	for i, n := range r.cat.Nodes {
		set := store.NodeSet{Type: n, Rows: r.rows[i]}
		if t := r.tables[r.files[i]]; t != nil {
			set.Columns = t.stated()
			for _, c := range t.columns {
				if c != nil && c.relation != nil {
					d.Relations = append(d.Relations, c.relation)
				}
			}
		}
		d.Nodes = append(d.Nodes, set)
	}
	for i := range d.Edges {
		set := &d.Edges[i]
		if !set.Relationship.Parallel() {
			continue
		}
		if t := r.tables[r.fileOf(set.Relationship)]; t != nil {
			set.Columns = t.stated()
		}
	}
	return d
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
	seen    []map[edgeID]seen // by index in edges
	// stated holds the relationships of single relations, by owner.
	stated map[single]mark
	empty  map[single]mark // the empty cells of relations that are needed

	stored   store.Rows // nil when the corpus is not to be merged
	base     base
	warnings []Problem
}

// seen is a relationship that was read.
type seen struct {
	at  mark
	row int32 // in its set
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
			r.seen = append(r.seen, map[edgeID]seen{})
		}
	}
	return r
}

// listed notes which files are there, refuses CSV files that no type knows, and
// names what else is passed over.
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
		case strings.HasPrefix(name, ".") || name == corpusFile || !e.IsDir() && strings.EqualFold(path.Ext(name), ".md"):
		case e.IsDir():
			r.warn(place{file: name}, "a folder is passed over; a corpus is read from %s and CSV files beside it", corpusFile)
		case !strings.EqualFold(path.Ext(name), ".csv"):
			r.warn(place{file: name}, "the file is passed over; a corpus is read from %s and CSV files, so save a table as CSV", corpusFile)
		case slices.Contains(names, name):
			r.present[name] = true
		default:
			r.add(place{file: name}, "unknown file%s; expected one of %s", suggest(name, names), strings.Join(names, ", "))
		}
	}
	return nil
}

// passedOver names the files that hold no row because they were not read.
func (r *reader) passedOver() string {
	var names []string
	for _, w := range r.warnings {
		names = append(names, w.File)
	}
	if len(names) == 0 {
		return ""
	}
	return " (passed over: " + strings.Join(names, ", ") + ")"
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
		values, wrong := r.values(row)
		id, _ := values[indexOf(n.Properties, "id")].(string)
		values = r.whole(row, values, wrong, r.base.of(id, n))
		r.rows[n.Index] = append(r.rows[n.Index], values)
		owner := &node{id: id, typ: n, values: values, at: row.mark(idAt)}
		if id != "" && !r.claim(owner) {
			owner.id = "" // its relations would be taken for those of the first row
		}
		r.references(row, owner)
	}
}

// claim gives an id to its first row and reports whether that is n.
func (r *reader) claim(n *node) bool {
	first, stored := r.ids[n.id], r.base.nodes[n.id]
	switch {
	case first == nil && stored != nil && stored.typ != n.typ:
		r.add(n.at.place(), "%s is the id of a row of type %s in the store; expected an id unique across all types", show(n.id), stored.typ.Name)
		return false
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
