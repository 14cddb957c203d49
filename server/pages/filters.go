package pages

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"normgraph/graph"
	"normgraph/web"
)

// filters are what /continuity is asked for. They are the address: every
// parameter has a default, and only what differs from it is written.
type filters struct {
	Group                        string
	From, To                     string // years, or ""
	Kinds, Methods, Matches      []string
	PeriodYears                  int
	Share, Persistence, Evenness float64 // weights of the score
	Resamples                    int
	CellKey, CellPeriod          string // what is looked into; the period is "" for all
}

// Two automated readings judged all incidents under one codebook; the other
// methods recorded only striking links, and are not to be pooled with them.
var defaultMethods = []string{"AUTOMATED_READING"}

var (
	defaultMatches = []string{"EXACT", "CLOSE", "NARROWER"}
	groupNames     = map[string]string{"CORE_IDEA": "core ideas", "NORM": "norms", "CATEGORY": "categories", "SCHEME": "schemes"}
)

// The parameters of /continuity, and those that may stand several times.
var (
	filterNames = []string{"group", "from", "to", "period", "resamples", "share", "persistence", "evenness", "cell", "part"}
	filterLists = []string{"kind", "method", "match"}
)

func defaultFilters() filters {
	return filters{Group: "CORE_IDEA", Methods: defaultMethods, Matches: defaultMatches, PeriodYears: 1, Share: 1, Persistence: 1, Resamples: 1000}
}

// filtersOf reads the query of an address of /continuity.
func filtersOf(raw string) (filters, error) {
	query, err := parameters(raw, filterNames, filterLists...)
	if err != nil {
		return defaultFilters(), err
	}
	return parseFilters(query)
}

// parseFilters reads parameters. Its errors name the parameter and what was expected.
func parseFilters(q url.Values) (filters, error) {
	f := defaultFilters()
	var problem error
	wrong := func(name, expected string) {
		if problem == nil {
			problem = badRequest("%s is “%s”; %s was expected.", name, shorten(strings.Join(q[name], ", "), 60), expected)
		}
	}
	oneOf := func(name, enum string, into *[]string) {
		values := graph.Schema().Types[enum].EnumValues
		var given []string
		for _, v := range values {
			if slices.Contains(q[name], v.Name) {
				given = append(given, v.Name)
			}
		}
		for _, v := range q[name] {
			if v != "" && values.ForName(v) == nil {
				wrong(name, "a value of "+enum)
			}
		}
		if len(given) > 0 {
			*into = given
		}
	}
	var group []string
	oneOf("group", "NormGroup", &group)
	if len(group) > 0 {
		f.Group = group[0]
	}
	oneOf("kind", "IncidentKind", &f.Kinds)
	oneOf("method", "AssessmentMethod", &f.Methods)
	oneOf("match", "MatchKind", &f.Matches)
	year := func(name string, into *string) {
		if text := q.Get(name); text != "" {
			if n, err := strconv.Atoi(text); err != nil || n < 1900 || n > 2999 {
				wrong(name, "a year of four digits")
			}
			*into = text
		}
	}
	year("from", &f.From)
	year("to", &f.To)
	whole := func(name string, low, high int, into *int) {
		if text := q.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < low || n > high {
				wrong(name, fmt.Sprintf("a whole number from %d to %d", low, high))
				return
			}
			*into = n
		}
	}
	whole("period", 1, 50, &f.PeriodYears)
	whole("resamples", 1, 10_000, &f.Resamples)
	for name, into := range map[string]*float64{"share": &f.Share, "persistence": &f.Persistence, "evenness": &f.Evenness} {
		if text := q.Get(name); text != "" {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil || !(x >= 0 && x <= 100) {
				wrong(name, "a weight from 0 to 100")
				continue
			}
			*into = x
		}
	}
	if f.Share+f.Persistence+f.Evenness == 0 {
		wrong("share", "a weight above 0 for at least one of share, persistence and evenness")
	}
	f.CellKey, f.CellPeriod, _ = strings.Cut(q.Get("cell"), "~")
	return f, problem
}

// values is the address of the filters without what is looked into.
func (f filters) values() url.Values {
	q := url.Values{}
	set := func(name, value, fallback string) {
		if value != fallback {
			q.Set(name, value)
		}
	}
	set("group", f.Group, "CORE_IDEA")
	set("from", f.From, "")
	set("to", f.To, "")
	if len(f.Kinds) > 0 {
		q["kind"] = f.Kinds
	}
	if !slices.Equal(f.Methods, defaultMethods) {
		q["method"] = f.Methods
	}
	if !slices.Equal(f.Matches, defaultMatches) {
		q["match"] = f.Matches
	}
	set("period", strconv.Itoa(f.PeriodYears), "1")
	set("resamples", strconv.Itoa(f.Resamples), "1000")
	set("share", weight(f.Share), "1")
	set("persistence", weight(f.Persistence), "1")
	set("evenness", weight(f.Evenness), "0")
	return q
}

func weight(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// address is /continuity with the filters, looking into a cell if key is not "".
func (f filters) address(key, period string) string {
	q := f.values()
	if key != "" {
		cell := key
		if period != "" {
			cell += "~" + period
		}
		q.Set("cell", cell)
	}
	if len(q) == 0 {
		return "/continuity"
	}
	return "/continuity?" + q.Encode()
}

// Key is "" for the defaults; else it names the filters.
func (f filters) Key() string { return f.values().Encode() }

// variables are those of the document what-recurs.
func (f filters) variables() map[string]any {
	v := map[string]any{
		"groupBy": f.Group, "matches": f.Matches, "periodYears": f.PeriodYears, "resamples": f.Resamples,
		"assessments": map[string]any{"method": map[string]any{"in": f.Methods}},
		"weights":     map[string]any{"share": f.Share, "persistence": f.Persistence, "evenness": f.Evenness},
	}
	if f.From != "" {
		v["from"] = f.From
	}
	if f.To != "" {
		v["to"] = f.To
	}
	if where := f.kindsWhere(); where != nil {
		v["incidents"] = where
	}
	return v
}

func (f filters) kindsWhere() map[string]any {
	if len(f.Kinds) == 0 {
		return nil
	}
	var either []any
	for _, k := range f.Kinds {
		either = append(either, map[string]any{"kinds": map[string]any{"includes": k}})
	}
	return map[string]any{"OR": either}
}

// counted is the AssessmentWhere of what counts: within the filters, and of one
// group and period if they are given.
func (f filters) counted(methods []string, key, period string) (map[string]any, error) {
	incident := []any{}
	if where := f.kindsWhere(); where != nil {
		incident = append(incident, where)
	}
	start := func(op, value string) {
		if value != "" {
			incident = append(incident, map[string]any{"startDate": map[string]any{op: value}})
		}
	}
	start("gte", f.From)
	start("lte", f.To)
	if period != "" {
		first, last, block := strings.Cut(period, "-")
		if !block {
			last = first
		}
		for op, text := range map[string]string{"gte": first, "lte": last} {
			year, err := strconv.Atoi(text)
			if err != nil {
				return nil, badRequest("cell names the period “%s”; such as 2010 or 2010-2014 was expected.", shorten(period, 20))
			}
			incident = append(incident, map[string]any{"year": map[string]any{op: year}})
		}
	}
	all := []any{
		map[string]any{"method": map[string]any{"in": methods}},
		map[string]any{"relevance": map[string]any{"in": []string{"RELEVANT", "PARTLY_RELEVANT"}}},
	}
	if len(incident) > 0 {
		all = append(all, map[string]any{"incident": map[string]any{"AND": incident}})
	}
	if key != "" {
		all = append(all, map[string]any{"norm": f.normWhere(key)})
	}
	return map[string]any{"AND": all}, nil
}

// normWhere is the NormWhere of the norms that count for a group.
func (f filters) normWhere(key string) map[string]any {
	is := func(name string) map[string]any { return map[string]any{name: map[string]any{"eq": key}} }
	switch f.Group {
	case "CATEGORY":
		return is("category")
	case "SCHEME":
		return is("scheme")
	case "NORM":
		return is("id")
	}
	return map[string]any{"OR": []any{is("id"), map[string]any{"coreIdeasConnection": map[string]any{"some": map[string]any{
		"node": is("id"), "edge": map[string]any{"match": map[string]any{"in": f.Matches}}}}}}}
}

// chips tell each filter in a few words.
func (f filters) chips() map[string]string {
	years := "all"
	switch {
	case f.From != "" && f.To != "":
		years = f.From + "–" + f.To
	case f.From != "":
		years = "from " + f.From
	case f.To != "":
		years = "to " + f.To
	}
	if f.PeriodYears > 1 {
		years += fmt.Sprintf(", by %d years", f.PeriodYears)
	}
	kinds := "all kinds"
	if len(f.Kinds) > 0 {
		kinds = wordList(f.Kinds)
	}
	methods := wordList(f.Methods)
	if len(f.Methods) == len(graph.Schema().Types["AssessmentMethod"].EnumValues) {
		methods = "all methods"
	}
	score := "√(share × persistence)"
	if f.Share != 1 || f.Persistence != 1 || f.Evenness != 0 {
		score = fmt.Sprintf("share %s, persistence %s, evenness %s", weight(f.Share), weight(f.Persistence), weight(f.Evenness))
	}
	return map[string]string{"group": groupNames[f.Group], "years": years, "kinds": kinds, "methods": methods,
		"matches": wordList(f.Matches), "score": score}
}

// wordList names up to two values and counts the rest.
func wordList(values []string) string {
	var words []string
	for i, v := range values {
		if i == 2 && len(values) > 3 {
			return fmt.Sprintf("%s and %d more", strings.Join(words, ", "), len(values)-2)
		}
		words = append(words, web.Words(v))
	}
	return strings.Join(words, ", ")
}
