package peer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testPaging walks whole connections page by page, on each side by its own
// cursors, and compares page by page.
func (s sides) testPaging(t *testing.T) {
	for _, c := range []struct {
		name, query string
		path        []string // to the connection
	}{
		{"root", `query ($after: String) { agreementsConnection(sort: [{ id: ASC }], first: 7, after: $after) {
			totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { id title } } } }`,
			[]string{"agreementsConnection"}},
		{"root by nullable keys", `query ($after: String) { processesConnection(sort: [{ endYear: ASC }, { startYear: DESC }, { id: ASC }], first: 4, after: $after) {
			totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { id endYear } } } }`,
			[]string{"processesConnection"}},
		{"root, nulls first", `query ($after: String) { processesConnection(sort: [{ endYear: DESC }, { id: DESC }], first: 5, after: $after) {
			totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { id endYear } } } }`,
			[]string{"processesConnection"}},
		{"root filtered", `query ($after: String) { signatoriesConnection(where: { name: { contains: "a" }, kind: { eq: STATE } }, sort: [{ name: DESC }, { id: ASC }], first: 20, after: $after) {
			totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { id } } } }`,
			[]string{"signatoriesConnection"}},
		{"last page full", `query ($after: String) { codersConnection(sort: [{ id: ASC }], first: 3, after: $after) {
			totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { id } } } }`,
			[]string{"codersConnection"}},
		{"edges", `query ($after: String) { agreements(where: { id: { eq: "budapest" } }, limit: 1) {
			signatoriesConnection(sort: [{ edge: { date: DESC } }, { node: { id: ASC } }, { edge: { role: ASC } }], first: 9, after: $after) {
			totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { id } properties { role date } } } } }`,
			[]string{"agreements", "signatoriesConnection"}},
		{"edges filtered", `query ($after: String) { agreements(where: { id: { eq: "paris-call" } }, limit: 1) {
			signatoriesConnection(where: { node: { country: { in: ["FR", "DE"] } } }, sort: [{ node: { country: DESC } }, { node: { id: ASC } }], first: 50, after: $after) {
			totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { id country } } } } }`,
			[]string{"agreements", "signatoriesConnection"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ours := walk(t, c.query, c.path, s.askOurs)
			theirs := walk(t, c.query, c.path, s.askTheirs)
			if len(theirs) < 2 {
				t.Fatalf("only %d page; the case shows nothing", len(theirs))
			}
			if diff := cmp.Diff(theirs, ours); diff != "" {
				t.Errorf("pages differ (-library +ours):\n%s", excerpt(diff))
			}
		})
	}
}

// walk returns the pages of the connection at path, without cursors.
func walk(t *testing.T, query string, path []string, ask func(*testing.T, question) answer) []any {
	t.Helper()
	var pages []any
	var after any
	for range 100 {
		a := ask(t, question{Query: query, Variables: map[string]any{"after": after}})
		if f := a.failure(); f != "" {
			t.Fatal(f)
		}
		page := at(a.Data, path)
		info := at(page, []string{"pageInfo"})
		after = info.(map[string]any)["endCursor"]
		more := info.(map[string]any)["hasNextPage"] == true
		pages = append(pages, maskCursors(page))
		if !more {
			return pages
		}
	}
	t.Fatal("the pages do not end")
	return nil
}

// at follows response keys, through the first item of a list.
func at(v any, path []string) any {
	for _, key := range path {
		if list, ok := v.([]any); ok {
			v = list[0]
		}
		v = v.(map[string]any)[key]
	}
	return v
}
