package analysis

import (
	"context"
	"slices"

	"normgraph/graph/continuity"
	"normgraph/graph/plan"
)

func (e *Engine) coderAgreement(f *plan.Field) *question {
	a := args(f.Args)
	in := continuity.AgreementArgs{
		Variable: continuity.Variable(a.text("variable")), Coders: texts[string](a, "coders"), GroupBy: continuity.GroupBy(a.text("groupBy")),
		MissingIsNotRelevant: a.truth("missingIsNotRelevant"), Filters: filters(a), Resampling: resampling(a),
		Interval: f.Selects("interval", "droppedResamples"),
	}
	var known continuity.Table
	for _, id := range slices.Compact(slices.Sorted(slices.Values(in.Coders))) {
		known.Coders = append(known.Coders, continuity.Coder{ID: id})
	}
	return inquiry[*observed, *continuity.CoderAgreement]{
		field: f, source: e.observations(f), variant: []bool{in.Interval}, blank: blank(known),
		compute: func(ctx context.Context, t *observed, progress func()) (*continuity.CoderAgreement, error) {
			in := in
			in.Progress = progress
			return t.CoderAgreement(ctx, in)
		},
		view: func(_ *observed, c *continuity.CoderAgreement) any { return view(c, nil) },
	}.question()
}
