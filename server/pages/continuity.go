package pages

import (
	"context"
	"encoding/json"
	"errors"
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
		f, err := filtersOf(r.URL.RawQuery)
		if err == nil {
			err = s.read(r.Context(), r.URL, func(q reading) error {
				v := &continuityView{Filters: f, Corpus: &q.corpus}
				if err := q.readContinuity(r.Context(), v); err != nil {
					return err
				}
				v.describe(s.origin(r))
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
					return badRequest("part is “%s”; evidence or svg was expected.", shorten(part, 40))
				}
				return nil
			})
		}
		if err == nil {
			return
		}
		// What can be put right is told above the filters.
		if wrong := (*fault)(nil); errors.As(err, &wrong) && wrong.status == http.StatusBadRequest {
			v := &continuityView{Filters: f, Problem: wrong}
			v.describe(s.origin(r))
			page.Serve(w, r, web.View{Title: "Continuity · normgraph", Section: "/continuity", Status: wrong.status, Data: v})
			return
		}
		s.fail(w, r, "/continuity", err)
	})
}

// continuityView is what the page shows.
type continuityView struct {
	Filters   filters
	Problem   error // in the address; then there are no figures
	Continuum continuum
	last      string      // year of the last incident that the filter leaves
	Methods   []web.Count // counted assessments
	Counted   int
	Alpha     *float64 // of the automated readings; nil where it was not asked for or there is none
	Evidence  *evidence

	Chips                                 map[string]string
	Groups, Kinds, AllMethods, AllMatches []string
	Variables                             string // JSON, of the document what-recurs
	CSV, Query, Embed, SVG, Reset         string // addresses
	Cite                                  citations
	Origin                                string
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
  incidentsConnection(first: 1, where: $incidents, sort: [{ startDate: DESC }]) { edges { node { startDate } } }
}`

func (q reading) readContinuity(ctx context.Context, v *continuityView) error {
	f := v.Filters
	variables := f.variables()
	variables["first"] = rowsShown
	variables["ranks"] = false // they take longest; the script asks for them when the page is there
	var read struct {
		NormContinuity      continuum
		IncidentsConnection struct {
			Edges []struct{ Node struct{ StartDate string } }
		}
	}
	err := q.ask(ctx, continuityDocument, variables, &read)
	if err != nil {
		return err
	}
	v.Continuum = read.NormContinuity
	for _, last := range read.IncidentsConnection.Edges {
		v.last, _, _ = strings.Cut(last.Node.StartDate, "-")
	}
	if err = q.readMethods(ctx, v); err != nil {
		return err
	}
	if v.Alpha, err = q.readingsAgree(ctx, f); err != nil || f.CellKey == "" {
		return err
	}
	if v.Evidence, err = q.readEvidence(ctx, f); err == nil {
		v.Evidence.place(v.Continuum)
	}
	return err
}

// readMethods counts what the figures rest on.
func (q reading) readMethods(ctx context.Context, v *continuityView) error {
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
	if err := q.ask(ctx, "query Methods("+head.String()+") {"+b.String()+" }", variables, &read); err != nil {
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
// as the codebook reads silence; nil unless the figures rest on them alone, and
// where it cannot be computed: the page says nothing about it rather than nothing at
// all. The error is errMoved.
func (q reading) readingsAgree(ctx context.Context, f filters) (*float64, error) {
	if !slices.Equal(f.Methods, defaultMethods) || f.Group != "CORE_IDEA" {
		return nil, nil
	}
	moved := func(err error) error {
		if errors.Is(err, errMoved) {
			return err
		}
		return nil
	}
	var coders struct{ Coders []named }
	err := q.ask(ctx, "query Readings { coders(where: {kind: {eq: AUTOMATED}}, limit: 50) { id name } }", nil, &coders)
	if err != nil || len(coders.Coders) < 2 {
		return nil, moved(err)
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
	err = q.ask(ctx, `query Agreement($coders: [ID!]!, $incidents: IncidentWhere, $from: PartialDate, $to: PartialDate) {
  coderAgreement(variable: RELEVANCE, coders: $coders, missingIsNotRelevant: true, incidents: $incidents, from: $from, to: $to) { alphaNominal } }`, variables, &read)
	return read.CoderAgreement.AlphaNominal, moved(err)
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

// Span is the first and last year; a last block goes on to its end only as far as
// there is data.
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
	for _, end := range []string{v.last, v.Filters.To} {
		if len(end) == len(last) {
			last = min(last, end)
		}
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
func (v *continuityView) describe(origin string) {
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
	if v.Corpus == nil {
		return
	}
	v.Origin = origin
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
	v.Cite = cite(citation{Key: "continuity", Title: v.Heading(), Address: origin + v.Filters.address("", ""), Origin: origin, Corpus: *v.Corpus, Retrieved: today()})
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
