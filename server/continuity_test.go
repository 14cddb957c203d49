package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestContinuity(t *testing.T) {
	data := t.TempDir()
	for _, c := range []struct {
		args           []string
		code           int
		stdout, stderr string
	}{
		{nil, 0, "74 assessed incidents in 22 periods.\n- ", ""},
		{[]string{"--group-by", "CATEGORY", "--coder", "coder-reading-a"}, 0, "AUTOMATED_READING 135\n", ""},
		{[]string{"--method", "PUBLISHED,DATASET_DERIVED", "--unobserved"}, 0, "–  ", ""},
		{[]string{"--incidents", `{"countries": {"includes": "EE"}}`}, 0, "unpublished or unverified", ""},
		{[]string{"--from", "1950", "--to", "1960"}, 0, "No incident passes the filter", ""},
		{[]string{"--format", "markdown", "--top", "1"}, 0, "| 1 | 1–3 | Baseline cyber hygiene | 0.72 | ████████▋    |", ""},
		{[]string{"--from", "2012", "--to", "2010"}, exitFault, "", "normContinuity(from:): 2012 is after"},
		{[]string{"--relevance", "NOT_RELEVANT"}, exitFault, "", "NOT_RELEVANT cannot be counted"},
		{[]string{"--method", "GUESS"}, exitFault, "", "expected one of PUBLISHED"},
		{[]string{"--incidents", "EE"}, exitFault, "", "--incidents is not a JSON object"},
		{[]string{"--format", "xml"}, exitUsage, "", "--format"},
		{[]string{"--top", "-1"}, exitUsage, "", "--top"},
	} {
		code, stdout, stderr := run(t, data, "", append([]string{"continuity"}, c.args...)...)
		if code != c.code || !strings.Contains(stdout, c.stdout) || !strings.Contains(stderr, c.stderr) {
			t.Errorf("%v: exit %d\n%s\n%s", c.args, code, stdout, stderr)
		}
	}
}

// The formats hold the figures of the service, to the last digit.
func TestContinuityFigures(t *testing.T) {
	data := t.TempDir()
	must := func(stdin string, args ...string) string {
		code, stdout, stderr := run(t, data, stdin, args...)
		if code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, stderr)
		}
		return stdout
	}
	var answer struct {
		Data struct {
			NormContinuity struct {
				Edges []struct {
					Node struct {
						Key          string
						Score        json.Number
						RankInterval struct{ Low, High json.Number }
					}
				}
			}
		}
	}
	query := must(`{ normContinuity(resamples: 50) { edges { node { key score rankInterval { low high } } } } }`, "query", "-")
	if err := json.Unmarshal([]byte(query), &answer); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, e := range answer.Data.NormContinuity.Edges {
		want = append(want, fmt.Sprint(e.Node.Key, e.Node.Score, e.Node.RankInterval))
	}
	var printed struct {
		Rows []struct {
			Key          string
			Score        json.Number
			RankInterval struct{ Low, High json.Number }
		}
	}
	if err := json.Unmarshal([]byte(must("", "continuity", "--resamples", "50", "--format", "json")), &printed); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range printed.Rows {
		got = append(got, fmt.Sprint(r.Key, r.Score, r.RankInterval))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("JSON:\n%v\nwant\n%v", got, want)
	}
	records, err := csv.NewReader(strings.NewReader(must("", "continuity", "--resamples", "50", "--format", "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range records[0] {
		at[name] = i
	}
	got = nil
	for _, r := range records[1:] {
		got = append(got, fmt.Sprint(r[at["key"]], r[at["score"]], fmt.Sprintf("{%s %s}", r[at["rankIntervalLow"]], r[at["rankIntervalHigh"]])))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("CSV:\n%v\nwant\n%v", got, want)
	}
}
