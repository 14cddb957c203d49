package httpapi_test

import (
	"net/url"
	"strings"
	"testing"

	"normgraph/server/httpapi"
)

// Over GET an answer is of the revision that is asked for, or none; what is not known
// is refused in words, and what trackers add is passed over.
func TestParametersOfGET(t *testing.T) {
	h := httpapi.New(options(keeping))
	document := "/graphql?" + url.Values{"documentId": {"signed-and-party"}}.Encode()
	query := "/graphql?" + url.Values{"query": {"{ norms(limit: 1) { id } }"}}.Encode()
	for _, target := range []string{document, query} {
		first := send(h, "GET", target, "", header{"Accept": graphqlJSON})
		for _, c := range []struct {
			add    string
			status int
			has    string
		}{
			{"&revision=1", 200, `"revision":1`},
			{"&utm_source=x&fbclid=y&gclid=z&ref=a&ref=b", 200, `"revision":1`},
			{"&revision=", 200, `"revision":1`},
			{"&revision=7", 404, "There is no revision 7 of the data: the current one is 1."},
			{"&revision=0", 400, "the number of a revision, from 1, was expected"},
			{"&revision=soon", 400, "“soon”"},
			{"&revision=1&revision=1", 400, "revision is given 2 times"},
			{"&variable=%7B%7D", 400, `there is no parameter \"variable\" here`},
			{"&Query=x", 400, `\"Query\"`},
		} {
			for _, known := range []string{"", first.Header().Get("ETag")} {
				w := send(h, "GET", target+c.add, "", header{"Accept": graphqlJSON, "If-None-Match": known})
				if known != "" && c.status == 200 {
					if w.Code != 304 {
						t.Errorf("%s%s: a known answer got %d", target, c.add, w.Code)
					}
					continue
				}
				if w.Code != c.status || !strings.Contains(w.Body.String(), c.has) || c.status != 200 && w.Header().Get("ETag") != "" {
					t.Errorf("%s%s: %d %s", target, c.add, w.Code, w.Body)
				}
			}
		}
	}
}
