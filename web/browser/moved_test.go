package browser_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"normgraph/seed"
)

// move loads a changed corpus into the store of a service, which is then at revision 2.
func (s *served) move(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, seed.Bundled()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "corpus.json")
	text, err := fs.ReadFile(seed.Bundled(), "corpus.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), `"version": "`, `"version": "moved-`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	load := exec.CommandContext(t.Context(), binary, "load", dir, "--replace")
	load.Env = s.Env
	if out, err := load.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// An open page whose data has moved says so, and shows no evidence or figures of another revision.
func TestOpenPageWhoseDataMoved(t *testing.T) {
	tb := open(t, desktop)
	tb.allowed = []string{"410 (Gone)"}
	s := serve(t, t.TempDir())
	t.Cleanup(s.stop)
	tb.visit(s.url + "/continuity")
	tb.until(`!document.querySelector("[data-rank] .skeleton")`)
	s.move(t)
	tb.until(`fetch("/data/about-the-corpus.json?revision=2").then(r => window.moved = r.ok) && window.moved`)
	tb.do(chromedp.Click(chromedp.CSS(`tr[data-key="core-supply-chain"] a.cell[href*="2021"]`)))
	tb.until(`document.querySelector("#evidence [role=alert]")`)
	if said := eval[string](tb, `document.querySelector("#evidence").innerText`); !strings.Contains(said, "The data has changed since this page was loaded.") || strings.Contains(said, "Kaseya") {
		t.Errorf("the evidence says %q", said)
	}
	tb.do(chromedp.Click(chromedp.CSS("#png")))
	tb.until(`document.querySelector("#png").textContent.includes("the data has changed")`)
	// The way out that it names.
	tb.do(chromedp.Click(chromedp.CSS("#evidence [role=alert] a")))
	tb.until(`document.querySelector("#evidence h3")?.textContent.includes("Kaseya") || document.querySelector("#evidence")?.textContent.includes("Kaseya")`)
	if said := eval[string](tb, `document.querySelector(".revision").textContent`); !strings.HasPrefix(said, "revision 2") {
		t.Errorf("the page anew says %q", said)
	}
}

// On a page with another vendor's script of the same name, before and after, the
// component takes its frames from its own service: as a module and as a plain script.
func TestComponentBesideAnother(t *testing.T) {
	tb := open(t, desktop)
	s := corpusServer(t)
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}))
	t.Cleanup(vendor.Close)
	for _, kind := range []string{`type="module"`, ``, `async`} {
		for _, ours := range []string{"/embed.js", "/embed.js?ver=6.5"} {
			tb.visit(elsewhere(t, fmt.Sprintf(`<script src="%[1]s/embed.js"></script><script type="module" src="%[1]s/js/embed.js?ver=6.5"></script>
				<script %[2]s src="%[3]s%[4]s"></script><script src="%[1]s/v2/embed.js"></script>
				<norm-graph document="signed-and-party" view="table"></norm-graph>`, vendor.URL, kind, s.url, ours)))
			tb.until(`document.querySelector("norm-graph iframe")`)
			if src := eval[string](tb, `document.querySelector("norm-graph iframe").src`); !strings.HasPrefix(src, s.url+"/embed/signed-and-party") {
				t.Errorf("%s %s: the frame is from %s", kind, ours, src)
			}
		}
	}
}
