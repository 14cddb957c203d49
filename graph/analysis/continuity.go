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
		node: func(i int) any { return viewRow(&c.Rows[i]) },
		rest: func(f *plan.Field) any {
			switch f.Name {
			case "assessedIncidents":
				return c.AssessedIncidents
			case "observablePeriods":
				return c.ObservablePeriods
			case "burstinessOfAssessed":
				return c.BurstinessOfAssessed
			}
			return c.Caveats
		},
	}
}

func viewRow(r *continuity.Row) object {
	return func(f *plan.Field) any {
		switch f.Name {
		case "incidentCount":
			return r.IncidentCount
		case "share":
			return r.Share
		case "shareInterval":
			return &r.ShareInterval
		case "first":
			return node(r.First)
		case "last":
			return node(r.Last)
		case "spanYears":
			return r.SpanYears
		case "activePeriods":
			return r.ActivePeriods
		case "persistence":
			return r.Persistence
		case "expectedActivePeriods":
			return r.ExpectedActivePeriods
		case "pValue":
			return r.PValue
		case "qValue":
			return r.QValue
		case "longestGap":
			return r.LongestGap
		case "evenness":
			return r.Evenness
		case "burstiness":
			return r.Burstiness
		case "agreementCount":
			return r.AgreementCount
		case "agreementShare":
			return r.AgreementShare
		case "firstAgreement":
			return node(r.FirstAgreement)
		case "score":
			return r.Score
		case "scoreInterval":
			return r.ScoreInterval
		case "rank":
			return r.Rank
		case "rankInterval":
			return r.RankInterval
		case "series":
			return each(r.Series, viewPeriod)
		case "mitigation":
			return each(r.Mitigation, viewMitigation)
		case "mitigated":
			return r.Mitigated
		case "mitigatedInterval":
			return r.MitigatedInterval
		case "methods":
			return each(r.Methods, viewMethod)
		case "coders":
			return r.Coders
		case "evidence":
			return evidence(r.Evidence)
		}
		return viewGroup(f, r.Group)
	}
}

// viewGroup gives key, label and norm of a group.
func viewGroup(f *plan.Field, g continuity.Group) any {
	switch f.Name {
	case "key":
		return g.Key
	case "label":
		return g.Label
	}
	return node(g.Norm)
}

func viewPeriod(p *continuity.PeriodShare) object {
	return func(f *plan.Field) any {
		switch f.Name {
		case "period":
			return p.Period
		case "assessed":
			return p.Assessed
		case "incidents":
			return p.Incidents
		}
		return p.Share
	}
}

func viewMitigation(c *continuity.ValueCount) object {
	return func(f *plan.Field) any {
		if f.Name == "value" {
			return string(c.Value)
		}
		return c.Count
	}
}

func viewMethod(c *continuity.MethodCount) object {
	return func(f *plan.Field) any {
		switch f.Name {
		case "method":
			return string(c.Method)
		case "basis":
			return string(c.Basis)
		}
		return c.Count
	}
}
