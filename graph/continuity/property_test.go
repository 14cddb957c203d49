package continuity_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"normgraph/graph/continuity"
)

var (
	allRelevances  = []continuity.Relevance{continuity.Relevant, continuity.PartlyRelevant, continuity.NotRelevant}
	allConducts    = []continuity.Conduct{"UPHELD", "VIOLATED", "CONTESTED", "NOT_APPLICABLE", "NOT_ASSESSED"}
	allMitigations = []continuity.Mitigation{"MITIGATED", "WOULD_HAVE_MITIGATED", "PARTLY", "WOULD_NOT", "UNCLEAR", "NOT_ASSESSED"}
	allMethods     = []continuity.Method{"PUBLISHED", "DATASET_DERIVED", "EDITORIAL_CANDIDATE", "AUTOMATED_READING"}
	allMatches     = []continuity.Match{"EXACT", "CLOSE", "BROADER", "NARROWER", "RELATED"}
	allGroupings   = []continuity.GroupBy{continuity.ByNorm, continuity.ByCoreIdea, continuity.ByCategory, continuity.ByScheme}
)

func drawDate(t *rapid.T, label string) string {
	y, m, d := rapid.IntRange(2000, 2009).Draw(t, label+" year"), rapid.IntRange(1, 12).Draw(t, label+" month"), rapid.IntRange(1, 28).Draw(t, label+" day")
	length := rapid.SampledFrom([]int{4, 7, 10, 10}).Draw(t, label+" precision")
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)[:length]
}

// drawTable makes a small, messy table: ties, missing categories, norms that
// express several ideas, filters that leave rows out.
func drawTable(t *rapid.T) continuity.Table {
	var table continuity.Table
	pick := func(prefix string, n int) string { return fmt.Sprint(prefix, rapid.IntRange(0, n-1).Draw(t, prefix)) }
	incidents, norms, coders := rapid.IntRange(1, 12).Draw(t, "incidents"), rapid.IntRange(1, 6).Draw(t, "norms"), rapid.IntRange(1, 3).Draw(t, "coders")
	for i := range incidents {
		in := continuity.Incident{ID: fmt.Sprint("i", i), Start: drawDate(t, "start"), Selected: rapid.IntRange(0, 9).Draw(t, "selected") > 0}
		in.Countries = []string{rapid.SampledFrom([]string{"US", "TW", "ZZ"}).Draw(t, "country")}
		table.Incidents = append(table.Incidents, in)
	}
	for i := range norms {
		level := continuity.Stated
		if i%2 == 0 {
			level = continuity.CoreIdea
		}
		table.Norms = append(table.Norms, continuity.Norm{
			ID: fmt.Sprint("n", i), Name: "a norm", Level: level, Scheme: fmt.Sprint("s", i%3),
			Category: rapid.SampledFrom([]string{"", "X", "Y"}).Draw(t, "category"),
		})
	}
	for range rapid.IntRange(0, 6).Draw(t, "mappings") {
		table.Mappings = append(table.Mappings, continuity.Mapping{
			From: pick("n", norms), To: pick("n", norms), Match: rapid.SampledFrom(allMatches).Draw(t, "match"),
		})
	}
	for i := range coders {
		table.Coders = append(table.Coders, continuity.Coder{ID: fmt.Sprint("c", i), Name: fmt.Sprint("Coder ", i)})
	}
	for i := range rapid.IntRange(0, 40).Draw(t, "assessments") {
		a := assessment(fmt.Sprint("a", i), pick("i", incidents), pick("n", norms), pick("c", coders), rapid.SampledFrom(allRelevances).Draw(t, "relevance"))
		a.Conduct = rapid.SampledFrom(allConducts).Draw(t, "conduct")
		a.Mitigation = rapid.SampledFrom(allMitigations).Draw(t, "mitigation")
		a.Method = rapid.SampledFrom(allMethods).Draw(t, "method")
		a.Counted = rapid.IntRange(0, 4).Draw(t, "counted") > 0
		a.Assessed = rapid.IntRange(0, 4).Draw(t, "assessed") > 0
		table.Assessments = append(table.Assessments, a)
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "agreements") {
		table.Agreements = append(table.Agreements, continuity.Agreement{ID: fmt.Sprint("g", i), Date: drawDate(t, "date")})
		for j := range rapid.IntRange(0, 4).Draw(t, "provisions") {
			table.Provisions = append(table.Provisions, continuity.Provision{
				Key: fmt.Sprint("p", i, ".", j), Agreement: fmt.Sprint("g", i), Norm: pick("n", norms), Basis: continuity.Sourced,
			})
		}
	}
	return table
}

func drawArgs(t *rapid.T) continuity.Args {
	args := everything(rapid.SampledFrom(allGroupings).Draw(t, "groupBy"))
	args.Resamples = 20
	args.PeriodYears = rapid.IntRange(1, 4).Draw(t, "periodYears")
	args.IncludeUnobserved = rapid.Bool().Draw(t, "includeUnobserved")
	if rapid.Bool().Draw(t, "weighted") {
		w := continuity.Weights{
			Share: rapid.Float64Range(0, 3).Draw(t, "a"), Persistence: rapid.Float64Range(0, 3).Draw(t, "b"),
			Evenness: rapid.Float64Range(0.1, 3).Draw(t, "c"),
		}
		args.Weights = &w
	}
	if rapid.Bool().Draw(t, "windowed") {
		args.From, args.To, args.AsOf = "2001-06", "2008", "2007-03-01"
	}
	return args
}

func compute(t *rapid.T, table continuity.Table, args continuity.Args) *continuity.Continuity {
	o, err := continuity.New(table)
	if err != nil {
		t.Fatal(err)
	}
	c, err := o.Continuity(t.Context(), args)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func shuffled(table continuity.Table, seed int) continuity.Table {
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	mix := func(n int, swap func(i, j int)) { random.Shuffle(n, swap) }
	table.Incidents, table.Norms, table.Mappings = slices.Clone(table.Incidents), slices.Clone(table.Norms), slices.Clone(table.Mappings)
	table.Coders, table.Assessments = slices.Clone(table.Coders), slices.Clone(table.Assessments)
	table.Agreements, table.Provisions = slices.Clone(table.Agreements), slices.Clone(table.Provisions)
	mix(len(table.Incidents), swapper(table.Incidents))
	mix(len(table.Norms), swapper(table.Norms))
	mix(len(table.Mappings), swapper(table.Mappings))
	mix(len(table.Coders), swapper(table.Coders))
	mix(len(table.Assessments), swapper(table.Assessments))
	mix(len(table.Agreements), swapper(table.Agreements))
	mix(len(table.Provisions), swapper(table.Provisions))
	return table
}

func swapper[T any](s []T) func(i, j int) { return func(i, j int) { s[i], s[j] = s[j], s[i] } }

// all is every measure over incidents and texts, for comparison as a whole.
func all(t *rapid.T, table continuity.Table, args continuity.Args) string {
	o, err := continuity.New(table)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range table.Agreements {
		ids = append(ids, fmt.Sprint("g", i))
	}
	var parts []string
	add := func(x any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, string(text))
	}
	ctx := t.Context()
	c, err := o.Continuity(ctx, args)
	add(c, err)
	for _, column := range []continuity.Column{"PERIOD", "REGION", "MITIGATION", "CODER", "CORE_IDEA"} {
		m, err := o.Matrix(ctx, continuity.MatrixArgs{Rows: args.GroupBy, Columns: column, PeriodYears: 2, Filters: args.Filters})
		add(m, err)
	}
	d, err := o.Drivers(ctx, continuity.DriversArgs{GroupBy: args.GroupBy, WindowYears: 2, Filters: args.Filters})
	add(d, err)
	p, err := o.CoOccurrence(ctx, continuity.CoOccurrenceArgs{GroupBy: args.GroupBy, Filters: args.Filters})
	add(p, err)
	for _, v := range []continuity.Variable{continuity.OnRelevance, continuity.OnConduct, continuity.OnMitigation} {
		k, err := o.CoderAgreement(ctx, continuity.AgreementArgs{
			Variable: v, GroupBy: continuity.ByCoreIdea, Filters: args.Filters, Resampling: args.Resampling, Interval: true,
		})
		add(k, err)
	}
	s, err := o.Similarity(continuity.TextArgs{IDs: ids, GroupBy: args.GroupBy})
	add(s, err)
	x, err := o.Compare(continuity.TextArgs{IDs: ids, GroupBy: args.GroupBy})
	add(x, err)
	return strings.Join(parts, "\n")
}

// JSON has no NaN and no infinity, so marshalling everything is a check too.
func TestRowOrderIsIrrelevant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, args := drawTable(t), drawArgs(t)
		want := all(t, table, args)
		if diff := cmp.Diff(want, all(t, shuffled(table, rapid.Int().Draw(t, "order")), args)); diff != "" {
			t.Fatal(diff)
		}
		if strings.Contains(want, "-0,") || strings.Contains(want, "-0}") {
			t.Fatal("−0 left")
		}
	})
}

func TestFiguresAreInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := compute(t, drawTable(t), drawArgs(t))
		unit := func(what string, n continuity.Number) {
			if n.Float() < 0 || n.Float() > 1 {
				t.Fatalf("%s: %v", what, n)
			}
		}
		around := func(what string, i *continuity.Interval, n continuity.Number) {
			if i == nil {
				return
			}
			unit(what, i.Low)
			unit(what, i.High)
			if i.Low.Float() > n.Float() || n.Float() > i.High.Float() {
				t.Fatalf("%s: %v – %v is not around %v", what, i.Low, i.High, n)
			}
		}
		for at, r := range c.Rows {
			unit("share", r.Share)
			unit("persistence", r.Persistence)
			unit("evenness", r.Evenness)
			unit("score", r.Score)
			unit("p", r.PValue)
			unit("q", r.QValue)
			around("share", &r.ShareInterval, r.Share)
			around("score", r.ScoreInterval, r.Score)
			around("mitigated", r.MitigatedInterval, r.Mitigated)
			if r.PValue.Known() != r.QValue.Known() || r.QValue.Float() < r.PValue.Float() {
				t.Fatalf("p %v, q %v", r.PValue, r.QValue)
			}
			if len(c.ObservablePeriods) == 1 && r.Score != r.Share {
				t.Fatalf("one period: score %v, share %v", r.Score, r.Share)
			}
			greater := 0
			for _, other := range c.Rows {
				if decimals(other.Score) > decimals(r.Score) {
					greater++
				}
			}
			if r.Rank != greater+1 {
				t.Fatalf("rank %d of row %d, but %d scores are greater", r.Rank, at, greater)
			}
			counted := 0
			for _, m := range r.Mitigation {
				counted += m.Count
			}
			if counted != len(r.Evidence) || !slices.IsSorted(r.Evidence) {
				t.Fatalf("%d mitigation values, evidence %v", counted, r.Evidence)
			}
		}
	})
}

// decimals is a score to 12 decimals, as ranks compare it.
func decimals(n continuity.Number) float64 { return math.Round(n.Float() * 1e12) }

// A NOT_RELEVANT row puts its incident into E and does nothing else.
func TestNotRelevantChangesOnlyE(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, args := drawTable(t), drawArgs(t)
		args.IncludeUnobserved = false
		before := compute(t, table, args)
		in := rapid.SampledFrom(table.Incidents).Draw(t, "incident")
		extra := assessment("extra", in.ID, "n0", "c0", continuity.NotRelevant)
		inE := slices.ContainsFunc(table.Assessments, func(a continuity.Assessment) bool { return a.Incident == in.ID && a.Assessed })
		table.Assessments = append(table.Assessments, extra)
		after := compute(t, table, args)
		if inE {
			before.Caveats, after.Caveats = nil, nil // they may speak of the new row
			if diff := cmp.Diff(before, after); diff != "" {
				t.Fatal(diff)
			}
			return
		}
		// Newly in E, the incident may bring counted rows that were hidden.
		if slices.ContainsFunc(table.Assessments, func(a continuity.Assessment) bool {
			return a.Incident == in.ID && a.Counted && a.Relevance != continuity.NotRelevant
		}) {
			return
		}
		if after.AssessedIncidents-before.AssessedIncidents > 1 || len(after.Rows) != len(before.Rows) {
			t.Fatalf("E went from %d to %d, rows from %d to %d", before.AssessedIncidents, after.AssessedIncidents, len(before.Rows), len(after.Rows))
		}
		counts := map[string]int{}
		for _, r := range before.Rows {
			counts[r.Key] = r.IncidentCount
		}
		for _, r := range after.Rows {
			if counts[r.Key] != r.IncidentCount {
				t.Fatalf("%s went from %d to %d", r.Key, counts[r.Key], r.IncidentCount)
			}
		}
	})
}

// withoutCoding blanks what says how often something was coded.
func withoutCoding(c *continuity.Continuity) *continuity.Continuity {
	c.Caveats = nil
	for i := range c.Rows {
		r := &c.Rows[i]
		r.Evidence, r.Mitigation, r.Methods, r.Coders = nil, nil, nil, 0
	}
	return c
}

func TestDuplicatedCodersChangeNoSetMeasure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, args := drawTable(t), drawArgs(t)
		want := withoutCoding(compute(t, table, args))
		for _, c := range table.Coders {
			table.Coders = append(table.Coders, continuity.Coder{ID: "twin " + c.ID, Name: c.Name})
		}
		for _, a := range table.Assessments {
			a.ID, a.Coder = "twin "+a.ID, "twin "+a.Coder
			table.Assessments = append(table.Assessments, a)
		}
		if diff := cmp.Diff(want, withoutCoding(compute(t, table, args))); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Powers of two scale without rounding, so not a digit may differ.
func TestScaledWeightsChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, args := drawTable(t), drawArgs(t)
		if args.Weights == nil {
			args.Weights = &continuity.Weights{Share: 1, Persistence: 1}
		}
		want := compute(t, table, args)
		scale := rapid.SampledFrom([]float64{0.25, 2, 1024}).Draw(t, "scale")
		w := *args.Weights
		args.Weights = &continuity.Weights{Share: w.Share * scale, Persistence: w.Persistence * scale, Evenness: w.Evenness * scale}
		if diff := cmp.Diff(want, compute(t, table, args)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestUnobservedChangesNoOtherRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, args := drawTable(t), drawArgs(t)
		args.IncludeUnobserved = false
		want := compute(t, table, args)
		args.IncludeUnobserved = true
		got := compute(t, table, args)
		for _, r := range got.Rows {
			if r.IncidentCount == 0 && (r.Score.Float() != 0 || r.PValue.Known() || r.ScoreInterval != nil || r.RankInterval != nil ||
				r.First != "" || r.SpanYears != nil || len(r.Series)+len(r.Mitigation)+len(r.Evidence) > 0 || r.ShareInterval.Low.Float() != 0) {
				t.Fatalf("unobserved row %+v", r)
			}
		}
		got.Rows = slices.DeleteFunc(got.Rows, func(r continuity.Row) bool { return r.IncidentCount == 0 })
		if len(got.Rows) == 0 {
			got.Rows = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestDigitsDoNotDependOnWhatIsAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, args := drawTable(t), drawArgs(t)
		want := compute(t, table, args)
		part := args
		part.PValues, part.ScoreIntervals, part.RankIntervals = rapid.Bool().Draw(t, "p"), rapid.Bool().Draw(t, "jackknife"), rapid.Bool().Draw(t, "ranks")
		got := compute(t, table, part)
		for i := range want.Rows {
			w := &want.Rows[i]
			if !part.PValues {
				w.PValue, w.QValue = continuity.Number{}, continuity.Number{}
			}
			if !part.ScoreIntervals {
				w.ScoreInterval = nil
			}
			if !part.RankIntervals {
				w.RankInterval = nil
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestDigitsDoNotDependOnCores(t *testing.T) {
	o := index(t, corpus(t))
	cores := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(cores)
	var want string
	for _, n := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(n)
		c, err := o.Continuity(t.Context(), full(300))
		if err != nil {
			t.Fatal(err)
		}
		k, err := o.CoderAgreement(t.Context(), continuity.AgreementArgs{
			Variable: continuity.OnMitigation, GroupBy: continuity.ByCoreIdea, Interval: true,
			Resampling: continuity.Resampling{Resamples: 300, Seed: -5},
		})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal([]any{c, k})
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = string(text)
		}
		if diff := cmp.Diff(want, string(text)); diff != "" {
			t.Errorf("%d cores: %s", n, diff)
		}
	}
}
