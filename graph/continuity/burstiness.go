package continuity

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// burstiness is the measure of Kim and Jo (2016, Phys. Rev. E 94, 032311),
// which corrects for short sequences: −1 regular, 0 as random, 1 bursty. days
// ascend; null for fewer than 4, or if all fall on one day.
func burstiness(days []int32) Number {
	k := float64(len(days))
	if k < 4 {
		return Number{}
	}
	gaps := make([]float64, len(days)-1)
	for i := range gaps {
		gaps[i] = float64(days[i+1] - days[i])
	}
	mean, deviation := stat.PopMeanStdDev(gaps, nil)
	if mean == 0 {
		return Number{}
	}
	r := deviation / mean
	return number((math.Sqrt(k+1)*r - math.Sqrt(k-1)) / ((math.Sqrt(k+1)-2)*r + math.Sqrt(k-1)))
}
