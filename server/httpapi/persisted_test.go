package httpapi_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"normgraph/documents"
	"normgraph/server/httpapi"
)

// TestPersistedQueries: what Apollo Client and urql send, in their order: the hash,
// then, told that it is not supported, the query. Nothing is kept of it.
func TestPersistedQueries(t *testing.T) {
	const query = "query Norms($n: Int) { norms(limit: $n) { id __typename } }"
	hash := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	extensions := func(hash string) string {
		return fmt.Sprintf(`{"persistedQuery":{"version":1,"sha256Hash":"%s"}}`, hash)
	}
	body := func(query, hash string) string {
		part := ""
		if query != "" {
			text, _ := json.Marshal(query)
			part = `"query":` + string(text) + ","
		}
		return `{"operationName":"Norms","variables":{"n":2},` + part + `"extensions":` + extensions(hash) + "}"
	}
	get := func(query, hash string) string {
		v := url.Values{"operationName": {"Norms"}, "variables": {`{"n":2}`}, "extensions": {extensions(hash)}}
		if query != "" {
			v.Set("query", query)
		}
		return "/graphql?" + v.Encode()
	}
	fields := header{"Content-Type": plainJSON, "Accept": "application/graphql-response+json,application/json;q=0.9,*/*;q=0.8"}
	for method, ask := range map[string]func(h *httpapi.API, query, hash string) (int, string){
		"POST": func(h *httpapi.API, query, hash string) (int, string) {
			w := send(h, "POST", "/graphql", body(query, hash), fields)
			return w.Code, w.Body.String()
		},
		"GET": func(h *httpapi.API, query, hash string) (int, string) {
			w := send(h, "GET", get(query, hash), "", fields)
			return w.Code, w.Body.String()
		},
	} {
		h := httpapi.New(options(real))
		for i, c := range []struct {
			query, hash string
			status      int
			has         string
		}{
			{"", hash(query), 200, `{"errors":[{"message":"PersistedQueryNotSupported","extensions":{"code":"PERSISTED_QUERY_NOT_SUPPORTED"}}]}`},
			{query, hash(query + " "), 400, "is not the SHA-256 of the query"},
			{query, hash(query), 200, `{"data":{"norms":[{"id":`},
			{query, strings.ToUpper(hash(query)), 200, `{"data":{"norms":[{"id":`},
			{"", hash(query), 200, "PersistedQueryNotSupported"},
			{"", "7", 400, "no SHA-256"},
		} {
			if status, got := ask(h, c.query, c.hash); status != c.status || !strings.Contains(got, c.has) {
				t.Errorf("%s %d: %d %.300s", method, i, status, got)
			}
		}
	}
}

// TestPersistedAreTrusted: the hash of a trusted document is known, where others are
// not answered too.
func TestPersistedAreTrusted(t *testing.T) {
	d, _ := documents.Default().Find("signed-and-party")
	ask := `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + d.Hash() + `"}}}`
	other := fmt.Sprintf(`{"query":"{__typename}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"%x"}}}`, sha256.Sum256([]byte("{__typename}")))
	for _, only := range []bool{false, true} {
		o := options(real)
		o.DocumentsOnly = only
		h := httpapi.New(o)
		if w := send(h, "POST", "/graphql", ask, header{"Content-Type": plainJSON}); w.Code != 200 || !strings.Contains(w.Body.String(), `"state-al"`) {
			t.Errorf("only %t: %d %.300s", only, w.Code, w.Body)
		}
		w := send(h, "POST", "/graphql", other, header{"Content-Type": plainJSON})
		if want := map[bool]int{false: 200, true: 403}[only]; w.Code != want {
			t.Errorf("only %t: another query: %d %.300s", only, w.Code, w.Body)
		}
	}
}

// TestByteOrderMark: some programs begin every UTF-8 text with one.
func TestByteOrderMark(t *testing.T) {
	h := httpapi.New(options(real))
	if w := send(h, "POST", "/graphql", "\ufeff"+typename, header{"Content-Type": plainJSON}); w.Code != 200 || !strings.Contains(w.Body.String(), "Query") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
