package continuity_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"normgraph/graph/continuity"
)

// reference holds what testdata/reference.py computed from the same corpus.
type reference struct {
	Continuity []struct {
		Coders      []string
		PeriodYears int
		Weights     []float64
		Resamples   int
		Seed        int64
		N           int
		Burstiness  *float64
		Rows        []struct {
			Key, First, Last, FirstAgreement                string
			Count, Active, Agreements                       int
			Share, Persistence, Evenness, Score             float64
			Expected, P, Q, Burstiness, AgreementShare, Low *float64
			High, RankLow, RankHigh, Mitigated              *float64
		}
	}
	Drivers []struct {
		WindowYears int
		Rows        []struct {
			Key                                                                 string
			After, Before, BaseAfter, BaseBefore, Plus, Minus, Truncated, Pairs int
		}
	}
	CoOccurrence []struct {
		Coders []string
		Pairs  []struct {
			A, B                string
			R, C, Count         int
			P, Q, Jaccard, Lift *float64
		}
	}
	Agreement []struct {
		Variable                         continuity.Variable
		Coders                           []string
		Silence                          bool
		Units, Pairs, Conflicts          int
		Raw, Nominal, Ordinal, Low, High *float64
		Resamples                        int
		Seed                             int64
	}
}

func readReference(t *testing.T) (r reference) {
	t.Helper()
	text, err := os.ReadFile("testdata/reference.json")
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func near(t *testing.T, what string, got continuity.Number, want *float64) {
	t.Helper()
	if got.Known() != (want != nil) {
		t.Errorf("%s: got %v, want null %v", what, got, want == nil)
	} else if want != nil && math.Abs(got.Float()-*want) > 1e-10*max(1, math.Abs(*want)) {
		t.Errorf("%s: got %v, want %v", what, got, *want)
	}
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestContinuityAgainstReference(t *testing.T) {
	for i, want := range readReference(t).Continuity {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			args := everything(continuity.ByCoreIdea)
			args.PeriodYears, args.Resamples, args.Seed = want.PeriodYears, want.Resamples, want.Seed
			args.Weights = &continuity.Weights{Share: want.Weights[0], Persistence: want.Weights[1], Evenness: want.Weights[2]}
			got := run(t, corpus(t, want.Coders...), args)
			same(t, "assessed", got.AssessedIncidents, want.N)
			near(t, "burstiness of assessed", got.BurstinessOfAssessed, want.Burstiness)
			same(t, "rows", len(got.Rows), len(want.Rows))
			for _, w := range want.Rows {
				at := slices.IndexFunc(got.Rows, func(r continuity.Row) bool { return r.Key == w.Key })
				if at < 0 {
					t.Errorf("no row %s", w.Key)
					continue
				}
				r := got.Rows[at]
				same(t, w.Key+" count", r.IncidentCount, w.Count)
				same(t, w.Key+" first", r.First, w.First)
				same(t, w.Key+" last", r.Last, w.Last)
				same(t, w.Key+" active", r.ActivePeriods, w.Active)
				same(t, w.Key+" agreements", r.AgreementCount, w.Agreements)
				same(t, w.Key+" first agreement", r.FirstAgreement, w.FirstAgreement)
				near(t, w.Key+" agreement share", r.AgreementShare, w.AgreementShare)
				near(t, w.Key+" share", r.Share, &w.Share)
				near(t, w.Key+" persistence", r.Persistence, &w.Persistence)
				near(t, w.Key+" evenness", r.Evenness, &w.Evenness)
				near(t, w.Key+" burstiness", r.Burstiness, w.Burstiness)
				near(t, w.Key+" expected", r.ExpectedActivePeriods, w.Expected)
				near(t, w.Key+" p", r.PValue, w.P)
				near(t, w.Key+" q", r.QValue, w.Q)
				near(t, w.Key+" score", r.Score, &w.Score)
				near(t, w.Key+" score low", r.ScoreInterval.Low, w.Low)
				near(t, w.Key+" score high", r.ScoreInterval.High, w.High)
				near(t, w.Key+" rank low", r.RankInterval.Low, w.RankLow)
				near(t, w.Key+" rank high", r.RankInterval.High, w.RankHigh)
				near(t, w.Key+" mitigated", r.Mitigated, w.Mitigated)
			}
		})
	}
}

func TestDriversAgainstReference(t *testing.T) {
	o := index(t, corpus(t))
	for _, want := range readReference(t).Drivers {
		got, err := o.Drivers(t.Context(), continuity.DriversArgs{GroupBy: continuity.ByCoreIdea, WindowYears: want.WindowYears})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "rows", len(got), len(want.Rows))
		for _, w := range want.Rows {
			at := slices.IndexFunc(got, func(r continuity.Drivers) bool { return r.Key == w.Key })
			r := got[at]
			what := fmt.Sprint(w.Key, " within ", want.WindowYears, " ")
			same(t, what+"after", r.After, w.After)
			same(t, what+"before", r.Before, w.Before)
			same(t, what+"n+", r.AgreementsAfter, w.Plus)
			same(t, what+"n−", r.AgreementsBefore, w.Minus)
			same(t, what+"truncated", r.Truncated, w.Truncated)
			same(t, what+"pairs", len(r.Pairs), w.After+w.Before)
			near(t, what+"ratio", r.Ratio, quotient(w.After, w.Before))
			near(t, what+"baseline", r.BaselineRatio, quotient(w.BaseAfter, w.BaseBefore))
		}
	}
}

func quotient(a, b int) *float64 {
	if b == 0 {
		return nil
	}
	q := float64(a) / float64(b)
	return &q
}

func TestCoOccurrenceAgainstReference(t *testing.T) {
	for _, want := range readReference(t).CoOccurrence {
		got, err := index(t, corpus(t, want.Coders...)).CoOccurrence(t.Context(), continuity.CoOccurrenceArgs{GroupBy: continuity.ByCoreIdea})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "pairs", len(got), len(want.Pairs))
		pairs := map[string]continuity.Pair{}
		for _, p := range got {
			pairs[p.A.Key+" "+p.B.Key] = p
		}
		for _, w := range want.Pairs {
			p, ok := pairs[w.A+" "+w.B]
			what := w.A + " and " + w.B + " "
			same(t, what+"there", ok, true)
			same(t, what+"count", p.Count, w.Count)
			same(t, what+"r", p.A.IncidentCount, w.R)
			same(t, what+"c", p.B.IncidentCount, w.C)
			near(t, what+"jaccard", p.Jaccard, w.Jaccard)
			near(t, what+"lift", p.Lift, w.Lift)
			near(t, what+"p", p.PValue, w.P)
			near(t, what+"q", p.QValue, w.Q)
		}
	}
}

func TestCoderAgreementAgainstReference(t *testing.T) {
	o := index(t, corpus(t))
	for _, want := range readReference(t).Agreement {
		got, err := o.CoderAgreement(t.Context(), continuity.AgreementArgs{
			Variable: want.Variable, Coders: want.Coders, GroupBy: continuity.ByCoreIdea,
			MissingIsNotRelevant: want.Silence, Resampling: continuity.Resampling{Resamples: want.Resamples, Seed: want.Seed}, Interval: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		what := fmt.Sprint(want.Variable, " of ", len(want.Coders), " ")
		same(t, what+"units", got.Units, want.Units)
		same(t, what+"pairs", got.Pairs, want.Pairs)
		same(t, what+"conflicts", got.Conflicts, want.Conflicts)
		near(t, what+"raw", got.RawAgreement, want.Raw)
		near(t, what+"nominal", got.AlphaNominal, want.Nominal)
		near(t, what+"ordinal", got.AlphaOrdinal, want.Ordinal)
		near(t, what+"low", got.Interval.Low, want.Low)
		near(t, what+"high", got.Interval.High, want.High)
		units := 0
		for _, g := range got.ByGroup {
			units += g.Units
			same(t, what+g.Key+" reason", g.Reason == "", g.AlphaNominal.Known())
		}
		same(t, what+"units of the groups", units, want.Units)
	}
}
