package analysis

import (
	"context"
	"math"

	"normgraph/graph/continuity"
	"normgraph/graph/plan"
)

func (e *Engine) normContinuity(f *plan.Field) *question {
	a := args(f.Args)
	in := continuity.Args{
		GroupBy: continuity.GroupBy(a.text("groupBy")), Filters: filters(a), PeriodYears: a.integer("periodYears"),
		Weights: weights(a), Resampling: resampling(a), IncludeUnobserved: a.truth("includeUnobserved"),
		PValues: f.Selects("pValue", "qValue"), ScoreIntervals: f.Selects("scoreInterval"), RankIntervals: f.Selects("rankInterval"),
	}
	return inquiry[*observed, *continuity.Continuity]{
		field: f, source: e.observations(f), variant: []bool{in.PValues, in.ScoreIntervals, in.RankIntervals}, blank: blank(continuity.Table{}),
		compute: func(ctx context.Context, t *observed, progress func()) (*continuity.Continuity, error) {
			in := in
			in.Progress = progress
			return t.Continuity(ctx, in)
		},
		view: func(_ *observed, c *continuity.Continuity) any { return viewContinuity(c) },
	}.question()
}

func resampling(a args) continuity.Resampling {
	return continuity.Resampling{Resamples: a.integer("resamples"), Seed: int64(a.integer("seed"))}
}

func weights(a args) *continuity.Weights {
	m, ok := a["weights"].(map[string]any)
	if !ok {
		return nil
	}
	w := args(m)
	return &continuity.Weights{Share: w.number("share"), Persistence: w.number("persistence"), Evenness: w.number("evenness")}
}

func viewContinuity(c *continuity.Continuity) connected {
	return connected{
		n: len(c.Rows),
		position: func(i int) []any {
			r := &c.Rows[i]
			return []any{-int64(math.Round(r.Score.Float() * 1e12)), -int64(r.IncidentCount), r.Key}
		},
		node: func(i int) any { return view(&c.Rows[i], nil) },
		rest: view(c, nil),
	}
}
