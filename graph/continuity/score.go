package continuity

import (
	"cmp"
	"math"
	"slices"
)

// Weights are the exponents of the score; only their proportions matter.
type Weights struct{ Share, Persistence, Evenness float64 }

// normalised checks the weights and scales them to a sum of 1. nil is the
// default, share and persistence alike.
func (w *Weights) normalised() (Weights, error) {
	if w == nil {
		return Weights{Share: 0.5, Persistence: 0.5}, nil
	}
	largest := 0.0
	for _, x := range []float64{w.Share, w.Persistence, w.Evenness} {
		if !(x >= 0) || math.IsInf(x, 1) {
			return Weights{}, badInput("weights", "%v is not a weight: each must be a number of 0 or more", x)
		}
		largest = max(largest, x)
	}
	if largest == 0 {
		return Weights{}, badInput("weights", "all weights are 0: at least one must be greater")
	}
	a, b, c := w.Share/largest, w.Persistence/largest, w.Evenness/largest // no overflow in the sum
	sum := a + b + c
	return Weights{a / sum, b / sum, c / sum}, nil
}

// score is the weighted geometric mean of share, persistence and evenness for
// counts members among sizes incidents per period. With one observable period
// it is the share, without any incident 0.
func (w Weights) score(counts, sizes []int32) float64 {
	k, n, active, observable := int32(0), int32(0), 0, 0
	for t, size := range sizes {
		if size > 0 {
			observable++
		}
		if counts[t] > 0 {
			active++
		}
		n += size
		k += counts[t]
	}
	if k == 0 {
		return 0
	}
	share := float64(k) / float64(n)
	if observable == 1 {
		return share
	}
	s := math.Pow(share, w.Share) * math.Pow(float64(active)/float64(observable), w.Persistence)
	if w.Evenness > 0 {
		s *= math.Pow(evenness(counts, sizes), w.Evenness)
	}
	return clamp01(s)
}

// rounded is a score as ranks compare it: to 12 decimals.
func rounded(score float64) int64 { return int64(math.Round(score * 1e12)) }

// ranks are competition ranks: 1 + the number of greater values.
func ranks(values []int64, sorted []int64, out []int32) {
	copy(sorted, values)
	slices.SortFunc(sorted, func(a, b int64) int { return cmp.Compare(b, a) })
	for i, v := range values {
		greater, _ := slices.BinarySearchFunc(sorted, v, func(x, v int64) int { return cmp.Compare(v, x) })
		out[i] = int32(greater) + 1
	}
}
