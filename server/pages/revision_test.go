package pages_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"normgraph/graph"
	"normgraph/server/pages"
	"normgraph/web"
)

// dated are addresses that show data, at revision 4.
var dated = []string{"/", "/?q=ransomware", "/node/budapest", "/compare", "/compare?ids=budapest", "/continuity", "/continuity?part=svg",
	"/continuity?part=evidence&cell=core-supply-chain~2021", "/embed", "/embed?document=what-recurs", "/embed/signed-and-party",
	"/data/signed-and-party.csv", "/data/signed-and-party.json", "/continuity/method", "/playground", "/cite?title=T&address=/node/budapest",
	"/oembed?url=http%3A%2F%2Fexample.com%2Fembed%2Fsigned-and-party", "/oembed?url=http%3A%2F%2Fexample.com%2Fnode%2Fbudapest"}

// at is a site whose data has a revision, which the n-th question may move.
func at(revision func(question int) int) http.Handler {
	asked := 0
	return handler(func(o *pages.Options) {
		o.Execute = func(ctx context.Context, r graph.Request) *graph.Response {
			res := *service.Execute(ctx, r)
			if res.Revision.Number > 0 {
				asked++
				res.Revision.Number = int64(revision(asked))
			}
			return &res
		}
		o.Corpus = func(context.Context) (web.Corpus, error) {
			now := corpus
			now.Revision = revision(asked)
			return now, nil
		}
	})
}

// An address of another revision than the current one is refused, as only that is kept.
func TestRevisionOfAnAddress(t *testing.T) {
	h := at(func(int) int { return 4 })
	for _, path := range dated {
		for revision, want := range map[string]int{"4": 200, "5": 404, "7000000000": 404, "3": 410, "1": 410, "0": 400, "-1": 400, "": 400, "soon": 400, "4&revision=4": 400} {
			if path == "/playground" && want == 410 {
				want = 200 // the query is shown, and a note beside its answer
			}
			address := path + map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "revision=" + revision
			if strings.HasPrefix(path, "/oembed") {
				if want == 400 {
					continue
				}
				address = path + "%3Frevision%3D" + revision
			}
			status, body, header := get(t, h, address)
			if status != want {
				t.Errorf("%s: status %d, want %d: %.200s", address, status, want, body)
			}
			if status != 200 && (header.Get("Cache-Control") != "no-store" || !strings.Contains(body, "revision") && !strings.Contains(body, "Revision")) {
				t.Errorf("%s: %v %.200s", address, header, body)
			}
		}
	}
	_, body, _ := get(t, h, "/compare?ids=budapest&revision=3")
	if want := `<a href="/compare?ids=budapest">What this address shows now</a>`; !strings.Contains(body, want) || !strings.Contains(body, "Revision 3 of the data is no longer kept: the current one is 4.") {
		t.Errorf("a page of a past revision lacks the way to now: %s", body)
	}
	// What a client has kept is of one revision too.
	_, _, header := get(t, h, "/data/signed-and-party.csv")
	for revision, want := range map[string]int{"4": 304, "5": 404, "3": 410} {
		if status, _, _ := get(t, h, "/data/signed-and-party.csv?revision="+revision, "If-None-Match", header.Get("ETag")); status != want {
			t.Errorf("a known answer, of revision %s: %d, want %d", revision, status, want)
		}
	}
}

// A page that asks several times shows one revision: it begins again when the data moves meanwhile.
func TestPagesShowOneRevision(t *testing.T) {
	for path, questions := range map[string]int{"/node/budapest": 2, "/compare?ids=budapest": 2, "/continuity?cell=core-supply-chain~2021": 5, "/embed/signed-and-party": 1, "/?q=norm": 1} {
		_, want, _ := get(t, at(func(int) int { return 9 }), path)
		for moves := 1; moves <= questions; moves++ {
			asked := 0
			h := at(func(question int) int {
				if asked = question; question < moves {
					return 8
				}
				return 9
			})
			status, body, _ := get(t, h, path)
			if status != 200 || body != want {
				t.Errorf("%s, moved at question %d: status %d, another page than at rest", path, moves, status)
			}
			if again := asked - questions; moves > 1 && again != moves {
				t.Errorf("%s, moved at question %d: %d questions more than %d", path, moves, again, questions)
			}
		}
		// Data that never rests is told, rather than mixed.
		n := 0
		status, body, header := get(t, at(func(int) int { n++; return n }), path)
		if status != 503 || header.Get("Cache-Control") != "no-store" || !strings.Contains(body, "being changed") {
			t.Errorf("%s, never at rest: status %d", path, status)
		}
	}
}

// A citation names the current revision in place of one that the address held.
func TestCitedRevision(t *testing.T) {
	h := at(func(int) int { return 4 })
	for address, want := range map[string]string{
		"/node/x":                              "/node/x?revision=4",
		"/compare?ids=a&revision=3&group=NORM": "/compare?ids=a&group=NORM&revision=4",
		"/playground?revision=3#query=x":       "/playground?revision=4#query=x",
	} {
		_, body, _ := get(t, h, "/cite?title=T&address="+strings.NewReplacer("&", "%26", "#", "%23", "?", "%3F").Replace(address))
		if !strings.Contains(body, fmt.Sprintf("“T”. A corpus \\u003cb\\u003e, version 2026.11, revision 4. http://example.com%s (", strings.ReplaceAll(want, "&", `\u0026`))) {
			t.Errorf("%s: %s", address, body)
		}
	}
}
