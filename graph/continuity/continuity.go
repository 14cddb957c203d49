package continuity

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// Args are the arguments of normContinuity. Nothing defaults here but what a nil
// says so: PeriodYears and Resamples must be given.
type Args struct {
	GroupBy GroupBy
	Filters
	PeriodYears int
	Weights     *Weights // nil is share and persistence alike
	Resampling
	IncludeUnobserved bool
	// The expensive figures, computed only where asked. All other digits are the
	// same whether they are or not.
	PValues, ScoreIntervals, RankIntervals bool
}

// Continuity is the answer of normContinuity. Rows are ordered by score
// descending (to 12 decimals), incidents descending, key ascending.
type Continuity struct {
	AssessedIncidents    int
	ObservablePeriods    []string
	BurstinessOfAssessed Number
	Caveats              []string
	Rows                 []Row
}

// Row is one group. Ids are those of the graph; an empty id is null. See
// docs/continuity.md for what each figure means and what it does not.
type Row struct {
	Group

	IncidentCount int
	Share         Number   // of the assessed incidents
	ShareInterval Interval // Wilson, 95 %

	First, Last string // incidents
	SpanYears   *int   // years from first to last, both included

	ActivePeriods         int
	Persistence           Number // active / observable periods
	ExpectedActivePeriods Number // by frequency alone; null with PValue's conditions
	PValue                Number // null if k < 2, k = n, a single period, or not asked
	QValue                Number // Benjamini–Hochberg over all rows
	LongestGap            *int   // observable periods without, after the first active one

	Evenness   Number
	Burstiness Number // null for fewer than 4 incidents or all on one day

	AgreementCount int
	AgreementShare Number // of the agreements with any norm
	FirstAgreement string

	Score         Number
	ScoreInterval *Interval // jackknife, 95 %; nil for fewer than 2 assessed incidents
	Rank          int
	RankInterval  *Interval // bootstrap, 95 %

	Series []PeriodShare

	Mitigation        []ValueCount // all six values in enum order
	Mitigated         Number
	MitigatedInterval *Interval

	Methods  []MethodCount
	Coders   int
	Evidence []string // counted assessments, ascending
}

// PeriodShare is a period of the series of a row.
type PeriodShare struct {
	Period    string
	Assessed  int
	Incidents int
	Share     Number
}

// Continuity computes the measures of every group with a counted assessment
// and, with IncludeUnobserved, zeros for every other group of the graph.
func (o *Observations) Continuity(ctx context.Context, args Args) (*Continuity, error) {
	weights, err := args.Weights.normalised()
	if err != nil {
		return nil, err
	}
	if err := args.Resampling.check(); err != nil {
		return nil, err
	}
	s, err := o.sample(args.Filters)
	if err != nil {
		return nil, err
	}
	g, err := o.grouping(args.GroupBy, s.matches)
	if err != nil {
		return nil, err
	}
	p, err := s.periods(args.PeriodYears)
	if err != nil {
		return nil, err
	}
	if s.n() == 0 {
		return &Continuity{Caveats: []string{s.emptiness()}}, nil
	}

	members, evidence := s.memberships(g), s.evidence(g)
	agreements, withNorms := s.containing(g)
	result := &Continuity{
		AssessedIncidents:    s.n(),
		ObservablePeriods:    p.labels,
		BurstinessOfAssessed: burstiness(s.days(everyone(s.n()))),
		Caveats:              s.caveats(args.GroupBy, members),
	}
	var observed [][]int32
	for i, group := range g.groups {
		if len(members[i]) == 0 && !args.IncludeUnobserved {
			continue
		}
		if err := stopped(ctx); err != nil {
			return nil, err
		}
		row := Row{Group: group}
		s.describeAgreements(&row, agreements[i], withNorms)
		s.describe(&row, p, members[i], weights, args.ScoreIntervals)
		if len(members[i]) > 0 {
			s.describeEvidence(&row, evidence[i])
			observed = append(observed, members[i])
		}
		result.Rows = append(result.Rows, row)
	}

	if args.PValues {
		if err := p.pValues(ctx, result.Rows); err != nil {
			return nil, err
		}
	}
	if args.RankIntervals && len(observed) > 0 {
		intervals, err := p.rankIntervals(ctx, weights, args.Resampling, observed)
		if err != nil {
			return nil, err
		}
		for i := range result.Rows {
			if result.Rows[i].IncidentCount > 0 { // rows and observed have the same order
				result.Rows[i].RankInterval, intervals = &intervals[0], intervals[1:]
			}
		}
	}
	rank(result.Rows)
	return result, stopped(ctx)
}

// describe fills what depends on R(g) alone.
func (s *sample) describe(row *Row, p *periods, members []int32, weights Weights, intervals bool) {
	k, n, observable := len(members), s.n(), len(p.sizes)
	counts := p.tally(members)
	row.IncidentCount = k
	row.Share = number(float64(k) / float64(n))
	row.ShareInterval = wilson(float64(k), float64(n))
	row.ActivePeriods = activePeriods(counts)
	row.Persistence = number(float64(row.ActivePeriods) / float64(observable))
	row.Evenness = number(evenness(counts, p.sizes))
	row.Score = number(weights.score(counts, p.sizes))
	if k == 0 {
		return
	}

	first, last := s.at(members[0]), s.at(members[k-1])
	span, gap := last.start.Year-first.start.Year+1, longestGap(counts)
	row.First, row.Last, row.SpanYears, row.LongestGap = first.ID, last.ID, &span, &gap
	row.Burstiness = burstiness(s.days(members))
	if testable(k, n, observable) {
		row.ExpectedActivePeriods = number(expectedPeriods(p.sizes, n, k))
	}
	if intervals {
		row.ScoreInterval = weights.jackknife(counts, p.sizes)
	}
	row.Series = make([]PeriodShare, observable)
	for t, label := range p.labels {
		r, of := int(counts[t]), int(p.sizes[t])
		row.Series[t] = PeriodShare{label, of, r, number(float64(r) / float64(of))}
	}
}

// testable says whether the number of active periods could have been another.
func testable(k, n, observable int) bool { return k >= 2 && k < n && observable >= 2 }

func (s *sample) describeAgreements(row *Row, agreements []int32, withNorms int) {
	row.AgreementCount = len(agreements)
	row.AgreementShare = ratio(float64(len(agreements)), float64(withNorms))
	if len(agreements) > 0 {
		row.FirstAgreement = s.agreements[agreements[0]].id
	}
}

func (s *sample) describeEvidence(row *Row, evidence []int32) {
	row.Mitigation = s.mitigation(evidence)
	row.Mitigated, row.MitigatedInterval = s.mitigated(evidence)
	row.Methods = s.methods(evidence)
	row.Coders = s.coderCount(evidence)
	row.Evidence = s.ids(evidence)
}

// pValues fills PValue and QValue.
func (p *periods) pValues(ctx context.Context, rows []Row) error {
	most := 0
	tested := func(r *Row) bool { return testable(r.IncidentCount, len(p.of), len(p.sizes)) }
	for i := range rows {
		if tested(&rows[i]) {
			most = max(most, rows[i].IncidentCount)
		}
	}
	if most == 0 {
		return nil
	}
	null, err := newOccupancy(ctx, p.sizes, most)
	if err != nil {
		return err
	}
	values := make([]Number, len(rows))
	for i := range rows {
		if r := &rows[i]; tested(r) {
			tail, err := null.atLeast(ctx, r.IncidentCount, r.ActivePeriods)
			if err != nil {
				return err
			}
			values[i] = number(tail)
		}
	}
	for i, q := range benjaminiHochberg(values) {
		rows[i].PValue, rows[i].QValue = values[i], q
	}
	return nil
}

// rank orders the rows and numbers them.
func rank(rows []Row) {
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(
			cmp.Compare(rounded(b.Score.Float()), rounded(a.Score.Float())),
			cmp.Compare(b.IncidentCount, a.IncidentCount),
			strings.Compare(a.Key, b.Key))
	})
	for i := range rows {
		rows[i].Rank = i + 1
		if i > 0 && rounded(rows[i].Score.Float()) == rounded(rows[i-1].Score.Float()) {
			rows[i].Rank = rows[i-1].Rank
		}
	}
}

// days are the earliest days of places of E.
func (s *sample) days(places []int32) []int32 {
	days := make([]int32, len(places))
	for i, p := range places {
		days[i] = s.at(p).start.Earliest
	}
	return days
}

// everyone is every place of E.
func everyone(n int) []int32 {
	all := make([]int32, n)
	for i := range all {
		all[i] = int32(i)
	}
	return all
}
