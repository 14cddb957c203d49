package continuity_test

import (
	"math"
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
