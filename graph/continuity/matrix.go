package continuity

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
)

// maxCells bounds a matrix: rows times columns.
const maxCells = 10_000

// MatrixArgs are the arguments of normMatrix.
type MatrixArgs struct {
	Rows        GroupBy
	Columns     Column
	PeriodYears int // for the column PERIOD
	Filters
}

// Matrix is groups against groups or attributes. Only cells with an incident
// are there, row by row.
type Matrix struct {
	AssessedIncidents int
	Caveats           []string
	Rows, Columns     []Head
	Cells             []Cell
}

// Head is a row or a column with its incidents. Rows, and columns without an
// order of their own, go by incidents descending, then key; years and periods
// ascend; enums are in enum order.
type Head struct {
	Group
	IncidentCount int
}

// Cell is where a row and a column meet.
type Cell struct {
	Row, Column string // keys
	Count       int    // a: incidents
	Share       Number // a / column
	Lift        Number // share / (row / n)
	// Residual is Pearson's adjusted residual of the 2×2 table over E; null if
	// the row or the column holds none or all of E.
	Residual Number
	// Assessments are the counted ones that the cell rests on, ascending: of the
	// row's group, for an incident or with the value of the column; where the
	// column is a group, those of either group for the common incidents.
	Assessments []string
}

// Matrix counts the incidents in which groups and columns meet.
func (o *Observations) Matrix(ctx context.Context, args MatrixArgs) (*Matrix, error) {
	s, err := o.sample(args.Filters)
	if err != nil {
		return nil, err
	}
	g, err := o.grouping(args.Rows, s.matches)
	if err != nil {
		return nil, badInput("rows", "%q is not one of NORM, CORE_IDEA, CATEGORY, SCHEME", args.Rows)
	}
	columns, err := s.columns(args.Columns, args.PeriodYears)
	if err != nil {
		return nil, err
	}
	if s.n() == 0 {
		return &Matrix{Caveats: []string{s.emptiness()}}, nil
	}

	members := s.memberships(g)
	m := &Matrix{AssessedIncidents: s.n(), Caveats: s.caveats(args.Rows, members)}
	var rows []int
	for i := range g.groups {
		if len(members[i]) > 0 {
			rows = append(rows, i)
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(len(members[b]), len(members[a])) })
	if err := checkLimit("cells", "matrix cells", len(rows)*len(columns), maxCells); err != nil {
		return nil, err
	}
	for _, c := range columns {
		m.Columns = append(m.Columns, c.Head)
	}
	evidence := s.evidence(g)
	for _, i := range rows {
		if err := stopped(ctx); err != nil {
			return nil, err
		}
		row := Head{g.groups[i], len(members[i])}
		m.Rows = append(m.Rows, row)
		for _, c := range columns {
			if cell := s.cell(row, members[i], evidence[i], &c); cell.Count > 0 {
				m.Cells = append(m.Cells, cell)
			}
		}
	}
	return m, nil
}

// cell fills one cell from the row's incidents and counted assessments.
func (s *sample) cell(row Head, members, evidence []int32, c *column) Cell {
	meeting := members // the row's incidents that can be in the cell
	if c.has != nil {
		meeting = s.placesWith(evidence, c.has)
	}
	meeting = intersection(meeting, c.places)
	a, r, of, n := float64(len(meeting)), float64(len(members)), float64(len(c.places)), float64(s.n())
	cell := Cell{Row: row.Key, Column: c.Key, Count: len(meeting)}
	if cell.Count == 0 {
		return cell
	}
	cell.Share = number(a / of)
	cell.Lift = number((a / of) / (r / n))
	cell.Residual = residual(a, r, of, n)

	if c.evidence != nil {
		evidence = slices.Concat(evidence, c.evidence)
		slices.Sort(evidence)
		evidence = slices.Compact(evidence)
	}
	for _, e := range evidence {
		if _, in := slices.BinarySearch(meeting, s.place(s.assessments[e].incident)); in && (c.has == nil || c.has(e)) {
			cell.Assessments = append(cell.Assessments, s.assessments[e].id)
		}
	}
	return cell
}

// residual is (a − rc/n) / √(rc(1 − r/n)(1 − c/n)/n).
func residual(a, r, c, n float64) Number {
	if r == 0 || c == 0 || r == n || c == n {
		return Number{}
	}
	return number((a - r*c/n) / math.Sqrt(r*c*(1-r/n)*(1-c/n)/n))
}

// place is where an incident stands in E.
func (s *sample) place(incident int32) int32 {
	p, _ := slices.BinarySearch(s.assessed, incident)
	return int32(p)
}

// placesWith are the places of E with an assessment of the list that has it.
func (s *sample) placesWith(list []int32, has func(int32) bool) []int32 {
	var places []int32
	for _, a := range list {
		if has(a) {
			places = append(places, s.place(s.assessments[a].incident))
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// intersection of two ascending lists.
func intersection(a, b []int32) []int32 {
	var both []int32
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			both = append(both, a[0])
			a, b = a[1:], b[1:]
		}
	}
	return both
}

// sortHeads orders columns that have no order of their own.
func sortHeads(columns []column) {
	slices.SortFunc(columns, func(a, b column) int {
		return cmp.Or(cmp.Compare(b.IncidentCount, a.IncidentCount), strings.Compare(a.Key, b.Key))
	})
}
