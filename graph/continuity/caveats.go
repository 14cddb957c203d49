package continuity

import (
	"fmt"
	"slices"
	"strings"
)

// fewIncidents is where a group's figures become too unstable to compare.
const fewIncidents = 5

// emptiness is the one caveat of an empty E.
func (s *sample) emptiness() string {
	if s.selected == 0 {
		return "No incident passes the filter within the window, so there is nothing to count."
	}
	return fmt.Sprintf("No assessment passes the filter for %s, so there is nothing to count: absence of coding is not absence of the norm.",
		count(s.selected, "incident of the window", "incidents of the window"))
}

// caveats are what a reader of figures over this sample has to know, as plain
// sentences in a fixed order. members may be nil where there are no groups.
func (s *sample) caveats(by GroupBy, members [][]int32) []string {
	var list []string
	say := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }

	if pooled := s.pooled(); pooled != "" {
		say("%s", pooled)
	}
	counted := slices.Concat(s.counted...)
	if len(counted) == 0 {
		say("No assessment is counted: none of an assessed incident passes the filter with the relevance asked for.")
	} else if weak := s.weak(counted); weak > 0 {
		say("%d of %d counted assessments (%.1f %%) are unpublished or unverified.",
			weak, len(counted), 100*float64(weak)/float64(len(counted)))
	}
	if partial := s.partialCoders(counted); len(partial) > 0 {
		say("Coders are pooled although some did not code exhaustively: %s. Their silence about an incident is not a judgement.", strings.Join(partial, "; "))
	}
	if !s.anyNotRelevant() {
		say("Every assessed incident is one through assessments that find a norm relevant: any incident that concerns no norm is missing, by the filter or because no coder recorded it, and shares may be too high.")
	}
	if missing := s.selected - s.n(); missing > 0 {
		say("Left out: %s of the window without an assessment that passes the filter.", count(missing, "incident", "incidents"))
	}
	few, groups := 0, 0
	for _, m := range members {
		if len(m) > 0 {
			groups++
			few += btoi(len(m) < fewIncidents)
		}
	}
	if few > 0 {
		say("%d of %s fewer than %d incidents: do not read much into their figures.", few, count(groups, "group has", "groups have"), fewIncidents)
	}
	if s.reaching > 0 {
		say("%s before the window and, as far as the dates are known, reached into it; by the start, not counted.", count(s.reaching, "assessed incident began", "assessed incidents began"))
	}
	yearOnly := 0
	for i := range s.assessed {
		yearOnly += btoi(s.at(int32(i)).start.Precision == YearOnly)
	}
	if yearOnly > 0 {
		say("The start of %s is known to the year only and counts as 1 January.", count(yearOnly, "assessed incident", "assessed incidents"))
	}
	if by == ByNorm || by == ByScheme {
		if only := s.coreIdeaCoders(counted); len(only) > 0 {
			say("Rows are not comparable with each other: %s coded core ideas only, never the norms of a scheme.", strings.Join(only, ", "))
		}
	}
	return list
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s *sample) weak(counted []int32) int {
	n := 0
	for _, a := range counted {
		r := &s.assessments[a]
		n += btoi(methods[r.method] != Published || bases[r.basis] != Sourced)
	}
	return n
}

// partialCoders says which of several counted coders have rows on a minority of
// E.
func (s *sample) partialCoders(counted []int32) []string {
	if s.coderCount(counted) < 2 {
		return nil
	}
	used, incidents := make([]bool, len(s.coders)), make([]int, len(s.coders))
	for _, a := range counted {
		used[s.assessments[a].coder] = true
	}
	for _, place := range s.assessed {
		seen := map[int32]bool{}
		for _, a := range s.byIncident[place] {
			if r := &s.assessments[a]; (r.counted || r.assessed) && !seen[r.coder] {
				seen[r.coder] = true
				incidents[r.coder]++
			}
		}
	}
	var list []string
	for c, n := range incidents {
		if used[c] && 2*n < s.n() {
			list = append(list, fmt.Sprintf("%s (%d of %d assessed incidents)", s.coders[c].Name, n, s.n()))
		}
	}
	return list
}

func (s *sample) anyNotRelevant() bool {
	for _, place := range s.assessed {
		for _, a := range s.byIncident[place] {
			if r := &s.assessments[a]; r.assessed && relevances[r.relevance] == NotRelevant {
				return true
			}
		}
	}
	return false
}

// coreIdeaCoders are the counted coders who have rows on core ideas only.
func (s *sample) coreIdeaCoders(counted []int32) []string {
	used, stated := make([]bool, len(s.coders)), make([]bool, len(s.coders))
	for _, a := range counted {
		r := &s.assessments[a]
		used[r.coder] = true
		stated[r.coder] = stated[r.coder] || s.norms[r.norm].Level == Stated
	}
	var names []string
	for c := range used {
		if used[c] && !stated[c] {
			names = append(names, s.coders[c].Name)
		}
	}
	return names
}
