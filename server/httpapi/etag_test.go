package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"normgraph/server/httpapi"
)

func TestEntityTags(t *testing.T) {
	o := options(keeping)
	o.PackBytes = 1 << 20
	h := httpapi.New(o)
	get := "/graphql?query=" + url.QueryEscape("query A($n: Int) { norms(limit: $n) { id } } query B { corpus { name } }")
	a := get + "&operationName=A&variables=" + url.QueryEscape(`{"n":2}`)
	first := send(h, "GET", a, "", nil)
	tag := first.Header().Get("ETag")
	if first.Code != 200 || !strings.HasPrefix(tag, `W/"`) || first.Header().Get("Cache-Control") != "no-cache" {
		t.Fatalf("%d %v", first.Code, first.Header())
	}
	other := map[string]bool{tag: true}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"media type": send(h, "GET", a, "", header{"Accept": graphqlJSON}),
		"operation":  send(h, "GET", get+"&operationName=B", "", nil),
		"variables":  send(h, "GET", get+"&operationName=A&variables="+url.QueryEscape(`{"n":3}`), "", nil),
		"document":   send(h, "GET", strings.Replace(a, "id", "name", 1), "", nil),
	} {
		if got := w.Header().Get("ETag"); w.Code != 200 || got == "" || other[got] {
			t.Errorf("another %s: %d, tag %s of %v", name, w.Code, got, other)
		}
		other[w.Header().Get("ETag")] = true
	}
	strong := strings.TrimPrefix(tag, "W/")
	for _, c := range []struct {
		method, target, body string
		header               header
		status               int
		tagged               bool
	}{
		{"GET", a, "", header{"If-None-Match": tag}, 304, true},
		{"GET", a, "", header{"If-None-Match": strong}, 304, true},
		{"GET", a, "", header{"If-None-Match": `"x", ` + tag + `, W/"y"`}, 304, true},
		{"GET", a, "", header{"If-None-Match": "*"}, 304, true},
		{"GET", a, "", header{"If-None-Match": `"*"`}, 200, true},
		{"GET", get, "", header{"If-None-Match": "*"}, 200, false},
		{"GET", a + "&extensions={}", "", header{"If-None-Match": tag}, 304, true},
		{"HEAD", a, "", header{"If-None-Match": tag}, 304, true},
		{"HEAD", a, "", nil, 200, true},
		{"GET", a, "", header{"If-None-Match": `"x"`}, 200, true},
		{"GET", a, "", header{"If-None-Match": tag, "Accept": graphqlJSON}, 200, true},
		{"GET", a, "", header{"If-None-Match": tag, "Accept-Encoding": "gzip"}, 304, true},
		{"POST", "/graphql", `{"query":"{norms(limit:2){id}}"}`, header{"Content-Type": plainJSON}, 200, false},
		{"GET", get, "", nil, 200, false}, // which operation?
		{"GET", "/graphql?query={", "", nil, 200, false},
	} {
		w := send(h, c.method, c.target, c.body, c.header)
		if w.Code != c.status || (w.Header().Get("ETag") != "") != c.tagged {
			t.Errorf("%s %s %v: %d, ETag %q", c.method, c.target, c.header, w.Code, w.Header().Get("ETag"))
		}
		if vary := strings.Join(w.Header().Values("Vary"), ", "); !strings.Contains(vary, "Accept-Encoding") || !strings.Contains(vary, "Accept,") && !strings.HasSuffix(vary, "Accept") {
			t.Errorf("%s %v: Vary %q", c.method, c.header, vary)
		}
		if w.Code == 304 && w.Body.Len() > 0 {
			t.Errorf("a body with 304: %s", w.Body)
		}
		if want := map[bool]string{true: "no-cache", false: "no-store"}[c.tagged]; w.Header().Get("Cache-Control") != want {
			t.Errorf("%s %v: Cache-Control %q, want %q", c.method, c.header, w.Header().Get("Cache-Control"), want)
		}
	}
	metrics := send(h.Metrics(), "GET", "/metrics", "", nil).Body.String()
	for _, line := range []string{`normgraph_answer_cache_requests_total{result="hit"}`, `normgraph_answer_cache_requests_total{result="miss"}`,
		`normgraph_answer_cache_requests_total{result="known"} 7`, "normgraph_answer_cache_bytes "} {
		if !strings.Contains(metrics, line) {
			t.Errorf("no %s", line)
		}
	}
}

// The same bytes come plain and compressed, made now or kept.
func TestCompression(t *testing.T) {
	for name, service := range map[string]httpapi.Service{"real": real, "keeping": keeping} {
		o := options(service)
		o.PackBytes = 1 << 20
		h := httpapi.New(o)
		for target, large := range map[string]bool{
			"/graphql?query={norms(limit:50){id,name,description:source}}": true,
			"/graphql?query={norms(limit:1){id}}":                          false,
			"/graphql?query={none}":                                        false,
			"/schema.graphqls":                                             true,
			"/":                                                            true,
		} {
			plain := send(h, "GET", target, "", header{"Accept-Encoding": "identity"})
			if plain.Header().Get("Content-Encoding") != "" {
				t.Errorf("%s: compressed unasked", target)
			}
			for _, accept := range []string{"gzip", "br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip;q=0", "br"} {
				for range 2 {
					w := send(h, "GET", target, "", header{"Accept-Encoding": accept})
					body := w.Body.Bytes()
					packed := w.Header().Get("Content-Encoding") == "gzip"
					if want := large && strings.Contains(accept, "gzip") && !strings.Contains(accept, "q=0,") && accept != "gzip;q=0"; packed != want {
						t.Errorf("%s %s, %q: compressed %t", name, target, accept, packed)
					}
					if packed {
						r, err := gzip.NewReader(bytes.NewReader(body))
						if err != nil {
							t.Fatal(err)
						}
						if body, err = io.ReadAll(r); err != nil {
							t.Fatal(err)
						}
					}
					if !bytes.Equal(body, plain.Body.Bytes()) {
						t.Errorf("%s %s, %q: other bytes", name, target, accept)
					}
					if vary := strings.Join(w.Header().Values("Vary"), ","); strings.Count(vary, "Accept-Encoding") != 1 {
						t.Errorf("%s: Vary %q", target, vary)
					}
				}
			}
		}
	}
}

// BenchmarkHandler compares a repeated dashboard query with one that is made
// each time, through the whole handler.
func BenchmarkHandler(b *testing.B) {
	target := "/graphql?query=" + url.QueryEscape(`{ agreements { id title date norms { id name category } signatories { id name country } process { name } } normsConnection { totalCount } }`)
	for _, c := range []struct {
		name    string
		service httpapi.Service
		header  header
	}{
		{"uncached", real, nil}, {"repeated", keeping, nil},
		{"uncached gzip", real, header{"Accept-Encoding": "gzip"}}, {"repeated gzip", keeping, header{"Accept-Encoding": "gzip"}},
		{"not modified", keeping, header{"If-None-Match": ""}},
	} {
		b.Run(c.name, func(b *testing.B) {
			o := options(c.service)
			o.PackBytes = 1 << 22
			h := httpapi.New(o)
			if _, ok := c.header["If-None-Match"]; ok {
				c.header["If-None-Match"] = send(h, "GET", target, "", nil).Header().Get("ETag")
			}
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if w := send(h, "GET", target, "", c.header); w.Code != 200 && w.Code != 304 {
						b.Fatal(w.Code, w.Body)
					}
				}
			})
		})
	}
}
