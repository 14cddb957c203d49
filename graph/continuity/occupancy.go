package continuity

import (
	"context"

	"gonum.org/v1/gonum/floats"
)

// occupancy answers how many of the periods k incidents reach when they are
// drawn from E without replacement.
type occupancy interface {
	// atLeast is P(k incidents reach at least that many periods).
	atLeast(ctx context.Context, k, periods int) (float64, error)
}

// recursive is the number of incidents up to which the recursion is the faster, and
// takes at most some seconds.
const recursive = 2000

// newOccupancy is for draws of up to most from periods of these sizes.
func newOccupancy(ctx context.Context, sizes []int32, most int) (occupancy, error) {
	v := newInversion(sizes)
	if v.total > recursive {
		return v, nil
	}
	return newRecursion(ctx, sizes, most)
}

// recursion has the probabilities of all numbers drawn.
type recursion struct {
	// reach[k·width + a] = P(a periods reached | k drawn).
	reach []float64
	width int
}

// newRecursion prepares the exact distribution for every k up to most. It is the
// coefficient of uᵃxᵏ in Π_t (1 + u((1+x)^n_t − 1)), divided by C(n, k), but
// built period by period as a mixture of conditional probabilities: with N
// incidents in the periods so far and j of them drawn, the number drawn from the
// newest period is hypergeometric. All terms are probabilities, so nothing
// overflows or cancels, and one table serves all groups.
func newRecursion(ctx context.Context, sizes []int32, most int) (*recursion, error) {
	o := &recursion{width: len(sizes) + 1}
	o.reach = make([]float64, (most+1)*o.width)
	o.reach[0] = 1
	row := func(k int) []float64 { return o.reach[k*o.width : (k+1)*o.width] }
	seen := 0
	var buffer []float64
	for t, size := range sizes {
		seen += int(size)
		// Downwards, so that the rows of smaller j are still those before t.
		for j := min(most, seen); j > 0; j-- {
			if j%256 == 0 {
				if err := stopped(ctx); err != nil {
					return nil, err
				}
			}
			var least int
			least, buffer = hypergeometric(seen, int(size), j, buffer)
			reached := row(j)
			if least == 0 {
				floats.Scale(buffer[0], reached[:t+1])
			}
			for i, p := range buffer {
				if m := least + i; m > 0 && p > 0 {
					floats.AddScaled(reached[1:t+2], p, row(j - m)[:t+1])
				}
			}
		}
	}
	return o, nil
}

func (o *recursion) atLeast(_ context.Context, k, periods int) (float64, error) {
	return min(floats.Sum(o.reach[k*o.width+periods:(k+1)*o.width]), 1), nil
}

// expectedPeriods is the expected number of periods that k incidents reach:
// Σ_t (1 − C(n−n_t, k)/C(n, k)).
func expectedPeriods(sizes []int32, n, k int) float64 {
	expected := 0.0
	for _, size := range sizes {
		missed := 1.0
		few, many := min(k, int(size)), max(k, int(size))
		for i := range few {
			missed *= float64(n-many-i) / float64(n-i)
			if missed == 0 {
				break
			}
		}
		expected += 1 - missed
	}
	return expected
}
