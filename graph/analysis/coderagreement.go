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
		view: func(_ *observed, c *continuity.CoderAgreement) any { return viewAgreement(c) },
	}.question()
}

func viewAgreement(c *continuity.CoderAgreement) object {
	return func(f *plan.Field) any {
		switch f.Name {
		case "units":
			return c.Units
		case "pairs":
			return c.Pairs
		case "conflicts":
			return c.Conflicts
		case "rawAgreement":
			return c.RawAgreement
		case "alphaNominal":
			return c.AlphaNominal
		case "alphaOrdinal":
			return c.AlphaOrdinal
		case "interval":
			return c.Interval
		case "droppedResamples":
			return c.DroppedResamples
		case "reason":
			return optional(c.Reason)
		case "coders":
			return each(c.Coders, func(v *continuity.CoderValues) object {
				return func(f *plan.Field) any {
					if f.Name == "coder" {
						return node(v.Coder)
					}
					return v.Values
				}
			})
		}
		return each(c.ByGroup, func(g *continuity.GroupAgreement) object {
			return func(f *plan.Field) any {
				switch f.Name {
				case "units":
					return g.Units
				case "alphaNominal":
					return g.AlphaNominal
				case "reason":
					return optional(g.Reason)
				}
				return viewGroup(f, g.Group)
			}
		})
	}
}
