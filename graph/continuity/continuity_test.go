package continuity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph/continuity"
)

// summary is "key k: evidence" per row.
func summary(c *continuity.Continuity) []string {
	var list []string
	for _, r := range c.Rows {
		list = append(list, fmt.Sprint(r.Key, " ", r.IncidentCount, ": ", strings.Join(r.Evidence, " ")))
	}
	slices.Sort(list)
	return list
}

func TestGroupsAndFilters(t *testing.T) {
	for _, c := range []struct {
		name string
		args func(*continuity.Args)
		n    int
		want []string
	}{
		{"core ideas", func(*continuity.Args) {}, 4, []string{
			"core-x 3: a01 a02 a03 a04 a07", "core-y 2: a02 a05"}},
		{"core ideas themselves", func(a *continuity.Args) { a.Matches = []continuity.Match{} }, 4, []string{
			"core-x 3: a01 a03 a04 a07", "core-y 1: a05"}},
		{"broader matches", func(a *continuity.Args) { a.Matches = []continuity.Match{continuity.Broader} }, 4, []string{
			"core-x 3: a01 a03 a04 a07", "core-y 1: a05 a06"}},
		{"norms", func(a *continuity.Args) { a.GroupBy = continuity.ByNorm }, 4, []string{
			"core-x 3: a01 a03 a04 a07", "core-y 1: a05", "s-1 1: a02", "s-2 1: a06"}},
		{"categories", func(a *continuity.Args) { a.GroupBy = continuity.ByCategory }, 4, []string{
			"RESTRAINT 3: a01 a02 a03 a04 a07", "RIGHTS 1: a05"}},
		{"schemes", func(a *continuity.Args) { a.GroupBy = continuity.ByScheme }, 4, []string{
			"core 4: a01 a03 a04 a05 a07", "s 2: a02 a06"}},
		{"partly", func(a *continuity.Args) { a.Relevance = []continuity.Relevance{continuity.PartlyRelevant} }, 4, []string{
			"core-x 1: a03 a04"}},
		{"from a month: earliest days", func(a *continuity.Args) { a.From = "2010-01" }, 3, []string{
			"core-x 2: a02 a03 a04 a07", "core-y 2: a02 a05"}},
		{"to a month includes it", func(a *continuity.Args) { a.To = "2010-06" }, 3, []string{
			"core-x 2: a01 a02 a03 a04", "core-y 2: a02 a05"}},
		{"as of a year includes it", func(a *continuity.Args) { a.AsOf = "2010" }, 3, []string{
			"core-x 2: a01 a02 a03 a04", "core-y 2: a02 a05"}},
		{"nothing in the window", func(a *continuity.Args) { a.From = "2020" }, 0, nil},
		{"nobody assessed it", func(a *continuity.Args) { a.From, a.To = "2012", "2012" }, 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := everything(continuity.ByCoreIdea)
			c.args(&args)
			got := run(t, small(), args)
			if got.AssessedIncidents != c.n {
				t.Errorf("%d assessed incidents, want %d", got.AssessedIncidents, c.n)
			}
			if diff := cmp.Diff(c.want, summary(got)); diff != "" {
				t.Error(diff)
			}
			if c.n == 0 && len(got.Caveats) != 1 {
				t.Errorf("caveats of an empty answer: %q", got.Caveats)
			}
		})
	}
}

func TestRowByHand(t *testing.T) {
	args := everything(continuity.ByCoreIdea)
	args.PeriodYears = 2
	got := run(t, small(), args)
	if diff := cmp.Diff([]string{"2009-2010", "2013-2014"}, got.ObservablePeriods); diff != "" {
		t.Error(diff)
	}
	x := got.Rows[0]
	type figures struct {
		Key, First, Last, Label, Norm  string
		Agreements                     int
		AgreementShare, FirstAgreement string
		Mitigated                      string
		Mitigation                     []int
		Methods                        []continuity.MethodCount
		Coders                         int
		Series                         string
		Span, Gap, Active              int
		Score                          string
	}
	var counts []int
	for _, m := range x.Mitigation {
		counts = append(counts, m.Count)
	}
	have := figures{x.Key, x.First, x.Last, x.Label, x.Norm, x.AgreementCount, digits(x.AgreementShare), x.FirstAgreement,
		digits(x.Mitigated), counts, x.Methods, x.Coders, fmt.Sprint(x.Series), *x.SpanYears, *x.LongestGap, x.ActivePeriods, digits(x.Score)}
	want := figures{
		Key: "core-x", First: "i1", Last: "i4", Label: "Idea X", Norm: "core-x",
		Agreements: 1, AgreementShare: "0.3333", FirstAgreement: "g1", // of g1, g2, g3; g4 contains nothing
		Mitigated:  "0.8333", // i1: 1; i2: mean of 1 and 0, the unclear one left out; i4: 1
		Mitigation: []int{2, 1, 0, 1, 1, 0},
		Methods:    []continuity.MethodCount{{Method: "PUBLISHED", Basis: "SOURCED", Count: 5}},
		Coders:     2, Series: "[{2009-2010 3 2 0.6666666666666666} {2013-2014 1 1 1}]",
		Span: 5, Gap: 0, Active: 2, Score: "0.8660",
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
	args.AsOf = "2011"
	if y := run(t, small(), args).Rows[1]; y.AgreementCount != 1 || digits(y.AgreementShare) != "1.0000" {
		t.Errorf("as of 2011, %s: %d agreements, share %v", y.Key, y.AgreementCount, y.AgreementShare)
	}
}

func TestCaveats(t *testing.T) {
	table := small()
	table.Assessments[0].Basis = continuity.Unverified
	table.Assessments[1].Method = "AUTOMATED_READING"
	// Three more incidents by Ann alone put Ben on a minority.
	for i := range 3 {
		id := fmt.Sprint("j", i)
		table.Incidents = append(table.Incidents, continuity.Incident{ID: id, Start: "2011-01-01", Selected: true})
		table.Assessments = append(table.Assessments, assessment(id, id, "core-z", "a", continuity.Relevant))
	}
	args := everything(continuity.ByNorm)
	args.From = "2010"
	got := run(t, table, args).Caveats
	want := []string{
		"1 of 9 counted assessments (11.1 %) are unpublished or unverified.",
		"Coders are pooled although some did not code exhaustively: Ben (2 of 6 assessed incidents). Their silence about an incident is not a judgement.",
		"Left out: 2 incidents of the window without an assessment that passes the filter.",
		"5 of 5 groups have fewer than 5 incidents: do not read much into their figures.",
		"1 assessed incident began before the window and, as far as the dates are known, reached into it; by the start, not counted.",
		"The start of 1 assessed incident is known to the year only and counts as 1 January.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	table.Assessments = slices.DeleteFunc(table.Assessments, func(a continuity.Assessment) bool {
		return a.Relevance == continuity.NotRelevant || (a.Coder == "a" && a.Norm == "s-1")
	})
	got = run(t, table, args).Caveats
	for _, sentence := range []string{"Every assessed incident is one through assessments", "Rows are not comparable with each other: Ann coded core ideas only"} {
		if !slices.ContainsFunc(got, func(c string) bool { return strings.HasPrefix(c, sentence) }) {
			t.Errorf("no caveat %q in %q", sentence, got)
		}
	}
}
