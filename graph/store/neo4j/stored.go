package neo4j

import (
	"context"
	"fmt"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// Only the holder of the lease reads what is stored as a whole, so nothing but
// its own writes changes meanwhile. The rows come as a stream and are kept
// nowhere.

// storedNode is a node in the database.
type storedNode struct {
	id      string
	values  []any
	columns [2]string // the hidden search properties
}

// eachNode calls f with every stored node of type n; with nil, with those whose
// label is none of the catalog's. The latter have no values.
func (s *Store) eachNode(ctx context.Context, n *catalog.Node, f func(storedNode) error) error {
	match := "MATCH (n:" + nodeLabel + ") WHERE NOT n:" + labels(s.cat.Nodes)
	var props []*catalog.Property
	if n != nil {
		match = "MATCH (n:" + nodeLabel + ":" + name(n.Name) + ")"
		props = n.Properties
	}
	return s.each(ctx, match+" RETURN [n.id, n."+nameColumn+", n."+bodyColumn+columnsOf("n", props)+"]", func(record []any) error {
		var x storedNode
		x.id, _ = record[0].(string)
		x.columns[0], _ = record[1].(string)
		x.columns[1], _ = record[2].(string)
		var err error
		if x.values, err = decode(props, record[3:]); err != nil {
			return fmt.Errorf("neo4j: %s %q: %w", n.Name, x.id, err)
		}
		return f(x)
	})
}

// eachEdge calls f with every stored relationship of type r.
func (s *Store) eachEdge(ctx context.Context, r *catalog.Relationship, f func(*store.Edge) error) error {
	return s.eachEdgeBetween(ctx, r, nodeLabel, nodeLabel, f)
}

// eachEdgeBetween is eachEdge between nodes of these labels.
func (s *Store) eachEdgeBetween(ctx context.Context, r *catalog.Relationship, from, to string, f func(*store.Edge) error) error {
	text := "MATCH (a:" + from + ")-[e:" + name(r.Type) + "]->(b:" + to + ") RETURN [a.id, b.id, e.key" + columnsOf("e", r.Properties) + "]"
	return s.each(ctx, text, func(record []any) error {
		var e store.Edge
		e.From, _ = record[0].(string)
		e.To, _ = record[1].(string)
		e.Key, _ = record[2].(string)
		var err error
		if e.Values, err = decode(r.Properties, record[3:]); err != nil {
			return fmt.Errorf("neo4j: %s from %q to %q: %w", r.Type, e.From, e.To, err)
		}
		return f(&e)
	})
}

// Read calls f with the rows of the current revision; see store.Store. A load
// that ends meanwhile is noticed when f is done.
func (s *Store) Read(ctx context.Context, f func(store.Revision, store.Rows) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.work.Done()
	before, err := s.current(ctx)
	if err != nil {
		return fault(ctx, err)
	}
	if err := f(before, rows{ctx, s}); err != nil {
		return fault(ctx, err)
	}
	after, err := s.current(ctx)
	if err == nil && after.Number != before.Number {
		err = &store.Error{Code: store.Unavailable, Message: "the store was loaded while it was read; try again"}
	}
	return fault(ctx, err)
}

// current is the revision, its number 0 when nothing was loaded.
func (s *Store) current(ctx context.Context) (store.Revision, error) {
	record, err := s.read(ctx, "MATCH (m:"+markerLabel+") RETURN m {"+markerState+"}", nil)
	if err != nil || record == nil {
		return store.Revision{}, err
	}
	state, err := readState(record[0])
	if err == nil && state.loading != "" {
		err = state.refusal()
	}
	return state.revision, err
}

// rows reads what is stored.
type rows struct {
	ctx context.Context
	s   *Store
}

// Nodes implements store.Rows.
func (r rows) Nodes(n *catalog.Node, f func(values []any) error) error {
	return r.s.eachNode(r.ctx, n, func(x storedNode) error { return f(x.values) })
}

// Edges implements store.Rows.
func (r rows) Edges(rel *catalog.Relationship, ends catalog.Ends, f func(*store.Edge) error) error {
	return r.s.eachEdgeBetween(r.ctx, rel, name(ends.From.Name), name(ends.To.Name), f)
}

// each calls f with the list that every record of a statement holds.
func (s *Store) each(ctx context.Context, text string, f func([]any) error) error {
	return s.run(ctx, neo4j.AccessModeRead, func(ctx context.Context, session neo4j.SessionWithContext, options ...txOption) error {
		result, err := session.Run(ctx, text, nil, options...)
		if err != nil {
			return err
		}
		for result.Next(ctx) {
			if err := f(result.Record().Values[0].([]any)); err != nil {
				return err
			}
		}
		return result.Err()
	})
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
