package sqlite

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// layout says where a catalog's types are kept. Internal columns start with
// two underscores, which the schema language reserves.
//
//	node            every node: __key, its type's rank, its id, unique across types;
//	                within a type keys ascend with ids, so that what is in the
//	                order of keys is in the order of ids
//	n_<Type>        one row per node of the type, same __key
//	r_<TYPE>        one row per relationship: __src, __dst, __key (text), properties
//	search          FTS5 over search tokens, rowid = __key, contentless
//	store           one row: the revision and what describes it
type layout struct {
	cat *catalog.Catalog
	// ranked are the types by name, so that rank order is the order of names.
	ranked []*catalog.Node
	rank   map[*catalog.Node]int
	print  string // what it was made for: fingerprint and form of search
}

func newLayout(cat *catalog.Catalog) *layout {
	l := &layout{cat: cat, ranked: slices.Clone(cat.Nodes), rank: map[*catalog.Node]int{}}
	slices.SortFunc(l.ranked, func(a, b *catalog.Node) int { return cmp.Compare(a.Name, b.Name) })
	for i, n := range l.ranked {
		l.rank[n] = i
	}
	l.print = l.fingerprint() + searchedAs + store.SearchForm(cat)
	return l
}

func ident(name string) string                 { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
func nodeTable(n *catalog.Node) string         { return ident("n_" + n.Name) }
func edgeTable(r *catalog.Relationship) string { return ident("r_" + r.Type) }

// column is the stored column of a property.
func column(p *catalog.Property) string {
	if p == catalog.EdgeKey {
		return "__key"
	}
	return ident(p.Name)
}

const storeTable = `CREATE TABLE store(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  id TEXT NOT NULL,
  catalog TEXT NOT NULL,
  number INTEGER NOT NULL,
  content TEXT NOT NULL,
  loaded INTEGER NOT NULL,
  corpus TEXT NOT NULL,
  counts TEXT NOT NULL,
  degrees TEXT NOT NULL
) STRICT`

// tables is the DDL of everything but the store table and secondary indexes.
func (l *layout) tables() []string {
	ddl := []string{
		`CREATE TABLE node(__key INTEGER PRIMARY KEY, type INTEGER NOT NULL, id TEXT NOT NULL UNIQUE) STRICT`,
		`CREATE VIRTUAL TABLE search USING fts5(name, body, content='', contentless_delete=1, tokenize='ascii')`,
	}
	for _, n := range l.cat.Nodes {
		ddl = append(ddl, fmt.Sprintf(`CREATE TABLE %s(__key INTEGER PRIMARY KEY%s) STRICT`, nodeTable(n), columns(n.Properties)))
	}
	for _, r := range l.cat.Relationships {
		ddl = append(ddl, fmt.Sprintf(`CREATE TABLE %s(__src INTEGER NOT NULL, __dst INTEGER NOT NULL, __key TEXT NOT NULL%s, PRIMARY KEY(__src, __dst, __key)) STRICT, WITHOUT ROWID`, edgeTable(r), columns(r.Properties)))
	}
	return ddl
}

func columns(props []*catalog.Property) string {
	var s strings.Builder
	for _, p := range props {
		s.WriteString(", " + ident(p.Name))
		switch {
		case p.List || p.Kind.Text():
			s.WriteString(" TEXT")
		case p.Kind == catalog.Float:
			s.WriteString(" REAL")
		default:
			s.WriteString(" INTEGER")
		}
		if p.NonNull {
			s.WriteString(" NOT NULL")
		}
		if p.Kind == catalog.ID && p.Name == "id" {
			s.WriteString(" UNIQUE")
		}
	}
	return s.String()
}

// index is a secondary index; a load into an empty store makes them last.
type index struct{ name, table, columns string }

func (x index) create() string {
	return fmt.Sprintf(`CREATE INDEX IF NOT EXISTS %s ON %s(%s)`, ident(x.name), x.table, x.columns)
}

func (x index) drop() string { return `DROP INDEX IF EXISTS ` + ident(x.name) }

// indexes are the reverse direction of every relationship and the node
// properties that are worth it.
func (l *layout) indexes() []index {
	var out []index
	for _, r := range l.cat.Relationships {
		out = append(out, index{"x_" + r.Type, edgeTable(r), "__dst, __src, __key"})
	}
	for _, n := range l.cat.Nodes {
		for _, p := range n.Properties {
			if p.Indexed() {
				out = append(out, index{"x_" + n.Name + "_" + p.Name, nodeTable(n), ident(p.Name) + ", id"})
			}
		}
	}
	return out
}

const searchedAs = "/"

// otherSearch reports whether a store differs from l in its form of search alone.
func (l *layout) otherSearch(made string) bool {
	tables, _, _ := strings.Cut(l.print, searchedAs)
	return made != l.print && strings.HasPrefix(made, tables+searchedAs)
}

// fingerprint changes when data stored under one catalog cannot be read, or
// described under another.
func (l *layout) fingerprint() string {
	h := sha256.New()
	fmt.Fprintln(h, "keys ascend with ids")
	for _, s := range l.tables() {
		fmt.Fprintln(h, s)
	}
	for _, x := range l.indexes() {
		fmt.Fprintln(h, x.create())
	}
	for _, n := range l.cat.Nodes {
		for _, p := range n.Properties {
			fmt.Fprintln(h, n.Name, p.Name, p.Type)
		}
		for _, r := range n.Relations {
			fmt.Fprintln(h, n.Name, r.Field, r.Relationship.Type, r.Out, r.Target.Name)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// restricts reports whether the relationship's table also joins near nodes of
// the relation's owner with far nodes of other types than its target.
func restricts(r *catalog.Relation) bool {
	for _, e := range r.Relationship.Ends {
		near, far := e.From, e.To
		if !r.Out {
			near, far = far, near
		}
		if near == r.Owner && far != r.Target {
			return true
		}
	}
	return false
}

// sides are the columns of a relation's table at its owner and at its target.
func sides(r *catalog.Relation) (near, far string) {
	if r.Out {
		return "__src", "__dst"
	}
	return "__dst", "__src"
}
