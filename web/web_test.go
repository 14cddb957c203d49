package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
				ranges := ask(t, web.Assets(), "GET", path, "Accept-Encoding", encoding, "Range", "bytes=0-0,"+strings.Repeat("1-1,", 3000)+"2-2")
				if ranges.StatusCode != http.StatusOK || !cmp.Equal(ranges.Header, got.Header) || ranges.Header.Get("Accept-Ranges") != "none" {
					t.Errorf("%s: ranges got %d %v", encoding, ranges.StatusCode, ranges.Header)
				}
				if !strings.HasPrefix(tag, "W/") {
					t.Errorf("%s: %s stands for exact bytes, which it is not", encoding, tag)
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

// Nothing that is built loads from another origin by itself.
func TestStylesLoadOnlyOwnFiles(t *testing.T) {
	outside := regexp.MustCompile(`(?:url\(|@import)\s*["']?(?:https?:)?//`)
	for _, path := range assetPaths(t) {
		if strings.HasSuffix(path, ".css") && outside.Match(body(t, ask(t, web.Assets(), "GET", path))) {
			t.Errorf("%s loads from another origin", path)
		}
	}
}

func TestLicences(t *testing.T) {
	all, err := web.Licences()
	if err != nil || len(all) < 50 {
		t.Fatalf("%d packages, %v", len(all), err)
	}
	found := map[string]bool{}
	for _, p := range all {
		found[p.Name] = true
		if p.Version == "" || p.Licence == "" {
			t.Errorf("%s: version %q, licence %q", p.Name, p.Version, p.Licence)
		}
	}
	for _, name := range []string{"react", "graphiql", "monaco-editor", "cytoscape", "vega", "vega-lite", "vega-interpreter"} {
		if !found[name] {
			t.Errorf("%s is not listed", name)
		}
	}
}
