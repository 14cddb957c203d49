package continuity_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph/continuity"
)

func TestDriverPairs(t *testing.T) {
	table := worked()
	table.Agreements = []continuity.Agreement{{ID: "g", Date: "2013-01-01"}, {ID: "h", Date: "2013"}, {ID: "early", Date: "2011-01-01"}}
	for _, a := range table.Agreements {
		table.Provisions = append(table.Provisions, continuity.Provision{Key: a.ID, Agreement: a.ID, Norm: "N", Basis: continuity.Sourced})
	}
	got, err := index(t, table).Drivers(t.Context(), continuity.DriversArgs{GroupBy: continuity.ByNorm, WindowYears: 3})
	if err != nil {
		t.Fatal(err)
	}
	n := got[0]
	var pairs []string
	for _, p := range n.Pairs {
		lag := "null"
		if p.LagDays != nil {
			lag = fmt.Sprint(*p.LagDays)
		}
		pairs = append(pairs, fmt.Sprint(p.Agreement, " ", p.Incident, " ", lag, " ", p.LagYears, " ", p.Approximate))
	}
	// d is of the day of g and the year of h: neither side.
	want := []string{"g a 1096 3 false", "g c 366 1 false", "h a null 3 true", "h c null 1 true"}
	if diff := cmp.Diff(want, pairs); diff != "" {
		t.Error(diff)
	}
	if n.Key != "N" || n.After != 4 || n.Before != 0 || n.Ratio.Known() || n.Truncated != 1 || n.AgreementsAfter != 2 || n.AgreementsBefore != 0 {
		t.Errorf("%+v", n)
	}
	// E has a, b, c before and f after each of the two.
	if digits(n.BaselineRatio) != "3.0000" || digits(n.Interval.Low) != "0.1878" || n.Interval.High.Known() {
		t.Errorf("baseline %v, interval %v – %v", n.BaselineRatio, n.Interval.Low, n.Interval.High)
	}
}

func TestCoOccurrenceIgnoresSharedAssessments(t *testing.T) {
	// s-1 expresses x and y: in i2, x is there by others, y by it alone.
	got, err := index(t, small()).CoOccurrence(t.Context(), continuity.CoOccurrenceArgs{GroupBy: continuity.ByCoreIdea})
	if err != nil {
		t.Fatal(err)
	}
	p := got[0]
	if len(got) != 1 || p.A.IncidentCount != 3 || p.B.IncidentCount != 1 || p.Count != 0 || digits(p.Jaccard) != "0.0000" || digits(p.PValue) != "0.2500" {
		t.Errorf("%+v", got)
	}
	got, err = index(t, small()).CoOccurrence(t.Context(), continuity.CoOccurrenceArgs{GroupBy: continuity.ByCoreIdea, MinCount: 1})
	if err != nil || len(got) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}
