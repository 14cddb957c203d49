package sqlite

import (
	"context"

	"normgraph/graph/plan"
)

// Explain tells how the engine answers p: the steps of EXPLAIN QUERY PLAN.
// SCAN of an alias that starts with n, e or x would be a scan below the root
// (see Compile).
func (s *Store) Explain(ctx context.Context, p *plan.Plan) ([]string, error) {
	text, args := compile(p, s.layout)
	r, err := s.acquire(ctx, s.readers)
	if err != nil {
		return nil, err
	}
	defer func() { s.readers <- r }()
	if err := r.open(ctx, s.db); err != nil {
		return nil, fault(ctx, err)
	}
	rows, err := r.conn.QueryContext(ctx, `EXPLAIN QUERY PLAN `+text, args...)
	if err != nil {
		return nil, fault(ctx, err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return nil, err
		}
		steps = append(steps, detail)
	}
	return steps, fault(ctx, rows.Err())
}
