package pages_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"normgraph/documents"
	"normgraph/server/pages"
)

// own has one trusted document more, called own.
func own(t *testing.T, text string) func(*pages.Options) {
	t.Helper()
	dir := t.TempDir()
	must(os.WriteFile(filepath.Join(dir, "own.graphql"), []byte("# title: T\n# explain: E\n# view: table\n"+text), 0o600))
	set, err := documents.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return func(o *pages.Options) { o.Documents = set }
}

// Columns follow from the document: an answer without rows has those of one with many, in their order.
func TestColumnsFollowFromTheDocument(t *testing.T) {
	const (
		none = `{"id":{"eq":"none"}}`
		ask  = `query ($where: IncidentWhere, $brief: Boolean = false) { incidents(where: $where, limit: 500) {
			called: name ...Dates @skip(if: $brief)
			assessmentsConnection(first: 2) { totalCount edges { properties: cursor node { norm { id } ... on Assessment { coder { name } } } } }
			sectors } }
			fragment Dates on Incident { startDate endDate }`
	)
	const all = "called,startDate,endDate,sectors,assessmentsConnection.totalCount,assessmentsConnection.properties,assessmentsConnection.norm.id,assessmentsConnection.coder.name"
	for _, x := range []struct{ name, text, query, header string }{
		{"rows", ask, "", all},
		{"none", ask, "?where=" + url.QueryEscape(none), all},
		{"none, less asked", ask, "?brief=true&where=" + url.QueryEscape(none), strings.Replace(all, "startDate,endDate,", "", 1)},
		{"one root that is null", `{ node(id: "none") { id ... on Incident { name } } }`, "", "id,name"},
		{"objects that are all null", `{ documents(where: {workstream: null}) { id workstream { id name } } }`, "", "id,workstream.id,workstream.name"},
		{"types by turns, none", `{ search(query: "zzzzzz") { edges { score node { ... on Norm { name } ... on Agreement { title norms { id } name: shortTitle } } } } }`, "",
			"score,name,title,norms.id"},
		{"of one list", `{ a: norms(where: {id: {eq: "none"}}) { id } b: norms { code } normsConnection { totalCount } }`, "?list=a", "a.id,normsConnection.totalCount"},
	} {
		status, text, _ := get(t, handler(own(t, x.text)), "/data/own.csv"+x.query)
		header, rows, _ := strings.Cut(text, "\r\n")
		if status != 200 || header != x.header || strings.Contains(x.name, "none") && rows != "" || x.name == "rows" && rows == "" {
			t.Errorf("%s: %d\n%s\nwant\n%s\nrows %.200q", x.name, status, header, x.header, rows)
		}
	}
	for path, want := range map[string]string{
		"ranked-elements.csv":  "norm.id,norm.name,borda,meanRank,rankers\r\n",
		"ranked-elements.json": "[]\n",
	} {
		if _, got, _ := get(t, handler(nil), "/data/"+path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}
