package continuity

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"
)

// maxWindowYears bounds normDrivers.windowYears.
const maxWindowYears = 100

// DriversArgs are the arguments of normDrivers.
type DriversArgs struct {
	GroupBy     GroupBy
	WindowYears int
	Filters
}

// Drivers says, for one group, whether agreements that state it follow or
// precede its incidents. Rows are ordered by After descending, then key.
type Drivers struct {
	Group
	After, Before int    // pairs: the agreement after, before the incident
	Ratio         Number // after / before
	BaselineRatio Number // the same for all of E
	// AgreementsAfter counts agreements with more incidents before them than
	// after, AgreementsBefore those with fewer.
	AgreementsAfter, AgreementsBefore int
	Truncated                         int // agreements whose window E does not cover
	// Interval is for AgreementsAfter / AgreementsBefore: Clopper–Pearson as
	// odds, an end null at 0 and ∞; nil without any such agreement.
	Interval *Interval
	Pairs    []DriverPair // by agreement's day and id, then incident's start
}

// DriverPair is an incident and an agreement within the window of each other.
type DriverPair struct {
	Incident, Agreement string
	LagDays             *int // agreement − incident; nil if either date is a year only
	LagYears            int  // difference of the calendar years
	Approximate         bool // either date is a year or a month only
}

// Drivers compares the incidents of each group with the agreements that contain
// it.
func (o *Observations) Drivers(ctx context.Context, args DriversArgs) ([]Drivers, error) {
	if args.WindowYears < 1 || args.WindowYears > maxWindowYears {
		return nil, badInput("windowYears", "%d is not between 1 and %d", args.WindowYears, maxWindowYears)
	}
	s, err := o.sample(args.Filters)
	if err != nil {
		return nil, err
	}
	g, err := o.grouping(args.GroupBy, s.matches)
	if err != nil || s.n() == 0 {
		return nil, err
	}
	members := s.memberships(g)
	agreements, _ := s.containing(g)
	all := everyone(s.n())
	var rows []Drivers
	for i, group := range g.groups {
		if len(members[i]) == 0 {
			continue
		}
		if err := stopped(ctx); err != nil {
			return nil, err
		}
		row := Drivers{Group: group}
		baseAfter, baseBefore := 0, 0
		for _, a := range agreements[i] {
			agreement := s.agreements[a]
			if !s.covers(agreement.date, args.WindowYears) {
				row.Truncated++
				continue
			}
			after, before, pairs := s.pairs(agreement, members[i], args.WindowYears)
			row.After += after
			row.Before += before
			row.Pairs = append(row.Pairs, pairs...)
			row.AgreementsAfter += btoi(after > before)
			row.AgreementsBefore += btoi(after < before)
			after, before, _ = s.pairs(agreement, all, args.WindowYears)
			baseAfter += after
			baseBefore += before
		}
		row.Ratio = ratio(float64(row.After), float64(row.Before))
		row.BaselineRatio = ratio(float64(baseAfter), float64(baseBefore))
		if n := row.AgreementsAfter + row.AgreementsBefore; n > 0 {
			row.Interval = clopperPearsonOdds(row.AgreementsAfter, n)
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b Drivers) int {
		return cmp.Or(cmp.Compare(b.After, a.After), strings.Compare(a.Key, b.Key))
	})
	return rows, nil
}

// covers says whether E spans the whole window around an agreement.
func (s *sample) covers(d Date, years int) bool {
	first, last := s.at(0).start.Earliest, s.at(int32(s.n()-1)).start.Earliest
	return shiftYears(d.Earliest, -years) >= first && shiftYears(d.Earliest, years) <= last
}

// pairs compares an agreement with places of E.
func (s *sample) pairs(a agreement, places []int32, years int) (after, before int, list []DriverPair) {
	for _, p := range places {
		in := s.at(p)
		side := side(in.start, a.date, years)
		if side == 0 {
			continue
		}
		after += btoi(side > 0)
		before += btoi(side < 0)
		pair := DriverPair{
			Incident: in.ID, Agreement: a.id,
			LagYears:    a.date.Year - in.start.Year,
			Approximate: in.start.Precision != FullDay || a.date.Precision != FullDay,
		}
		if in.start.Precision != YearOnly && a.date.Precision != YearOnly {
			days := int(a.date.Earliest - in.start.Earliest)
			pair.LagDays = &days
		}
		list = append(list, pair)
	}
	return after, before, list
}

// side is 1 if the agreement comes within years after the incident, −1 if it
// comes within years before, else 0.
func side(incident, agreement Date, years int) int {
	if incident.Precision == YearOnly || agreement.Precision == YearOnly {
		if lag := agreement.Year - incident.Year; lag >= -years && lag <= years {
			return cmp.Compare(lag, 0)
		}
		return 0
	}
	i, a := incident.Earliest, agreement.Earliest
	switch {
	case i < a && a <= shiftYears(i, years):
		return 1
	case shiftYears(i, -years) <= a && a < i:
		return -1
	}
	return 0
}

// clopperPearsonOdds is the exact 95 % interval (Clopper and Pearson 1934) of a
// proportion x of n > 0, as odds p/(1 − p).
func clopperPearsonOdds(x, n int) *Interval {
	var i Interval
	if x > 0 {
		p := distuv.Beta{Alpha: float64(x), Beta: float64(n - x + 1)}.Quantile(0.025)
		i.Low = number(p / (1 - p))
	}
	if x < n {
		p := distuv.Beta{Alpha: float64(x + 1), Beta: float64(n - x)}.Quantile(0.975)
		i.High = number(p / (1 - p))
	}
	return &i
}
