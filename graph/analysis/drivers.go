package analysis

import (
	"context"

	"normgraph/graph/continuity"
	"normgraph/graph/plan"
)

func (e *Engine) normDrivers(f *plan.Field) *question {
	a := args(f.Args)
	in := continuity.DriversArgs{GroupBy: continuity.GroupBy(a.text("groupBy")), WindowYears: a.integer("windowYears"), Filters: filters(a)}
	return inquiry[*observed, []continuity.Drivers]{
		field: f, source: e.observations(f), blank: blank(continuity.Table{}),
		compute: func(ctx context.Context, t *observed, _ func()) ([]continuity.Drivers, error) {
			return t.Drivers(ctx, in)
		},
		view: func(t *observed, rows []continuity.Drivers) any {
			return connected{
				n:        len(rows),
				position: func(i int) []any { return []any{-int64(rows[i].After), rows[i].Key} },
				node:     func(i int) any { return viewDrivers(t, &rows[i]) },
			}
		},
	}.question()
}

func viewDrivers(t *observed, d *continuity.Drivers) object {
	return func(f *plan.Field) any {
		switch f.Name {
		case "after":
			return d.After
		case "before":
			return d.Before
		case "ratio":
			return d.Ratio
		case "baselineRatio":
			return d.BaselineRatio
		case "agreementsAfter":
			return d.AgreementsAfter
		case "agreementsBefore":
			return d.AgreementsBefore
		case "truncated":
			return d.Truncated
		case "interval":
			return d.Interval
		case "pairs":
			return connected{
				n: len(d.Pairs),
				position: func(i int) []any {
					p := &d.Pairs[i]
					agreement, incident := t.agreements[p.Agreement], t.incidents[p.Incident]
					return []any{int64(agreement.Earliest), p.Agreement, int64(incident.Earliest), int64(incident.Precision), p.Incident}
				},
				node: func(i int) any { return viewDriverPair(&d.Pairs[i]) },
			}
		}
		return viewGroup(f, d.Group)
	}
}

func viewDriverPair(p *continuity.DriverPair) object {
	return func(f *plan.Field) any {
		switch f.Name {
		case "incident":
			return node(p.Incident)
		case "agreement":
			return node(p.Agreement)
		case "lagDays":
			return p.LagDays
		case "lagYears":
			return p.LagYears
		}
		return p.Approximate
	}
}
