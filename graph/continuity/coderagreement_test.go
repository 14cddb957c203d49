package continuity_test

import (
	"math"
	"strings"
	"testing"

	"normgraph/graph/continuity"
)

func TestCoderAgreementByHand(t *testing.T) {
	o := index(t, small())
	args := continuity.AgreementArgs{Variable: continuity.OnConduct, GroupBy: continuity.ByCoreIdea, Resampling: continuity.Resampling{Resamples: 10}, Interval: true}
	got, err := o.CoderAgreement(t.Context(), args)
	if err != nil {
		t.Fatal(err)
	}
	// Ann says VIOLATED and CONTESTED of x in i2: a conflict, so no unit is left.
	if got.Units != 0 || got.Conflicts != 1 || got.AlphaNominal.Known() || got.Interval != nil || got.Reason == "" || got.RawAgreement.Known() {
		t.Errorf("%+v", got)
	}
	args.Variable = continuity.OnRelevance
	got, err = o.CoderAgreement(t.Context(), args)
	if err != nil {
		t.Fatal(err)
	}
	// One unit, x in i2: Ann's strongest is RELEVANT, Ben's PARTLY_RELEVANT.
	if got.Units != 1 || got.Pairs != 1 || got.Conflicts != 0 || got.RawAgreement.Float() != 0 || len(got.Coders) != 2 || got.Coders[0].Values != 1 {
		t.Errorf("%+v", got)
	}
	args.MissingIsNotRelevant, args.Coders = true, []string{"b", "a"}
	got, err = o.CoderAgreement(t.Context(), args)
	if err != nil {
		t.Fatal(err)
	}
	// i2 is the one incident that both assessed: x, y (Ann by s-1), z (silence).
	if got.Units != 3 || math.Abs(got.RawAgreement.Float()-1.0/3) > 1e-15 || got.Coders[0].Values != 3 {
		t.Errorf("%+v", got)
	}
	args.GroupBy = continuity.ByNorm
	got, err = o.CoderAgreement(t.Context(), args)
	if err != nil {
		t.Fatal(err)
	}
	if got.Units != 4 { // core-x, core-y, s-1, s-2: the norms that either used
		t.Errorf("%+v", got)
	}
}

// TestAgreementCaveats: α says nothing of coders who judged different incidents, or
// different norms.
func TestAgreementCaveats(t *testing.T) {
	table := small()
	table.Assessments = nil
	table.Coders = nil
	for _, id := range []string{"a", "b", "c", "d"} {
		table.Coders = append(table.Coders, continuity.Coder{ID: id, Name: "Coder " + id})
	}
	judge := func(coder, norm string, relevance continuity.Relevance, incidents ...string) {
		for _, i := range incidents {
			table.Assessments = append(table.Assessments, assessment(coder+norm+i, i, norm, coder, relevance))
		}
	}
	judge("a", "core-x", continuity.Relevant, "i1", "i2")
	judge("b", "s-1", continuity.Relevant, "i1", "i2") // expresses core-x
	judge("c", "core-z", continuity.Relevant, "i2")
	judge("d", "core-x", continuity.PartlyRelevant, "i4")
	const incidents = "Coders with no incident in common, of whom nothing is compared: Coder a and Coder d; Coder b and Coder d; Coder c and Coder d."
	const positive = "Only rows that coders made are compared"
	for _, c := range []struct {
		name string
		args continuity.AgreementArgs
		want []string // beginnings
	}{
		{"core ideas", continuity.AgreementArgs{GroupBy: continuity.ByCoreIdea},
			[]string{incidents, "Coders with no core idea in common, of whom nothing is compared: Coder a and Coder c; Coder b and Coder c.", positive}},
		{"norms", continuity.AgreementArgs{GroupBy: continuity.ByNorm},
			[]string{incidents, "Coders with no norm in common, of whom nothing is compared: Coder a and Coder b; Coder a and Coder c; Coder b and Coder c."}},
		{"two who share", continuity.AgreementArgs{GroupBy: continuity.ByCoreIdea, Coders: []string{"a", "b"}}, []string{positive}},
		{"silence is a judgement", continuity.AgreementArgs{GroupBy: continuity.ByCoreIdea, Coders: []string{"a", "c"}, MissingIsNotRelevant: true}, nil},
	} {
		c.args.Variable, c.args.Resamples = continuity.OnRelevance, 10
		got, err := index(t, table).CoderAgreement(t.Context(), c.args)
		if err != nil {
			t.Fatal(err)
		}
		ok := len(got.Caveats) == len(c.want)
		for i := range min(len(c.want), len(got.Caveats)) {
			ok = ok && strings.HasPrefix(got.Caveats[i], c.want[i])
		}
		if !ok {
			t.Errorf("%s: %q", c.name, got.Caveats)
		}
	}
	judge("e", "core-x", continuity.Relevant, "i3")
	table.Coders = append(table.Coders, continuity.Coder{ID: "e", Name: "Coder e"})
	got, err := index(t, table).CoderAgreement(t.Context(), continuity.AgreementArgs{Variable: continuity.OnRelevance, GroupBy: continuity.ByCoreIdea, Resampling: continuity.Resampling{Resamples: 10}})
	if err != nil || !strings.HasSuffix(got.Caveats[0], "; 4 more pairs.") {
		t.Errorf("%q, %v", got.Caveats, err)
	}
}
