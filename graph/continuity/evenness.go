package continuity

import "math"

// evenness is the entropy of the rates counts/sizes over the observable periods
// (sizes > 0), divided by its maximum: 1 means that the same share of the
// assessed incidents had the group in every period. Within [0, 1]; 0 without
// any member, else 1 with a single period.
func evenness(counts, sizes []int32) float64 {
	sum, observable := 0.0, 0
	for t, n := range sizes {
		if n > 0 {
			observable++
			sum += float64(counts[t]) / float64(n)
		}
	}
	switch {
	case sum == 0:
		return 0
	case observable == 1:
		return 1
	}
	entropy := 0.0
	for t, c := range counts {
		if c > 0 {
			p := float64(c) / float64(sizes[t]) / sum
			entropy -= p * math.Log(p)
		}
	}
	return clamp01(entropy / math.Log(float64(observable)))
}
