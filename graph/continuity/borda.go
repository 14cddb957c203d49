package continuity

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Ranking is a contribution's rank of a norm; 1 is best.
type Ranking struct {
	Contribution, Norm string
	Rank               int
}

// RankedNorm is a norm's standing over all contributions.
type RankedNorm struct {
	Norm     string
	Borda    Number
	MeanRank Number // over its rankers, ties at their middle
	Rankers  int
}

// Borda counts points: a contribution that ranks m norms gives m − r to the norm
// at rank r, where tied norms share the middle of their places, and nothing to
// norms that it leaves out. Ordered by points descending, mean rank, id. The
// error says that a contribution ranks a norm twice.
func Borda(rankings []Ranking) ([]RankedNorm, error) {
	rankings = slices.Clone(rankings)
	slices.SortFunc(rankings, func(a, b Ranking) int {
		return cmp.Or(strings.Compare(a.Contribution, b.Contribution), cmp.Compare(a.Rank, b.Rank), strings.Compare(a.Norm, b.Norm))
	})
	type standing struct{ points, ranks, rankers float64 }
	standings := map[string]*standing{}
	for len(rankings) > 0 {
		ballot := leading(rankings, func(a, b Ranking) bool { return a.Contribution == b.Contribution })
		rankings = rankings[len(ballot):]
		seen := map[string]bool{}
		for place := 1; place <= len(ballot); {
			tied := leading(ballot[place-1:], func(a, b Ranking) bool { return a.Rank == b.Rank })
			middle := float64(place) + float64(len(tied)-1)/2
			for _, r := range tied {
				if seen[r.Norm] {
					return nil, fmt.Errorf("contribution %q ranks norm %q twice", r.Contribution, r.Norm)
				}
				seen[r.Norm] = true
				s := standings[r.Norm]
				if s == nil {
					s = &standing{}
					standings[r.Norm] = s
				}
				s.points += float64(len(ballot)) - middle // halves: exact in any order
				s.ranks += middle
				s.rankers++
			}
			place += len(tied)
		}
	}
	var list []RankedNorm
	for norm, s := range standings {
		list = append(list, RankedNorm{norm, number(s.points), number(s.ranks / s.rankers), int(s.rankers)})
	}
	slices.SortFunc(list, func(a, b RankedNorm) int {
		return cmp.Or(
			cmp.Compare(b.Borda.Float(), a.Borda.Float()),
			cmp.Compare(a.MeanRank.Float(), b.MeanRank.Float()),
			strings.Compare(a.Norm, b.Norm))
	})
	return list, nil
}

// leading is the longest prefix whose elements are alike.
func leading[T any](list []T, alike func(a, b T) bool) []T {
	n := 1
	for n < len(list) && alike(list[0], list[n]) {
		n++
	}
	return list[:n]
}
