package httpapi_test

import (
	"net/url"
	"strings"
	"testing"

	"normgraph/documents"

	"normgraph/server/httpapi"
)

// Trusted documents are named by GET and POST, take the defaults of their head,
// and may be kept for a minute.
func TestTrustedDocuments(t *testing.T) {
	h := httpapi.New(options(keeping))
	d, _ := documents.Default().Find("signed-and-party")
	get := func(id, variables string) string {
		return "/graphql?" + url.Values{"documentId": {id}, "variables": {variables}}.Encode()
	}
	for _, c := range []struct {
		name, method, target, body string
		status                     int
		has                        string
	}{
		{"by name", "GET", get("signed-and-party", ""), "", 200, `"state-al"`},
		{"by hash", "GET", get("sha256:"+d.Hash(), ""), "", 200, `"state-al"`},
		{"with a variable", "GET", get("signed-and-party", `{"agreement":"paris-call"}`), "", 200, `"signatories":[]`},
		{"by POST", "POST", "/graphql", `{"documentId":"signed-and-party"}`, 200, `"state-al"`},
		{"unknown", "GET", get("none", ""), "", 404, "PERSISTED_QUERY_NOT_FOUND"},
		{"unknown variable type", "GET", get("signed-and-party", `{"agreement":7.5}`), "", 400, "BAD_USER_INPUT"},
		{"with a query", "POST", "/graphql", `{"documentId":"signed-and-party","query":"{__typename}"}`, 400, "BAD_REQUEST"},
	} {
		fields := header{"Accept": graphqlJSON, "Content-Type": plainJSON}
		w := send(h, c.method, c.target, c.body, fields)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.has) {
			t.Errorf("%s: %d %.300s", c.name, w.Code, w.Body)
		}
		if c.method == "GET" && c.status == 200 {
			tag := w.Header().Get("ETag")
			if tag == "" || w.Header().Get("Cache-Control") != "public, max-age=60" {
				t.Errorf("%s: %v", c.name, w.Header())
			}
			fields["If-None-Match"] = tag
			if w := send(h, "GET", c.target, "", fields); w.Code != 304 || w.Body.Len() != 0 {
				t.Errorf("%s: If-None-Match got %d", c.name, w.Code)
			}
		}
	}
}

// With DocumentsOnly every other operation is refused, and pages go on working.
func TestDocumentsOnly(t *testing.T) {
	o := options(keeping)
	o.DocumentsOnly = true
	h := httpapi.New(o)
	for _, accept := range []string{graphqlJSON, plainJSON} {
		w := send(h, "POST", "/graphql", typename, header{"Content-Type": plainJSON, "Accept": accept})
		if w.Code != 403 || !strings.Contains(w.Body.String(), "PERSISTED_QUERY_ONLY") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	for _, path := range []string{"/graphql?documentId=about-the-corpus", "/node/budapest", "/continuity?cell=core-hygiene~2021", "/data/signed-and-party.csv", "/embed/signed-and-party"} {
		if w := send(h, "GET", path, "", nil); w.Code != 200 {
			t.Errorf("%s: %d %.200s", path, w.Code, w.Body)
		}
	}
}
