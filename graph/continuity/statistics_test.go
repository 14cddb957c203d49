package continuity

import (
	"encoding/json"
	"math"
	"math/big"
	"os"
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
			got := o.atLeast(r.K, a)
			if math.Abs(got-want) > 1e-11*want {
				t.Errorf("sizes %v, k %d: P(≥ %d) = %v, want %v", r.Sizes, r.K, a, got, want)
			}
		}
		near(t, "expected periods", number(expectedPeriods(r.Sizes, o.total, r.K)), &r.Expected, 1e-12)
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
				near(t, "tail", number(o.atLeast(k, a)), &want, 1e-13)
				if a > 0 {
					mean += want
				}
			}
			near(t, "mean", number(expectedPeriods(sizes, n, k)), &mean, 1e-12)
		}
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
