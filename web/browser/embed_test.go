package browser_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
)

// elsewhere is a page of another origin.
func elsewhere(t *testing.T, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><link rel=icon href=data:,><title>Another site</title>%s", body)
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}

// The web component, in each view, grows to the height of its content on a page of another site.
func TestComponentElsewhere(t *testing.T) {
	tb := open(t, desktop)
	s := corpusServer(t)
	for _, c := range []struct{ document, view string }{{"what-recurs", "chart"}, {"who-stands-behind", "graph"}, {"signed-and-party", "table"}} {
		tb.visit(elsewhere(t, fmt.Sprintf(`<script type="module" src="%s/embed.js"></script><norm-graph document="%s" view="%s"></norm-graph>`, s.url, c.document, c.view)))
		tb.until(`Number(document.querySelector("norm-graph iframe")?.height) > 450`)
	}
}

// A frame is refused where its page is not among --frame-ancestors.
func TestFramedOnlyWhereConfigured(t *testing.T) {
	tb := open(t, desktop)
	s := serve(t, t.TempDir())
	t.Cleanup(s.stop)
	tb.allowed = []string{"frame-ancestors", "Framing "}
	tb.visit(elsewhere(t, fmt.Sprintf(`<iframe src="%s/embed/signed-and-party"></iframe>
		<script>window.said = []; addEventListener("message", e => said.push(e.data)); document.querySelector("iframe").onload = () => window.done = true</script>`, s.url)))
	tb.until("window.done")
	if said := eval[int](tb, "new Promise(r => setTimeout(() => r(said.length), 500))"); said != 0 {
		t.Errorf("the refused frame sent %d messages", said)
	}
}

// A frame sets no cookie and touches no storage.
func TestFrameKeepsNothing(t *testing.T) {
	tb := open(t, desktop)
	s := corpusServer(t)
	command(tb, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `window.touched = [];
		for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
			const real = Object.getOwnPropertyDescriptor(window, name);
			Object.defineProperty(window, name, { get() { window.touched.push(name); return real.get.call(window); } });
		}`})
	for _, path := range []string{"/embed/what-recurs", "/embed/who-stands-behind", "/embed/signed-and-party"} {
		tb.visit(s.url + path)
		tb.until(`!document.querySelector("[aria-busy]")`)
		if touched := eval[string](tb, "window.touched.join() + document.cookie"); touched != "" {
			t.Errorf("%s touches %s", path, touched)
		}
	}
	if cookies := command(tb, network.GetCookies, network.GetCookiesParams{}).Cookies; len(cookies) != 0 {
		t.Errorf("%d cookies", len(cookies))
	}
}
