package continuity

import (
	"math"
	"strconv"
)

// Number is a figure that may be unknown (null). The zero value is null.
// Its fields are hidden so that [number] is the only way to make one: that is
// where NaN, infinities and −0 are kept from leaving the package.
type Number struct {
	value float64
	known bool
}

// number wraps x. NaN and infinities become null, −0 becomes 0.
func number(x float64) Number {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Number{}
	}
	return Number{x + 0, true} // −0 + 0 is +0
}

// ratio is a / b, null when b is 0.
func ratio(a, b float64) Number {
	if b == 0 {
		return Number{}
	}
	return number(a / b)
}

// Float returns the value, 0 for null.
func (n Number) Float() float64 { return n.value }

// Known reports whether n is not null.
func (n Number) Known() bool { return n.known }

// Ptr returns the value, nil for null.
func (n Number) Ptr() *float64 {
	if !n.known {
		return nil
	}
	return &n.value
}

// Equal reports whether both are null, or both are the same number.
func (n Number) Equal(m Number) bool { return n == m }

// String is the shortest decimal form that reads back as the same number, or
// "null".
func (n Number) String() string {
	if !n.known {
		return "null"
	}
	return strconv.FormatFloat(n.value, 'g', -1, 64)
}

// MarshalJSON writes the number or null.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(n.String()), nil }

// Interval is a confidence or percentile interval; an end can be null where it
// is unbounded.
type Interval struct {
	Low  Number `json:"low"`
	High Number `json:"high"`
}

func interval(low, high float64) Interval { return Interval{number(low), number(high)} }

// z975 is the 97.5 % point of the standard normal distribution.
const z975 = 1.959963984540054

func clamp01(x float64) float64 { return min(max(x, 0), 1) }

// percentileInterval gives the 2.5 and 97.5 percentiles of ascending values, by
// nearest rank.
func percentileInterval(sorted []float64) Interval {
	low, high := percentileRanks(len(sorted))
	return interval(sorted[low-1], sorted[high-1])
}

// percentileRanks gives the 1-based places of the nearest-rank 2.5 and 97.5
// percentiles among n values.
func percentileRanks(n int) (low, high int) {
	return (25*n + 999) / 1000, (975*n + 999) / 1000
}
