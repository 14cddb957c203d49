package peer_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// testDifferences shows, for each difference from the library that is meant,
// what each side does.
func (s sides) testDifferences(t *testing.T) {
	const badInput, invalid = "BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"
	for _, c := range []struct {
		name, query  string
		ours, theirs expectation
	}{
		{"OR of nothing is false", `{ agreementsConnection(where: { OR: [] }) { totalCount } }`,
			data(`{"agreementsConnection": {"totalCount": 0}}`),
			data(`{"agreementsConnection": {"totalCount": 60}}`)},
		{"NOT of an empty where is false", `{ agreementsConnection(where: { NOT: {} }) { totalCount } }`,
			data(`{"agreementsConnection": {"totalCount": 0}}`),
			data(`{"agreementsConnection": {"totalCount": 60}}`)},
		{"an empty where is true inside OR", `{ agreementsConnection(where: { OR: [{}, { year: { eq: 2018 } }] }) { totalCount } }`,
			data(`{"agreementsConnection": {"totalCount": 60}}`),
			data(`{"agreementsConnection": {"totalCount": 14}}`)},
		{"an empty where is true of every related node",
			`{ some: agreementsConnection(where: { norms: { some: {} } }) { totalCount } none: agreementsConnection(where: { norms: { none: {} } }) { totalCount } }`,
			data(`{"some": {"totalCount": 57}, "none": {"totalCount": 3}}`),
			data(`{"some": {"totalCount": 60}, "none": {"totalCount": 60}}`)},
		{"an empty where is true of every edge",
			`{ some: agreementsConnection(where: { normsConnection: { some: { node: {} } } }) { totalCount } none: agreementsConnection(where: { normsConnection: { none: {} } }) { totalCount } }`,
			data(`{"some": {"totalCount": 57}, "none": {"totalCount": 3}}`),
			data(`{"some": {"totalCount": 60}, "none": {"totalCount": 60}}`)},
		{"an empty where is true of a single relation's node", `{ documentsConnection(where: { workstream: {} }) { totalCount } }`,
			data(`{"documentsConnection": {"totalCount": 9}}`),
			data(`{"documentsConnection": {"totalCount": 22}}`)},
		// The library's `all` also asks for one related node that is known to match.
		{"all holds where nothing is related", `{ agreementsConnection(where: { norms: { all: { name: { contains: "" } } } }) { totalCount } }`,
			data(`{"agreementsConnection": {"totalCount": 60}}`),
			data(`{"agreementsConnection": {"totalCount": 57}}`)},
		{"all holds where nothing is known to differ",
			`{ agreementsConnection(where: { id: { eq: "apec-sde-2019" }, normsConnection: { all: { edge: { locator: { startsWith: "para" } } } } }) { totalCount } }`,
			data(`{"agreementsConnection": {"totalCount": 1}}`),
			data(`{"agreementsConnection": {"totalCount": 0}}`)},
		// The library's aggregate takes node and edge apart, and so differs from its
		// own totalCount.
		{"aggregate under an OR of node and edge",
			`{ signatories(where: { id: { eq: "state-al" } }, limit: 1) { agreementsConnection(where: { OR: [{ node: { year: { eq: 2018 } } }, { edge: { role: { eq: PARTY } } }] }) { totalCount aggregate { count { edges } } } } }`,
			data(`{"signatories": [{"agreementsConnection": {"totalCount": 2, "aggregate": {"count": {"edges": 2}}}}]}`),
			data(`{"signatories": [{"agreementsConnection": {"totalCount": 2, "aggregate": {"count": {"edges": 0}}}}]}`)},

		{"null for in", `{ documentsConnection(where: { url: { in: null } }) { totalCount } }`,
			refused(badInput), data(`{"documentsConnection": {"totalCount": 7}}`)},
		{"null for a comparison", `{ processesConnection(where: { endYear: { gt: null } }) { totalCount } }`,
			refused(badInput), data(`{"processesConnection": {"totalCount": 32}}`)},
		{"null for contains", `{ agreementsConnection(where: { note: { contains: null } }) { totalCount } }`,
			refused(badInput), data(`{"agreementsConnection": {"totalCount": 19}}`)},
		{"null for NOT", `{ agreementsConnection(where: { NOT: null }) { totalCount } }`,
			refused(badInput), data(`{"agreementsConnection": {"totalCount": 60}}`)},
		{"null for a filter", `{ agreementsConnection(where: { year: null }) { totalCount } }`,
			refused(badInput), refused("Cannot convert undefined or null to object")},

		{"limit 0", `{ coders(limit: 0) { id } }`, data(`{"coders": []}`), rows(6, "coders")},
		{"first 0", `{ codersConnection(first: 0) { totalCount aggregate { count { nodes } } edges { node { id } } } }`,
			data(`{"codersConnection": {"totalCount": 6, "aggregate": {"count": {"nodes": 6}}, "edges": []}}`),
			rows(6, "codersConnection", "edges")},
		{"default page", `{ agreements { id } }`, rows(50, "agreements"), rows(60, "agreements")},
		{"default page of a connection", `{ agreementsConnection { edges { node { id } } } }`,
			rows(50, "agreementsConnection", "edges"), rows(60, "agreementsConnection", "edges")},
		{"too large page", `{ signatories(limit: 501) { id } }`, refused("500"), rows(501, "signatories")},
		{"too large page of a connection", `{ signatoriesConnection(first: 501) { edges { node { id } } } }`,
			refused("500"), rows(501, "signatoriesConnection", "edges")},
		{"bogus cursor", `{ codersConnection(first: 2, after: "bogus") { edges { node { id } } } }`,
			refused(badInput), rows(2, "codersConnection", "edges")},

		{"several keys in one sort object", `{ agreements(sort: [{ year: DESC, kind: ASC }], limit: 1) { id } }`,
			refused(invalid), data(`{"agreements": [{"id": "un-cybercrime-2024"}]}`)},
		{"connection of a single relation", `{ agreements(where: { id: { eq: "gge-2015" } }, limit: 1) { processConnection { edges { node { id } } } } }`,
			refused(invalid), data(`{"agreements": [{"processConnection": {"edges": [{"node": {"id": "process-un-gge"}}]}}]}`)},
		{"filter on the connection of a single relation", `{ agreementsConnection(where: { processConnection: { node: { id: { eq: "process-un-gge" } } } }) { totalCount } }`,
			refused(invalid), data(`{"agreementsConnection": {"totalCount": 4}}`)},
		{"filter on aggregated values", `{ agreementsConnection(where: { normsConnection: { aggregate: { node: { code: { shortestLength: { gt: 4 } } } } } }) { totalCount } }`,
			refused(invalid), data(`{"agreementsConnection": {"totalCount": 1}}`)},

		{"PartialDate compares", `{ incidents(where: { startDate: { lte: "1998" } }) { id startDate } }`,
			data(`{"incidents": [{"id": "cih-1998", "startDate": "1998-06"}]}`), refused(invalid)},
		{"PartialDate aggregates", `{ incidentsConnection { aggregate { node { startDate { min } } } } }`,
			data(`{"incidentsConnection": {"aggregate": {"node": {"startDate": {"min": "1998-06"}}}}}`), refused(invalid)},
		{"Node", `{ node(id: "gge-2015") { id ... on Agreement { year } } }`,
			data(`{"node": {"id": "gge-2015", "year": 2015}}`), refused(invalid)},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := question{Query: c.query}
			if wrong := c.ours(s.askOurs(t, q)); wrong != "" {
				t.Errorf("ours: %s", wrong)
			}
			if wrong := c.theirs(s.askTheirs(t, q)); wrong != "" {
				t.Errorf("the library's: %s", wrong)
			}
		})
	}
	t.Run("order of ties", s.testOrderOfTies)
	t.Run("ties of shortest", s.testTiesOfShortest)
	t.Run("cursor text", s.testCursorText)
}

// expectation says what is wrong with an answer, or "".
type expectation func(answer) string

// data expects exactly this data.
func data(text string) expectation {
	return func(a answer) string {
		var want any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			return err.Error()
		}
		if f := a.failure(); f != "" {
			return "refused: " + f
		}
		return cmp.Diff(want, a.Data)
	}
}

// refused expects an error whose code or message holds text.
func refused(text string) expectation {
	return func(a answer) string {
		if f := a.failure(); !strings.Contains(f, text) {
			return "expected a refusal with " + text + ", got " + f
		}
		return ""
	}
}

// rows expects a list of this length at path.
func rows(n int, path ...string) expectation {
	return func(a answer) string {
		if f := a.failure(); f != "" {
			return "refused: " + f
		}
		list, _ := at(a.Data, path).([]any)
		return cmp.Diff(n, len(list))
	}
}

// testOrderOfTies: we order by id where the sort leaves the order open.
func (s sides) testOrderOfTies(t *testing.T) {
	q := question{Query: `{ agreements(sort: [{ basis: DESC }], limit: 100) { id basis } }`}
	ids := func(a answer) []string {
		if f := a.failure(); f != "" {
			t.Fatal(f)
		}
		var out []string
		for _, x := range objects(at(a.Data, []string{"agreements"})) {
			out = append(out, x["basis"].(string)+" "+x["id"].(string))
		}
		return out
	}
	ours, theirs := ids(s.askOurs(t, q)), ids(s.askTheirs(t, q))
	sorted := slices.SortedFunc(slices.Values(ours), func(a, b string) int {
		basisA, idA, _ := strings.Cut(a, " ")
		basisB, idB, _ := strings.Cut(b, " ")
		if basisA != basisB {
			return strings.Compare(basisB, basisA)
		}
		return strings.Compare(idA, idB)
	})
	if diff := cmp.Diff(sorted, ours); diff != "" {
		t.Errorf("our ties do not go by id:\n%s", diff)
	}
	slices.Sort(theirs)
	slices.Sort(ours)
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("the nodes differ (-library +ours):\n%s", diff)
	}
}

// testTiesOfShortest: of several shortest texts we give the least, the library
// any.
func (s sides) testTiesOfShortest(t *testing.T) {
	q := question{Query: `{ normsConnection { aggregate { node { name { shortest } } } } }`}
	path := []string{"normsConnection", "aggregate", "node", "name", "shortest"}
	ours, _ := at(s.askOurs(t, q).Data, path).(string)
	theirs, _ := at(s.askTheirs(t, q).Data, path).(string)
	if utf8.RuneCountInString(ours) != utf8.RuneCountInString(theirs) || ours > theirs || ours == "" {
		t.Errorf("shortest is %q, the library's %q; expected the same length, ours not greater", ours, theirs)
	}
}

// testCursorText: neither side can use the other's cursors.
func (s sides) testCursorText(t *testing.T) {
	const query = `query ($after: String) { codersConnection(sort: [{ id: ASC }], first: 1, after: $after) { pageInfo { endCursor } edges { node { id } } } }`
	path := []string{"codersConnection", "pageInfo", "endCursor"}
	ours := at(s.askOurs(t, question{Query: query}).Data, path)
	theirs := at(s.askTheirs(t, question{Query: query}).Data, path)
	if ours == theirs {
		t.Errorf("both sides give the cursor %v", ours)
	}
	if wrong := refused("BAD_USER_INPUT")(s.askOurs(t, question{Query: query, Variables: map[string]any{"after": theirs}})); wrong != "" {
		t.Errorf("ours, with the library's cursor: %s", wrong)
	}
	first := s.askTheirs(t, question{Query: query})
	if diff := cmp.Diff(first, s.askTheirs(t, question{Query: query, Variables: map[string]any{"after": ours}})); diff != "" {
		t.Errorf("the library takes our cursor for more than no cursor:\n%s", diff)
	}
}
