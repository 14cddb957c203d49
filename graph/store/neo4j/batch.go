package neo4j

import (
	"slices"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// batch is one statement over a list of rows. Each row must give a row back.
type batch struct {
	text string
	rows []any
}

// size of a batch: large enough that the round trip does not count, small
// enough for the memory of one transaction.
const batchSize = 5000

// batches orders the writes: deletions, then nodes, then relationships. Nodes
// and relationships are never in one statement, which would read all before it
// writes any.
func (c *changes) batches() []batch {
	var out []batch
	add := func(text string, rows []any) {
		for chunk := range slices.Chunk(rows, batchSize) {
			out = append(out, batch{text, chunk})
		}
	}
	byType := map[string][]any{}
	var order []string
	for _, id := range c.deleteEdges {
		if byType[id.rel] == nil {
			order = append(order, id.rel)
		}
		byType[id.rel] = append(byType[id.rel], map[string]any{"from": id.from, "to": id.to, "key": id.key})
	}
	for _, typ := range order {
		add(deleteEdge(typ), byType[typ])
	}
	ids := make([]any, len(c.deleteNodes))
	for i, id := range c.deleteNodes {
		ids[i] = id
	}
	add("UNWIND $rows AS id OPTIONAL MATCH (n:"+nodeLabel+" {id: id}) DETACH DELETE n RETURN count(*)", ids)
	for _, set := range c.nodes {
		rows := make([]any, len(set.Rows))
		for i, values := range set.Rows {
			rows[i] = nodeProperties(set.Type, values)
		}
		add("UNWIND $rows AS r MERGE (n:"+nodeLabel+" {id: r.id}) SET n = r SET n:"+name(set.Type.Name)+" RETURN count(*)", rows)
	}
	for _, set := range c.edges {
		rows := make([]any, len(set.Rows))
		for i, e := range set.Rows {
			rows[i] = map[string]any{"from": e.From, "to": e.To, "key": e.Key, "properties": edgeProperties(set.Relationship, e)}
		}
		add(mergeEdge(set.Relationship), rows)
	}
	return out
}

const matchEnds = "MATCH (a:" + nodeLabel + " {id: r.from}) MATCH (b:" + nodeLabel + " {id: r.to}) "

func mergeEdge(r *catalog.Relationship) string {
	identity := ""
	if r.Parallel() {
		identity = " {key: r.key}"
	}
	return "UNWIND $rows AS r " + matchEnds + "MERGE (a)-[e:" + name(r.Type) + identity + "]->(b) SET e = r.properties RETURN count(*)"
}

func deleteEdge(typ string) string {
	return "UNWIND $rows AS r OPTIONAL MATCH (:" + nodeLabel + " {id: r.from})-[e:" + name(typ) + "]->(:" + nodeLabel + " {id: r.to})" +
		" WHERE coalesce(e.key, '') = r.key DELETE e RETURN count(*)"
}

// nodeProperties are all properties of a node, hidden ones included; missing
// values are left out.
func nodeProperties(n *catalog.Node, values []any) map[string]any {
	m := properties(n.Properties, values)
	for i, column := range searchColumns(n, values) {
		if column != "" {
			m[[...]string{nameColumn, bodyColumn}[i]] = column
		}
	}
	return m
}

func edgeProperties(r *catalog.Relationship, e store.Edge) map[string]any {
	m := properties(r.Properties, e.Values)
	if r.Parallel() {
		m[catalog.EdgeKey.Name] = e.Key
	}
	return m
}

func properties(props []*catalog.Property, values []any) map[string]any {
	m := make(map[string]any, len(props)+2)
	for i, p := range props {
		if values[i] != nil {
			m[p.Name] = values[i]
		}
	}
	return m
}

// statistics is the statement that counts nodes by type and degrees by
// relation: a column per type, then a column per relation, in catalog order.
func statistics(cat *catalog.Catalog) string {
	var columns []string
	for _, n := range cat.Nodes {
		columns = append(columns, "COUNT { (:"+name(n.Name)+") }")
	}
	for _, n := range cat.Nodes {
		for _, r := range n.Relations {
			c := &compiler{}
			c.hop(r, "n", at{}, false)
			columns = append(columns, "COLLECT { MATCH (n:"+name(n.Name)+") WITH COUNT { "+c.s.String()+" } AS d WITH d, count(*) AS c ORDER BY d RETURN [d, c] }")
		}
	}
	return "RETURN [" + strings.Join(columns, ", ") + "]"
}

// readStatistics reads the value of the statistics statement.
func readStatistics(cat *catalog.Catalog, values []any) ([]store.Count, store.Degrees) {
	counts := make([]store.Count, len(cat.Nodes))
	for i, n := range cat.Nodes {
		counts[i] = store.Count{Kind: n.Name, Count: values[i].(int64)}
	}
	values = values[len(cat.Nodes):]
	degrees := store.Degrees{}
	for _, n := range cat.Nodes {
		for _, r := range n.Relations {
			list := []store.Degree{}
			for _, pair := range values[0].([]any) {
				p := pair.([]any)
				list = append(list, store.Degree{Degree: p[0].(int64), Nodes: p[1].(int64)})
			}
			degrees[n.Name+"."+r.Field] = list
			values = values[1:]
		}
	}
	return counts, degrees
}
