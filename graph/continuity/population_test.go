package continuity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"normgraph/graph/continuity"
)

// part is incidents that one method alone judged, each on all of the first ideas.
type part struct {
	method           continuity.Method
	incidents, ideas int
}

// mixed is a table of such parts over 31 core ideas.
func mixed(parts ...part) continuity.Table {
	t := continuity.Table{Coders: []continuity.Coder{{ID: "a", Name: "Ann"}}}
	for i := range 31 {
		t.Norms = append(t.Norms, continuity.Norm{ID: fmt.Sprintf("core-%02d", i), Level: continuity.CoreIdea, Scheme: "core"})
	}
	for _, p := range parts {
		for range p.incidents {
			at := len(t.Incidents)
			t.Incidents = append(t.Incidents, continuity.Incident{ID: fmt.Sprintf("i%03d", at), Start: fmt.Sprint(2000 + at%20), Selected: true})
			for idea := range t.Norms {
				a := assessment(fmt.Sprintf("a%03d-%02d", at, idea), t.Incidents[at].ID, t.Norms[idea].ID, "a", continuity.Relevant)
				a.Method = p.method
				if idea >= p.ideas { // judged, and not counted
					a.Relevance = continuity.NotRelevant
				}
				t.Assessments = append(t.Assessments, a)
			}
		}
	}
	return t
}

func TestMethodsArePooled(t *testing.T) {
	const reading, data, editors = continuity.Method("AUTOMATED_READING"), continuity.Method("DATASET_DERIVED"), continuity.Method("EDITORIAL_CANDIDATE")
	sentence := "Methods are pooled: 30 of 110 assessed incidents were judged by DATASET_DERIVED only, on 3 of 31 core ideas; " +
		"6 by PUBLISHED only, on 2; shares of other ideas are too low. AUTOMATED_READING alone covers 74 incidents and 30 ideas."
	for _, c := range []struct {
		name  string
		parts []part
		from  string
		want  string // the first caveat; "" for another
	}{
		{"two narrow methods", []part{{reading, 74, 30}, {continuity.Published, 6, 2}, {data, 30, 3}}, "", sentence},
		{"one of each", []part{{reading, 1, 1}, {data, 1, 16}}, "", "Methods are pooled: 1 of 2 assessed incidents was judged by AUTOMATED_READING only, " +
			"on 1 of 31 core ideas; shares of other ideas are too low. DATASET_DERIVED alone covers 1 incident and 16 ideas."},
		{"within a window", []part{{reading, 40, 30}, {editors, 20, 3}}, "2019", "Methods are pooled: 1 of 3 assessed incidents was judged by EDITORIAL_CANDIDATE only, " +
			"on 3 of 31 core ideas; shares of other ideas are too low. AUTOMATED_READING alone covers 2 incidents and 30 ideas."},
		{"half of the ideas is enough", []part{{reading, 74, 30}, {data, 30, 16}}, "", ""},
		{"a single method", []part{{data, 30, 3}}, "", ""},
	} {
		table := mixed(c.parts...)
		args := cheap()
		args.AllMethods, args.From = true, c.from
		got := run(t, table, args).Caveats
		if c.want != "" && got[0] != c.want || c.want == "" && strings.Contains(strings.Join(got, " "), "pooled:") {
			t.Errorf("%s: %q", c.name, got)
		}
		args.AllMethods = false
		if got := run(t, table, args).Caveats; slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "Methods are pooled") }) {
			t.Errorf("%s, methods chosen: %q", c.name, got)
		}
	}
}

func TestReference(t *testing.T) {
	const reading, data = continuity.Method("AUTOMATED_READING"), continuity.Method("DATASET_DERIVED")
	for _, c := range []struct {
		parts []part
		want  continuity.Method
	}{
		{[]part{{data, 100, 31}, {reading, 30, 16}}, reading}, // both wide: by the order
		{[]part{{data, 100, 31}, {reading, 29, 31}}, data},
		{[]part{{data, 29, 31}, {reading, 100, 15}}, reading}, // none wide: 899 and 1,500
		{[]part{{data, 20, 10}, {reading, 10, 20}}, reading},  // as many: by the order
		{[]part{{continuity.Published, 30, 31}, {reading, 100, 31}}, continuity.Published},
	} {
		populations := index(t, mixed(c.parts...)).Populations()
		if got := continuity.Reference(populations); got == nil || got.Method != c.want {
			t.Errorf("%v: %+v of %+v", c.parts, got, populations)
		}
	}
	if got := continuity.Reference(index(t, mixed()).Populations()); got != nil {
		t.Errorf("without assessments: %+v", got)
	}
}
