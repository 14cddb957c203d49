package neo4j

import (
	"fmt"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// snapshot is what the database holds, as hashes of rows.
type snapshot struct {
	nodes   map[string]heldNode
	edges   map[edgeID]store.RowHash
	content store.Content
}

// heldNode is a node in the database. Its type is "" when its label is none of
// the catalog's.
type heldNode struct {
	typ     string
	hash    store.RowHash
	columns [2]string // the hidden search properties
}

// edgeID tells relationships apart.
type edgeID struct {
	rel, from, to, key string
}

// changes are the writes that lead from a snapshot to a data set. Nodes and
// edges are those to be written, new or changed.
type changes struct {
	deleteEdges []edgeID
	deleteNodes []string
	nodes       []store.NodeSet
	edges       []store.EdgeSet
	content     string // afterwards
	report      store.LoadReport
}

// rows is the number of rows to write.
func (c *changes) rows() int {
	n := len(c.deleteEdges) + len(c.deleteNodes)
	for _, s := range c.nodes {
		n += len(s.Rows)
	}
	for _, s := range c.edges {
		n += len(s.Rows)
	}
	return n
}

// compare finds the changes that load d, with replace or merge. Pure.
func compare(have *snapshot, d *store.Dataset, replace bool) (*changes, error) {
	c := &changes{}
	content := have.content
	wanted := make(map[string]bool)
	moved := make(map[string]bool) // deleted and made again, with another label

	for _, set := range d.Nodes {
		out := store.NodeSet{Type: set.Type}
		id := propertyIndex(set.Type)
		for _, values := range set.Rows {
			key := values[id].(string)
			wanted[key] = true
			hash := content.Node(set.Type, values)
			old, exists := have.nodes[key]
			switch {
			case !exists:
				c.report.NodesCreated++
			case old.typ != set.Type.Name && !replace:
				return nil, &store.Error{Code: store.Conflict, Message: fmt.Sprintf("the id %q is of a %s in the data and of another type in the store; replace the store's data or change the id", key, set.Type.Name)}
			case old.typ != set.Type.Name:
				moved[key] = true
				c.deleteNodes = append(c.deleteNodes, key)
				c.report.NodesUpdated++
			case old.hash == hash && old.columns == searchColumns(set.Type, values):
				continue
			default:
				c.report.NodesUpdated++
			}
			if exists && old.typ != "" {
				content.Remove(old.hash)
			}
			content.Add(hash)
			out.Rows = append(out.Rows, values)
		}
		c.nodes = append(c.nodes, out)
	}

	wantedEdges := make(map[edgeID]bool)
	for _, set := range d.Edges {
		out := store.EdgeSet{Relationship: set.Relationship, Ends: set.Ends}
		for _, e := range set.Rows {
			id := edgeID{set.Relationship.Type, e.From, e.To, e.Key}
			wantedEdges[id] = true
			hash := content.Edge(set.Relationship, e)
			old, exists := have.edges[id]
			switch {
			case !exists:
				c.report.EdgesCreated++
			case old != hash:
				c.report.EdgesUpdated++
			case !moved[e.From] && !moved[e.To]:
				continue
			}
			if exists {
				content.Remove(old)
			}
			content.Add(hash)
			out.Rows = append(out.Rows, e)
		}
		c.edges = append(c.edges, out)
	}

	if replace {
		for id, hash := range have.edges {
			if !wantedEdges[id] {
				c.deleteEdges = append(c.deleteEdges, id)
				c.report.EdgesDeleted++
				content.Remove(hash)
			}
		}
		for id, old := range have.nodes {
			if !wanted[id] {
				c.deleteNodes = append(c.deleteNodes, id)
				c.report.NodesDeleted++
				if old.typ != "" {
					content.Remove(old.hash)
				}
			}
		}
	}
	c.content = content.Hex(d.Corpus)
	return c, nil
}

// propertyIndex is the position of the id among a type's properties.
func propertyIndex(n *catalog.Node) int {
	for i, p := range n.Properties {
		if p.Name == "id" {
			return i
		}
	}
	panic("neo4j: a stored type without id") // the catalog refuses it
}

func searchColumns(n *catalog.Node, values []any) [2]string {
	name, body := columns(n, values)
	return [2]string{name, body}
}
