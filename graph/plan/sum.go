package plan

import "math"

// FloatSum adds numbers by the method of Kahan, Babuska and Neumaier, as both
// stores do: what rounding loses is added at the end, so that the order of the
// numbers does not show in the last digit.
type FloatSum struct{ sum, lost float64 }

// Add adds one number.
func (s *FloatSum) Add(x float64) {
	sum := s.sum + x
	if math.Abs(s.sum) > math.Abs(x) {
		s.lost += (s.sum - sum) + x
	} else {
		s.lost += (x - sum) + s.sum
	}
	s.sum = sum
}

// Value is the sum so far.
func (s *FloatSum) Value() float64 {
	if sum := s.sum + s.lost; !math.IsNaN(sum) {
		return sum
	}
	return s.sum // beyond the greatest number
}
