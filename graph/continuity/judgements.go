package continuity

import "slices"

// judgements are the values of the units, gathered into coincidence matrices:
// of all, of each group, and of each incident that has a unit.
type judgements struct {
	result     CoderAgreement // units, pairs and conflicts
	agreeing   int
	values     []int // by coder
	all        coincidences
	byGroup    []coincidences
	units      []int // by group
	byIncident []coincidences
}

// judgements reads the values of the chosen coders.
func (s *sample) judgements(g *grouping, v variable, chosen []bool, args AgreementArgs) *judgements {
	u := &judgements{
		values:  make([]int, len(s.coders)),
		all:     newCoincidences(v.categories),
		byGroup: make([]coincidences, len(g.groups)),
		units:   make([]int, len(g.groups)),
	}
	rows := s.judged(args)
	universe := s.universe(g, rows, chosen, args)

	// One incident's values by group and coder; only touched groups are read
	// and cleared again.
	coders := len(s.coders)
	grid := slices.Repeat([]int8{missing}, len(g.groups)*coders)
	var touched []int32
	for place := range s.assessed {
		for _, i := range rows(place) {
			a := &s.assessments[i]
			value := v.value(a)
			if !chosen[a.coder] || int(value) >= v.categories {
				continue
			}
			for _, group := range g.of[a.norm] {
				cell := &grid[int(group)*coders+int(a.coder)]
				*cell = v.merge(*cell, value)
				touched = append(touched, group)
			}
		}
		slices.Sort(touched)
		touched = slices.Compact(touched)

		judged := touched
		if args.MissingIsNotRelevant {
			judged = nil
			if assessors := s.assessors(place, chosen); len(assessors) > 1 {
				judged = universe
				for _, group := range universe {
					for _, c := range assessors {
						cell := &grid[int(group)*coders+int(c)]
						if *cell == missing {
							*cell = code(relevances, NotRelevant)
						}
					}
				}
			}
		}
		u.addIncident(judged, grid, v.categories)
		for _, group := range slices.Concat(touched, judged) {
			for c := range coders {
				grid[int(group)*coders+c] = missing
			}
		}
		touched = touched[:0]
	}
	return u
}

// judged gives the assessments at a place of E that are compared.
func (s *sample) judged(args AgreementArgs) func(place int) []int32 {
	if args.Variable == OnRelevance {
		return func(place int) []int32 { return s.passing(place, func(a *assessment) bool { return a.counted }) }
	}
	return func(place int) []int32 { return s.counted[place] }
}

// merge joins a value with what the coder said before of the same unit.
func (v variable) merge(before, value int8) int8 {
	switch {
	case before == missing || before == value:
		return value
	case v.strongest:
		return min(before, value)
	}
	return conflict
}

// addIncident takes the units of one incident from the grid.
func (u *judgements) addIncident(groups []int32, grid []int8, categories int) {
	coders := len(u.values)
	here := newCoincidences(categories)
	counts := make([]int32, categories)
	before := u.result.Units
	for _, group := range groups {
		row := grid[int(group)*coders : (int(group)+1)*coders]
		clear(counts)
		m := 0
		for _, value := range row {
			u.result.Conflicts += btoi(value == conflict)
			if value >= 0 {
				counts[value]++
				m++
			}
		}
		if m < 2 {
			continue
		}
		for c, value := range row {
			u.values[c] += btoi(value >= 0)
		}
		u.result.Units++
		u.result.Pairs += m * (m - 1) / 2
		for _, n := range counts {
			u.agreeing += int(n * (n - 1) / 2)
		}
		if u.units[group] == 0 {
			u.byGroup[group] = newCoincidences(categories)
		}
		u.units[group]++
		u.byGroup[group].addUnit(counts)
		here.addUnit(counts)
	}
	if u.result.Units > before {
		u.all.add(1, here)
		u.byIncident = append(u.byIncident, here)
	}
}

// passing are the assessments of an incident of E for which pass holds.
func (s *sample) passing(place int, pass func(*assessment) bool) []int32 {
	var list []int32
	for _, a := range s.byIncident[s.assessed[place]] {
		if pass(&s.assessments[a]) {
			list = append(list, a)
		}
	}
	return list
}

// assessors are the chosen coders with a row that passes `assessed`.
func (s *sample) assessors(place int, chosen []bool) []int32 {
	var list []int32
	for _, a := range s.byIncident[s.assessed[place]] {
		if r := &s.assessments[a]; r.assessed && chosen[r.coder] && !slices.Contains(list, r.coder) {
			list = append(list, r.coder)
		}
	}
	return list
}

// universe are the groups on which silence is a judgement: every core idea, or
// every norm that one of the coders used.
func (s *sample) universe(g *grouping, rows func(int) []int32, chosen []bool, args AgreementArgs) []int32 {
	if args.GroupBy == ByCoreIdea {
		return everyone(len(g.groups))
	}
	var used []int32
	for place := range s.assessed {
		for _, i := range rows(place) {
			if a := &s.assessments[i]; chosen[a.coder] {
				used = append(used, g.of[a.norm]...)
			}
		}
	}
	slices.Sort(used)
	return slices.Compact(used)
}
