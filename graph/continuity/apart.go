package continuity

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds of what is said of pairs of coders: of how many coders, and how many pairs
// are named.
const (
	maxApart = 200
	maxNamed = 3
)

// apart says of pairs of the chosen coders that they have no incident, or no group,
// in common.
func (s *sample) apart(g *grouping, chosen []bool, args AgreementArgs) (list []string) {
	rows := s.judged(args)
	var coders []int32               // that have a row
	at := make([]int, len(s.coders)) // 1 + place in coders
	for place := range s.assessed {
		for _, i := range rows(place) {
			if c := s.assessments[i].coder; chosen[c] && at[c] == 0 {
				coders = append(coders, c)
				at[c] = 1
			}
		}
	}
	if len(coders) < 2 || len(coders) > maxApart {
		return nil
	}
	slices.Sort(coders)
	for i, c := range coders {
		at[c] = 1 + i
	}
	groups := make([][]int32, len(coders)) // of each coder
	meets := make([]bool, len(coders)*len(coders))
	for place := range s.assessed {
		var here []int
		for _, i := range rows(place) {
			a := &s.assessments[i]
			c := at[a.coder] - 1
			if c < 0 {
				continue
			}
			if !slices.Contains(here, c) {
				here = append(here, c)
			}
			groups[c] = append(groups[c], g.of[a.norm]...)
		}
		for _, a := range here {
			for _, b := range here {
				meets[a*len(coders)+b] = true
			}
		}
	}
	for c := range groups {
		slices.Sort(groups[c])
		groups[c] = slices.Compact(groups[c])
	}
	say := func(what string, share func(a, b int) bool) {
		var pairs []string
		more := 0
		for b := range coders {
			for a := range b {
				switch {
				case share(a, b):
				case len(pairs) == maxNamed:
					more++
				default:
					pairs = append(pairs, s.coders[coders[a]].Name+" and "+s.coders[coders[b]].Name)
				}
			}
		}
		if more > 0 {
			pairs = append(pairs, count(more, "more pair", "more pairs"))
		}
		if len(pairs) > 0 {
			list = append(list, fmt.Sprintf("Coders with no %s in common, of whom nothing is compared: %s.", what, strings.Join(pairs, "; ")))
		}
	}
	meet := func(a, b int) bool { return meets[a*len(coders)+b] }
	say("incident", meet)
	if args.MissingIsNotRelevant {
		return list // silence about a norm is a judgement too
	}
	what := "norm"
	if args.GroupBy == ByCoreIdea {
		what = "core idea"
	}
	say(what, func(a, b int) bool {
		in := func(g int32) bool { _, found := slices.BinarySearch(groups[b], g); return found }
		return !meet(a, b) || slices.ContainsFunc(groups[a], in)
	})
	return list
}
