package analysis

import (
	"context"
	"maps"
	"slices"

	"normgraph/graph/continuity"
	"normgraph/graph/input"
	"normgraph/graph/plan"
)

func (e *Engine) contributionRanking(f *plan.Field) *question {
	call, one := f.Args["call"].(string)
	return inquiry[*ranked, []continuity.RankedNorm]{
		field: f, source: e.rankings(), blank: &ranked{calls: map[string]bool{call: true}},
		compute: func(_ context.Context, t *ranked, _ func()) ([]continuity.RankedNorm, error) {
			if !one {
				return continuity.Borda(slices.Concat(slices.Collect(maps.Values(t.rankings))...))
			}
			if !t.calls[call] {
				return nil, input.Errorf(f.Path+"(call:)", "no call has the id %q", call)
			}
			return continuity.Borda(t.rankings[call])
		},
		view: func(_ *ranked, norms []continuity.RankedNorm) any {
			return each(norms, func(n *continuity.RankedNorm) object { return view(n, nil) })
		},
	}.question()
}
