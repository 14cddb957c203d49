package analysis

import (
	"context"

	"normgraph/graph/continuity"
	"normgraph/graph/plan"
)

func (e *Engine) normCoOccurrence(f *plan.Field) *question {
	a := args(f.Args)
	in := continuity.CoOccurrenceArgs{GroupBy: continuity.GroupBy(a.text("groupBy")), MinCount: a.integer("minCount"), Filters: filters(a)}
	return inquiry[*observed, []continuity.Pair]{
		field: f, source: e.observations(f), blank: blank(continuity.Table{}),
		compute: func(ctx context.Context, t *observed, _ func()) ([]continuity.Pair, error) {
			return t.CoOccurrence(ctx, in)
		},
		view: func(_ *observed, pairs []continuity.Pair) any {
			return connected{
				n:        len(pairs),
				position: func(i int) []any { return []any{-int64(pairs[i].Count), pairs[i].A.Key, pairs[i].B.Key} },
				node:     func(i int) any { return view(&pairs[i], nil) },
			}
		},
	}.question()
}
