package sqlite_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/seed"
)

// domain is the project's own schema with its corpus.
func domain(t testing.TB) (*ast.Schema, *catalog.Catalog, *store.Dataset) {
	t.Helper()
	sdl, err := os.ReadFile("../../api.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "api.graphqls", Input: string(sdl)})
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	data, err := seed.Read(seed.Bundled(), cat)
	if err != nil {
		t.Fatal(err)
	}
	return schema, cat, data
}

func build(t testing.TB, schema *ast.Schema, cat *catalog.Catalog, query string) *plan.Plan {
	t.Helper()
	doc, errs := gqlparser.LoadQueryWithRules(schema, query, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	p, err := plan.Build(plan.Operation{Schema: schema, Catalog: cat, Doc: doc, Operation: doc.Operations[0],
		Variables: map[string]any{}, Limits: plan.Limits{Depth: 20, Selections: 1000, Conditions: 1000}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var queries = []string{
	`{ agreements { title norms { name coreIdeas(sort: [{name: DESC}], limit: 3) { name expressedBy { id } } } process { name agreements { id } } } }`,
	`{ agreementsConnection(first: 5, sort: [{date: DESC}, {title: ASC}], where: {legalStatus: {eq: BINDING}}) { totalCount edges { cursor node { title normsConnection(sort: [{edge: {locator: ASC}}], where: {node: {level: {eq: STATED}}, edge: {locatorChecked: {eq: true}}}) { totalCount edges { properties { locator } node { name } } aggregate { count { nodes edges } node { name { shortest longest } } edge { locator { longest } } } } } } pageInfo { hasNextPage endCursor } aggregate { count { nodes } node { year { min max average sum } } } } }`,
	`{ norms(where: {assessments: {some: {incident: {year: {gt: 2015}}}}, NOT: {coreIdeasConnection: {aggregate: {count: {nodes: {gt: 1}}}}}}) { name assessments(where: {coder: {kind: {eq: EDITORS}}}) { relevance incident { name kinds } } } }`,
	`{ agreements(where: {signatories: {all: {kind: {eq: STATE}}}, normsConnection: {single: {edge: {locatorChecked: {eq: true}}}}, contributions: {none: {}}}) { signatories(limit: 2) { name } } }`,
	`{ nodes(ids: ["paris-call", "un-gge-2015"]) { id basis ... on Agreement { signatoriesConnection(first: 3) { edges { properties { role date } node { name country } } } } ... on Norm { agreements { title } } } }`,
	`{ search(query: "critical infra*", first: 10) { totalCount edges { score snippet cursor node { __typename id ... on Norm { agreements { title } } ... on Incident { assessments { norm { name } } } } } } }`,
	`{ signatories(where: {country: {eq: "FR"}, name: {startsWith: "A"}}, sort: [{name: ASC}], offset: 2, limit: 10) { name agreements { title } contributions { id } } incidentsConnection(where: {countries: {includes: "EE"}}) { totalCount } }`,
}

var below = regexp.MustCompile(`^SCAN (n|e|x)\d+\b`)

func TestNoScanBelowTheRoot(t *testing.T) {
	schema, cat, data := domain(t)
	s := mustOpen(t, cat, file(t))
	mustLoad(t, s, data, store.LoadEmpty)
	for _, q := range queries {
		p := build(t, schema, cat, q)
		steps, err := s.Explain(t.Context(), p)
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		for _, step := range steps {
			if below.MatchString(step) {
				t.Errorf("%s\n%s", step, q)
			}
		}
		if testing.Verbose() {
			t.Log(q + "\n" + strings.Join(steps, "\n"))
		}
		if _, err := s.Query(t.Context(), p); err != nil {
			t.Errorf("%v: %s", err, q)
		}
	}
}

// Nodes below a relation come in the order of ids without being sorted, and so
// a page of them reads no more than it gives.
func TestNoSortByIDBelowARelation(t *testing.T) {
	schema, cat, data := domain(t)
	s := mustOpen(t, cat, file(t))
	mustLoad(t, s, data, store.LoadEmpty)
	p := build(t, schema, cat, `{ agreements(limit: 5) { norms(limit: 3) { id assessments(limit: 2, sort: [{id: DESC}]) { id } }
		signatories(limit: 2) { name } signatoriesConnection(first: 2) { edges { properties { role } node { name } } } } }`)
	steps, err := s.Explain(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		if strings.Contains(step, "TEMP B-TREE") {
			t.Errorf("%s\n%s", step, strings.Join(steps, "\n"))
		}
	}
}

// A page far in begins at its position in the index.
func TestPageBeginsAtItsPosition(t *testing.T) {
	schema, cat, data := domain(t)
	s := mustOpen(t, cat, file(t))
	mustLoad(t, s, data, store.LoadEmpty)
	p := build(t, schema, cat, `{ incidentsConnection(first: 5, sort: [{year: ASC}]) { edges { node { name } } } }`)
	root := p.Roots[0]
	root.Connection.After = &plan.Cond{Op: plan.Behind, Order: root.Sort, Value: []any{int64(2010), "x"}}
	steps, err := s.Explain(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(steps, "\n"); !strings.Contains(text, "((year,id)>(?,?))") || strings.Contains(text, "B-TREE") {
		t.Error(text)
	}
}
