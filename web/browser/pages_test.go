package browser_test

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"normgraph/graph/store/neo4j/devserver/devtest"
)

// axe is axe-core (MPL-2.0), as `npm run axe` copies it from web/package-lock.json.
//
//go:embed testdata/axe.min.js.gz
var axe []byte

func unpack(t testing.TB, packed []byte) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every page is shown without a fault, in light and dark and on a phone, does
// not scroll sideways, and axe-core finds nothing serious in it.
func TestEachPage(t *testing.T) {
	chromium(t)
	s := corpusServer(t)
	check := unpack(t, axe)
	for name, l := range map[string]look{"light": desktop, "dark": {1440, 900, true}, "phone": {390, 844, false}} {
		t.Run(name, func(t *testing.T) {
			tb := open(t, l)
			for _, v := range views {
				v.show(tb, s)
				if strings.HasPrefix(v.name, "playground") {
					continue // GraphiQL's own accessibility is its authors' matter
				}
				if wide := eval[bool](tb, "document.documentElement.scrollWidth > innerWidth + 1"); wide {
					t.Errorf("%s scrolls sideways", v.path)
				}
				eval[bool](tb, check+"\n;true")
				found := eval[string](tb, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(
					r.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " + n.failureSummary)}))))`)
				if rules := eval[int](tb, `axe.getRules().length`); rules < 50 {
					t.Fatalf("axe-core knows %d rules", rules)
				}
				if found != "[]" {
					t.Errorf("%s: %s", v.path, found)
				}
				tb.check()
			}
		})
	}
}

// From a cell of the heat map to the source of what stands behind it, by mouse and by keys.
func TestDrillDown(t *testing.T) {
	tb := open(t, desktop)
	s := corpusServer(t)
	openEvidence(tb, s)
	address := eval[string](tb, "location.search")
	if address != "?cell=core-supply-chain~2021" {
		t.Errorf("the address is %q", address)
	}
	shown := eval[string](tb, `document.querySelector("#evidence").innerText`)
	for _, want := range []string{"3 of 11 incidents", "Kaseya VSA ransomware", "A management tool's update channel", "would have mitigated", "automated reading, unverified"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the evidence lacks %q", want)
		}
	}
	// The address alone shows the same.
	tb.visit(s.url + "/continuity" + address)
	if again := eval[string](tb, `document.querySelector("#evidence").innerText`); strings.TrimSpace(again) != strings.TrimSpace(shown) {
		t.Errorf("after a reload: %.200q, before %.200q", again, shown)
	}
	// By keys: the chosen cell is the table's one stop; an arrow moves, Enter opens.
	tb.do(chromedp.Focus(chromedp.CSS(`a.cell[tabindex="0"]`)), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.Enter))
	tb.until(`document.querySelector("#evidence .summary")?.textContent.startsWith("2022")`)
	tb.do(chromedp.NavigateBack())
	tb.until(`document.querySelector("#evidence .summary")?.textContent.startsWith("2021")`)
	// On to the incident and the assessment.
	tb.do(chromedp.Click(chromedp.CSS(`#evidence .source a[href^="/node/"]`)))
	tb.until(`document.querySelector(".kind")?.textContent === "Assessment"`)
}

// openEvidence clicks on a cell of the heat map; a source is linked there.
func openEvidence(tb *tab, s *served) {
	tb.t.Helper()
	tb.visit(s.url + "/continuity")
	tb.do(chromedp.Click(chromedp.CSS(`tr[data-key="core-supply-chain"] a.cell[href*="2021"]`)))
	tb.until(`document.querySelector("#evidence h2")?.textContent.includes("Supply-chain integrity") && document.querySelector("#evidence .summary").textContent.includes("3 of 11 incidents")`)
	if source := eval[string](tb, `document.querySelector('#evidence .source a[href^="http"][rel]')?.href ?? ""`); !strings.HasPrefix(source, "https://") {
		tb.t.Errorf("no source is linked: %q", source)
	}
}

// On Neo4j each page and view opens, and a cell leads to its sources.
func TestOnNeo4j(t *testing.T) {
	tb := open(t, desktop)
	s := serve(t, t.TempDir(), "--store", devtest.ForTest(t).URI, "--frame-ancestors", "*", "--timeout", "60s")
	t.Cleanup(s.stop)
	for _, v := range views {
		v.show(tb, s)
		tb.check()
	}
	openEvidence(tb, s)
}

// A filter is in the address, and only what it keeps is shown.
func TestFilter(t *testing.T) {
	tb := open(t, desktop)
	s := corpusServer(t)
	tb.visit(s.url + "/continuity")
	tb.do(chromedp.Click(chromedp.CSS(".chip:nth-of-type(3) summary")), chromedp.Click(chromedp.CSS(`input[value="RANSOMWARE"]`)),
		chromedp.Click(chromedp.CSS(".chip[open] button")))
	tb.until(`new URLSearchParams(location.search).get("kind") === "RANSOMWARE" && document.querySelector("#heat")`)
	if lead := eval[string](tb, `document.querySelector(".lead").textContent`); !strings.HasPrefix(lead, "11 assessed incidents") {
		t.Errorf("the page says %q", lead)
	}
	tb.until(`!document.querySelector("[data-rank] .skeleton")`)
	if rank := eval[string](tb, `document.querySelector("[data-rank]").textContent`); !regexp.MustCompile(`^\d+–\d+$`).MatchString(rank) {
		t.Errorf("the first rank interval is %q", rank)
	}
}

// Where rank intervals or evidence cannot be had, the page says so and keeps the rest.
func TestPartialStates(t *testing.T) {
	tb := open(t, desktop)
	tb.allowed = []string{"ERR_BLOCKED_BY_CLIENT"}
	s := corpusServer(t)
	command(tb, network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{
		{URLPattern: "*://*:*/graphql?*", Block: true}, {URLPattern: "*://*:*/continuity?*part=evidence*", Block: true}}})
	tb.visit(s.url + "/continuity")
	tb.until(`document.querySelector("#progress").textContent.includes("Rank intervals are missing")`)
	tb.do(chromedp.Click(chromedp.CSS("a.cell")))
	tb.until(`document.querySelector("#evidence [role=alert]")?.textContent.includes("could not be loaded")`)
}

// A permalink opens the playground with the same query, variables, view and answer.
func TestPermalink(t *testing.T) {
	tb := open(t, desktop)
	s := corpusServer(t)
	variables := url.QueryEscape(`{"agreement":"malabo"}`)
	tb.visit(s.url + "/playground?example=signed-and-party&view=table&variables=" + variables)
	tb.until(`document.querySelector(".result-view .view-bar")`)
	shown := eval[string](tb, `document.querySelector(".result-view").innerText`)
	tb.allowed = []string{"clipboard"}
	tb.do(chromedp.Click(chromedp.CSS(".share button:nth-of-type(1)")))
	tb.until(`location.hash.includes("query=")`)
	link := eval[string](tb, "location.href")
	held, err := url.ParseQuery(link[strings.IndexByte(link, '#')+1:])
	if err != nil || held.Get("view") != "table" || held.Get("revision") != "1" || held.Get("variables") != `{"agreement":"malabo"}` || !strings.Contains(held.Get("query"), "SignedAndParty") {
		t.Errorf("the permalink holds %v", held)
	}
	other := open(t, desktop)
	other.visit(link)
	other.until(`document.querySelector(".result-view .view-bar")`)
	if again := eval[string](other, `document.querySelector(".result-view").innerText`); again != shown {
		t.Errorf("shown %.300q, before %.300q", again, shown)
	}
	other.visit("about:blank")
	other.visit(strings.Replace(link, "revision=1", "revision=9", 1))
	other.until(`document.querySelector(".revision-note")?.textContent.includes("revision 9")`)
	tb.do(chromedp.Click(chromedp.CSS(".share button:nth-of-type(2)")))
	tb.until(`document.querySelector("dialog pre")?.textContent.includes("@misc{normgraph:")`)
	if csl := eval[string](tb, `document.querySelectorAll("dialog pre")[1].textContent`); !json.Valid([]byte(csl)) || !strings.Contains(csl, "revision 1") {
		t.Errorf("CSL-JSON: %s", csl)
	}
}

// The gallery holds the operator's documents, and they run where nothing else does.
func TestOwnDocuments(t *testing.T) {
	tb := open(t, desktop)
	dir := t.TempDir()
	for name, query := range map[string]string{"own": "{ agreements(limit: 2) { id title } }", "signed-and-party": "{ norms(limit: 3) { id } }"} {
		text := "# title: Of our own?\n# explain: An operator's document.\n# view: table\nquery Own " + query + "\n"
		if err := os.WriteFile(filepath.Join(dir, name+".graphql"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := serve(t, t.TempDir(), "--documents", dir, "--documents-only")
	t.Cleanup(s.stop)
	tb.allowed = []string{"403 (Forbidden)"} // of GraphiQL's question for the schema
	for name, rows := range map[string]int{"own": 2, "signed-and-party": 3, "what-recurs-in-ransomware": 0} {
		tb.visit(s.url + "/playground?view=table&example=" + name)
		tb.until(`document.querySelector(".result-view .rows tbody tr")`)
		if got := eval[int](tb, `document.querySelectorAll(".result-view .rows tbody tr").length`); rows > 0 && got != rows {
			t.Errorf("%s: %d rows, want %d", name, got, rows)
		}
	}
}

// The playground's CSV is that of /data/, for answers of every shape.
func TestCSVIsTheServices(t *testing.T) {
	tb := open(t, desktop)
	s := corpusServer(t)
	for _, name := range []string{"signed-and-party", "agreements-by-legal-status", "incidents-through-time", "what-recurs", "ideas-by-period", "compare-agreements", "path-between"} {
		tb.visit(s.url + "/playground?view=table&example=" + name)
		tb.until(`document.querySelector(".result-view .view-bar a")`)
		got := eval[string](tb, `new Promise(resolve => {
			const real = URL.createObjectURL;
			URL.createObjectURL = blob => { blob.text().then(resolve); URL.createObjectURL = real; return "about:blank#"; };
			HTMLAnchorElement.prototype.click = () => undefined;
			document.querySelector(".result-view .view-bar a").dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
		})`)
		if want := fetch(t, s.url+"/data/"+name+".csv"); got != want {
			t.Errorf("%s: the playground gives %.300q, the service %.300q", name, got, want)
		}
	}
}

// The graph grows by a node's neighbours.
func TestGraphGrows(t *testing.T) {
	tb := open(t, desktop)
	s := corpusServer(t)
	tb.visit(s.url + "/playground?example=who-stands-behind")
	tb.until(`document.querySelector(".view-bar [role=status]")?.textContent === "4 nodes"`)
	eval[bool](tb, `(() => { const s = document.querySelector(".view-bar select"); s.value = "gge-2015"; s.dispatchEvent(new Event("change")); return true; })()`)
	tb.do(chromedp.Click(chromedp.CSS(".view-bar .actions button")))
	tb.until(`Number(document.querySelector(".view-bar [role=status]").textContent.match(/^\d+/)) > 20`)
	if kinds := eval[string](tb, `document.querySelector(".view-bar .legend").textContent`); !strings.Contains(kinds, "Signatory") {
		t.Errorf("the legend is %q", kinds)
	}
}

// What a page loads before any chart is below 150 kB, compressed. When it is
// painted is told with -v; docs/performance.md has figures.
func TestFirstLoadIsSmall(t *testing.T) {
	tb := open(t, desktop)
	s := corpusServer(t)
	command(tb, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	type load struct {
		Bytes, Charts   int     // transferred
		Painted, Usable float64 // ms after the address was asked for
	}
	for _, v := range views {
		v.show(tb, s)
		tb.until(`performance.getEntriesByName("first-contentful-paint").length`)
		got := eval[load](tb, `(() => {
			const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
			const isChart = entry => /\/assets\/(chart|graph)-/.test(entry.name) || entry.initiatorType === "iframe";
			const sum = entries => entries.reduce((total, entry) => total + entry.transferSize, 0);
			return {Bytes: sum(all.filter(e => !isChart(e))), Charts: sum(all.filter(isChart)),
				Painted: performance.getEntriesByName("first-contentful-paint")[0].startTime, Usable: all[0].domContentLoadedEventEnd};
		})()`)
		isEditor := strings.HasPrefix(v.name, "playground") // which is large by nature
		if got.Bytes > 150_000 && !isEditor || got.Bytes < 1000 {
			t.Errorf("%s loads %d bytes", v.path, got.Bytes)
		}
		t.Logf("%-20s %6.1f kB, charts %6.1f kB, painted after %4.0f ms, usable after %4.0f ms", v.name, float64(got.Bytes)/1000, float64(got.Charts)/1000, got.Painted, got.Usable)
	}
}

func fetch(t testing.TB, address string) string {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != 200 {
		t.Fatal(address, answer.Status, err, string(body))
	}
	return string(body)
}
