package continuity

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// maxPairs bounds the pairs of groups: 1,000 groups.
const maxPairs = 500_000

// CoOccurrenceArgs are the arguments of normCoOccurrence.
type CoOccurrenceArgs struct {
	GroupBy  GroupBy
	MinCount int // pairs with fewer common incidents are left out
	Filters
}

// Pair is two groups, A's key before B's. An assessment that counts for both is
// ignored, here and in the heads' counts. Pairs are ordered by count
// descending, then keys.
type Pair struct {
	A, B    Head
	Count   int    // incidents in both
	Jaccard Number // both / either
	Lift    Number // both / expected by chance
	PValue  Number // Fisher's exact, two-sided
	QValue  Number // over all pairs with neither group in none or all of E
}

// CoOccurrence says which groups come up in the same incidents.
func (o *Observations) CoOccurrence(ctx context.Context, args CoOccurrenceArgs) ([]Pair, error) {
	if args.MinCount < 0 {
		return nil, badInput("minCount", "%d is less than 0", args.MinCount)
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
	var observed []int32
	for i := range g.groups {
		if len(members[i]) > 0 {
			observed = append(observed, int32(i))
		}
	}
	if err := checkLimit("pairs", "pairs of groups", len(observed)*(len(observed)-1)/2, maxPairs); err != nil {
		return nil, err
	}

	shared := s.shared(g)
	evidence := s.evidence(g)
	apart := func(of, from int32) []int32 { // R(of) by assessments that do not count for from
		if !shared[[2]int32{min(of, from), max(of, from)}] {
			return members[of]
		}
		return s.placesWith(evidence[of], func(a int32) bool {
			_, both := slices.BinarySearch(g.of[s.assessments[a].norm], from)
			return !both
		})
	}
	var pairs []Pair
	var tests []Number
	var buffer []float64
	n := s.n()
	for i, x := range observed {
		if err := stopped(ctx); err != nil {
			return nil, err
		}
		for _, y := range observed[i+1:] {
			inX, inY := apart(x, y), apart(y, x)
			r, c, a := len(inX), len(inY), len(intersection(inX, inY))
			var p float64
			p, buffer = fisherExact(a, r, c, n, buffer)
			test := Number{}
			if r > 0 && r < n && c > 0 && c < n {
				test = number(p)
			}
			tests = append(tests, test)
			pairs = append(pairs, Pair{
				A: Head{g.groups[x], r}, B: Head{g.groups[y], c},
				Count:   a,
				Jaccard: ratio(float64(a), float64(r+c-a)),
				Lift:    ratio(float64(a)*float64(n), float64(r)*float64(c)),
				PValue:  number(p),
			})
		}
	}
	for i, q := range benjaminiHochberg(tests) {
		pairs[i].QValue = q
	}
	pairs = slices.DeleteFunc(pairs, func(p Pair) bool { return p.Count < args.MinCount })
	slices.SortFunc(pairs, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.A.Key, b.A.Key), strings.Compare(a.B.Key, b.B.Key))
	})
	return pairs, nil
}

// shared are the pairs of groups for which one counted assessment counts twice.
func (s *sample) shared(g *grouping) map[[2]int32]bool {
	pairs := map[[2]int32]bool{}
	for _, counted := range s.counted {
		for _, a := range counted {
			groups := g.of[s.assessments[a].norm]
			for i, x := range groups {
				for _, y := range groups[i+1:] {
					pairs[[2]int32{x, y}] = true
				}
			}
		}
	}
	return pairs
}
