package continuity

import "math"

// wilson is the 95 % score interval of Wilson (1927) for x successes of n > 0.
// x may be a sum of fractions, which makes it conservative. The ends are
// exactly 0 at x = 0 and exactly 1 at x = n.
func wilson(x, n float64) Interval {
	const zz = z975 * z975
	centre := (x + zz/2) / (n + zz)
	half := z975 / (n + zz) * math.Sqrt(x*(n-x)/n+zz/4)
	low, high := clamp01(centre-half), clamp01(centre+half)
	if x == 0 {
		low = 0
	}
	if x == n {
		high = 1
	}
	return interval(low, high)
}
