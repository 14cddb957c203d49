package neo4j

import (
	"context"
	"fmt"
	"slices"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// changes are the writes that lead from what is stored to a data set. They hold
// a few bytes for a row: the rows themselves are made when they are written.
type changes struct {
	cat     *catalog.Catalog
	data    *store.Dataset
	corpus  store.Corpus    // afterwards
	types   []*catalog.Node // all of the catalog, and nil for nodes of no type of ours
	nodes   map[*catalog.Node]*nodeChanges
	edges   map[*catalog.Relationship]*edgeChanges
	moved   map[string]bool // ids of nodes that change their type: deleted and made again
	rows    int             // to write
	content string          // afterwards
	report  store.LoadReport
	held    int // nodes stored before
	// gone tells which stored relationships that the data does not hold are deleted.
	gone func(*catalog.Relationship, *store.Edge) bool
}

type nodeChanges struct {
	list  store.NodeList
	fates fates
	gone  int // stored nodes of the type to delete
}

type edgeChanges struct {
	fates fates
	gone  int
}

// fates say what becomes of the rows of a list. nil stands for created alone: a
// first load keeps none.
type fates []fate

type fate uint8

const (
	created   fate = iota // the database does not have it
	updated               // it is there with other values
	rewritten             // a relationship as it is there, of a node that is made again
	doubled               // a relationship that is there more than once, by other hands
	same                  // nothing to write
)

// compare finds the changes that load d, with replace or merge. content is that
// of d, corpus names what is stored afterwards.
func (s *Store) compare(ctx context.Context, d *store.Dataset, corpus store.Corpus, content store.Content, replace bool, gone func(*catalog.Relationship, *store.Edge) bool) (*changes, error) {
	c := &changes{cat: s.cat, data: d, corpus: corpus, gone: gone, types: append(slices.Clone(s.cat.Nodes), nil),
		nodes: map[*catalog.Node]*nodeChanges{nil: {}}, edges: map[*catalog.Relationship]*edgeChanges{}, moved: map[string]bool{}}
	for _, n := range s.cat.Nodes {
		c.nodes[n] = &nodeChanges{list: d.NodeList(n)}
	}
	for _, n := range c.types {
		if err := s.compareNodes(ctx, c, n, &content, replace); err != nil {
			return nil, err
		}
	}
	for _, r := range s.cat.Relationships {
		if err := s.compareEdges(ctx, c, r, &content); err != nil {
			return nil, err
		}
	}
	for _, x := range c.nodes {
		c.rows += x.gone + x.fates.count(x.list.Len(), &c.report.NodesCreated, &c.report.NodesUpdated)
		c.report.NodesDeleted += x.gone
	}
	c.report.NodesDeleted -= len(c.moved)
	for _, r := range s.cat.Relationships {
		x := c.edges[r]
		c.rows += x.gone + x.fates.count(d.EdgeCount(r), &c.report.EdgesCreated, &c.report.EdgesUpdated)
		c.report.EdgesDeleted += x.gone
	}
	c.content = content.Hex(corpus)
	return c, nil
}

// count adds up n fates and gives the number of rows to write.
func (f fates) count(n int, creates, updates *int) int {
	rows := 0
	if f == nil {
		*creates += n
		return n
	}
	for _, x := range f {
		switch x {
		case created:
			*creates++
		case updated:
			*updates++
		case same:
			continue
		}
		rows++
	}
	return rows
}

func (s *Store) compareNodes(ctx context.Context, c *changes, n *catalog.Node, content *store.Content, replace bool) error {
	x := c.nodes[n]
	return s.eachNode(ctx, n, func(old storedNode) error {
		c.held++
		typ, i, given := c.find(n, old.id)
		switch {
		case given && typ == n:
			row := x.list.Row(i)
			if x.set(i, updated); content.Node(n, old.values) == content.Node(n, row) && old.columns == columns(n, row) {
				x.set(i, same)
			}
		case given && !replace:
			return &store.Error{Code: store.Conflict, Message: fmt.Sprintf("the id %q is of a %s in the data and of another type in the store; replace the store's data or change the id", old.id, typ.Name)}
		case given:
			c.nodes[typ].set(i, updated)
			c.moved[old.id] = true
			x.gone++
		case replace:
			x.gone++
		case n != nil:
			content.Add(content.Node(n, old.values))
		}
		return nil
	})
}

// set notes the fate of the i-th row.
func (x *nodeChanges) set(i int, f fate) {
	if x.fates == nil {
		x.fates = make(fates, x.list.Len())
	}
	x.fates[i] = f
}

// fate is that of a row of the type.
func (x *nodeChanges) fate(row []any) fate {
	if x.fates == nil {
		return created
	}
	i, _ := x.list.FindRow(row)
	return x.fates[i]
}

// find gives the type and the position of an id in the data, which is most
// likely of type n.
func (c *changes) find(n *catalog.Node, id string) (*catalog.Node, int, bool) {
	if i, ok := c.nodes[n].list.Find(id); ok {
		return n, i, true
	}
	for _, n := range c.types {
		if i, ok := c.nodes[n].list.Find(id); ok {
			return n, i, true
		}
	}
	return nil, 0, false
}

func (s *Store) compareEdges(ctx context.Context, c *changes, r *catalog.Relationship, content *store.Content) error {
	x := &edgeChanges{}
	c.edges[r] = x
	var list store.EdgeList
	return s.eachEdge(ctx, r, func(old *store.Edge) error {
		if x.fates == nil {
			list = c.data.EdgeList(r)
			x.fates = make(fates, len(list))
		}
		hash := content.Edge(r, *old)
		i, given := list.Find(old)
		switch {
		case given && x.fates[i] != created:
			x.fates[i] = doubled
			x.gone++
		case !given && c.gone(r, old):
			x.gone++
		case !given:
			content.Add(hash)
		case content.Edge(r, *list[i]) != hash:
			x.fates[i] = updated
		case c.moved[old.From] || c.moved[old.To]:
			x.fates[i] = rewritten
		default:
			x.fates[i] = same
		}
		return nil
	})
}
