package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"normgraph/graph"
	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// untouched is a store that must not be asked.
type untouched struct {
	store.Store
	tb testing.TB
}

func (s untouched) Query(context.Context, *plan.Plan) (*store.Result, error) {
	s.tb.Error("a statement was sent")
	return nil, &store.Error{Code: store.Unavailable, Message: "never"}
}

func (s untouched) Info(context.Context) (*store.Info, error) {
	s.tb.Error("the store was asked")
	return nil, &store.Error{Code: store.Unavailable, Message: "never"}
}

// TestMistakes: a mistake in any argument of any root refuses the whole request
// with its code, where it stands and what was expected, before a statement is
// sent.
func TestMistakes(t *testing.T) {
	const (
		bad     = graph.CodeInput
		invalid = graph.CodeValidation
		parse   = graph.CodeParse
	)
	cursors := cursorsOf(t)
	many := strings.TrimSuffix(strings.Repeat(`"x",`, 501), ",")
	for _, c := range []struct {
		document, variables, code string
		says                      []string
	}{
		// Pages.
		{`{ agreements(limit: 501) { id } }`, ``, bad, []string{"agreements(limit:)", "500", "501"}},
		{`{ x: agreements(limit: -1) { id } }`, ``, bad, []string{"x(limit:)", "500", "-1"}},
		{`{ agreements(offset: -1) { id } }`, ``, bad, []string{"agreements(offset:)", "-1"}},
		{`{ agreementsConnection(first: 501) { totalCount } }`, ``, bad, []string{"agreementsConnection(first:)", "500"}},
		{`{ agreementsConnection(first: -2) { totalCount } }`, ``, bad, []string{"agreementsConnection(first:)", "-2"}},
		{`{ search(query: "x", first: 501) { totalCount } }`, ``, bad, []string{"search(first:)", "500"}},
		{`{ search(query: "x", first: -1) { totalCount } }`, ``, bad, []string{"search(first:)"}},
		{`{ agreements { norms(limit: 501) { id } } }`, ``, bad, []string{"agreements.norms(limit:)", "500"}},
		{`{ agreements { n: normsConnection(first: 501) { totalCount } } }`, ``, bad, []string{"agreements.n(first:)", "500"}},
		{`{ agreementsConnection { edges { node { norms { agreements(limit: -7) { id } } } } } }`, ``, bad, []string{"agreements(limit:)", "-7"}},
		{`query($n: Int) { agreements(limit: $n) { id } }`, `{"n": 501}`, bad, []string{"agreements(limit:)", "500"}},
		{`{ node(id: "x") { ... on Agreement { norms(limit: 501) { id } } } }`, ``, bad, []string{"norms(limit:)", "500"}},
		{`{ nodes(ids: [` + many + `]) { id } }`, ``, bad, []string{"nodes(ids:)", "500", "501"}},
		// A mistake in one root refuses all.
		{`{ agreements { id } norms(limit: 501) { id } }`, ``, bad, []string{"norms(limit:)"}},
		{`{ corpus { name } norms(limit: 501) { id } }`, ``, bad, []string{"norms(limit:)"}},
		// Cursors.
		{`{ agreementsConnection(after: "x") { totalCount } }`, ``, bad, []string{"agreementsConnection(after:)", "cursor"}},
		{`{ agreementsConnection(after: "") { totalCount } }`, ``, bad, []string{"agreementsConnection(after:)"}},
		{`{ agreementsConnection(after: "bm9wZQ") { totalCount } }`, ``, bad, []string{"agreementsConnection(after:)"}},
		{`{ agreementsConnection(after: "` + cursors.Agreements + `\n") { totalCount } }`, ``, bad, []string{"agreementsConnection(after:)"}},
		{`{ normsConnection(after: "` + cursors.Agreements + `") { totalCount } }`, ``, bad, []string{"normsConnection(after:)"}},
		{`{ agreementsConnection(after: "` + cursors.Agreements + `", sort: [{title: ASC}]) { totalCount } }`, ``, bad, []string{"agreementsConnection(after:)", "sort"}},
		{`{ agreementsConnection(after: "` + cursors.ByDate + `", sort: [{date: ASC}]) { totalCount } }`, ``, bad, []string{"agreementsConnection(after:)"}},
		{`{ agreementsConnection(after: "` + cursors.ByDate + `x") { totalCount } }`, ``, bad, []string{"agreementsConnection(after:)"}},
		{`{ norms { agreementsConnection(after: "` + cursors.Agreements + `") { totalCount } } }`, ``, bad, []string{"norms.agreementsConnection(after:)"}},
		{`{ search(query: "x", after: "` + cursors.Agreements + `") { totalCount } }`, ``, bad, []string{"search(after:)"}},
		{`{ agreementsConnection(after: "` + cursors.Search + `") { totalCount } }`, ``, bad, []string{"agreementsConnection(after:)"}},
		// Null, where only eq and a single relation take it.
		{`{ agreements(where: {title: null}) { id } }`, ``, bad, []string{"agreements(where:).title", "null"}},
		{`{ agreements(where: {title: {in: null}}) { id } }`, ``, bad, []string{"agreements(where:).title.in", "null"}},
		{`{ agreements(where: {title: {contains: null}}) { id } }`, ``, bad, []string{".title.contains"}},
		{`{ agreements(where: {date: {gte: null}}) { id } }`, ``, bad, []string{".date.gte"}},
		{`{ agreements(where: {stakeholderGroups: {includes: null}}) { id } }`, ``, bad, []string{".stakeholderGroups.includes"}},
		{`{ agreements(where: {AND: null}) { id } }`, ``, bad, []string{"agreements(where:).AND"}},
		{`{ agreements(where: {OR: [{NOT: null}]}) { id } }`, ``, bad, []string{"agreements(where:).OR[0].NOT"}},
		{`{ agreements(where: {norms: null}) { id } }`, ``, bad, []string{"agreements(where:).norms"}},
		{`{ agreements(where: {norms: {some: null}}) { id } }`, ``, bad, []string{".norms.some"}},
		{`{ agreements(where: {normsConnection: {all: null}}) { id } }`, ``, bad, []string{".normsConnection.all"}},
		{`{ agreements(where: {normsConnection: {some: {node: null}}}) { id } }`, ``, bad, []string{".normsConnection.some.node"}},
		{`{ agreements(where: {normsConnection: {some: {edge: null}}}) { id } }`, ``, bad, []string{".normsConnection.some.edge"}},
		{`{ agreements(where: {normsConnection: {aggregate: null}}) { id } }`, ``, bad, []string{".normsConnection.aggregate"}},
		{`{ agreements(where: {normsConnection: {aggregate: {count: null}}}) { id } }`, ``, bad, []string{".aggregate.count"}},
		{`{ agreements(where: {normsConnection: {aggregate: {count: {nodes: null}}}}) { id } }`, ``, bad, []string{".count.nodes"}},
		{`{ agreements(where: {normsConnection: {aggregate: {count: {nodes: {gt: null}}}}}) { id } }`, ``, bad, []string{".count.nodes.gt"}},
		{`{ agreements(where: {normsConnection: {aggregate: {count: {edges: {eq: null}}}}}) { id } }`, ``, bad, []string{".count.edges.eq"}},
		{`query($w: AgreementWhere) { agreements(where: $w) { id } }`, `{"w": {"date": {"lt": null}}}`, bad, []string{".date.lt"}},
		{`query($v: String) { agreements(where: {title: {startsWith: $v}}) { id } }`, `{"v": null}`, bad, []string{".title.startsWith"}},
		// Sorts.
		{`query($s: SortDirection) { agreements(sort: [{title: $s}]) { id } }`, `{"s": null}`, invalid, []string{"$s", "non-nullable", "AgreementSort"}},
		{`query($s: SortDirection!) { agreements(sort: [{title: $s}]) { id } }`, `{"s": null}`, bad, []string{"$s", "must not be null"}},
		{`{ agreements(sort: [{date: ASC, title: ASC}]) { id } }`, ``, invalid, []string{"AgreementSort", "exactly one key"}},
		{`{ agreements(sort: [{date: ASC}, {title: ASC, id: ASC}]) { id } }`, ``, invalid, []string{"exactly one key"}},
		{`{ agreements(sort: [{}]) { id } }`, ``, invalid, []string{"exactly one key"}},
		{`{ agreements(sort: [{date: null}]) { id } }`, ``, invalid, []string{"AgreementSort", "non-null"}},
		{`{ agreements { normsConnection(sort: [{node: {name: ASC, id: ASC}}]) { totalCount } } }`, ``, invalid, []string{"NormSort", "exactly one key"}},
		{`{ agreements { normsConnection(sort: [{node: {name: ASC}, edge: {locator: ASC}}]) { totalCount } } }`, ``, invalid, []string{"AgreementNormsConnectionSort", "exactly one key"}},
		{`{ agreements { normsConnection(sort: [{edge: {}}]) { totalCount } } }`, ``, invalid, []string{"ProvisionSort", "exactly one key"}},
		{`query($s: [AgreementSort!]) { agreements(sort: $s) { id } }`, `{"s": [{"id": "ASC"}, {"date": "ASC", "title": "ASC"}]}`, bad, []string{"$s[1]", "exactly one field", "got 2"}},
		{`query($s: [AgreementSort!]) { agreements(sort: $s) { id } }`, `{"s": {}}`, bad, []string{"$s", "exactly one field", "got 0"}},
		{`query($s: [AgreementSort!]) { agreements(sort: $s) { id } }`, `{"s": [{"date": null}]}`, bad, []string{"$s[0].date", "must not be null"}},
		{`query($s: [AgreementSort!]) { agreements(sort: $s) { id } }`, `{"s": [{"date": null, "id": "ASC"}]}`, bad, []string{"$s[0]", "got 2"}},
		{`query($s: [AgreementNormsConnectionSort!]) { agreements { normsConnection(sort: $s) { totalCount } } }`, `{"s": [{"node": {}}]}`, bad, []string{"$s[0].node", "exactly one field"}},
		{`query($s: AgreementSort!) { agreements(sort: [$s, {}]) { id } }`, `{"s": {"id": "ASC"}}`, invalid, []string{"exactly one key"}},
		{`query($s: [AgreementSort!]) { agreements(sort: $s) { id } }`, `{"s": [{"date": "UP"}]}`, bad, []string{"$s[0].date", "ASC"}},
		// Dates, URLs, countries.
		{`{ agreements(where: {date: {eq: "2017-13"}}) { id } }`, ``, bad, []string{".date.eq", "YYYY"}},
		{`{ agreements(where: {date: {eq: "2017-02-29"}}) { id } }`, ``, bad, []string{".date.eq", "YYYY"}},
		{`{ agreements(where: {date: {lte: "17"}}) { id } }`, ``, bad, []string{".date.lte"}},
		{`{ agreements(where: {date: {in: ["2017", "May 2017"]}}) { id } }`, ``, bad, []string{".date.in[1]"}},
		{`{ agreements(where: {date: {eq: "2017-1-1"}}) { id } }`, ``, bad, []string{".date.eq"}},
		{`{ agreements(where: {date: {eq: "２０１７"}}) { id } }`, ``, bad, []string{".date.eq"}},
		{`{ agreements(where: {date: {eq: ""}}) { id } }`, ``, bad, []string{".date.eq"}},
		{`query($d: PartialDate) { agreements(where: {date: {eq: $d}}) { id } }`, `{"d": "yesterday"}`, bad, []string{"$d", "YYYY"}},
		{`query($d: PartialDate) { agreements(where: {date: {eq: $d}}) { id } }`, `{"d": 2017}`, bad, []string{"$d"}},
		{`{ agreements(where: {url: {eq: "ftp://example.org"}}) { id } }`, ``, bad, []string{".url.eq", "http"}},
		{`{ agreements(where: {url: {eq: "javascript:alert(1)"}}) { id } }`, ``, bad, []string{".url.eq", "http"}},
		{`{ signatories(where: {country: {eq: "fr"}}) { id } }`, ``, bad, []string{".country.eq", "two"}},
		{`{ signatories(where: {country: {eq: "XX"}}) { id } }`, ``, bad, []string{".country.eq"}},
		{`{ signatories(where: {country: {in: ["FRA"]}}) { id } }`, ``, bad, []string{".country.in[0]"}},
		// Numbers.
		{`query($n: Int) { agreements(limit: $n) { id } }`, `{"n": "1"}`, bad, []string{"$n", "32-bit"}},
		{`query($n: Int) { agreements(limit: $n) { id } }`, `{"n": 1.5}`, bad, []string{"$n", "32-bit"}},
		{`query($n: Int) { agreements(limit: $n) { id } }`, `{"n": true}`, bad, []string{"$n"}},
		{`query($n: Int) { agreements(limit: $n) { id } }`, `{"n": 2147483648}`, bad, []string{"$n", "32-bit"}},
		{`query($n: Int) { agreements(where: {year: {gt: $n}}) { id } }`, `{"n": 9999999999}`, bad, []string{"$n", "32-bit"}},
		{`query($n: Int) { agreements(where: {year: {gt: $n}}) { id } }`, `{"n": 1e400}`, bad, []string{"$n"}},
		{`{ agreements(where: {year: {gt: 9999999999}}) { id } }`, ``, bad, []string{".year.gt", "32-bit"}},
		{`{ agreements(where: {year: {in: [1, -2147483649]}}) { id } }`, ``, bad, []string{".year.in[1]", "32-bit"}},
		// Variables.
		{`query($k: AgreementKind) { agreements(where: {kind: {eq: $k}}) { id } }`, `{"k": "PACT"}`, bad, []string{"$k", "TREATY"}},
		{`query($k: [AgreementKind!]) { agreements(where: {kind: {in: $k}}) { id } }`, `{"k": ["TREATY", 1]}`, bad, []string{"$k[1]"}},
		{`query($k: [AgreementKind!]) { agreements(where: {kind: {in: $k}}) { id } }`, `{"k": [null]}`, bad, []string{"$k[0]", "null"}},
		{`query($k: [NodeKind!]) { search(query: "x", kinds: $k) { totalCount } }`, `{"k": ["Treaty"]}`, bad, []string{"$k[0]"}},
		{`query($w: AgreementWhere) { agreements(where: $w) { id } }`, `{"w": {"colour": {"eq": "red"}}}`, bad, []string{"$w", "colour"}},
		{`query($w: AgreementWhere) { agreements(where: $w) { id } }`, `{"w": {"title": {"like": "x"}}}`, bad, []string{"$w.title", "like"}},
		{`query($w: AgreementWhere) { agreements(where: $w) { id } }`, `{"w": []}`, bad, []string{"$w"}},
		{`query($s: String) { agreements(where: {title: {eq: $s}}) { id } }`, `{"s": {}}`, bad, []string{"$s"}},
		{`query($s: String) { agreements(where: {title: {eq: $s}}) { id } }`, `{"s": 1}`, bad, []string{"$s", "string"}},
		{`query($b: Boolean!) { agreements { id @include(if: $b) } }`, `{"b": "true"}`, bad, []string{"$b"}},
		{`query($b: Boolean!) { agreements { id @include(if: $b) } }`, `{}`, bad, []string{"$b", "required"}},
		{`query($b: Boolean!) { agreements { id @include(if: $b) } }`, `{"b": null}`, bad, []string{"$b", "null"}},
		{`query($b: Boolean = true) { agreements { id @skip(if: $b) } }`, `{"b": null}`, bad, []string{"@skip(if:)", "null"}},
		{`query($b: Boolean = true) { corpus @include(if: $b) { name } }`, `{"b": null}`, bad, []string{"@include(if:)", "null"}},
		{`query($b: Boolean = true) { corpus { ...F } } fragment F on Corpus { ... @skip(if: $b) { name } }`, `{"b": null}`, bad, []string{"@skip(if:)"}},
		{`query($b: Boolean = true) { __schema { types { ...F @skip(if: $b) } } } fragment F on __Type { name }`, `{"b": null}`, bad, []string{"@skip(if:)"}},
		{`query($n: String = "Norm") { agreements { id } __type(name: $n) { name } }`, `{"n": null}`, bad, []string{"__type(name:)", "null"}},
		{`query($id: ID!) { node(id: $id) { id } }`, ``, bad, []string{"$id", "required"}},
		{`query($id: ID!) { node(id: $id) { id } }`, `{"id": 1.5}`, bad, []string{"$id"}},
		{`query($s: String) { agreements(where: {title: {eq: $s}}) { id } }`, `[]`, bad, []string{"variables", "object"}},
		{`query($s: String) { agreements(where: {title: {eq: $s}}) { id } }`, `{"s": "\ud800"}`, bad, []string{"variables", "surrogate"}},
		{`query($s: String) { agreements(where: {title: {eq: $s}}) { id } }`, `{"s": "a\udc00\ud800"}`, bad, []string{"surrogate"}},
		// Documents.
		{`{ agreements(where: {title: {eq: "\ud800"}}) { id } }`, ``, parse, nil},
		{`{ agreements(where: {title: {eq: "\udc00\ud800"}}) { id } }`, ``, parse, nil},
		{`{ agreements { id }`, ``, parse, nil},
		{``, ``, parse, nil},
		{` # nothing`, ``, parse, nil},
		{`fragment F on Norm { id }`, ``, invalid, []string{"operation"}},
		{`{ agreements { nothing } }`, ``, invalid, []string{"nothing"}},
		{`{ agreements { id ... @defer { title } } }`, ``, invalid, []string{"@defer"}},
		{`{ agreements { norms } }`, ``, invalid, nil},
		{`{ agreements(where: {kind: {eq: PACT}}) { id } }`, ``, invalid, []string{"PACT"}},
		{`{ agreements(where: {kind: {eq: "TREATY"}}) { id } }`, ``, invalid, nil},
		{`{ agreements(limit: "1") { id } }`, ``, invalid, nil},
		{`{ agreements(where: {title: {gt: "a"}}) { id } }`, ``, invalid, []string{"gt"}},
		{`{ agreements(where: {kind: {contains: "a"}}) { id } }`, ``, invalid, nil},
		{`{ assessments { normConnection { totalCount } } }`, ``, invalid, nil},
		{`{ assessments { norm(where: {}) { id } } }`, ``, invalid, nil},
		{`query($n: String) { agreements(limit: $n) { id } }`, `{"n": 1}`, invalid, nil},
		{`query A { corpus { name } } query B { corpus { name } }`, ``, invalid, []string{"operation"}},
	} {
		name := c.document
		if len(name) > 70 {
			name = name[:70]
		}
		t.Run(name+c.variables, func(t *testing.T) {
			s := service(t, untouched{tb: t}, false)
			r := s.Execute(t.Context(), graph.Request{Document: c.document, Variables: json.RawMessage(c.variables)})
			if r.Data != nil || r.Statements != 0 {
				t.Errorf("data %s, %d statements", r.Data, r.Statements)
			}
			if r.Code() != c.code || len(r.Errors) == 0 {
				t.Fatalf("want code %s, got %q: %v", c.code, r.Code(), r.Errors)
			}
			for _, part := range c.says {
				if !strings.Contains(r.Errors[0].Message, part) {
					t.Errorf("the message does not say %q: %s", part, r.Errors[0].Message)
				}
			}
		})
	}
}

// cursors of several places.
type cursors struct{ Agreements, ByDate, Search string }

func cursorsOf(t *testing.T) cursors {
	t.Helper()
	type connection struct{ PageInfo struct{ EndCursor string } }
	var data struct{ Agreements, ByDate, Search connection }
	answer(t, corpusService(t), `{
		agreements: agreementsConnection(first: 1) { pageInfo { endCursor } }
		byDate: agreementsConnection(first: 1, sort: [{date: DESC}]) { pageInfo { endCursor } }
		search(query: "cyber*", first: 1) { pageInfo { endCursor } }
	}`, &data)
	c := cursors{data.Agreements.PageInfo.EndCursor, data.ByDate.PageInfo.EndCursor, data.Search.PageInfo.EndCursor}
	if c.Agreements == "" || c.ByDate == "" || c.Search == "" {
		t.Fatalf("a cursor is missing: %+v", c)
	}
	return c
}

// answer decodes the data of a request without errors.
func answer(t *testing.T, s *graph.Service, document string, into any) {
	t.Helper()
	r := s.Execute(t.Context(), graph.Request{Document: document})
	if len(r.Errors) > 0 {
		t.Fatalf("%v\n%s", r.Errors, document)
	}
	if err := json.Unmarshal(r.Data, into); err != nil {
		t.Fatal(err)
	}
}

// TestTolerated: spellings that are no mistakes.
func TestTolerated(t *testing.T) {
	s := corpusService(t)
	for _, c := range []struct{ document, variables, want string }{
		{`query($n: Int) { x: agreementsConnection(first: $n) { edges { node { id } } } }`, `{"n": 1.0}`, `{"x":{"edges":[{"node":{"id":"amcc-2018"}}]}}`},
		{`query($n: Int) { x: agreementsConnection(first: $n) { edges { node { id } } } }`, `{"n": 1e0}`, `{"x":{"edges":[{"node":{"id":"amcc-2018"}}]}}`},
		{`query($n: Int) { x: agreementsConnection(first: $n) { edges { node { id } } } }`, `{"n": 0, "other": {}}`, `{"x":{"edges":[]}}`},
		{`{ agreements(limit: 0) { id } }`, `null`, `{"agreements":[]}`},
		{`{ agreements(where: null, sort: null, limit: 1, offset: null) { id } }`, ``, `{"agreements":[{"id":"amcc-2018"}]}`},
		{`{ agreementsConnection(where: null, sort: null, first: 1, after: null) { edges { node { id } } pageInfo { hasPreviousPage } } }`, ``, `{"agreementsConnection":{"edges":[{"node":{"id":"amcc-2018"}}],"pageInfo":{"hasPreviousPage":false}}}`},
		{`{ agreements(where: {id: {in: "manrs"}}) { id } }`, ``, `{"agreements":[{"id":"manrs"}]}`},
		{`query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, `{"ids": "manrs"}`, `{"nodes":[{"id":"manrs"}]}`},
		{`query($id: ID!) { node(id: $id) { id } }`, `{"id": 17}`, `{"node":null}`},
		{`{ nodes(ids: ["manrs", "no such", "manrs"]) { id } }`, ``, `{"nodes":[{"id":"manrs"},null,{"id":"manrs"}]}`},
		{`{ nodes(ids: []) { id } }`, ``, `{"nodes":[]}`},
		{`query($s: [AgreementSort!]) { agreements(limit: 1, sort: $s) { id } }`, `{"s": {"id": "ASC"}}`, `{"agreements":[{"id":"amcc-2018"}]}`},
		{`query($d: SortDirection!) { agreements(limit: 1, sort: [{id: $d}]) { id } }`, `{"d": "ASC"}`, `{"agreements":[{"id":"amcc-2018"}]}`},
		{`{ assessmentsConnection(where: {norm: null}) { totalCount } }`, ``, `{"assessmentsConnection":{"totalCount":0}}`},
		{`query($after: String) { x: agreementsConnection(first: 1, after: $after) { pageInfo { hasPreviousPage } } }`, `{"after": null}`, `{"x":{"pageInfo":{"hasPreviousPage":false}}}`},
		{`{ agreements(where: {title: {eq: "😀"}}) { id } }`, ``, `{"agreements":[]}`},
		{`query($s: String) { agreements(where: {title: {eq: $s}}) { id } }`, `{"s": "\ud83d\ude00 \\ud800"}`, `{"agreements":[]}`},
		{`{ __typename }`, ``, `{"__typename":"Query"}`},
	} {
		r := s.Execute(t.Context(), graph.Request{Document: c.document, Variables: json.RawMessage(c.variables)})
		if len(r.Errors) > 0 || string(r.Data) != c.want {
			t.Errorf("%s %s\nwant %s\ngot  %s %v", c.document, c.variables, c.want, r.Data, r.Errors)
		}
		if want := 1; c.document == `{ __typename }` && r.Statements != 0 || c.document != `{ __typename }` && r.Statements != want {
			t.Errorf("%d statements\n%s", r.Statements, c.document)
		}
	}
}

// TestTruncated: a list that the default page cut is named, a page that the
// client asked for is not.
func TestTruncated(t *testing.T) {
	s := corpusService(t)
	for document, want := range map[string]string{
		`{ agreements { id } }`:             "[agreements]",
		`{ agreements(limit: 50) { id } }`:  "[]",
		`{ agreements(limit: 500) { id } }`: "[]",
		`{ calls { id } }`:                  "[]",
		`{ x: agreements(where: {id: {eq: "paris-call"}}) { s: signatories { id } } }`:                                                     "[x.s]",
		`{ agreements(limit: 1, where: {id: {eq: "paris-call"}}) { a: signatories(limit: 3) { id } b: signatories { id } norms { id } } }`: "[agreements.b]",
	} {
		r := s.Execute(t.Context(), graph.Request{Document: document})
		if got := fmt.Sprint(truncated(r)); got != want || len(r.Errors) > 0 {
			t.Errorf("%s: want %s, got %s %v", document, want, got, r.Errors)
		}
	}
}

// TestLimits: each limit of a plan says its name, what was asked and the
// maximum. What lies just within it is answered.
func TestLimits(t *testing.T) {
	st := loaded(t, bundled(t))
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits()})
	if err != nil {
		t.Fatal(err)
	}
	chain := func(levels int) string {
		document := "id"
		for i := range levels - 1 {
			document = []string{"norms(limit: 1)", "agreements(limit: 1)"}[(levels-i)%2] + " { " + document + " }"
		}
		return "{ agreements(limit: 1) { " + document + " } }"
	}
	keys := func(n int) string { // a node has __typename and all its properties; nodes differ by alias
		var b strings.Builder
		b.WriteString("{")
		for i := 0; n > 0; i++ {
			node := graph.Catalog().Nodes[i%15]
			names := []string{"__typename"}
			for _, p := range node.Properties {
				names = append(names, p.Name)
			}
			names = names[:min(len(names), max(n-1, 1))]
			n -= 1 + len(names)
			fmt.Fprintf(&b, " k%d: %s(limit: 1) { %s }", i, node.Plural, strings.Join(names, " "))
		}
		return b.String() + " }"
	}
	for _, c := range []struct {
		document, limit string
		maximum         int64
	}{
		{chain(12), "", 0},
		{chain(13), "depth", 12},
		{keys(200), "", 0},
		{keys(202), "selections", 200},
		{`{ assessments(limit: 500) { incident { assessments(limit: 500) { norm { assessments(limit: 500) { id } } } } } }`, "rows", 50_000},
	} {
		r := s.Execute(t.Context(), graph.Request{Document: c.document})
		if c.limit == "" {
			if len(r.Errors) > 0 {
				t.Errorf("%v\n%s", r.Errors, c.document)
			}
			continue
		}
		if r.Code() != graph.CodeLimit || r.Statements != 0 {
			t.Errorf("want %s, got %q, %d statements: %v\n%s", graph.CodeLimit, r.Code(), r.Statements, r.Errors, c.document)
			continue
		}
		e := r.Errors[0].Extensions
		requested, _ := e["requested"].(int64)
		if e["limit"] != c.limit || e["maximum"] != c.maximum || requested <= c.maximum {
			t.Errorf("want limit %q of %d, got %v\n%s", c.limit, c.maximum, e, c.document)
		}
		if !strings.Contains(r.Errors[0].Message, fmt.Sprint(c.maximum)) {
			t.Errorf("the message does not say the maximum: %s", r.Errors[0].Message)
		}
	}
}
