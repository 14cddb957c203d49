package analysis

import (
	"context"

	"normgraph/graph/plan"
	"normgraph/graph/row"
)

// source is a table that one statement fetches.
type source[T any] struct {
	key   string // canonical: the same for the same table
	roots []*plan.Select
	read  func([]row.Rows) (T, error)
}

// maxTableRows bounds the nodes that a table is made of, relationships apart.
const maxTableRows = 500_000

// load gives the table at the run's revision.
func load[T any](ctx context.Context, r *run, s source[T]) (T, error) {
	return get(ctx, r.tables, r.scope()+s.key, func(ctx context.Context) (T, error) {
		var none T
		if n := r.size(s.roots); n > maxTableRows {
			return none, &plan.LimitError{Limit: "tableRows", What: "rows of a table for analysis", Requested: n, Maximum: maxTableRows, Advice: "analyse a smaller graph"}
		}
		res, err := r.query(ctx, &plan.Plan{Roots: s.roots, Table: true})
		if err != nil {
			return none, err
		}
		return s.read(res.Roots)
	})
}

// size is the number of nodes that the selections read at most.
func (r *run) size(roots []*plan.Select) int64 {
	var sum int64
	for _, s := range roots {
		for _, n := range s.Nodes {
			if n.Index < len(r.info.Counts) {
				sum += r.info.Counts[n.Index].Count
			}
		}
	}
	return sum
}
