package continuity_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph/continuity"
)

// worked is the example of the definition: six incidents, two norms.
func worked() continuity.Table {
	t := continuity.Table{
		Norms: []continuity.Norm{
			{ID: "M", Name: "Norm M", Level: continuity.CoreIdea, Scheme: "s"},
			{ID: "N", Name: "Norm N", Level: continuity.CoreIdea, Scheme: "s"},
		},
		Coders: []continuity.Coder{{ID: "c", Name: "Coder"}},
	}
	for _, i := range []struct{ id, start string }{
		{"a", "2010-01-01"}, {"b", "2010-01-01"}, {"c", "2012-01-01"},
		{"d", "2013-01-01"}, {"e", "2013-01-01"}, {"f", "2016-01-01"},
	} {
		t.Incidents = append(t.Incidents, continuity.Incident{ID: i.id, Start: i.start, Selected: true})
	}
	for _, x := range []struct {
		norm, incident string
		relevance      continuity.Relevance
	}{
		{"N", "a", continuity.Relevant}, {"N", "c", continuity.Relevant}, {"N", "d", continuity.Relevant},
		{"M", "a", continuity.PartlyRelevant}, {"M", "b", continuity.PartlyRelevant}, {"M", "e", continuity.PartlyRelevant},
		{"M", "f", continuity.NotRelevant},
	} {
		t.Assessments = append(t.Assessments, assessment(x.norm+"-"+x.incident, x.incident, x.norm, "c", x.relevance))
	}
	return t
}

// assessment is one that passes every filter.
func assessment(id, incident, norm, coder string, relevance continuity.Relevance) continuity.Assessment {
	return continuity.Assessment{
		ID: id, Incident: incident, Norm: norm, Coder: coder, Relevance: relevance,
		Conduct: "VIOLATED", Mitigation: continuity.PartlyMitigated,
		Method: continuity.Published, Basis: continuity.Sourced, Counted: true, Assessed: true,
	}
}

// everything asks for all figures.
func everything(by continuity.GroupBy) continuity.Args {
	return continuity.Args{
		GroupBy: by, PeriodYears: 1, Resampling: continuity.Resampling{Resamples: 200, Seed: 1},
		PValues: true, ScoreIntervals: true, RankIntervals: true,
	}
}

func index(t testing.TB, table continuity.Table) *continuity.Observations {
	t.Helper()
	o, err := continuity.New(table)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func run(t testing.TB, table continuity.Table, args continuity.Args) *continuity.Continuity {
	t.Helper()
	c, err := index(t, table).Continuity(t.Context(), args)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// digits prints a figure to four decimals.
func digits(n continuity.Number) string {
	if !n.Known() {
		return "null"
	}
	return fmt.Sprintf("%.4f", n.Float())
}

func between(i *continuity.Interval) string {
	if i == nil {
		return "null"
	}
	return digits(i.Low) + " – " + digits(i.High)
}

func TestWorkedExample(t *testing.T) {
	got := run(t, worked(), everything(continuity.ByNorm))
	if got.AssessedIncidents != 6 {
		t.Errorf("assessed incidents: %d", got.AssessedIncidents)
	}
	if diff := cmp.Diff([]string{"2010", "2012", "2013", "2016"}, got.ObservablePeriods); diff != "" {
		t.Error(diff)
	}
	var rows []string
	for _, r := range got.Rows {
		rows = append(rows, fmt.Sprint(r.Key, ": ", r.IncidentCount, " ", digits(r.Share), " (", between(&r.ShareInterval), ") ",
			r.ActivePeriods, " ", digits(r.Persistence), " expected ", digits(r.ExpectedActivePeriods), " p ", digits(r.PValue),
			" gap ", *r.LongestGap, " evenness ", digits(r.Evenness), " burstiness ", digits(r.Burstiness),
			" score ", digits(r.Score), " (", between(r.ScoreInterval), ") rank ", r.Rank,
			" ", r.First, "–", r.Last, " ", *r.SpanYears))
	}
	want := []string{
		"N: 3 0.5000 (0.1876 – 0.8124) 3 0.7500 expected 2.6000 p 0.6000 gap 1 evenness 0.7500 burstiness null score 0.6124 (0.0658 – 1.0000) rank 1 a–d 4",
		"M: 3 0.5000 (0.1876 – 0.8124) 2 0.5000 expected 2.6000 p 1.0000 gap 1 evenness 0.4591 burstiness null score 0.5000 (0.0047 – 0.9953) rank 2 a–e 4",
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}
