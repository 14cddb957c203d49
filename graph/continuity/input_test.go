package continuity_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"normgraph/graph/continuity"
)

func TestBadInput(t *testing.T) {
	o := index(t, small())
	ctx := t.Context()
	continuityWith := func(change func(*continuity.Args)) func() error {
		return func() error {
			args := everything(continuity.ByCoreIdea)
			change(&args)
			_, err := o.Continuity(ctx, args)
			return err
		}
	}
	agreementWith := func(change func(*continuity.AgreementArgs)) func() error {
		return func() error {
			args := continuity.AgreementArgs{Variable: continuity.OnConduct, GroupBy: continuity.ByNorm, Resampling: continuity.Resampling{Resamples: 1}}
			change(&args)
			_, err := o.CoderAgreement(ctx, args)
			return err
		}
	}
	similarity := func(args continuity.TextArgs) func() error {
		return func() error { _, err := o.Similarity(args); return err }
	}
	for _, c := range []struct {
		argument string
		ask      func() error
	}{
		{"groupBy", continuityWith(func(a *continuity.Args) { a.GroupBy = "PLANET" })},
		{"relevance", continuityWith(func(a *continuity.Args) { a.Relevance = []continuity.Relevance{"NOT_RELEVANT"} })},
		{"relevance", continuityWith(func(a *continuity.Args) { a.Relevance = []continuity.Relevance{"PERHAPS"} })},
		{"matches", continuityWith(func(a *continuity.Args) { a.Matches = []continuity.Match{"ROUGHLY"} })},
		{"from", continuityWith(func(a *continuity.Args) { a.From, a.To = "2012", "2011-12-31" })},
		{"from", continuityWith(func(a *continuity.Args) { a.From = "last year" })},
		{"to", continuityWith(func(a *continuity.Args) { a.To = "2010-13" })},
		{"asOf", continuityWith(func(a *continuity.Args) { a.AsOf = "2010-02-30" })},
		{"periodYears", continuityWith(func(a *continuity.Args) { a.PeriodYears = 0 })},
		{"weights", continuityWith(func(a *continuity.Args) { a.Weights = &continuity.Weights{} })},
		{"weights", continuityWith(func(a *continuity.Args) { a.Weights = &continuity.Weights{Share: 1, Evenness: -1} })},
		{"weights", continuityWith(func(a *continuity.Args) { a.Weights = &continuity.Weights{Share: math.NaN()} })},
		{"weights", continuityWith(func(a *continuity.Args) { a.Weights = &continuity.Weights{Share: math.Inf(1)} })},
		{"resamples", continuityWith(func(a *continuity.Args) { a.Resamples = 0 })},
		{"resamples", continuityWith(func(a *continuity.Args) { a.Resamples, a.RankIntervals = 10_001, false })},
		{"rows", func() error {
			_, err := o.Matrix(ctx, continuity.MatrixArgs{Rows: "X", Columns: "YEAR", PeriodYears: 5})
			return err
		}},
		{"columns", func() error {
			_, err := o.Matrix(ctx, continuity.MatrixArgs{Rows: "NORM", Columns: "X", PeriodYears: 5})
			return err
		}},
		{"windowYears", func() error {
			_, err := o.Drivers(ctx, continuity.DriversArgs{GroupBy: continuity.ByNorm})
			return err
		}},
		{"minCount", func() error {
			_, err := o.CoOccurrence(ctx, continuity.CoOccurrenceArgs{GroupBy: continuity.ByNorm, MinCount: -1})
			return err
		}},
		{"ids", similarity(continuity.TextArgs{IDs: []string{"g1", "nowhere"}, GroupBy: continuity.ByNorm})},
		{"ids", similarity(continuity.TextArgs{IDs: []string{"g1", "g1"}, GroupBy: continuity.ByNorm})},
		{"variable", agreementWith(func(a *continuity.AgreementArgs) { a.Variable = "MOOD" })},
		{"groupBy", agreementWith(func(a *continuity.AgreementArgs) { a.GroupBy = continuity.ByScheme })},
		{"coders", agreementWith(func(a *continuity.AgreementArgs) { a.Coders = []string{"a", "nobody"} })},
		{"coders", agreementWith(func(a *continuity.AgreementArgs) { a.Coders = []string{"a"} })},
		{"coders", agreementWith(func(a *continuity.AgreementArgs) {
			a.Variable, a.MissingIsNotRelevant = continuity.OnRelevance, true
		})},
		{"missingIsNotRelevant", agreementWith(func(a *continuity.AgreementArgs) { a.MissingIsNotRelevant = true })},
		{"relevance", agreementWith(func(a *continuity.AgreementArgs) {
			a.Variable, a.Relevance = continuity.OnRelevance, []continuity.Relevance{"RELEVANT"}
		})},
	} {
		var input *continuity.InputError
		if err := c.ask(); !errors.As(err, &input) || input.Argument != c.argument || input.Message == "" {
			t.Errorf("%s: got %v", c.argument, err)
		}
	}
}

func TestLimits(t *testing.T) {
	var limit *continuity.LimitError
	o := index(t, synthetic(3_000, 30_000, 3_000))
	if _, err := o.Continuity(t.Context(), full(10)); !errors.As(err, &limit) {
		t.Errorf("rank intervals of thousands of groups: %v", err)
	}
	if _, err := o.CoOccurrence(t.Context(), continuity.CoOccurrenceArgs{GroupBy: continuity.ByNorm}); !errors.As(err, &limit) {
		t.Errorf("millions of pairs: %v", err)
	}
	if _, err := o.Matrix(t.Context(), continuity.MatrixArgs{Rows: continuity.ByNorm, Columns: continuity.ByYear, PeriodYears: 5}); !errors.As(err, &limit) {
		t.Errorf("too many cells: %v", err)
	}
}

func TestBrokenTables(t *testing.T) {
	table := small()
	table.Incidents[0].Start = "soon"
	table.Incidents[1].ID = "i3"
	table.Norms[0].Level = "DEEP"
	table.Mappings[0].To = "nowhere"
	table.Assessments[0].Coder = "nobody"
	table.Assessments[1].Conduct = "FINE"
	table.Agreements[0].Date = ""
	table.Provisions[0].Agreement = "nothing"
	table.Signatures[0].Agreement = "nothing"
	_, err := continuity.New(table)
	for _, part := range []string{`"soon"`, `"i3" comes twice`, `"DEEP"`, `unknown norm "nowhere"`, `unknown coder "nobody"`, `"FINE"`, `agreement "g1": ""`, `provision "1": unknown agreement`, `signature "1": unknown agreement`} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s is not in: %v", part, err)
		}
	}
}

func TestCancelled(t *testing.T) {
	defer goleak.VerifyNone(t)
	o := index(t, corpus(t))
	ctx, cancel := context.WithCancel(t.Context())
	args := full(10_000)
	args.Progress = cancel // after the first resample
	if _, err := o.Continuity(ctx, args); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
