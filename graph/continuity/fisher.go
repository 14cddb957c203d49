package continuity

// fisherExact is the two-sided p-value of a 2×2 table with a common units, row
// and column totals r and c, of n: the sum over all tables with these totals
// that are no more probable than the observed one (up to a relative 1e-7, as R
// does, so that equal tables count as equal).
func fisherExact(a, r, c, n int, buffer []float64) (p float64, room []float64) {
	least, probabilities := hypergeometric(n, r, c, buffer)
	bound := probabilities[a-least] * (1 + 1e-7)
	for _, x := range probabilities {
		if x <= bound {
			p += x
		}
	}
	return min(p, 1), probabilities
}
