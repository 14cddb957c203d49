// Package oracle answers GraphQL operations from a data set in memory: by the
// text of the GraphQL specification and of the API's description, slowly and
// without a plan, so that tests can tell whether the service is right. Only
// tests import it.
//
// It expects operations without mistakes: mistakes have tests of their own.
package oracle

import (
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// Graph is a data set as nodes that know their relationships.
type Graph struct {
	schema  *ast.Schema
	catalog *catalog.Catalog
	corpus  store.Corpus
	nodes   map[*catalog.Node][]*node
	byID    map[string]*node
}

type node struct {
	typ     *catalog.Node
	values  map[string]any // nil, string, int64, float64, bool or []any, by property
	out, in map[*catalog.Relationship][]*edge
}

func (n *node) id() string { return n.values["id"].(string) }

type edge struct {
	from, to *node
	key      string
	values   map[string]any
}

// row is what a list or connection consists of; edge is nil at the root.
type row struct {
	node *node
	edge *edge
}

// New indexes d.
func New(schema *ast.Schema, cat *catalog.Catalog, d *store.Dataset) *Graph {
	g := &Graph{schema: schema, catalog: cat, corpus: d.Corpus, nodes: map[*catalog.Node][]*node{}, byID: map[string]*node{}}
	for _, set := range d.Nodes {
		for _, r := range set.Rows {
			n := &node{typ: set.Type, values: named(set.Type.Properties, r),
				out: map[*catalog.Relationship][]*edge{}, in: map[*catalog.Relationship][]*edge{}}
			g.nodes[set.Type] = append(g.nodes[set.Type], n)
			g.byID[n.id()] = n
		}
	}
	for _, set := range d.Edges {
		for _, r := range set.Rows {
			e := &edge{from: g.byID[r.From], to: g.byID[r.To], key: r.Key, values: named(set.Relationship.Properties, r.Values)}
			e.from.out[set.Relationship] = append(e.from.out[set.Relationship], e)
			e.to.in[set.Relationship] = append(e.to.in[set.Relationship], e)
		}
	}
	return g
}

func named(props []*catalog.Property, values []any) map[string]any {
	m := map[string]any{}
	for i, p := range props {
		m[p.Name] = plain(values[i])
	}
	return m
}

func plain(v any) any {
	switch v := v.(type) {
	case []string:
		return anyList(v)
	case []int64:
		return anyList(v)
	case []float64:
		return anyList(v)
	case []bool:
		return anyList(v)
	}
	return v
}

func anyList[T any](list []T) any {
	if list == nil {
		return nil
	}
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// all are the nodes of a type.
func (g *Graph) all(n *catalog.Node) []row {
	var rows []row
	for _, x := range g.nodes[n] {
		rows = append(rows, row{node: x})
	}
	return rows
}

// related follows a relation: one row per relationship.
func related(n *node, r *catalog.Relation) []row {
	var rows []row
	if r.Out {
		for _, e := range n.out[r.Relationship] {
			if e.to.typ == r.Target {
				rows = append(rows, row{e.to, e})
			}
		}
		return rows
	}
	for _, e := range n.in[r.Relationship] {
		if e.from.typ == r.Target {
			rows = append(rows, row{e.from, e})
		}
	}
	return rows
}
