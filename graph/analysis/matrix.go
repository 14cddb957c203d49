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
		view:    func(_ *observed, m *continuity.Matrix) any { return viewMatrix(m) },
	}.question()
}

func viewMatrix(m *continuity.Matrix) object {
	return func(f *plan.Field) any {
		switch f.Name {
		case "assessedIncidents":
			return m.AssessedIncidents
		case "caveats":
			return m.Caveats
		case "rows":
			return each(m.Rows, viewHead)
		case "columns":
			return each(m.Columns, viewHead)
		}
		return each(m.Cells, viewCell)
	}
}

func viewHead(h *continuity.Head) object {
	return func(f *plan.Field) any {
		if f.Name == "incidentCount" {
			return h.IncidentCount
		}
		return viewGroup(f, h.Group)
	}
}

func viewCell(c *continuity.Cell) object {
	return func(f *plan.Field) any {
		switch f.Name {
		case "row":
			return c.Row
		case "column":
			return c.Column
		case "count":
			return c.Count
		case "share":
			return c.Share
		case "lift":
			return c.Lift
		case "residual":
			return c.Residual
		}
		return evidence(c.Assessments)
	}
}
