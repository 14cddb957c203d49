package continuity

import (
	"context"
	"math"
	"math/cmplx"
)

// inversion answers what [recursion] does, for any number of incidents. Draws
// without replacement are independent binomial numbers X_t of each period, all with
// the same probability π = k/n, given that they sum to k. So with the characteristic
// functions φ_t of X_t, and q_t = P(X_t = 0), P(a periods) is the coefficient of uᵃ in
//
//	Σ_j e^{−ikθ_j} Π_t (q_t + u(φ_t(θ_j) − q_t))  /  Σ_j e^{−ikθ_j} Π_t φ_t(θ_j)
//
// over the θ_j = 2πj/M. It is exact for M > n; M far beyond the spread of ΣX_t, which
// is taken here, leaves out probabilities below 10⁻¹⁶. The error is below 10⁻¹².
type inversion struct {
	sizes []int32
	total int
	tails map[int][]float64 // by k
	steps int
}

// leastTail is what a probability of the inversion is at least: less is lost in its
// error.
const leastTail = 1e-12

func newInversion(sizes []int32) *inversion {
	v := &inversion{sizes: sizes, tails: map[int][]float64{}}
	for _, size := range sizes {
		v.total += int(size)
	}
	return v
}

// points is M.
func (v *inversion) points(k int) int {
	share := float64(k) / float64(v.total)
	return min(v.total+1, int(math.Ceil(14+math.Sqrt(178+80*float64(k)*(1-share)))))
}

func (v *inversion) atLeast(ctx context.Context, k, periods int) (float64, error) {
	tail, ok := v.tails[k]
	if !ok {
		v.steps += v.points(k) * len(v.sizes) * len(v.sizes) / 4
		err := checkLimit("pValueSteps", "steps of exact p-values", v.steps, maxSteps)
		if err == nil {
			tail, err = v.invert(ctx, k)
		}
		if err != nil {
			return 0, err
		}
		v.tails[k] = tail
	}
	return tail[periods], nil
}

// term is what one θ adds.
type term struct {
	weight complex128 // e^{−ikθ}, twice where the one at −θ is its conjugate
	log    complex128 // of φ of one incident
}

// invert is P(at least a periods) for all a.
func (v *inversion) invert(ctx context.Context, k int) ([]float64, error) {
	points, share := v.points(k), float64(k)/float64(v.total)
	terms := make([]term, points/2+1)
	whole := 0.0
	for j := range terms {
		theta := 2 * math.Pi * float64(j) / float64(points)
		sin, cos := math.Sincos(theta)
		half := math.Sin(theta / 2)
		x := &terms[j]
		x.log = complex(
			math.Log1p(math.Max(-4*share*(1-share)*half*half, -1))/2,
			math.Atan2(share*sin, 1-share+share*cos))
		x.weight = cmplx.Rect(2, -2*math.Pi*float64(k*j%points)/float64(points))
		if j == 0 || 2*j == points {
			x.weight /= 2
		}
		whole += real(x.weight * power(x.log, v.total))
	}

	none := make([]float64, len(v.sizes))
	for t, size := range v.sizes {
		none[t] = math.Exp(float64(size) * math.Log1p(-share))
	}
	tail := make([]float64, len(v.sizes)+1)
	some := make([]complex128, len(v.sizes))
	coefficients := make([]complex128, len(v.sizes)+1)
	for _, x := range terms {
		if err := stopped(ctx); err != nil {
			return nil, err
		}
		bound := 1.0
		for t, size := range v.sizes {
			some[t] = power(x.log, int(size)) - complex(none[t], 0)
			bound *= cmplx.Abs(some[t]) + none[t]
		}
		if bound < 1e-20*whole/float64(points) {
			continue
		}
		clear(coefficients)
		coefficients[0] = x.weight
		for t := range v.sizes {
			for a := t + 1; a > 0; a-- {
				c := coefficients[a]
				coefficients[a] = complex(real(c)*none[t], imag(c)*none[t]) + coefficients[a-1]*some[t]
			}
			coefficients[0] *= complex(none[t], 0)
		}
		for a, c := range coefficients {
			tail[a] += real(c)
		}
	}
	for a := len(v.sizes) - 1; a >= 0; a-- {
		tail[a] += tail[a+1]
	}
	for a := range tail {
		tail[a] = min(max(tail[a]/whole, leastTail), 1)
	}
	return tail, nil
}

// power is e^(n·log).
func power(log complex128, n int) complex128 {
	return cmplx.Rect(math.Exp(float64(n)*real(log)), float64(n)*imag(log))
}
