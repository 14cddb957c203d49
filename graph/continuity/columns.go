package continuity

import (
	"fmt"
	"maps"
	"slices"
)

// Column says what the columns of a matrix are: a [GroupBy] or one of these.
type Column string

// Attributes of an incident, then of an assessment.
const (
	ByYear         Column = "YEAR"
	ByPeriod       Column = "PERIOD"
	ByIncidentKind Column = "INCIDENT_KIND"
	BySector       Column = "SECTOR"
	ByCountry      Column = "COUNTRY"
	ByRegion       Column = "REGION"

	ByConduct    Column = "CONDUCT"
	ByMitigation Column = "MITIGATION"
	ByMethod     Column = "METHOD"
	ByCoder      Column = "CODER"
)

// column is a set of incidents. has is set for an attribute of an assessment,
// evidence for a group.
type column struct {
	Head
	places   []int32
	has      func(assessment int32) bool
	evidence []int32
}

// columns are those with an incident, in their order.
func (s *sample) columns(by Column, periodYears int) ([]column, error) {
	p, err := s.periods(periodYears)
	if err != nil {
		return nil, err
	}
	switch by {
	case ByPeriod:
		return s.incidentColumns(true, func(place int32) []string { return []string{p.labels[p.of[place]]} }), nil
	case ByYear:
		return s.incidentColumns(true, func(place int32) []string {
			return []string{fmt.Sprintf("%04d", s.at(place).start.Year)}
		}), nil
	case ByIncidentKind:
		return s.incidentColumns(false, func(place int32) []string { return s.at(place).Kinds }), nil
	case BySector:
		return s.incidentColumns(false, func(place int32) []string { return s.at(place).Sectors }), nil
	case ByCountry:
		return s.incidentColumns(false, func(place int32) []string { return s.at(place).Countries }), nil
	case ByRegion:
		return s.incidentColumns(false, func(place int32) []string { return regionsOf(s.at(place).Countries) }), nil
	case ByConduct:
		return assessmentColumns(s, conducts, func(a *assessment) int8 { return a.conduct }), nil
	case ByMitigation:
		return assessmentColumns(s, mitigations, func(a *assessment) int8 { return a.mitigation }), nil
	case ByMethod:
		return assessmentColumns(s, methods, func(a *assessment) int8 { return a.method }), nil
	case ByCoder:
		return s.coderColumns(), nil
	}
	g, err := s.grouping(GroupBy(by), s.matches)
	if err != nil {
		return nil, badInput("columns", "%q is neither a grouping of norms nor an attribute of incidents or assessments", by)
	}
	return s.groupColumns(g), nil
}

// incidentColumns gathers E by values of the incidents.
func (s *sample) incidentColumns(ascending bool, values func(place int32) []string) []column {
	places := map[string][]int32{}
	for place := range int32(s.n()) {
		for _, v := range values(place) {
			if l := places[v]; len(l) == 0 || l[len(l)-1] != place { // a value listed twice
				places[v] = append(l, place)
			}
		}
	}
	var columns []column
	for _, v := range slices.Sorted(maps.Keys(places)) {
		columns = append(columns, column{
			Head:   Head{Group{Key: v, Label: v}, len(places[v])},
			places: places[v],
		})
	}
	if !ascending {
		sortHeads(columns)
	}
	return columns
}

// assessmentColumns gathers the counted assessments by a value, in enum order.
func assessmentColumns[T ~string](s *sample, enum []T, value func(*assessment) int8) []column {
	counted := slices.Concat(s.counted...)
	var columns []column
	for v, name := range enum {
		has := func(a int32) bool { return value(&s.assessments[a]) == int8(v) }
		if places := s.placesWith(counted, has); len(places) > 0 {
			columns = append(columns, column{
				Head:   Head{Group{Key: string(name), Label: string(name)}, len(places)},
				places: places, has: has,
			})
		}
	}
	return columns
}

func (s *sample) coderColumns() []column {
	counted := slices.Concat(s.counted...)
	var columns []column
	for i, c := range s.coders {
		has := func(a int32) bool { return s.assessments[a].coder == int32(i) }
		if places := s.placesWith(counted, has); len(places) > 0 {
			columns = append(columns, column{
				Head:   Head{Group{Key: c.ID, Label: c.Name}, len(places)},
				places: places, has: has,
			})
		}
	}
	sortHeads(columns)
	return columns
}

func (s *sample) groupColumns(g *grouping) []column {
	members, evidence := s.memberships(g), s.evidence(g)
	var columns []column
	for i, group := range g.groups {
		if len(members[i]) > 0 {
			columns = append(columns, column{
				Head: Head{group, len(members[i])}, places: members[i], evidence: evidence[i],
			})
		}
	}
	sortHeads(columns)
	return columns
}
