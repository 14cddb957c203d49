package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"normgraph/documents"
	"normgraph/graph"
)

// points is what a document pays for before it is answered.
func points(t *testing.T, s *graph.Service, document, variables string) float64 {
	t.Helper()
	sum := 0.0
	ctx := graph.WithAdmission(t.Context(), func(rows float64) error { sum += rows; return nil })
	if r := s.Execute(ctx, graph.Request{Document: document, Variables: []byte(variables)}); len(r.Errors) > 0 {
		t.Errorf("%s: %v", document, r.Errors)
	}
	return sum
}

// TestWorkIsCounted: what is read weighs, not only what is kept. Each document
// reads much more than the one that it is compared with and gives as much.
func TestWorkIsCounted(t *testing.T) {
	s, err := graph.New(loaded(t, bundled(t)), graph.Options{Limits: graph.DefaultLimits()})
	if err != nil {
		t.Fatal(err)
	}
	many := func(n int, text string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(text, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	const below = `{ signatories(limit: 500) { agreements(limit: 1) { %s } } }`
	for _, c := range []struct {
		name, more, less string
		times            float64
	}{
		{"counts", fmt.Sprintf(below, `signatoriesConnection(first: 0) { totalCount }`), fmt.Sprintf(below, `signatoriesConnection(first: 0) { __typename }`), 10},
		{"aggregates", fmt.Sprintf(below, `signatoriesConnection(first: 0) { aggregate { node { name { longest } } } }`), fmt.Sprintf(below, `signatoriesConnection(first: 0) { __typename }`), 50},
		{"each aggregate", fmt.Sprintf(below, `signatoriesConnection(first: 0) { aggregate { node { name { longest } note { longest } source { longest } } } }`),
			fmt.Sprintf(below, `signatoriesConnection(first: 0) { aggregate { node { name { longest } } } }`), 1.5},
		{"sorts", fmt.Sprintf(below, `signatories(limit: 1, sort: [{name: DESC}]) { id }`), fmt.Sprintf(below, `signatories(limit: 1) { id }`), 10},
		{"offsets", fmt.Sprintf(below, `signatories(limit: 1, offset: 5000) { id }`), fmt.Sprintf(below, `signatories(limit: 1) { id }`), 10},
		{"offsets at the root", `{ signatories(limit: 1, offset: 5000) { id } }`, `{ signatories(limit: 1) { id } }`, 5},
		{"filters below rows", fmt.Sprintf(below, `signatories(limit: 1, where: {name: {contains: "x"}}) { id }`), fmt.Sprintf(below, `signatories(limit: 1) { id }`), 10},
		{"conditions", `{ signatories(limit: 1, where: {OR: [` + many(100, `{name: {contains: "zz#"}}`) + `]}) { id } }`, `{ signatories(limit: 1, where: {name: {contains: "zz"}}) { id } }`, 10},
		{"values of a condition", `{ calls(where: {id: {in: [` + many(500, `"c#" `) + `]}}) { id } }`, `{ calls(where: {id: {in: ["c"]}}) { id } }`, 5},
		{"aliases", `{ ` + many(20, `a#: calls(limit: 1) { id } `) + `}`, `{ calls(limit: 1) { id } }`, 15},
		{"back and forth", `{ signatories(limit: 100) { agreements(limit: 1) { signatories(limit: 100) { id } } } }`, `{ agreements(limit: 60) { signatories(limit: 100) { id } } }`, 2},
		{"searches of a letter", `{ search(query: "a*", first: 1) { totalCount } }`, `{ search(query: "assessment", first: 1) { totalCount } }`, 3},
		{"snippets", `{ search(query: "cyber", first: 100) { edges { snippet } } }`, `{ search(query: "cyber", first: 100) { edges { score } } }`, 1.5},
	} {
		if more, less := points(t, s, c.more, ``), points(t, s, c.less, ``); more < c.times*less {
			t.Errorf("%s: %.0f points, and %.0f for %s; want %v times as many", c.name, more, less, c.less, c.times)
		}
	}
	// What is named by id costs what it is.
	if one, all := points(t, s, `{ norms(where: {id: {eq: "core-hygiene"}}) { agreements { id } } }`, ``), points(t, s, `{ norms { agreements { id } } }`, ``); one*5 > all {
		t.Errorf("a norm by its id costs %.0f points, all %.0f", one, all)
	}
}

// TestTrustedDocumentsAreCheap: each is at most half as much as what is taken for
// long, so that a corpus of twice the size leaves it light.
func TestTrustedDocumentsAreCheap(t *testing.T) {
	s, err := graph.New(loaded(t, bundled(t)), graph.Options{Limits: graph.DefaultLimits()})
	if err != nil {
		t.Fatal(err)
	}
	set, err := documents.Open("")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range set.All() {
		n := points(t, s, d.Text, string(d.Variables))
		t.Logf("%6.0f points: %s", n, d.Name)
		if n > 12_500 {
			t.Errorf("%s costs %.0f points", d.Name, n)
		}
	}
}
