package httpapi_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"normgraph/server/httpapi"
)

// FuzzHandler sends anything: no panic, no fault, a bounded answer that is
// JSON and does not tell of the inside. Asked again, it is the same.
func FuzzHandler(f *testing.F) {
	for _, body := range []string{typename, `{"query":"{norms(first:1){id}}","variables":{"a":[]}}`, `{"query":"query($w:NormWhere){norms(where:$w){id}}","variables":{"w":{"name":{"contains":"' OR \"1\"--\u0000\u202e"}}}}`, `[]`, `{"query":"{search(query:\"a* \\\"b c\\\"\"){totalCount}}"}`} {
		f.Add("POST", "", plainJSON, graphqlJSON, []byte(body))
	}
	f.Add("GET", "query={__typename}&variables={}", "", browser, []byte(nil))
	o := options(keeping)
	o.PackBytes = 1 << 20
	h := httpapi.New(o)
	f.Fuzz(func(t *testing.T, method, query, kind, accept string, body []byte) {
		ask := func() *httptest.ResponseRecorder {
			r := httptest.NewRequest("GET", "/graphql", bytes.NewReader(body))
			r.Method, r.URL.RawQuery = method, query
			r.RequestURI = "/graphql?" + query
			r.Header.Set("Content-Type", kind)
			r.Header.Set("Accept", accept)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		w := ask()
		if again := ask(); again.Code != w.Code || again.Header().Get("ETag") != w.Header().Get("ETag") || !bytes.Equal(again.Body.Bytes(), w.Body.Bytes()) {
			t.Errorf("first %d %s, then %d %s", w.Code, w.Body, again.Code, again.Body)
		}
		if w.Code >= 500 {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
		if w.Body.Len() > 1<<20 {
			t.Errorf("%d bytes", w.Body.Len())
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "application/") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("no JSON: %s", w.Body)
		}
		for _, inside := range []string{"SELECT ", "goroutine ", ".go:", "sqlite"} {
			if strings.Contains(w.Body.String(), inside) && !strings.Contains(string(body)+query, inside) {
				t.Errorf("%q in %s", inside, w.Body)
			}
		}
	})
}
