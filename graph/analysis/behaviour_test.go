package analysis_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph"
	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// Tables are kept per filter, nodes below rows take one statement however many
// root fields have them, and root fields that read nodes one more.
func TestStatements(t *testing.T) {
	s := corpus(t)
	for _, c := range []struct {
		name, document string
		want           int
	}{
		{"no data", `{ __typename }`, 0},
		{"a table", `{ normContinuity { totalCount } }`, 1},
		{"again", `{ normContinuity { totalCount } }`, 0},
		{"the same filter, other arguments", `{ normContinuity(groupBy: NORM, assessments: {}, assessed: null, from: "2010") { totalCount } normMatrix(rows: SCHEME, columns: YEAR) { caveats } normDrivers(groupBy: NORM) { totalCount } normCoOccurrence(groupBy: NORM) { totalCount } coderAgreement(variable: CONDUCT) { units } }`, 0},
		{"the same filter twice", `{ normContinuity(assessments: {method: {eq: PUBLISHED}}, assessed: {method: {eq: PUBLISHED}}) { totalCount } }`, 1},
		{"which is kept", `{ normContinuity(assessments: {method: {eq: PUBLISHED}}) { totalCount } }`, 0},
		{"another for E", `{ normContinuity(assessments: {method: {eq: PUBLISHED}}, assessed: {}) { totalCount } }`, 1},
		{"two tables", `{ a: normContinuity(incidents: {year: {gt: 2015}}) { totalCount } b: normContinuity(incidents: {year: {gt: 2016}}) { totalCount } c: normContinuity(incidents: {year: {gt: 2015}}, groupBy: NORM) { totalCount } }`, 2},
		{"nodes", `{ normContinuity { edges { node { norm { name } first { name } evidence(first: 1) { edges { node { id } } } } } } }`, 1},
		{"nodes of several root fields", `{ normContinuity { edges { node { norm { name } } } } normDrivers(groupBy: CORE_IDEA) { edges { node { norm { name } } } } }`, 1},
		{"ids only", `{ normContinuity { edges { node { key evidence { totalCount aggregate { count { nodes } } } } } } }`, 0},
		{"aggregates", `{ normContinuity { edges { node { evidence { aggregate { node { rationale { longest } } } } } } } }`, 1},
		{"with root fields that read nodes", `{ normContinuity { edges { node { norm { name } } } } norms { id } incidents { id } }`, 2},
		{"agreements", `{ agreementSimilarity(ids: ["paris-call", "gge-2015"]) { shared } compareAgreements(ids: ["paris-call"]) { rows { key } } commitments(signatory: "state-fr") { totalCount } }`, 1},
		{"another signatory", `{ commitments(signatory: "state-de") { totalCount } }`, 0},
		{"the graph", `{ paths(from: "state-fr", to: "estonia-2007") { length } neighborhood(id: "gge-2015") { edges { type from to } } }`, 1},
		{"properties of relationships", `{ neighborhood(id: "gge-2015") { nodes { id } edges { properties { name value } } } }`, 1},
	} {
		if r := ask(t, s, c.document); r.Statements != c.want {
			t.Errorf("%s: %d statements, want %d", c.name, r.Statements, c.want)
		}
	}
}

// What is selected below a row's node is what the node itself answers: under
// aliases, in fragments, with arguments, at any depth.
func TestNodesBelowRows(t *testing.T) {
	s := corpus(t)
	const below = `a: agreements(limit: 2, sort: [{date: DESC}]) { shortTitle } b: agreements(limit: 1) { id year }
		agreementsConnection(first: 1) { totalCount edges { cursor properties { locator } node { id } } } ...N`
	d := data(t, ask(t, s, `
		query {
			normContinuity(first: 4) { edges { node { x: norm { `+below+` } norm { id } y: norm { name @include(if: false) level } first { id ... on Incident { year } } } } }
			compareAgreements(ids: ["paris-call"]) { agreements { ... on Agreement { id norms(limit: 3) { id } } } }
			paths(from: "state-fr", to: "estonia-2007", first: 1) { paths { nodes { __typename id ... on Norm { name } ... on Signatory { country agreements(limit: 1) { id } } } } }
		}
		fragment N on Norm { category assessmentsConnection { totalCount } }`))
	for i, row := range at(t, d, "normContinuity", "edges").([]any) {
		id := at(t, row, "node", "norm", "id").(string)
		first := at(t, row, "node", "first", "id").(string)
		want := data(t, ask(t, s, fmt.Sprintf(`query { x: node(id: %q) { ... on Norm { %s } } y: node(id: %q) { ... on Norm { level } } first: node(id: %q) { id ... on Incident { year } } }
			fragment N on Norm { category assessmentsConnection { totalCount } }`, id, below, id, first)))
		for _, key := range []string{"x", "y", "first"} {
			if diff := cmp.Diff(want[key], at(t, row, "node", key)); diff != "" {
				t.Errorf("row %d, %s: %s", i, key, diff)
			}
		}
	}
	want := data(t, ask(t, s, `{ node(id: "paris-call") { ... on Agreement { id norms(limit: 3) { id } } } }`))
	if diff := cmp.Diff(want["node"], at(t, d, "compareAgreements", "agreements", 0)); diff != "" {
		t.Error(diff)
	}
	for _, n := range at(t, d, "paths", "paths", 0, "nodes").([]any) {
		want := data(t, ask(t, s, fmt.Sprintf(`{ node(id: %q) { __typename id ... on Norm { name } ... on Signatory { country agreements(limit: 1) { id } } } }`, at(t, n, "id"))))
		if diff := cmp.Diff(want["node"], n); diff != "" {
			t.Error(diff)
		}
	}
}

// The evidence of a row is the assessments that the stored filter finds.
func TestEvidence(t *testing.T) {
	s := corpus(t)
	const aggregate = `totalCount aggregate { count { nodes } node { rationale { shortest longest } note { longest } } }`
	d := data(t, ask(t, s, `{ normContinuity(groupBy: NORM, matches: []) { edges { node { key evidence(first: 500) { `+aggregate+` edges { node { id } } } } } } }`))
	for _, row := range at(t, d, "normContinuity", "edges").([]any) {
		want := data(t, ask(t, s, fmt.Sprintf(`{ assessmentsConnection(first: 500, where: {norm: {id: {eq: %q}}, relevance: {in: [RELEVANT, PARTLY_RELEVANT]}}) { `+aggregate+` edges { node { id } } } }`,
			at(t, row, "node", "key"))))
		if diff := cmp.Diff(want["assessmentsConnection"], at(t, row, "node", "evidence")); diff != "" {
			t.Errorf("%v: %s", at(t, row, "node", "key"), diff)
		}
	}
}

// Pages put together are the whole, whatever their size.
func TestPages(t *testing.T) {
	s := corpus(t)
	for _, c := range []struct{ field, args, node string }{
		{"normContinuity", "", "{ key rank }"},
		{"normContinuity", "groupBy: NORM, includeUnobserved: true", "{ key rank }"},
		{"normDrivers", "groupBy: CORE_IDEA", "{ key after }"},
		{"normCoOccurrence", "groupBy: CORE_IDEA, minCount: 4", "{ a { key } b { key } count }"},
		{"commitments", `signatory: "state-fr"`, "{ coreIdea { id } }"},
	} {
		follow(t, s, c.field+" "+c.args, func(page string) (string, []any) {
			return fmt.Sprintf(`{ %s(%s) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node %s } } }`,
				c.field, strings.TrimPrefix(c.args+", "+page, ", "), c.node), []any{c.field}
		})
	}
	for _, c := range []struct {
		document string
		path     []any
	}{
		{`{ normContinuity(first: 1) { edges { node { evidence(%s) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } } } } } }`,
			[]any{"normContinuity", "edges", 0, "node", "evidence"}},
		{`{ normMatrix(rows: CATEGORY, columns: MITIGATION) { cells { assessments(%s) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } } } } }`,
			[]any{"normMatrix", "cells", 0, "assessments"}},
		{`{ normDrivers(groupBy: CORE_IDEA, first: 1) { edges { node { pairs(%s) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { incident { id } agreement { id } } } } } } } }`,
			[]any{"normDrivers", "edges", 0, "node", "pairs"}},
	} {
		follow(t, s, fmt.Sprint(c.path), func(page string) (string, []any) { return fmt.Sprintf(c.document, page), c.path })
	}
}

// follow reads a connection in pages of 7 and holds them against one page.
func follow(t *testing.T, s *graph.Service, name string, document func(page string) (string, []any)) {
	t.Helper()
	get := func(page string) any {
		doc, path := document(page)
		return at(t, data(t, ask(t, s, doc)), path...)
	}
	whole := get("first: 500")
	want := at(t, whole, "edges").([]any)
	if n := at(t, whole, "totalCount").(json.Number).String(); n != fmt.Sprint(len(want)) || len(want) < 8 {
		t.Errorf("%s: %s in all, %d edges; the test wants more than one page of 7", name, n, len(want))
	}
	var got []any
	after := ""
	for more := true; more && len(got) <= len(want); {
		page := get("first: 7" + after)
		edges, info := at(t, page, "edges").([]any), at(t, page, "pageInfo")
		if at(t, info, "hasPreviousPage") != (after != "") {
			t.Errorf("%s: hasPreviousPage is %v after %q", name, at(t, info, "hasPreviousPage"), after)
		}
		if at(t, info, "startCursor") != at(t, edges, 0, "cursor") || at(t, info, "endCursor") != at(t, edges, len(edges)-1, "cursor") {
			t.Errorf("%s: cursors of the page %v are not those of its edges", name, info)
		}
		got = append(got, edges...)
		after = fmt.Sprintf(", after: %q", at(t, info, "endCursor"))
		more = at(t, info, "hasNextPage").(bool)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: pages of 7 are not the whole: %s", name, diff)
	}
	if empty := get("first: 0"); len(at(t, empty, "edges").([]any)) != 0 || at(t, empty, "pageInfo", "startCursor") != nil || at(t, empty, "totalCount") != at(t, whole, "totalCount") {
		t.Errorf("%s: first: 0 gives %v", name, empty)
	}
}

// A list cut by the default page is named, as anywhere else.
func TestTruncated(t *testing.T) {
	s := corpus(t)
	r := ask(t, s, `{ c: normCoOccurrence(groupBy: CORE_IDEA) { edges { node { count } } } n: normContinuity(first: 2) { edges { node { evidence { edges { node { id } } } norm { all: assessments { id } } } } }
		p: normCoOccurrence(groupBy: CORE_IDEA) { totalCount } q: normCoOccurrence(groupBy: CORE_IDEA, first: 5) { edges { node { count } } } }`)
	want := []string{"c", "n.edges.node.evidence", "n.edges.node.norm.all"}
	if diff := cmp.Diff(want, r.Extensions["truncated"]); diff != "" {
		t.Error(diff)
	}
}

// Every mistake is refused with a message that says where, before a statement
// is sent where no data is needed to see it.
func TestMistakes(t *testing.T) {
	s := corpus(t)
	cursor := at(t, data(t, ask(t, s, `{ normContinuity(first: 1) { pageInfo { endCursor } } }`)), "normContinuity", "pageInfo", "endCursor")
	for _, c := range []struct{ document, want string }{
		{`{ normContinuity(from: "2015", to: "2014") { totalCount } }`, `normContinuity(from:): 2015 is after`},
		{`{ x: normContinuity(weights: {}) { totalCount } }`, `x(weights:): all weights are 0`},
		{`{ normContinuity(weights: {share: -1}) { totalCount } }`, `normContinuity(weights:): -1 is not a weight`},
		{`{ normContinuity(resamples: 0) { totalCount } }`, `normContinuity(resamples:): 0 is not between 1 and 10000`},
		{`{ normContinuity(resamples: 10001) { totalCount } }`, `normContinuity(resamples:): 10001`},
		{`{ normContinuity(periodYears: 0) { totalCount } }`, `normContinuity(periodYears:)`},
		{`{ normContinuity(relevance: [RELEVANT, NOT_RELEVANT]) { totalCount } }`, `normContinuity(relevance:): NOT_RELEVANT cannot be counted`},
		{`{ normContinuity(first: 501) { totalCount } }`, `normContinuity(first:): must be from 0 to 500, got 501`},
		{`{ normContinuity(first: -1) { totalCount } }`, `normContinuity(first:)`},
		{`{ normContinuity(after: "x") { totalCount } }`, `normContinuity(after:): is not a cursor`},
		{fmt.Sprintf(`{ normDrivers(groupBy: CORE_IDEA, after: %q) { totalCount } }`, cursor), `normDrivers(after:): is not a cursor`},
		{fmt.Sprintf(`{ normContinuity(groupBy: NORM, after: %q) { totalCount } }`, cursor), `normContinuity(after:): is not a cursor`},
		{`{ normContinuity { edges { node { evidence(first: 1000) { totalCount } } } } }`, `normContinuity.edges.node.evidence(first:)`},
		{`{ normContinuity { edges { node { norm { agreements(limit: 1000) { id } } } } } }`, `normContinuity.edges.node.norm.agreements(limit:)`},
		{`{ normContinuity(assessments: {norm: {name: {contains: null}}}) { totalCount } }`, `normContinuity(assessments:).norm.name.contains: must not be null`},
		{`{ normMatrix(rows: NORM, columns: PERIOD, periodYears: -1) { caveats } }`, `normMatrix(periodYears:)`},
		{`{ normDrivers(groupBy: NORM, windowYears: 0) { totalCount } }`, `normDrivers(windowYears:)`},
		{`{ normCoOccurrence(groupBy: NORM, minCount: -1) { totalCount } }`, `normCoOccurrence(minCount:)`},
		{`{ coderAgreement(variable: RELEVANCE, groupBy: SCHEME) { units } }`, `coderAgreement(groupBy:)`},
		{`{ coderAgreement(variable: RELEVANCE, relevance: [RELEVANT]) { units } }`, `coderAgreement(relevance:)`},
		{`{ coderAgreement(variable: CONDUCT, coders: ["coder-editors", "coder-eurepoc"], missingIsNotRelevant: true) { units } }`, `coderAgreement(missingIsNotRelevant:)`},
		{`{ coderAgreement(variable: RELEVANCE, missingIsNotRelevant: true) { units } }`, `coderAgreement(coders:)`},
		{`{ coderAgreement(variable: RELEVANCE, coders: ["coder-editors"]) { units } }`, `coderAgreement(coders:)`},
		{`{ coderAgreement(variable: RELEVANCE, coders: ["coder-editors", "coder-editors"]) { units } }`, `coderAgreement(coders:): "coder-editors" comes twice`},
		{`{ agreementSimilarity(ids: ["paris-call", "paris-call"]) { shared } }`, `agreementSimilarity(ids:): "paris-call" comes twice`},
		{`{ agreementSimilarity(ids: [` + strings.Repeat(`"a", `, 101) + `]) { shared } }`, `agreementSimilarity(ids:): 101 agreements are more than 100`},
		{`{ compareAgreements(ids: [` + strings.Repeat(`"a", `, 51) + `]) { rows { key } } }`, `compareAgreements(ids:): 51 agreements are more than 50`},
		{`{ paths(from: "state-fr", to: "gge-2015", maxLength: 9) { length } }`, `paths(maxLength:)`},
		{`{ paths(from: "state-fr", to: "gge-2015", first: 51) { length } }`, `paths(first:)`},
		{`{ neighborhood(id: "gge-2015", depth: 0) { truncated } }`, `neighborhood(depth:)`},
		{`{ neighborhood(id: "gge-2015", first: 501) { truncated } }`, `neighborhood(first:)`},
		{`{ agreements { id } normContinuity(resamples: 0) { totalCount } }`, `normContinuity(resamples:)`},
	} {
		r := refused(t, s, c.document, graph.CodeInput, c.want)
		if r.Statements != 0 {
			t.Errorf("%s: %d statements", c.document, r.Statements)
		}
	}
	for _, c := range []struct{ document, want string }{
		{`{ agreementSimilarity(ids: ["paris-call", "nowhere"]) { shared } }`, `agreementSimilarity(ids:): no agreement has the id "nowhere"`},
		{`{ compareAgreements(ids: ["state-fr"]) { rows { key } } }`, `compareAgreements(ids:): no agreement has the id "state-fr"`},
		{`{ commitments(signatory: "nowhere") { totalCount } }`, `commitments(signatory:): no signatory has the id "nowhere"`},
		{`{ paths(from: "nowhere", to: "gge-2015") { length } }`, `paths(from:): no node has the id "nowhere"`},
		{`{ paths(from: "gge-2015", to: "nowhere") { length } }`, `paths(to:): no node has the id "nowhere"`},
		{`{ neighborhood(id: "nowhere") { truncated } }`, `neighborhood(id:): no node has the id "nowhere"`},
		{`{ contributionRanking(call: "nowhere") { borda } }`, `contributionRanking(call:): no call has the id "nowhere"`},
		{`{ coderAgreement(variable: RELEVANCE, coders: ["coder-editors", "nowhere"]) { units } }`, `coderAgreement(coders:): no coder has the id "nowhere"`},
	} {
		refused(t, s, c.document, graph.CodeInput, c.want)
	}
	refused(t, s, `{ normContinuity(first: 500, groupBy: NORM, includeUnobserved: true) { edges { node { norm { assessments(limit: 500) { incident { assessments(limit: 500) { norm { assessments(limit: 500) { id } } } } } } } } } }`,
		graph.CodeLimit, "rows")
	// Few nodes, but written in very many places.
	refused(t, s, `{ normMatrix(rows: NORM, columns: NORM) { cells { assessments(first: 500) { edges { node { norm { assessments { id } } } } } } } }`, graph.CodeLimit, "rows")
}

func refused(t *testing.T, s *graph.Service, document, code, message string) *graph.Response {
	t.Helper()
	r := s.Execute(t.Context(), graph.Request{Document: document})
	if r.Code() != code || !strings.Contains(r.Errors[0].Message, message) {
		t.Errorf("%s\ngot  %s %v\nwant %s %s", document, r.Code(), r.Errors, code, message)
	}
	return r
}

// With no assessed incident there is an empty answer that says why.
func TestNothingAssessed(t *testing.T) {
	s := corpus(t)
	const filter = `from: "1950", to: "1960"`
	d := data(t, ask(t, s, `{
		normContinuity(`+filter+`) { assessedIncidents observablePeriods burstinessOfAssessed caveats totalCount edges { cursor } pageInfo { hasNextPage startCursor } }
		normMatrix(rows: CORE_IDEA, columns: YEAR, `+filter+`) { assessedIncidents caveats rows { key } columns { key } cells { row } }
		normDrivers(groupBy: NORM, `+filter+`) { totalCount }
		normCoOccurrence(groupBy: NORM, `+filter+`) { totalCount }
		coderAgreement(variable: CONDUCT, `+filter+`) { units pairs rawAgreement alphaNominal interval { low } droppedResamples reason coders { values } byGroup { key } }
	}`))
	got, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	const caveat = `["No incident passes the filter within the window, so there is nothing to count."]`
	want := `{"coderAgreement":{"alphaNominal":null,"byGroup":[],"coders":[],"droppedResamples":0,"interval":null,"pairs":0,"rawAgreement":null,` +
		`"reason":"Fewer than 2 units were judged by two or more coders.","units":0},` +
		`"normCoOccurrence":{"totalCount":0},` +
		`"normContinuity":{"assessedIncidents":0,"burstinessOfAssessed":null,"caveats":` + caveat + `,"edges":[],"observablePeriods":[],"pageInfo":{"hasNextPage":false,"startCursor":null},"totalCount":0},` +
		`"normDrivers":{"totalCount":0},` +
		`"normMatrix":{"assessedIncidents":0,"caveats":` + caveat + `,"cells":[],"columns":[],"rows":[]}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Resampling runs only where its figures are selected, and they do not depend on
// what else is, nor on the page.
func TestSelectionDecides(t *testing.T) {
	s := corpus(t)
	resamples := func(document string) (int64, *graph.Response) {
		var n atomic.Int64
		r := s.Execute(t.Context(), graph.Request{Document: document, Progress: func() { n.Add(1) }})
		if len(r.Errors) > 0 {
			t.Fatal(r.Errors)
		}
		return n.Load(), r
	}
	for _, c := range []struct {
		document string
		want     int64
	}{
		{`{ normContinuity(resamples: 11) { edges { node { score rank qValue scoreInterval { low } } } } }`, 0},
		{`{ normContinuity(resamples: 12) { edges { node { rankInterval @include(if: false) { low } } } } }`, 0},
		{`{ normContinuity(resamples: 13) { edges { node { x: rankInterval { low } } } } }`, 13},
		{`{ normContinuity(resamples: 14) { edges { ...E } } } fragment E on ContinuityEdge { node { ... { rankInterval { low } } } }`, 14},
		{`{ normContinuity(resamples: 14) { totalCount } again: normContinuity(resamples: 14, first: 3) { edges { node { rankInterval { high } score } } } }`, 0},
		{`{ coderAgreement(variable: MITIGATION, resamples: 15) { alphaNominal } }`, 0},
		{`{ coderAgreement(variable: MITIGATION, resamples: 15) { droppedResamples } }`, 15},
	} {
		if n, _ := resamples(c.document); n != c.want {
			t.Errorf("%d resamples, want %d: %s", n, c.want, c.document)
		}
	}
	_, all := resamples(`{ normContinuity(resamples: 50) { edges { node { key score scoreInterval { low high } rankInterval { low high } pValue qValue } } } }`)
	rows := at(t, data(t, all), "normContinuity", "edges").([]any)
	for _, field := range []string{"score", "scoreInterval { low high }", "rankInterval { low high }", "pValue", "qValue"} {
		_, one := resamples(`{ normContinuity(resamples: 50, first: 5) { edges { node { ` + field + ` } } } }`)
		name, _, _ := strings.Cut(field, " ")
		for i, row := range at(t, data(t, one), "normContinuity", "edges").([]any) {
			if diff := cmp.Diff(at(t, rows[i], "node", name), at(t, row, "node", name)); diff != "" {
				t.Errorf("%s of row %d: %s", name, i, diff)
			}
		}
	}
}

// A request that is given up stops, and does not spoil the next.
func TestGivenUp(t *testing.T) {
	s := corpus(t)
	const document = `{ normContinuity(resamples: 10000) { edges { node { rankInterval { low } } } } }`
	ctx, cancel := context.WithCancel(t.Context())
	r := s.Execute(ctx, graph.Request{Document: document, Progress: cancel})
	if r.Code() != graph.CodeTimeout {
		t.Errorf("given up: %s %v", r.Code(), r.Errors)
	}
	ask(t, s, document)
}

// Many that ask at once wait for one table and one result.
func TestAtOnce(t *testing.T) {
	s := corpus(t)
	const document = `{ normContinuity(resamples: 300) { edges { node { key rankInterval { low high } } } } }`
	var statements, steps atomic.Int64
	answers := make([][]byte, 8)
	var group sync.WaitGroup
	for i := range answers {
		group.Go(func() {
			r := s.Execute(t.Context(), graph.Request{Document: document, Progress: func() { steps.Add(1) }})
			statements.Add(int64(r.Statements))
			answers[i] = r.Data
		})
	}
	group.Wait()
	if statements.Load() != 1 || steps.Load() != 300 {
		t.Errorf("%d statements and %d resamples", statements.Load(), steps.Load())
	}
	for _, a := range answers[1:] {
		if !bytes.Equal(a, answers[0]) {
			t.Error("answers differ")
		}
	}
}

// A new revision is answered from its own table.
func TestNewRevision(t *testing.T) {
	st := embedded(t, read(t, worked()))
	s := service(t, st)
	const document = `{ normContinuity { assessedIncidents edges { node { key norm { name } incidentCount } } } }`
	before := ask(t, s, document)
	files := worked()
	files["assessments.csv"].Data = bytes.ReplaceAll(files["assessments.csv"].Data, []byte("N-d,d,N"), []byte("N-b,b,N"))
	files["norms.csv"].Data = bytes.ReplaceAll(files["norms.csv"].Data, []byte("Norm M"), []byte("Norm renamed"))
	files["assessments.csv"].Data = append(files["assessments.csv"].Data, "N-e,e,N,coder,PUBLISHED,RELEVANT,VIOLATED,PARTLY,SOURCED\n"...)
	if _, err := st.Load(t.Context(), read(t, files), store.LoadOptions{Mode: store.LoadReplace}); err != nil {
		t.Fatal(err)
	}
	after := ask(t, s, document)
	if after.Extensions["revision"] != int64(2) || after.Statements != 2 {
		t.Errorf("revision %v, %d statements", after.Extensions["revision"], after.Statements)
	}
	const want = `{"normContinuity":{"assessedIncidents":5,"edges":[{"node":{"key":"N","norm":{"name":"Norm N"},"incidentCount":4}},{"node":{"key":"M","norm":{"name":"Norm renamed"},"incidentCount":3}}]}}`
	if string(after.Data) != want {
		t.Errorf("before %s\nafter  %s", before.Data, after.Data)
	}
}

// shifting calls before with the number of the statement to come.
type shifting struct {
	store.Store
	before func(n int)
	n      int
}

func (s *shifting) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	s.n++
	s.before(s.n)
	return s.Store.Query(ctx, p)
}

// When the data change between the statements of a request, it begins again:
// root fields, rows and nodes are of one revision. When they never stand still,
// it says so.
func TestMovingRevision(t *testing.T) {
	renamed := worked()
	renamed["norms.csv"].Data = bytes.ReplaceAll(renamed["norms.csv"].Data, []byte("Norm N"), []byte("Other N"))
	sets := []*store.Dataset{read(t, worked()), read(t, renamed)}
	const document = `{ norms(where: {id: {eq: "N"}}) { name } normContinuity(groupBy: NORM, first: 1) { edges { node { label norm { name } } } } }`
	for at := 1; at <= 3; at++ { // norms, table, nodes
		st := embedded(t, sets[0])
		s := service(t, &shifting{Store: st, before: func(n int) {
			if n == at {
				fill(t, st, sets[1])
			}
		}})
		r := ask(t, s, document)
		const want = `{"norms":[{"name":"Other N"}],"normContinuity":{"edges":[{"node":{"label":"Other N","norm":{"name":"Other N"}}}]}}`
		if string(r.Data) != want || r.Extensions["revision"] != int64(2) {
			t.Errorf("moved before statement %d: revision %v, %s", at, r.Extensions["revision"], r.Data)
		}
	}
	st := embedded(t, sets[0])
	s := service(t, &shifting{Store: st, before: func(n int) { fill(t, st, sets[n%2]) }})
	refused(t, s, document, graph.CodeUnavailable, "the data was changed while it was read; try again")
}

// The table is what its filters say: E and R(g), found by reading assessments.
func TestFilters(t *testing.T) {
	s := corpus(t)
	for _, c := range []struct{ assessments, assessed, incidents string }{
		{`{}`, `{}`, `{}`},
		{`{method: {eq: EDITORIAL_CANDIDATE}}`, `{}`, `{}`},
		{`{coder: {id: {eq: "coder-reading-a"}}}`, `{coder: {id: {eq: "coder-reading-b"}}}`, `{year: {gte: 2015}}`},
		{`{OR: [{method: {eq: PUBLISHED}}, {norm: {category: {eq: RESTRAINT}}}]}`, `{NOT: {confidence: {eq: LOW}}}`, `{kinds: {includes: RANSOMWARE}, assessments: {some: {mitigation: {eq: WOULD_HAVE_MITIGATED}}}}`},
		{`{id: {in: []}}`, `{}`, `{}`},
	} {
		incidents := func(where string) map[string]map[any]bool { // by norm
			out := map[string]map[any]bool{}
			after := ""
			for {
				d := data(t, ask(t, s, fmt.Sprintf(`{ assessmentsConnection(first: 500%s, where: {AND: [%s, {incident: %s}]}) { pageInfo { hasNextPage endCursor } edges { node { norm { id } incident { id } } } } }`, after, where, c.incidents)))
				for _, e := range at(t, d, "assessmentsConnection", "edges").([]any) {
					norm := at(t, e, "node", "norm", "id").(string)
					if out[norm] == nil {
						out[norm] = map[any]bool{}
					}
					out[norm][at(t, e, "node", "incident", "id")] = true
				}
				if at(t, d, "assessmentsConnection", "pageInfo", "hasNextPage") == false {
					return out
				}
				after = fmt.Sprintf(", after: %q", at(t, d, "assessmentsConnection", "pageInfo", "endCursor"))
			}
		}
		assessed := map[any]bool{}
		for _, list := range incidents(c.assessed) {
			maps.Copy(assessed, list)
		}
		want := map[string]int{}
		for norm, list := range incidents(`{AND: [` + c.assessments + `, {relevance: {in: [RELEVANT, PARTLY_RELEVANT]}}]}`) {
			for i := range list {
				if assessed[i] {
					want[norm]++
				}
			}
		}
		d := at(t, data(t, ask(t, s, fmt.Sprintf(`{ normContinuity(groupBy: NORM, matches: [], first: 500, assessments: %s, assessed: %s, incidents: %s) { assessedIncidents edges { node { key incidentCount } } } }`,
			c.assessments, c.assessed, c.incidents))), "normContinuity")
		got := map[string]int{}
		for _, row := range at(t, d, "edges").([]any) {
			n, _ := at(t, row, "node", "incidentCount").(json.Number).Int64()
			got[at(t, row, "node", "key").(string)] = int(n)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: %s", c, diff)
		}
		if n := fmt.Sprint(at(t, d, "assessedIncidents")); n != fmt.Sprint(len(assessed)) {
			t.Errorf("%v: %s assessed incidents, want %d", c, n, len(assessed))
		}
	}
}

// Methods are pooled unless assessments are chosen, and the first caveat says so where
// one of them judged few ideas alone.
func TestMethodsArePooled(t *testing.T) {
	files := synthetic(40, 0, 4)
	var rows strings.Builder
	rows.WriteString("id,incident,norm,coder,method,relevance,conduct,mitigation,basis\n")
	for i := range 40 {
		method, ideas := "AUTOMATED_READING", 4
		if i >= 32 {
			method, ideas = "DATASET_DERIVED", 1
		}
		for idea := range ideas {
			fmt.Fprintf(&rows, "a%02d-%d,i%05d,n%03d,coder,%s,RELEVANT,VIOLATED,PARTLY,SOURCED\n", i, idea, i, idea, method)
		}
	}
	files["assessments.csv"].Data = []byte(rows.String())
	s := service(t, embedded(t, read(t, files)))
	const pooled = "Methods are pooled: 8 of 40 assessed incidents were judged by DATASET_DERIVED only, on 1 of 4 core ideas; " +
		"shares of other ideas are too low. AUTOMATED_READING alone covers 32 incidents and 4 ideas."
	for filter, want := range map[string]bool{``: true, `, assessments: {}`: true, `, assessments: null`: true,
		`, assessments: {method: {eq: AUTOMATED_READING}}`: false, `, assessments: {method: {in: [AUTOMATED_READING, DATASET_DERIVED]}}`: false} {
		caveats := at(t, data(t, ask(t, s, `{ normContinuity(first: 1`+filter+`) { caveats } }`)), "normContinuity", "caveats").([]any)
		if got := caveats[0] == pooled; got != want {
			t.Errorf("%q: %q", filter, caveats)
		}
	}
}
