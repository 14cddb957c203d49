package analysis

import (
	"context"

	"normgraph/graph/continuity"
	"normgraph/graph/plan"
)

func (e *Engine) normMatrix(f *plan.Field) *question {
	a := args(f.Args)
	in := continuity.MatrixArgs{
		Rows: continuity.GroupBy(a.text("rows")), Columns: continuity.Column(a.text("columns")),
		PeriodYears: a.integer("periodYears"), Filters: filters(a),
	}
	return inquiry[*observed, *continuity.Matrix]{
		field: f, source: e.observations(f), blank: blank(continuity.Table{}),
		compute: func(ctx context.Context, t *observed, _ func()) (*continuity.Matrix, error) { return t.Matrix(ctx, in) },
		view:    func(_ *observed, m *continuity.Matrix) any { return view(m, nil) },
	}.question()
}
