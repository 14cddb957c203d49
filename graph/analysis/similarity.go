package analysis

import (
	"context"
	"slices"

	"normgraph/graph/continuity"
	"normgraph/graph/plan"
)

// textArgs reads the arguments of both fields, and makes a table in which just
// the agreements asked for are known.
func textArgs(f *plan.Field) (continuity.TextArgs, *agreed) {
	a := args(f.Args)
	in := continuity.TextArgs{IDs: texts[string](a, "ids"), GroupBy: continuity.GroupBy(a.text("groupBy")), Matches: texts[continuity.Match](a, "matches")}
	ids := slices.Compact(slices.Sorted(slices.Values(in.IDs)))
	var t continuity.Table
	for _, id := range ids {
		t.Agreements = append(t.Agreements, continuity.Agreement{ID: id, Date: "2000"})
	}
	return in, &agreed{Observations: blank(t).Observations}
}

func (e *Engine) agreementSimilarity(f *plan.Field) *question {
	in, known := textArgs(f)
	return inquiry[*agreed, []continuity.Similarity]{
		field: f, source: e.agreements(), blank: known,
		compute: func(_ context.Context, t *agreed, _ func()) ([]continuity.Similarity, error) { return t.Similarity(in) },
		view: func(_ *agreed, pairs []continuity.Similarity) any {
			return each(pairs, func(s *continuity.Similarity) object { return view(s, nil) })
		},
	}.question()
}

func (e *Engine) compareAgreements(f *plan.Field) *question {
	in, known := textArgs(f)
	return inquiry[*agreed, *continuity.Comparison]{
		field: f, source: e.agreements(), blank: known,
		compute: func(_ context.Context, t *agreed, _ func()) (*continuity.Comparison, error) { return t.Compare(in) },
		view:    func(_ *agreed, c *continuity.Comparison) any { return view(c, nil) },
	}.question()
}
