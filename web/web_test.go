package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"normgraph/documents"
	"normgraph/web"
)

// ask sends one request to a handler; headers are name and value by turns.
func ask(t *testing.T, handler http.Handler, method, path string, headers ...string) *http.Response {
	t.Helper()
	request := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder.Result()
}

func body(t *testing.T, response *http.Response) []byte {
	t.Helper()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// assetPaths lists what dist/ holds, as a client names it.
func assetPaths(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("dist/assets")
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, entry := range entries {
		paths = append(paths, "/assets/"+strings.TrimSuffix(entry.Name(), ".gz"))
	}
	return paths
}

func TestAssets(t *testing.T) {
	types := map[string]string{
		".js":  "text/javascript; charset=utf-8",
		".css": "text/css; charset=utf-8",
		".svg": "image/svg+xml",
		".ttf": "font/ttf",
	}
	for _, path := range assetPaths(t) {
		t.Run(path, func(t *testing.T) {
			plain := ask(t, web.Assets(), "GET", path)
			content := body(t, plain)
			if plain.StatusCode != http.StatusOK || len(content) == 0 || plain.Header.Get("Content-Encoding") != "" {
				t.Fatalf("without Accept-Encoding: status %d, %d bytes, headers %v", plain.StatusCode, len(content), plain.Header)
			}
			if got, want := plain.Header.Get("Content-Type"), types[filepath.Ext(path)]; got != want || want == "" {
				t.Errorf("Content-Type is %q, want %q", got, want)
			}
			if got := plain.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
				t.Errorf("Cache-Control is %q", got)
			}

			packed := ask(t, web.Assets(), "GET", path, "Accept-Encoding", "br;q=1.0, gzip;q=0.8")
			sent := body(t, packed)
			if packed.Header.Get("Content-Encoding") == "gzip" {
				if len(sent) >= len(content) {
					t.Errorf("gzip takes %d bytes, plain %d", len(sent), len(content))
				}
				if packed.Header.Get("ETag") == plain.Header.Get("ETag") {
					t.Error("the two encodings have the same ETag")
				}
				if packed.Header.Get("Vary") != "Accept-Encoding" || plain.Header.Get("Vary") != "Accept-Encoding" {
					t.Error("Vary does not name Accept-Encoding")
				}
				reader, err := gzip.NewReader(bytes.NewReader(sent))
				if err != nil {
					t.Fatal(err)
				}
				if sent, err = io.ReadAll(reader); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(sent, content) {
				t.Error("packed and plain differ")
			}

			for _, encoding := range []string{"identity", "gzip"} {
				got := ask(t, web.Assets(), "GET", path, "Accept-Encoding", encoding)
				tag := got.Header.Get("ETag")
				again := ask(t, web.Assets(), "GET", path, "Accept-Encoding", encoding, "If-None-Match", tag)
				if again.StatusCode != http.StatusNotModified || len(body(t, again)) != 0 || again.Header.Get("ETag") != tag {
					t.Errorf("%s: If-None-Match got %d", encoding, again.StatusCode)
				}
				head := ask(t, web.Assets(), "HEAD", path, "Accept-Encoding", encoding)
				if len(body(t, head)) != 0 || !cmp.Equal(head.Header, got.Header) {
					t.Errorf("%s: HEAD differs from GET: %s", encoding, cmp.Diff(head.Header, got.Header))
				}
			}
		})
	}
}

func TestAssetsRefuse(t *testing.T) {
	known := assetPaths(t)[0]
	cases := []struct {
		method, path string
		status       int
	}{
		{"GET", "/assets/none.js", http.StatusNotFound},
		{"GET", "/assets/", http.StatusNotFound},
		{"GET", known + ".gz", http.StatusNotFound},
		{"GET", "/manifest.json", http.StatusNotFound},
		{"GET", "/assets/../manifest.json", http.StatusNotFound},
		{"POST", known, http.StatusMethodNotAllowed},
	}
	for _, c := range cases {
		got := ask(t, web.Assets(), c.method, c.path)
		if got.StatusCode != c.status {
			t.Errorf("%s %s: status %d, want %d", c.method, c.path, got.StatusCode, c.status)
		}
		if c.status == http.StatusMethodNotAllowed && got.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("Allow is %q", got.Header.Get("Allow"))
		}
		if strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s %s: the refusal may be kept for ever", c.method, c.path)
		}
	}
}

func TestAcceptEncoding(t *testing.T) {
	var script string
	for _, path := range assetPaths(t) {
		if strings.HasSuffix(path, ".js") {
			script = path
		}
	}
	cases := map[string]bool{
		"":                   false,
		"gzip":               true,
		"GZIP":               true,
		"br, gzip":           true,
		"deflate, x-gzip":    true,
		"*":                  true,
		"gzip;q=0":           false,
		"gzip; q=0.0":        false,
		"gzip;q=0.001":       true,
		"*;q=0":              false,
		"*;q=0, gzip":        true,
		"gzip;q=0, *":        false,
		"identity, br;q=0.5": false,
		"gzip;q=many":        false,
		"notgzip":            false,
	}
	for field, want := range cases {
		got := ask(t, web.Assets(), "GET", script, "Accept-Encoding", field)
		if (got.Header.Get("Content-Encoding") == "gzip") != want {
			t.Errorf("Accept-Encoding %q: Content-Encoding is %q", field, got.Header.Get("Content-Encoding"))
		}
	}
}

var loaded = time.Date(2026, 11, 22, 10, 30, 0, 0, time.FixedZone("", 3600))

func startPage(corpus web.Corpus, err error) http.Handler {
	return web.StartPage(web.Start{
		Docs:   "/docs/",
		Corpus: func(context.Context) (web.Corpus, error) { return corpus, err },
	})
}

func TestStartPage(t *testing.T) {
	page := startPage(web.Corpus{
		Name: "A corpus <b>", Version: "2026.11", Licence: "CC BY 4.0", Revision: 7, LoadedAt: loaded,
		Sources: []string{"First source", "<script>alert(1)</script>"},
		Counts:  []web.Count{{"Agreement", 60}, {"Signatory", 1299}, {"Process", 38}, {"WorkPackage", 8}, {"Answer", 0}},
		Methods: []web.Count{{"PUBLISHED", 13}, {"AUTOMATED_READING", 781}},
	}, nil)
	response := ask(t, page, "GET", "/")
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("status %d, headers %v", response.StatusCode, response.Header)
	}
	text := string(body(t, response))
	for _, want := range []string{
		"<dt>Agreements</dt><dd>60</dd>", "<dt>Signatories</dt><dd>1\u202f299</dd>", "<dt>Processes</dt><dd>38</dd>",
		"<dt>Work packages</dt><dd>8</dd>", "<dt>Answers</dt><dd>0</dd>",
		"automated reading <strong>781</strong>", "published <strong>13</strong>",
		"A corpus &lt;b&gt;, version 2026.11", "revision 7", "22 November 2026, 09:30 UTC", "CC BY 4.0", "First source",
		`href="/playground"`, `href="/schema.graphqls"`, `href="/docs/"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, document := range documents.Bundled() {
		if !strings.Contains(text, `href="/playground?example=`+document.Name+`"`) {
			t.Errorf("the page has no link to %s", document.Name)
		}
	}
	if strings.Contains(text, "<script") {
		t.Error("the page has a script")
	}
	again := ask(t, page, "GET", "/", "If-None-Match", response.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("If-None-Match got %d", again.StatusCode)
	}
}

func TestStartPageWithoutCorpus(t *testing.T) {
	page := startPage(web.Corpus{}, errors.New("dial bolt://10.0.0.7:7687: refused"))
	response := ask(t, page, "GET", "/")
	text := string(body(t, response))
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || response.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("status %d, headers %v", response.StatusCode, response.Header)
	}
	if !strings.Contains(text, `href="/readyz"`) || strings.Contains(text, "bolt") {
		t.Error("the page must point to the service's state and not show the error")
	}
}

// Every address that a page loads is of this origin and is served; its policy allows no other origin.
func TestPagesLoadOnlyOwnFiles(t *testing.T) {
	pages := map[string]http.Handler{"/": startPage(web.Corpus{}, nil), "/playground": web.Playground()}
	loads := regexp.MustCompile(`<(?:link|script|img)[^>]*? (?:href|src)="([^"]*)"`)
	for path, page := range pages {
		response := ask(t, page, "GET", path)
		text := string(body(t, response))
		found := loads.FindAllStringSubmatch(text, -1)
		if len(found) < 2 {
			t.Errorf("%s loads only %v", path, found)
		}
		for _, match := range found {
			if got := ask(t, web.Assets(), "GET", match[1]); got.StatusCode != http.StatusOK {
				t.Errorf("%s loads %s, which is answered with %d", path, match[1], got.StatusCode)
			}
		}
		if strings.Contains(text, "://") {
			t.Errorf("%s names another origin", path)
		}
		policy := response.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe-eval") || strings.Contains(policy, "http") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
		if got := ask(t, page, "POST", path); got.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: status %d", path, got.StatusCode)
		}
		if got := body(t, ask(t, page, "HEAD", path)); len(got) != 0 {
			t.Errorf("HEAD %s has a body", path)
		}
	}
	if text := string(body(t, ask(t, web.Playground(), "GET", "/playground"))); !strings.Contains(text, `<script type="module" src="/assets/`) {
		t.Error("the playground loads no script")
	}
	outside := regexp.MustCompile(`(?:url\(|@import)\s*["']?(?:https?:)?//`)
	for _, path := range assetPaths(t) {
		if strings.HasSuffix(path, ".css") && outside.Match(body(t, ask(t, web.Assets(), "GET", path))) {
			t.Errorf("%s loads from another origin", path)
		}
	}
}
