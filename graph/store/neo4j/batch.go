package neo4j

import (
	"context"
	"errors"
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

// filling makes batches of one statement and hands them on.
type filling struct {
	batch
	do func(batch) error
}

func (f *filling) add(row any) error {
	if f.rows = append(f.rows, row); len(f.rows) < batchSize {
		return nil
	}
	return f.end()
}

// end hands on what is left.
func (f *filling) end() error {
	if len(f.rows) == 0 {
		return nil
	}
	full := f.batch
	f.rows = nil
	return f.do(full)
}

// deletions reads once more what is stored of the types that lose rows, and
// calls do with the batches that delete them: relationships, then nodes.
func (s *Store) deletions(ctx context.Context, c *changes, do func(batch) error) error {
	for _, r := range s.cat.Relationships {
		if c.edges[r].gone == 0 {
			continue
		}
		list := c.data.EdgeList(r)
		out := &filling{batch{text: deleteEdge(r.Type)}, do}
		err := s.eachEdge(ctx, r, func(e *store.Edge) error {
			i, given := list.Find(e)
			if given && c.edges[r].fates[i] != doubled || !given && !c.gone(r, e) {
				return nil
			}
			if e.From == "" || e.To == "" { // goes with its node
				return nil
			}
			return out.add(map[string]any{"from": e.From, "to": e.To, "key": e.Key})
		})
		if err == nil {
			err = out.end()
		}
		if err != nil {
			return err
		}
	}
	out := &filling{batch{text: "UNWIND $rows AS id OPTIONAL MATCH (n:" + nodeLabel + " {id: id}) DETACH DELETE n RETURN count(*)"}, do}
	// Other hands may have made nodes without an id, which no index finds.
	nameless := &filling{batch{text: "UNWIND $rows AS all OPTIONAL MATCH (n:" + nodeLabel + ") WHERE valueType(n.id) <> 'STRING NOT NULL' DETACH DELETE n RETURN count(DISTINCT all)"}, do}
	found := false
	for _, n := range c.types {
		x := c.nodes[n]
		if x.gone == 0 {
			continue
		}
		err := s.eachNode(ctx, n, func(old storedNode) error {
			if _, given := x.list.Find(old.id); given {
				return nil
			}
			if old.id == "" {
				found = true
				return nil
			}
			return out.add(old.id)
		})
		if err != nil {
			return err
		}
	}
	if found {
		if err := nameless.add(""); err != nil {
			return err
		}
	}
	return errors.Join(out.end(), nameless.end())
}

// writes calls do with the batches that write the data: nodes, then
// relationships. The two are never in one statement, which would read all
// before it writes any.
func (c *changes) writes(do func(batch) error) error {
	for _, set := range c.data.Nodes {
		x := c.nodes[set.Type]
		out := &filling{batch{text: mergeNode(set.Type.Name)}, do}
		for _, row := range set.Rows {
			if x.fate(row) == same {
				continue
			}
			if err := out.add(nodeProperties(set.Type, row)); err != nil {
				return err
			}
		}
		if err := out.end(); err != nil {
			return err
		}
	}
	for _, set := range c.data.Edges {
		r, fates := set.Relationship, c.edges[set.Relationship].fates
		var list store.EdgeList
		if fates != nil {
			list = c.data.EdgeList(r)
		}
		out := &filling{batch{text: mergeEdge(r)}, do}
		for i := range set.Rows {
			e := &set.Rows[i]
			if at, given := list.Find(e); given && fates[at] == same {
				continue
			}
			row := map[string]any{"from": e.From, "to": e.To, "key": e.Key, "properties": edgeProperties(r, e)}
			if err := out.add(row); err != nil {
				return err
			}
		}
		if err := out.end(); err != nil {
			return err
		}
	}
	return nil
}

func mergeNode(typ string) string {
	return "UNWIND $rows AS r MERGE (n:" + nodeLabel + " {id: r.id}) SET n = r SET n:" + name(typ) + " RETURN count(*)"
}

const matchEnds = "MATCH (a:" + nodeLabel + " {id: r.from}) MATCH (b:" + nodeLabel + " {id: r.to}) "

func mergeEdge(r *catalog.Relationship) string {
	identity := ""
	if r.Parallel() {
		identity = " {key: r.key}"
	}
	return "UNWIND $rows AS r " + matchEnds + "MERGE (a)-[e:" + name(r.Type) + identity + "]->(b) SET e = r.properties RETURN count(*)"
}

// deleteEdge finds both ends first, and then the relationships between them from
// the end that has fewer. OPTIONAL holds the server to this order: it may begin at
// either end else, and at a hub read all relationships for each row.
func deleteEdge(typ string) string {
	return "UNWIND $rows AS r CALL (r) { " + matchEnds + "OPTIONAL MATCH (a)-[e:" + name(typ) + "]->(b) WHERE coalesce(e.key, '') = r.key DELETE e }" +
		" RETURN count(*)"
}

// nodeProperties are all properties of a node, hidden ones included; missing
// values are left out.
func nodeProperties(n *catalog.Node, values []any) map[string]any {
	m := properties(n.Properties, values)
	for i, column := range columns(n, values) {
		if column != "" {
			m[[...]string{nameColumn, bodyColumn}[i]] = column
		}
	}
	return m
}

func edgeProperties(r *catalog.Relationship, e *store.Edge) map[string]any {
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
