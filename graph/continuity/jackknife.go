package continuity

import (
	"math"
	"slices"
)

// jackknife is the 95 % interval of the score from leaving out one incident of
// E at a time. All incidents of one period that agree in being members leave
// the same score behind, so the work is two scores per period, not one per
// incident. nil for fewer than two incidents.
//
// On samples like the corpus it covers 92 to 96 % from seven incidents on, 88 %
// at four; a percentile bootstrap covers 78 to 90 %, because resampling empties
// sparse periods (TestJackknifeCoverage).
func (w Weights) jackknife(counts, sizes []int32) *Interval {
	n := 0.0
	for _, size := range sizes {
		n += float64(size)
	}
	if n < 2 {
		return nil
	}
	counts, sizes = slices.Clone(counts), slices.Clone(sizes) // changed and restored below
	type left struct{ score, times float64 }
	scores := make([]left, 0, 2*len(sizes))
	sum := 0.0
	leave := func(t int, member, times int32) {
		if times == 0 {
			return
		}
		counts[t] -= member
		sizes[t]--
		l := left{w.score(counts, sizes), float64(times)}
		counts[t] += member
		sizes[t]++
		scores = append(scores, l)
		sum += l.score * l.times
	}
	for t := range sizes {
		leave(t, 1, counts[t])
		leave(t, 0, sizes[t]-counts[t])
	}
	mean, squares := sum/n, 0.0
	for _, l := range scores {
		squares += l.times * (l.score - mean) * (l.score - mean)
	}
	half := z975 * math.Sqrt((n-1)/n*squares)
	score := w.score(counts, sizes)
	i := interval(clamp01(score-half), clamp01(score+half))
	return &i
}
