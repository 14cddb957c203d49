package neo4j

import (
	"context"
	"fmt"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// snapshot reads what the database holds. Only the holder of the lease calls
// it, so nothing changes meanwhile.
func (s *Store) snapshot(ctx context.Context) (*snapshot, error) {
	out := &snapshot{nodes: map[string]heldNode{}, edges: map[edgeID]store.RowHash{}}
	each := func(text string, do func([]any) error) error {
		return s.run(ctx, neo4j.AccessModeRead, func(ctx context.Context, session neo4j.SessionWithContext, options ...txOption) error {
			result, err := session.Run(ctx, text, nil, options...)
			if err != nil {
				return err
			}
			for result.Next(ctx) {
				if err := do(result.Record().Values[0].([]any)); err != nil {
					return err
				}
			}
			return result.Err()
		})
	}

	for _, n := range s.cat.Nodes {
		text := "MATCH (n:" + nodeLabel + ":" + name(n.Name) + ") RETURN [n.id, n." + nameColumn + ", n." + bodyColumn + columnsOf("n", n.Properties) + "]"
		err := each(text, func(record []any) error {
			id, _ := record[0].(string)
			values, err := decode(n.Properties, record[3:])
			if err != nil {
				return fmt.Errorf("neo4j: %s %q: %w", n.Name, id, err)
			}
			h := heldNode{typ: n.Name, hash: out.content.Node(n, values)}
			h.columns[0], _ = record[1].(string)
			h.columns[1], _ = record[2].(string)
			out.nodes[id] = h
			out.content.Add(h.hash)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	err := each("MATCH (n:"+nodeLabel+") WHERE NOT n:"+labels(s.cat.Nodes)+" RETURN [n.id]", func(record []any) error {
		id, _ := record[0].(string)
		out.nodes[id] = heldNode{}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, r := range s.cat.Relationships {
		text := "MATCH (a:" + nodeLabel + ")-[e:" + name(r.Type) + "]->(b:" + nodeLabel + ") RETURN [a.id, b.id, e.key" + columnsOf("e", r.Properties) + "]"
		err := each(text, func(record []any) error {
			var e store.Edge
			e.From, _ = record[0].(string)
			e.To, _ = record[1].(string)
			e.Key, _ = record[2].(string)
			var err error
			if e.Values, err = decode(r.Properties, record[3:]); err != nil {
				return fmt.Errorf("neo4j: %s from %q to %q: %w", r.Type, e.From, e.To, err)
			}
			h := out.content.Edge(r, e)
			out.edges[edgeID{r.Type, e.From, e.To, e.Key}] = h
			out.content.Add(h)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func columnsOf(variable string, props []*catalog.Property) string {
	var s string
	for _, p := range props {
		s += ", " + variable + "." + name(p.Name)
	}
	return s
}

// decode turns the driver's values into those of a data set. A value of
// another kind than the catalog's was not written by us: it counts as missing,
// so that the next load writes it again.
func decode(props []*catalog.Property, values []any) ([]any, error) {
	out := make([]any, len(props))
	for i, p := range props {
		if p.List {
			list, ok := values[i].([]any)
			if !ok {
				continue
			}
			switch p.Kind {
			case catalog.Int:
				out[i] = listOf[int64](list)
			case catalog.Float:
				out[i] = listOf[float64](list)
			case catalog.Boolean:
				out[i] = listOf[bool](list)
			default:
				out[i] = listOf[string](list)
			}
			continue
		}
		switch v := values[i].(type) {
		case nil, string, int64, float64, bool:
			out[i] = v
		default:
			return nil, fmt.Errorf("property %s holds a %T", p.Name, v)
		}
	}
	return out, nil
}

func listOf[T any](list []any) []T {
	out := make([]T, 0, len(list))
	for _, v := range list {
		if x, ok := v.(T); ok {
			out = append(out, x)
		}
	}
	return out
}
