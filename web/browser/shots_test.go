package browser_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// view is a page to be looked at, and when it is there.
type view struct{ name, path, ready, refusal string }

// show opens the view. The status of one that is a refusal is expected.
func (v view) show(tb *tab, s *served) {
	tb.t.Helper()
	tb.allowed = nil
	if v.refusal != "" {
		tb.allowed = []string{v.refusal}
	}
	tb.visit(s.url + v.path)
	tb.until(v.ready)
}

var views = []view{
	{"start", "/", "true", ""},
	{"search", "/?q=ransomware", "true", ""},
	{"node-norm", "/node/core-ci-restraint", "true", ""},
	{"node-agreement", "/node/budapest", "true", ""},
	{"node-incident", "/node/kaseya-2021", "true", ""},
	{"missing", "/node/none", "true", "404 (Not Found)"},
	{"continuity", "/continuity", "!document.querySelector('[data-rank] .skeleton')", ""},
	{"continuity-cell", "/continuity?cell=core-supply-chain~2021", "!document.querySelector('[data-rank] .skeleton')", ""},
	{"compare", "/compare?ids=paris-call,gge-2015,budapest", "true", ""},
	{"compare-choose", "/compare", "true", ""},
	{"embed-chart", "/embed/what-recurs", "!document.querySelector('#view[aria-busy]')", ""},
	{"embed-heat", "/embed/ideas-by-period", "!document.querySelector('#view[aria-busy]')", ""},
	{"embed-graph", "/embed/who-stands-behind", "!document.querySelector('#view[aria-busy]')", ""},
	{"embed-table", "/embed/signed-and-party", "true", ""},
	{"embed", "/embed", "true", ""},
	{"playground", "/playground?example=who-stands-behind&view=graph", "document.querySelector('.graph-canvas canvas')", ""},
	{"playground-table", "/playground?example=signed-and-party", "document.querySelector('.result-view .rows')", ""},
	{"playground-chart", "/playground?example=what-recurs", "document.querySelector('.result-view canvas')", ""},
	{"method", "/continuity/method", "true", ""},
	{"nowhere", "/nowhere", "true", "404 (Not Found)"},
	{"continuity-problem", "/continuity?group=PLANET", "true", "400 (Bad Request)"},
	{"embed-document", "/embed?document=what-recurs", "true", ""},
	{"embed-caveats", "/embed/what-recurs?view=table", "true", ""},
	{"continuity-empty", "/continuity?from=1950&to=1951", "true", ""},
}

// TestScreenshots writes a picture of each page, in light, dark, phone and projector width:
//
//	go test ./web/browser -run Screenshots -shots /tmp/shots
func TestScreenshots(t *testing.T) {
	if *shots == "" {
		t.Skip("for people: name a folder with -shots")
	}
	s := corpusServer(t)
	for name, l := range map[string]look{"light": desktop, "dark": {1440, 900, true}, "phone": {390, 844, false}, "projector": {1920, 1080, false}} {
		tb := open(t, l)
		for _, v := range views {
			v.show(tb, s)
			time.Sleep(500 * time.Millisecond) // a picture may still settle
			picture, err := chromedp.Run(tb, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(*shots, v.name+"-"+name+".png"), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
