package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"normgraph/graph"
	"normgraph/web"
)

// continuity serves /continuity: which groups of norms keep coming back, and
// the evidence behind each figure. "part=evidence" is the evidence alone, for
// the page's script; "part=svg" the figure as a picture.
func (s *site) continuity() http.Handler {
	functions := template.FuncMap{"percent": percent, "fixed": fixed, "has": slices.Contains[[]string], "short": shortPeriod,
		"dot": dot, "barHeight": barHeight, "barTop": func(n, most int) float64 { return barFull - barHeight(n, most) }}
	maps.Copy(functions, svgFunctions)
	page := web.NewPage(web.PageOptions{Name: "continuity", Policy: pagePolicy, Functions: functions,
		Entries: []string{siteStyle, "src/style/continuity.css", "src/continuity/main.ts", copyScript}})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &continuityView{}
		v.Filters, v.Problem = parseFilters(r.URL.Query())
		if v.Problem == nil {
			v.Problem = s.readContinuity(r.Context(), v)
		}
		if v.Problem != nil {
			f := faultOf("", "")
			if known, ok := v.Problem.(*fault); ok {
				f = known
			}
			if f.status != http.StatusBadRequest {
				s.fail(w, r, "/continuity", v.Problem)
				return
			}
			v.describe(s.origin(r), nil)
			page.Serve(w, r, web.View{Title: "Continuity · normgraph", Section: "/continuity", Status: f.status, Data: v})
			return
		}
		corpus, err := s.Corpus(r.Context())
		if err != nil {
			s.fail(w, r, "/continuity", faultOf(graph.CodeUnavailable, "the corpus is being loaded"))
			return
		}
		v.Notice = notice(r.URL.Query(), corpus.Revision)
		v.describe(s.origin(r), &corpus)
		view := web.View{Title: v.Heading() + " · normgraph", Section: "/continuity", Data: v,
			Description: "Which core ideas behind norms for cybersecurity recur through incidents, with the assessments behind each figure.",
			OEmbed:      oembedOf(s.origin(r), v.Filters.address("", ""))}
		switch part := r.URL.Query().Get("part"); part {
		case "":
			page.Serve(w, r, view)
		case "evidence":
			page.ServePart(w, r, "evidence", view)
		case "svg":
			w.Header().Set("Content-Disposition", `attachment; filename="continuity.svg"`)
			page.ServeFile(w, r, "svg", "image/svg+xml; charset=utf-8", v)
		default:
			s.fail(w, r, "/continuity", &fault{http.StatusBadRequest, "part is none of evidence and svg."})
		}
	})
}

// continuityView is what the page shows.
type continuityView struct {
	Filters   filters
	Problem   error // in the address; then there are no figures
	Notice    string
	Continuum continuum
	Methods   []web.Count // counted assessments
	Counted   int
	Alpha     *float64 // of the automated readings; nil where it was not asked for or there is none
	Evidence  *evidence

	Chips                                 map[string]string
	Groups, Kinds, AllMethods, AllMatches []string
	Variables                             string // JSON, of the document what-recurs
	CSV, Query, Embed, SVG, Reset         string // addresses
	Cite                                  citations
	Corpus                                *web.Corpus
}

// continuum is the answer of normContinuity, as far as the page shows it.
type continuum struct {
	AssessedIncidents, TotalCount int
	ObservablePeriods             []string
	Caveats                       []string
	Edges                         []struct{ Node continuityRow }
}

type continuityRow struct {
	Key, Label                               string
	Norm                                     *named
	IncidentCount, Rank, ActivePeriods       int
	Score, Persistence, Share                float64
	ExpectedActivePeriods, QValue, Mitigated *float64
	ScoreInterval, MitigatedInterval         *interval
	RankInterval                             *interval
	Series                                   []periodShare
}

type interval struct{ Low, High *float64 }

type periodShare struct {
	Period              string
	Assessed, Incidents int
	Share               float64
}

// Strength is the share in five steps; 0 is none.
func (p periodShare) Strength() int {
	if p.Incidents == 0 {
		return 0
	}
	return min(5, 1+int(p.Share*5))
}

// Size says in three steps how many incidents the share rests on, so that one of one does not shout.
func (p periodShare) Size() int {
	switch {
	case p.Assessed <= 2:
		return 1
	case p.Assessed <= 5:
		return 2
	}
	return 3
}

const rowsShown = 100

const continuityDocument = `query Continuity($groupBy: NormGroup!, $assessments: AssessmentWhere, $incidents: IncidentWhere, $matches: [MatchKind!],
  $from: PartialDate, $to: PartialDate, $periodYears: Int!, $weights: ContinuityWeights, $resamples: Int!, $first: Int!, $ranks: Boolean!) {
  normContinuity(groupBy: $groupBy, assessments: $assessments, incidents: $incidents, matches: $matches, from: $from, to: $to,
    periodYears: $periodYears, weights: $weights, resamples: $resamples, first: $first) {
    assessedIncidents observablePeriods caveats totalCount
    edges { node { key label norm { id name } incidentCount share score scoreInterval { low high } rank rankInterval @include(if: $ranks) { low high }
      persistence activePeriods expectedActivePeriods qValue mitigated mitigatedInterval { low high } series { period assessed incidents share } } }
  }
}`

func (s *site) readContinuity(ctx context.Context, v *continuityView) error {
	f := v.Filters
	variables := f.variables()
	variables["first"] = rowsShown
	variables["ranks"] = false // they take longest; the script asks for them when the page is there
	var read struct{ NormContinuity continuum }
	if _, err := s.ask(ctx, continuityDocument, variables, &read); err != nil {
		return err
	}
	v.Continuum = read.NormContinuity
	if err := s.readMethods(ctx, v); err != nil {
		return err
	}
	v.Alpha = s.readingsAgree(ctx, f)
	if f.CellKey == "" {
		return nil
	}
	var err error
	v.Evidence, err = s.readEvidence(ctx, f)
	if err == nil {
		v.Evidence.place(v.Continuum)
	}
	return err
}

// readMethods counts what the figures rest on.
func (s *site) readMethods(ctx context.Context, v *continuityView) error {
	var b, head strings.Builder
	variables := map[string]any{}
	for _, m := range v.Filters.Methods {
		where, err := v.Filters.counted([]string{m}, "", "")
		if err != nil {
			return err
		}
		variables[m] = where
		fmt.Fprintf(&head, "$%s: AssessmentWhere ", m)
		fmt.Fprintf(&b, " %[1]s: assessmentsConnection(where: $%[1]s, first: 0) { totalCount }", m)
	}
	read := map[string]struct{ TotalCount int }{}
	if _, err := s.ask(ctx, "query Methods("+head.String()+") {"+b.String()+" }", variables, &read); err != nil {
		return err
	}
	for _, m := range v.Filters.Methods {
		if n := read[m].TotalCount; n > 0 {
			v.Methods = append(v.Methods, web.Count{Name: m, Count: n})
			v.Counted += n
		}
	}
	slices.SortStableFunc(v.Methods, func(a, b web.Count) int { return b.Count - a.Count })
	return nil
}

// readingsAgree is Krippendorff's alpha of the automated readings on relevance,
// as the codebook reads silence; nil unless the figures rest on them alone.
func (s *site) readingsAgree(ctx context.Context, f filters) *float64 {
	if !slices.Equal(f.Methods, defaultMethods) || f.Group != "CORE_IDEA" {
		return nil
	}
	var coders struct{ Coders []named }
	if _, err := s.ask(ctx, "query Readings { coders(where: {kind: {eq: AUTOMATED}}, limit: 50) { id name } }", nil, &coders); err != nil || len(coders.Coders) < 2 {
		return nil
	}
	var ids []string
	for _, c := range coders.Coders {
		ids = append(ids, c.ID)
	}
	variables := map[string]any{"coders": ids}
	given := f.variables()
	for _, name := range []string{"incidents", "from", "to"} {
		if value, ok := given[name]; ok {
			variables[name] = value
		}
	}
	var read struct {
		CoderAgreement struct{ AlphaNominal *float64 }
	}
	if _, err := s.ask(ctx, `query Agreement($coders: [ID!]!, $incidents: IncidentWhere, $from: PartialDate, $to: PartialDate) {
  coderAgreement(variable: RELEVANCE, coders: $coders, missingIsNotRelevant: true, incidents: $incidents, from: $from, to: $to) { alphaNominal } }`, variables, &read); err != nil {
		return nil // the page says nothing about it rather than nothing at all
	}
	return read.CoderAgreement.AlphaNominal
}

// Heading is the question that the page answers.
func (v *continuityView) Heading() string {
	return map[string]string{"CORE_IDEA": "Which core ideas keep coming back?", "NORM": "Which norms keep coming back?",
		"CATEGORY": "Which themes of norms keep coming back?", "SCHEME": "Which schemes of norms keep coming back?"}[v.Filters.Group]
}

// Thing is what a row is.
func (v *continuityView) Thing() string {
	return map[string]string{"CORE_IDEA": "Core idea", "NORM": "Norm", "CATEGORY": "Category", "SCHEME": "Scheme"}[v.Filters.Group]
}

// Span is the first and last period.
func (v *continuityView) Span() string {
	y := v.Continuum.ObservablePeriods
	if len(y) == 0 {
		return ""
	}
	first, _, _ := strings.Cut(y[0], "-")
	_, last, block := strings.Cut(y[len(y)-1], "-")
	if !block {
		last = y[len(y)-1]
	}
	if first == last {
		return first
	}
	return first + "–" + last
}

// Beyond counts the rows that recur in more periods than chance gives at their
// frequency, at a false discovery rate of 5 %.
func (v *continuityView) Beyond() int {
	n := 0
	for _, e := range v.Continuum.Edges {
		if e.Node.QValue != nil && *e.Node.QValue < 0.05 {
			n++
		}
	}
	return n
}

// Assessed is the number of assessed incidents of each period, and the largest.
func (v *continuityView) Assessed() []periodShare {
	for _, e := range v.Continuum.Edges {
		if len(e.Node.Series) == len(v.Continuum.ObservablePeriods) {
			return e.Node.Series
		}
	}
	return nil
}

// Most is the largest number of assessed incidents in a period.
func (v *continuityView) Most() int {
	most := 1
	for _, p := range v.Assessed() {
		most = max(most, p.Assessed)
	}
	return most
}

// Cell is the address that looks into a row, or one period of it.
func (v *continuityView) Cell(key, period string) string {
	return v.Filters.address(key, period) + "#evidence"
}

// Chosen says whether a cell is looked into.
func (v *continuityView) Chosen(key, period string) bool {
	return v.Filters.CellKey == key && v.Filters.CellPeriod == period
}

// describe fills in what the filters and links show.
func (v *continuityView) describe(origin string, corpus *web.Corpus) {
	v.Chips = v.Filters.chips()
	names := func(enum string) []string {
		var all []string
		for _, value := range graph.Schema().Types[enum].EnumValues {
			all = append(all, value.Name)
		}
		return all
	}
	v.Groups, v.Kinds, v.AllMethods, v.AllMatches = names("NormGroup"), names("IncidentKind"), names("AssessmentMethod"), names("MatchKind")
	v.Reset = "/continuity"
	if corpus == nil {
		return
	}
	v.Corpus = corpus
	given, err := json.Marshal(v.Filters.variables())
	if err != nil {
		panic(err) // it holds only texts, numbers and lists
	}
	v.Variables = string(given)
	q := url.Values{"variables": {v.Variables}}.Encode()
	v.CSV = "/data/what-recurs.csv?" + q
	v.Query = "/playground?example=what-recurs&" + q
	v.Embed = "/embed?document=what-recurs&" + q
	v.SVG = v.Filters.address("", "")
	if strings.Contains(v.SVG, "?") {
		v.SVG += "&part=svg"
	} else {
		v.SVG += "?part=svg"
	}
	v.Cite = cite(citation{Key: "continuity", Title: v.Heading(), Address: origin + v.Filters.address("", ""), Corpus: *corpus, Retrieved: today()})
}

// percent writes a share for people.
func percent(x float64) string { return fmt.Sprintf("%.0f\u202f%%", 100*x) }

// fixed writes a figure with two decimals.
func fixed(x float64) string { return fmt.Sprintf("%.2f", x) }

// shortPeriod is the label of a column: two digits of a year.
func shortPeriod(period string) string {
	first, last, block := strings.Cut(period, "-")
	if len(first) != 4 {
		return period
	}
	if block && len(last) == 4 {
		return first[2:] + "–" + last[2:]
	}
	return first[2:]
}

// dot places a number from 0 to 1 on a line of 100.
func dot(x float64) float64 { return round(4 + 92*x) }

// barFull is the height of the bar above the column with most incidents.
const barFull = 26.0

func barHeight(n, most int) float64 { return round(barFull * float64(n) / float64(most)) }
