package continuity

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// reference holds values of independent programs; testdata/reference.py says
// how each was obtained.
var reference struct {
	Wilson             []struct{ X, N, Low, High float64 }
	ClopperPearsonOdds []struct {
		X, N      int
		Low, High *float64
	}
	BenjaminiHochberg []struct{ P, Q []float64 }
	Fisher            []struct {
		A, R, C, N int
		P          float64
	}
	Residual       []struct{ A, R, C, N, Z float64 }
	Hypergeometric []struct {
		Total, Marked, Draws, Least int
		P                           []float64
	}
	Evenness []struct {
		Counts, Sizes []int32
		Value         float64
	}
	Burstiness []struct {
		Days  []int32
		Value *float64
	}
	Alpha []struct {
		Categories       int
		Values           [][]*int
		Nominal, Ordinal float64
	}
	Occupancy []struct {
		Sizes    []int32
		K        int
		Tails    []float64
		Expected float64
	}
}

func TestMain(m *testing.M) {
	text, err := os.ReadFile("testdata/reference.json")
	if err == nil {
		err = json.Unmarshal(text, &reference)
	}
	if err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// near fails unless got is want to a relative (or, near 0, absolute) tolerance.
func near(t *testing.T, what string, got Number, want *float64, tolerance float64) {
	t.Helper()
	if got.Known() != (want != nil) {
		t.Errorf("%s: got %v, want null %v", what, got, want == nil)
		return
	}
	if want != nil && math.Abs(got.Float()-*want) > tolerance*max(math.Abs(*want), 1e-3) {
		t.Errorf("%s: got %v, want %v", what, got, *want)
	}
}

func TestStatisticsAgainstReferences(t *testing.T) {
	for _, r := range reference.Wilson {
		i := wilson(r.X, r.N)
		near(t, "wilson low", i.Low, &r.Low, 1e-12)
		near(t, "wilson high", i.High, &r.High, 1e-12)
	}
	for _, r := range reference.ClopperPearsonOdds {
		i := clopperPearsonOdds(r.X, r.N)
		near(t, "clopper-pearson low", i.Low, r.Low, 1e-9)
		near(t, "clopper-pearson high", i.High, r.High, 1e-9)
	}
	for _, r := range reference.BenjaminiHochberg {
		p := make([]Number, 0, 2*len(r.P))
		for _, x := range r.P {
			p = append(p, number(x), Number{}) // nulls between are no tests
		}
		for i, q := range benjaminiHochberg(p) {
			if i%2 == 1 {
				near(t, "null q", q, nil, 0)
				continue
			}
			near(t, "q", q, &r.Q[i/2], 1e-12)
		}
	}
	var buffer []float64
	for _, r := range reference.Fisher {
		var p float64
		p, buffer = fisherExact(r.A, r.R, r.C, r.N, buffer)
		near(t, "fisher", number(p), &r.P, 1e-11)
	}
	for _, r := range reference.Residual {
		near(t, "residual", residual(r.A, r.R, r.C, r.N), &r.Z, 1e-12)
	}
	for _, r := range reference.Hypergeometric {
		least, p := hypergeometric(r.Total, r.Marked, r.Draws, nil)
		if least != r.Least || len(p) != len(r.P) {
			t.Fatalf("hypergeometric(%d, %d, %d): support from %d, %d values", r.Total, r.Marked, r.Draws, least, len(p))
		}
		for i, want := range r.P {
			if math.Abs(p[i]-want) > 1e-12*want { // relative, deep into the tails
				t.Errorf("hypergeometric(%d, %d, %d)[%d]: got %v, want %v", r.Total, r.Marked, r.Draws, least+i, p[i], want)
			}
		}
	}
	for _, r := range reference.Evenness {
		near(t, "evenness", number(evenness(r.Counts, r.Sizes)), &r.Value, 1e-12)
	}
	for _, r := range reference.Burstiness {
		near(t, "burstiness", burstiness(r.Days), r.Value, 1e-12)
	}
	for _, r := range reference.Alpha {
		c := newCoincidences(r.Categories)
		for unit := range r.Values[0] {
			counts := make([]int32, r.Categories)
			for _, coder := range r.Values {
				if coder[unit] != nil {
					counts[*coder[unit]]++
				}
			}
			c.addUnit(counts)
		}
		near(t, "α nominal", c.alpha(nominal), &r.Nominal, 1e-12)
		near(t, "α ordinal", c.alpha(ordinal), &r.Ordinal, 1e-12)
	}
}

func TestOccupancyAgainstExactIntegers(t *testing.T) {
	for _, r := range reference.Occupancy {
		o, err := newOccupancy(t.Context(), r.Sizes, r.K)
		if err != nil {
			t.Fatal(err)
		}
		for a, want := range r.Tails {
			got, err := o.atLeast(t.Context(), r.K, a)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(got-want) > 1e-11*want {
				t.Errorf("sizes %v, k %d: P(≥ %d) = %v, want %v", r.Sizes, r.K, a, got, want)
			}
		}
		near(t, "expected periods", number(expectedPeriods(r.Sizes, newInversion(r.Sizes).total, r.K)), &r.Expected, 1e-12)
	}
}

// Every subset of a small E is drawn once.
func TestOccupancyByEnumeration(t *testing.T) {
	for _, sizes := range [][]int32{{2, 1, 2, 1}, {3, 3, 3}, {1, 1, 1, 1, 1, 1}, {6, 1, 2, 4}} {
		var period []int
		for p, n := range sizes {
			for range n {
				period = append(period, p)
			}
		}
		n := len(period)
		tally := map[[2]int]int64{}
		for subset := range 1 << n {
			k, reached := 0, 0
			for i := range n {
				if subset>>i&1 == 1 {
					k++
					reached |= 1 << period[i]
				}
			}
			tally[[2]int{k, popcount(reached)}]++
		}
		o, err := newOccupancy(t.Context(), sizes, n)
		if err != nil {
			t.Fatal(err)
		}
		for k := 1; k <= n; k++ {
			all := new(big.Int).Binomial(int64(n), int64(k))
			tail, mean := int64(0), 0.0
			for a := len(sizes); a >= 0; a-- {
				tail += tally[[2]int{k, a}]
				want, _ := new(big.Rat).SetFrac(big.NewInt(tail), all).Float64()
				got, err := o.atLeast(t.Context(), k, a)
				if err != nil {
					t.Fatal(err)
				}
				near(t, "tail", number(got), &want, 1e-13)
				if a > 0 {
					mean += want
				}
			}
			near(t, "mean", number(expectedPeriods(sizes, n, k)), &mean, 1e-12)
		}
	}
}

// drawn are periods with k incidents drawn from them.
type drawn struct {
	sizes []int32
	k     int
}

func tails(t *testing.T, o occupancy, d drawn) []float64 {
	t.Helper()
	var out []float64
	for a := range len(d.sizes) + 1 {
		p, err := o.atLeast(t.Context(), d.k, a)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

// exactTails counts: the coefficient of uᵃxᵏ in Π_t (1 + u((1+x)^n_t − 1)).
func exactTails(d drawn) []float64 {
	ways := make([][]*big.Int, len(d.sizes)+1) // by periods reached and incidents drawn
	for a := range ways {
		ways[a] = make([]*big.Int, d.k+1)
		for j := range ways[a] {
			ways[a][j] = new(big.Int)
		}
	}
	ways[0][0].SetInt64(1)
	n := int64(0)
	for _, size := range d.sizes {
		n += int64(size)
		for a := len(d.sizes) - 1; a >= 0; a-- {
			for j := d.k; j >= 0; j-- {
				for m := 1; m <= int(size) && j+m <= d.k; m++ {
					more := new(big.Int).Binomial(int64(size), int64(m))
					ways[a+1][j+m].Add(ways[a+1][j+m], more.Mul(more, ways[a][j]))
				}
			}
		}
	}
	all, sum, out := new(big.Int).Binomial(n, int64(d.k)), new(big.Int), make([]float64, len(ways))
	for a := len(d.sizes); a >= 0; a-- {
		sum.Add(sum, ways[a][d.k])
		out[a], _ = new(big.Rat).SetFrac(sum, all).Float64()
	}
	return out
}

// The inversion gives what exact integers give, within 10⁻¹² and never less than
// that, and what the recursion gives for more incidents.
func TestInversion(t *testing.T) {
	compare := func(d drawn, want []float64, of string) {
		t.Helper()
		for a, got := range tails(t, newInversion(d.sizes), d) {
			if math.Abs(got-max(want[a], leastTail)) > 1e-12 {
				t.Errorf("sizes %v, k %d: P(≥ %d) = %v, %s %v", d.sizes, d.k, a, got, of, want[a])
			}
		}
	}
	for _, c := range []struct {
		drawn
		periods int
		want    float64 // to 4 decimals
	}{
		{drawn{[]int32{2, 1, 2, 1}, 3}, 3, 0.6},
		{drawn{[]int32{1, 2, 3, 4, 5}, 6}, 5, 0.1199},
		{drawn{[]int32{1, 2, 5, 50, 500, 5000, 14442}, 400}, 6, 0.0041},
	} {
		if got := tails(t, newInversion(c.sizes), c.drawn)[c.periods]; math.Abs(got-c.want) > 5e-5 {
			t.Errorf("sizes %v, k %d: P(≥ %d) = %v, want %v", c.sizes, c.k, c.periods, got, c.want)
		}
	}
	random := rand.New(rand.NewPCG(3, 4))
	draw := func(periods, size int) (d drawn) {
		n := 0
		for range 1 + random.IntN(periods) {
			d.sizes = append(d.sizes, 1+int32(float64(size)*math.Pow(random.Float64(), 3)))
			n += int(d.sizes[len(d.sizes)-1])
		}
		d.k = 1 + random.IntN(n)
		return d
	}
	for range 300 {
		d := draw(8, 12)
		compare(d, exactTails(d), "exactly")
	}
	sizes := []int32{1, 1, 3, 300, 7, 800, 44, 2, 150, 692} // 2,000
	for _, k := range []int{1, 2, 3, 10, 100, 1000, 1500, 1990, 1999} {
		r, err := newRecursion(t.Context(), sizes, k)
		if err != nil {
			t.Fatal(err)
		}
		d := drawn{sizes, k}
		compare(d, tails(t, r, d), "by recursion")
	}
	for range 20 {
		d := draw(30, 200)
		r, err := newRecursion(t.Context(), d.sizes, d.k)
		if err != nil {
			t.Fatal(err)
		}
		compare(d, tails(t, r, d), "by recursion")
	}
}

// The inversion ends with its context, and before it takes too long.
func TestInversionIsBounded(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newInversion([]int32{5000, 5000}).atLeast(ended, 50, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("ended: %v", err)
	}
	many := slices.Repeat([]int32{1000}, 9999)
	var limit *LimitError
	if _, err := newInversion(many).atLeast(t.Context(), 5_000_000, 2); !errors.As(err, &limit) || limit.Limit != "pValueSteps" {
		t.Errorf("9,999 periods: %v", err)
	}
}

// TestJackknifeByClasses: incidents of one period that agree in being members leave
// the same score behind; the interval is that of leaving out each incident.
func TestJackknifeByClasses(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	w := Weights{0.3, 0.5, 0.2}
	for range 200 {
		var sizes, counts []int32
		n := 0.0
		for range 1 + random.IntN(6) {
			size := 1 + random.Int32N(5)
			sizes, counts = append(sizes, size), append(counts, random.Int32N(size+1))
			n += float64(size)
		}
		if n < 2 {
			continue
		}
		var left []float64
		for period, size := range sizes {
			for i := range size {
				s, c := slices.Clone(sizes), slices.Clone(counts)
				s[period]--
				if i < counts[period] {
					c[period]--
				}
				left = append(left, w.score(c, s))
			}
		}
		mean, squares := 0.0, 0.0
		for _, l := range left {
			mean += l / n
		}
		for _, l := range left {
			squares += (l - mean) * (l - mean)
		}
		half, score := z975*math.Sqrt((n-1)/n*squares), w.score(counts, sizes)
		low, high := max(score-half, 0), min(score+half, 1)
		got := w.jackknife(counts, sizes)
		near(t, "low", got.Low, &low, 1e-12)
		near(t, "high", got.High, &high, 1e-12)
	}
}

func popcount(x int) int {
	n := 0
	for ; x > 0; x &= x - 1 {
		n++
	}
	return n
}

func TestNumberLetsNothingOddOut(t *testing.T) {
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if n := number(x); n.Known() || n.Float() != 0 || n.Ptr() != nil || n.String() != "null" {
			t.Errorf("%v became %v", x, n)
		}
	}
	if n := number(math.Copysign(0, -1)); math.Signbit(n.Float()) || n.String() != "0" {
		t.Errorf("−0 became %v", n)
	}
	text, err := json.Marshal(interval(0.25, math.Inf(1)))
	if err != nil || string(text) != `{"low":0.25,"high":null}` {
		t.Errorf("%s, %v", text, err)
	}
}

func TestPercentileRanks(t *testing.T) {
	for _, c := range []struct{ n, low, high int }{{1, 1, 1}, {40, 1, 39}, {41, 2, 40}, {200, 5, 195}, {1000, 25, 975}, {10000, 250, 9750}} {
		if low, high := percentileRanks(c.n); low != c.low || high != c.high {
			t.Errorf("%d values: %d and %d, want %d and %d", c.n, low, high, c.low, c.high)
		}
	}
}
