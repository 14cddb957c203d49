package continuity

import (
	"cmp"
	"slices"
)

// benjaminiHochberg turns p-values into q-values (Benjamini and Hochberg 1995,
// step-up): the least false discovery rate at which each would be kept. Nulls
// are no tests and stay null.
func benjaminiHochberg(p []Number) []Number {
	q := make([]Number, len(p))
	var order []int
	for i, x := range p {
		if x.Known() {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[b].Float(), p[a].Float()) })
	least := 1.0
	for i, at := range order { // from the largest p
		rank := len(order) - i
		// The quotient is at least 1, so that q ≥ p holds in the last digit too.
		least = min(least, p[at].Float()*(float64(len(order))/float64(rank)))
		q[at] = number(least)
	}
	return q
}
