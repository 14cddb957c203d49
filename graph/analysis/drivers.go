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
	return view(d, own{"pairs": func() any {
		return connected{
			n: len(d.Pairs),
			position: func(i int) []any {
				p := &d.Pairs[i]
				agreement, incident := t.agreements[p.Agreement], t.incidents[p.Incident]
				return []any{int64(agreement.Earliest), p.Agreement, int64(incident.Earliest), int64(incident.Precision), p.Incident}
			},
			node: func(i int) any { return view(&d.Pairs[i], nil) },
		}
	}})
}
