package analysis_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// worked is the example of docs/continuity.md: six incidents, two norms.
func worked() fstest.MapFS {
	files := map[string]string{
		"corpus.json":   `{"name": "Worked example", "version": "1", "licence": "CC0-1.0", "sources": []}`,
		"coders.csv":    "id,name,kind,basis\ncoder,Coder,PERSON,SOURCED\n",
		"norms.csv":     "id,name,level,scheme,category,basis\nN,Norm N,CORE_IDEA,core,RESTRAINT,SOURCED\nM,Norm M,CORE_IDEA,core,RIGHTS_FREEDOMS,SOURCED\n",
		"incidents.csv": "id,name,start_date,kinds,sectors,countries,basis\n",
		"assessments.csv": "id,incident,norm,coder,method,relevance,conduct,mitigation,basis\n" +
			"N-a,a,N,coder,PUBLISHED,RELEVANT,VIOLATED,PARTLY,SOURCED\n" +
			"N-c,c,N,coder,PUBLISHED,RELEVANT,VIOLATED,PARTLY,SOURCED\n" +
			"N-d,d,N,coder,PUBLISHED,RELEVANT,VIOLATED,PARTLY,SOURCED\n" +
			"M-a,a,M,coder,PUBLISHED,PARTLY_RELEVANT,VIOLATED,PARTLY,SOURCED\n" +
			"M-b,b,M,coder,PUBLISHED,PARTLY_RELEVANT,VIOLATED,PARTLY,SOURCED\n" +
			"M-e,e,M,coder,PUBLISHED,PARTLY_RELEVANT,VIOLATED,PARTLY,SOURCED\n" +
			"M-f,f,M,coder,PUBLISHED,NOT_RELEVANT,NOT_ASSESSED,NOT_ASSESSED,SOURCED\n",
		"contributions.csv": "id,contributor,kind,call,basis\nx,X,RESPONSE_TO_CALL,call,SOURCED\ny,Y,RESPONSE_TO_CALL,,SOURCED\n",
		"calls.csv":         "id,name,year,kind,basis\ncall,Call,2019,CALL_FOR_CONTRIBUTIONS,SOURCED\n",
		"rankings.csv":      "contribution,norm,rank\nx,N,1\nx,M,2\ny,M,1\n",
	}
	for id, year := range map[string]string{"a": "2010", "b": "2010", "c": "2012", "d": "2013", "e": "2013", "f": "2016"} {
		files["incidents.csv"] += fmt.Sprintf("%s,Incident %s,%s-01-01,DDOS,,EE,SOURCED\n", id, id, year)
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// digits writes JSON values with numbers to four decimals.
func digits(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case json.Number:
		if strings.ContainsAny(v.String(), ".e") {
			f, _ := v.Float64()
			return fmt.Sprintf("%.4f", f)
		}
		return v.String()
	case map[string]any: // an interval
		return digits(v["low"]) + "–" + digits(v["high"])
	}
	return fmt.Sprint(v)
}

// The worked example, from the files of a corpus to the figures of the page.
func TestWorkedExample(t *testing.T) {
	s := service(t, embedded(t, read(t, worked())))
	fields := []string{"key", "incidentCount", "share", "shareInterval", "activePeriods", "persistence", "expectedActivePeriods", "pValue",
		"longestGap", "evenness", "burstiness", "score", "scoreInterval", "rank"}
	row := strings.NewReplacer("shareInterval", "shareInterval { low high }", "scoreInterval", "scoreInterval { low high }").Replace(strings.Join(fields, " "))
	c := at(t, data(t, ask(t, s, "{ normContinuity(groupBy: NORM) { assessedIncidents observablePeriods edges { node { "+row+" } } } }")), "normContinuity")
	var got []string
	for _, r := range pluck(t, at(t, c, "edges"), "node") {
		var values []string
		for _, f := range fields {
			values = append(values, digits(at(t, r, f)))
		}
		got = append(got, strings.Join(values, " "))
	}
	want := []string{
		"N 3 0.5000 0.1876–0.8124 3 0.7500 2.6000 0.6000 1 0.7500 null 0.6124 0.0658–1 1",
		"M 3 0.5000 0.1876–0.8124 2 0.5000 2.6000 1 1 0.4591 null 0.5000 0.0047–0.9953 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := digits(at(t, c, "assessedIncidents")); n != "6" {
		t.Errorf("assessed incidents: %s", n)
	}
	if diff := cmp.Diff([]any{"2010", "2012", "2013", "2016"}, at(t, c, "observablePeriods")); diff != "" {
		t.Error(diff)
	}
}

// x ranks N before M, y ranks M alone: N has 1 point, M none; the call has x only.
func TestContributionRanking(t *testing.T) {
	s := service(t, embedded(t, read(t, worked())))
	const ranking = ` { norm { id } borda meanRank rankers }`
	d := data(t, ask(t, s, `{ all: contributionRanking`+ranking+` call: contributionRanking(call: "call")`+ranking+` }`))
	got, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"all":[{"borda":1,"meanRank":1,"norm":{"id":"N"},"rankers":1},{"borda":0,"meanRank":1.5,"norm":{"id":"M"},"rankers":2}],` +
		`"call":[{"borda":1,"meanRank":1,"norm":{"id":"N"},"rankers":1},{"borda":0,"meanRank":2,"norm":{"id":"M"},"rankers":1}]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// The figures that the definition states about the corpus.
func TestFiguresOfTheCorpus(t *testing.T) {
	s := corpus(t)
	d := data(t, ask(t, s, `{
		relevance: coderAgreement(variable: RELEVANCE, coders: ["coder-reading-a", "coder-reading-b"], missingIsNotRelevant: true) { units alphaNominal }
		mitigation: coderAgreement(variable: MITIGATION, coders: ["coder-reading-a", "coder-reading-b"]) { pairs alphaNominal }
		normContinuity { assessedIncidents edges { node { score share persistence qValue } } }
	}`))
	for _, c := range []struct {
		want string
		path []any
	}{
		{"2294", []any{"relevance", "units"}}, {"0.756", []any{"relevance", "alphaNominal"}},
		{"336", []any{"mitigation", "pairs"}}, {"0.713", []any{"mitigation", "alphaNominal"}},
		{"74", []any{"normContinuity", "assessedIncidents"}},
	} {
		got := at(t, d, c.path...).(json.Number).String()
		if f, err := json.Number(got).Float64(); err == nil && strings.Contains(c.want, ".") {
			got = fmt.Sprintf("%.3f", f)
		}
		if got != c.want {
			t.Errorf("%v is %s, want %s", c.path, got, c.want)
		}
	}
	rows := at(t, d, "normContinuity", "edges")
	share := pluck(t, rows, "node", "share")
	for field, want := range map[string]string{"score": "0.998", "persistence": "0.980"} {
		if rho := spearman(pluck(t, rows, "node", field), share); fmt.Sprintf("%.3f", rho) != want {
			t.Errorf("rank correlation of %s and share is %.4f, want %s", field, rho, want)
		}
	}
	for _, q := range pluck(t, rows, "node", "qValue") {
		if q != nil {
			if f, _ := q.(json.Number).Float64(); f < 0.05 {
				t.Errorf("a core idea has q = %v: the page says that none exceeds its frequency", q)
			}
		}
	}
}

// The query and the table of docs/continuity.md.
func TestWorkedAnswer(t *testing.T) {
	page, err := os.ReadFile("../../docs/continuity.md")
	if err != nil {
		t.Fatal(err)
	}
	_, query, _ := strings.Cut(string(page), "```graphql\n")
	query, _, _ = strings.Cut(query, "```")
	c := at(t, data(t, ask(t, corpus(t), query)), "normContinuity")
	for _, r := range pluck(t, at(t, c, "edges"), "node") {
		f := func(verb string, path ...any) string {
			x, _ := at(t, r, path...).(json.Number).Float64()
			return fmt.Sprintf(verb, x)
		}
		interval := func(verb, field string) string {
			return "(" + f(verb, field, "low") + "–" + f(verb, field, "high") + ")"
		}
		row := fmt.Sprintf("| %s %s | %s | %s %s | %s, %s %s | %s (%s) | %s |",
			f("%.0f", "rank"), interval("%.0f", "rankInterval"), at(t, r, "norm", "name"), f("%.2f", "score"), interval("%.2f", "scoreInterval"),
			f("%.0f", "incidentCount"), f("%.2f", "share"), interval("%.2f", "shareInterval"),
			f("%.0f", "activePeriods"), f("%.1f", "expectedActivePeriods"), f("%.2f", "qValue"))
		if !strings.Contains(string(page), row+"\n") {
			t.Errorf("the page lacks the row\n%s", row)
		}
	}
}

// spearman is the rank correlation, ties at their middle.
func spearman(a, b []any) float64 {
	x, y := middleRanks(a), middleRanks(b)
	n := float64(len(x))
	var sx, sy, sxx, syy, sxy float64
	for i := range x {
		sx, sy = sx+x[i], sy+y[i]
		sxx, syy, sxy = sxx+x[i]*x[i], syy+y[i]*y[i], sxy+x[i]*y[i]
	}
	return (n*sxy - sx*sy) / math.Sqrt((n*sxx-sx*sx)*(n*syy-sy*sy))
}

func middleRanks(values []any) []float64 {
	ranks := make([]float64, len(values))
	number := func(v any) float64 { f, _ := v.(json.Number).Float64(); return f }
	for i, v := range values {
		less, equal := 0, 0
		for _, w := range values {
			switch {
			case number(w) < number(v):
				less++
			case number(w) == number(v):
				equal++
			}
		}
		ranks[i] = float64(less) + float64(equal+1)/2
	}
	return ranks
}
