package sqlite

import (
	"context"
	"fmt"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// Read calls f with the rows of the current revision; see store.Store. It is one
// read transaction.
func (s *Store) Read(ctx context.Context, f func(store.Revision, store.Rows) error) error {
	r, err := s.acquire(ctx, s.readers)
	if err != nil {
		return err
	}
	defer func() { s.readers <- r }()
	if err := r.within(ctx, s.db, 0); err != nil {
		return fault(ctx, err)
	}
	if _, err := r.conn.ExecContext(ctx, `BEGIN`); err != nil {
		r.discard()
		return fault(ctx, err)
	}
	// A connection whose transaction does not end is of no more use.
	defer func() {
		if _, err := r.conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`); err != nil {
			r.discard()
		}
	}()
	var h head
	if err := r.conn.QueryRowContext(ctx, `SELECT number, content, id, loaded, catalog FROM store`).Scan(h.fields()...); err != nil {
		return fault(ctx, err)
	}
	if h.number > 0 && h.made != s.layout.print {
		return errStale
	}
	if err := f(h.revision(), rows{ctx, r.conn}); err != nil {
		return fault(ctx, err)
	}
	return nil
}

// rows reads what is stored through one connection.
type rows struct {
	ctx context.Context
	db  querier
}

// Nodes implements store.Rows.
func (r rows) Nodes(n *catalog.Node, f func(values []any) error) error {
	values := make([]any, len(n.Properties))
	text := fmt.Sprintf(`SELECT %s FROM %s`, names("__key", n.Properties), nodeTable(n))
	return scan(r.ctx, r.db, text, nil, []any{new(int64)}, values, func() error {
		if err := unstored(n.Properties, values); err != nil {
			return err
		}
		return f(values)
	})
}

// Edges implements store.Rows.
func (r rows) Edges(rel *catalog.Relationship, ends catalog.Ends, f func(*store.Edge) error) error {
	e := store.Edge{Values: make([]any, len(rel.Properties))}
	columns := `a.id, b.id, e.__key`
	for _, p := range rel.Properties {
		columns += `, e.` + ident(p.Name)
	}
	text := fmt.Sprintf(`SELECT %s FROM %s e JOIN %s a ON a.__key = e.__src JOIN %s b ON b.__key = e.__dst`,
		columns, edgeTable(rel), nodeTable(ends.From), nodeTable(ends.To))
	return scan(r.ctx, r.db, text, nil, []any{&e.From, &e.To, &e.Key}, e.Values, func() error {
		if err := unstored(rel.Properties, e.Values); err != nil {
			return err
		}
		return f(&e)
	})
}
