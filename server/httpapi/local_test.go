package httpapi_test

import (
	"net/http/httptest"
	"testing"

	"normgraph/server/httpapi"
)

// TestLocalOnly: on a loopback address no other name is answered to, and no other
// site's pictures and scripts.
func TestLocalOnly(t *testing.T) {
	h := httpapi.LocalOnly(httpapi.New(options(real)), "https://norms.example.org:8443")
	const graphql = "/graphql?query={__typename}"
	for _, c := range []struct {
		host, path, site, mode string
		status                 int
	}{
		{"localhost:8080", graphql, "", "", 200},
		{"LOCALHOST.", graphql, "", "", 200},
		{"127.0.0.1", graphql, "", "", 200},
		{"[::1]:9", graphql, "", "", 200},
		{"[::1]", graphql, "", "", 200},
		{"norms.example.org", graphql, "", "", 200},
		{"evil.example:8080", graphql, "", "", 421},
		{"evil.example", "/livez", "", "", 421},
		{"localhost.evil.example", "/", "", "", 421},
		{"192.0.2.1:8080", graphql, "", "", 421},
		{"localhost", graphql, "cross-site", "no-cors", 403},
		{"localhost", "/continuity", "cross-site", "no-cors", 403},
		{"localhost", "/embed.js", "cross-site", "no-cors", 200},
		{"localhost", graphql, "cross-site", "cors", 200},
		{"localhost", "/embed/signed-and-party", "cross-site", "navigate", 200},
		{"localhost", graphql, "same-site", "no-cors", 200},
		{"localhost", "/", "none", "navigate", 200},
	} {
		r := httptest.NewRequest("GET", c.path, nil)
		r.Host = c.host
		r.Header.Set("Sec-Fetch-Site", c.site)
		r.Header.Set("Sec-Fetch-Mode", c.mode)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s %s %s %s: %d, want %d", c.host, c.path, c.site, c.mode, w.Code, c.status)
		}
	}
	// Anywhere: what is asked in a picture is worked for and read by nobody.
	if w := send(httpapi.New(options(real)), "GET", graphql, "", header{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}); w.Code != 403 {
		t.Errorf("a picture asks: %d %s", w.Code, w.Body)
	}
}
