package store

import (
	"slices"
	"strings"

	"normgraph/graph/catalog"
)

// NodeList gives the rows of one stored type in the order of their ids, by code
// point, and finds them. It takes four bytes a row.
type NodeList struct {
	rows  [][]any
	id    int // position of the id in a row
	order []int32
}

// NodeList lists the nodes of type n.
func (d *Dataset) NodeList(n *catalog.Node) NodeList {
	l := NodeList{id: slices.Index(n.Properties, n.Property("id"))}
	if i := slices.IndexFunc(d.Nodes, func(s NodeSet) bool { return s.Type == n }); i >= 0 {
		l.rows = d.Nodes[i].Rows
	}
	l.order = make([]int32, len(l.rows))
	for i := range l.order {
		l.order[i] = int32(i)
	}
	slices.SortFunc(l.order, func(a, b int32) int { return strings.Compare(l.idOf(a), l.idOf(b)) })
	return l
}

func (l NodeList) idOf(row int32) string { return l.rows[row][l.id].(string) }

// Len is the number of rows.
func (l NodeList) Len() int { return len(l.order) }

// Row is the i-th row by id.
func (l NodeList) Row(i int) []any { return l.rows[l.order[i]] }

// ID is the i-th id.
func (l NodeList) ID(i int) string { return l.idOf(l.order[i]) }

// Find gives the position of an id.
func (l NodeList) Find(id string) (int, bool) {
	return slices.BinarySearchFunc(l.order, id, func(row int32, id string) int { return strings.Compare(l.idOf(row), id) })
}

// FindRow gives the position of the row with the id of row.
func (l NodeList) FindRow(row []any) (int, bool) { return l.Find(row[l.id].(string)) }

// EdgeList gives the relationships of one type in the order of the ids of their
// ends and of their keys, by code point, and finds them. It takes eight bytes a
// row.
type EdgeList []*Edge

// EdgeList lists the relationships of type r.
func (d *Dataset) EdgeList(r *catalog.Relationship) EdgeList {
	l := make(EdgeList, 0, d.EdgeCount(r))
	for _, s := range d.Edges {
		if s.Relationship == r {
			for i := range s.Rows {
				l = append(l, &s.Rows[i])
			}
		}
	}
	slices.SortFunc(l, (*Edge).compare)
	return l
}

// EdgeCount is the number of relationships of type r.
func (d *Dataset) EdgeCount(r *catalog.Relationship) int {
	n := 0
	for _, s := range d.Edges {
		if s.Relationship == r {
			n += len(s.Rows)
		}
	}
	return n
}

// Find gives the position of the relationship with the identity of e.
func (l EdgeList) Find(e *Edge) (int, bool) {
	return slices.BinarySearchFunc(l, e, (*Edge).compare)
}

// compare orders by identity.
func (e *Edge) compare(o *Edge) int {
	if c := strings.Compare(e.From, o.From); c != 0 {
		return c
	}
	if c := strings.Compare(e.To, o.To); c != 0 {
		return c
	}
	return strings.Compare(e.Key, o.Key)
}

// Len is the number of all rows.
func (d *Dataset) Len() int {
	n := 0
	for _, s := range d.Nodes {
		n += len(s.Rows)
	}
	for _, s := range d.Edges {
		n += len(s.Rows)
	}
	return n
}
