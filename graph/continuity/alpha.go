package continuity

// coincidences is Krippendorff's coincidence matrix over a few categories: each
// unit with m values adds 1/(m − 1) for every ordered pair of its values.
type coincidences struct {
	categories int
	cells      []float64
}

func newCoincidences(categories int) coincidences {
	return coincidences{categories, make([]float64, categories*categories)}
}

// addUnit adds a unit whose values are counts per category.
func (c coincidences) addUnit(counts []int32) {
	values := int32(0)
	for _, n := range counts {
		values += n
	}
	if values < 2 {
		return
	}
	for x, n := range counts {
		for y, m := range counts {
			pairs := n * m
			if x == y {
				pairs = n * (n - 1)
			}
			c.cells[x*c.categories+y] += float64(pairs) / float64(values-1)
		}
	}
}

// add adds times another matrix.
func (c coincidences) add(times float64, other coincidences) {
	for i, x := range other.cells {
		c.cells[i] += times * x
	}
}

// totals is the number of values per category, and in all.
func (c coincidences) totals() (per []float64, all float64) {
	per = make([]float64, c.categories)
	for x := range per {
		for y := range c.categories {
			per[x] += c.cells[x*c.categories+y]
		}
		all += per[x]
	}
	return per, all
}

// nominal is the difference of categories that are merely different.
func nominal(x, y int, _ []float64) float64 {
	return float64(btoi(x != y))
}

// ordinal is Krippendorff's squared difference of ranked categories: the values
// between them, the two ends by half.
func ordinal(x, y int, per []float64) float64 {
	between := -(per[x] + per[y]) / 2
	for g := min(x, y); g <= max(x, y); g++ {
		between += per[g]
	}
	return between * between
}

// alpha is 1 − observed / expected disagreement (Krippendorff 2011, Computing
// Krippendorff's Alpha-Reliability); null without variation.
func (c coincidences) alpha(difference func(x, y int, per []float64) float64) Number {
	per, all := c.totals()
	observed, expected := 0.0, 0.0
	for x := range c.categories {
		for y := range x {
			d := difference(x, y, per)
			observed += c.cells[x*c.categories+y] * d
			expected += per[x] * per[y] * d
		}
	}
	if expected == 0 {
		return Number{}
	}
	return number(1 - (all-1)*observed/expected)
}
