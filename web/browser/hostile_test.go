package browser_test

import (
	"encoding/csv"
	"encoding/xml"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"normgraph/documents"
	"normgraph/seed"
)

// payload is what must be shown as text wherever a text field is shown.
const payload = `=1+1"'><img src=x onerror="window.pwned=1"><script>window.pwned=1</script><svg onload=window.pwned=1>{{7*7}}</title>` + "`${window.pwned=1}` "

// Columns of free text, of whatever file.
var textColumns = []string{"title", "short_title", "name", "summary", "note", "source", "convener", "code", "attributed_to", "attributed_by",
	"rationale", "contributor", "text", "description", "deliverable", "place", "locator", "audience", "number_text"}

// hostileCorpus is the bundled corpus with the payload in every text field.
func hostileCorpus(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files, err := fs.Glob(seed.Bundled(), "*")
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for _, name := range files {
		content, err := fs.ReadFile(seed.Bundled(), name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".csv") {
			rows, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows[1:] {
				for i, column := range rows[0] {
					if slices.Contains(textColumns, column) {
						row[i] = payload + row[i]
						changed++
					}
				}
			}
			var b strings.Builder
			if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
				t.Fatal(err)
			}
			content = []byte(b.String())
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if changed < 5000 {
		t.Fatalf("only %d fields are hostile", changed)
	}
	return dir
}

// A corpus that is hostile in every text field is shown as text in every page,
// chart, graph, SVG and CSV.
func TestHostileCorpus(t *testing.T) {
	tb := open(t, desktop)
	data := t.TempDir()
	load := exec.Command(binary, "load", hostileCorpus(t), "--replace")
	load.Env = append(os.Environ(), "XDG_DATA_HOME="+data, "HOME="+data, "NORMGRAPH_STORE=")
	if said, err := load.CombinedOutput(); err != nil {
		t.Fatal(err, string(said))
	}
	s := serve(t, data)
	t.Cleanup(s.stop)
	harmless := func(where string) {
		t.Helper()
		found := eval[string](tb, `[window.pwned ? "ran" : "", document.querySelector('img[src="x"], [onerror], [onload]') ? "element" : "", [...document.scripts].some(e => e.textContent.includes("pwned=1<")) ? "script" : ""].join("")`)
		if found != "" {
			t.Errorf("%s: the payload became %s", where, found)
		}
	}
	charts, graphs := 0, 0
	for _, v := range views {
		v.show(tb, s)
		harmless(v.name)
		shown := eval[bool](tb, `document.documentElement.innerText.includes("<script>window.pwned=1</script>")`)
		switch {
		case eval[bool](tb, `Boolean(document.querySelector(".graph-canvas"))`):
			graphs++
			// What Cytoscape was given to write, and its picture.
			if labels := eval[[]string](tb, `document.querySelector(".graph-canvas")._cyreg.cy.nodes().map(n => n.data("label"))`); len(labels) < 4 || slices.ContainsFunc(labels, func(l string) bool { return !strings.HasPrefix(l, payload) }) {
				t.Errorf("%s: the nodes are called %q", v.name, labels)
			}
			checkPicture(t, v.name, exported(tb))
		case eval[bool](tb, `Boolean(document.querySelector("canvas.marks"))`):
			charts++
			checkPicture(t, v.name, exported(tb))
		case !shown && !slices.Contains([]string{"start", "missing", "nowhere", "method", "continuity-problem", "continuity-empty", "embed", "embed-document"}, v.name):
			t.Errorf("%s does not show the payload", v.name)
		}
		harmless(v.name)
	}
	if charts < 3 || graphs < 2 {
		t.Errorf("%d charts and %d graphs were looked at", charts, graphs)
	}
	// Evidence that a script puts into its place.
	tb.visit(s.url + "/continuity")
	tb.do(chromedp.Click(chromedp.CSS(`tr[data-key="core-supply-chain"] a.cell[href*="2021"]`)))
	tb.until(`document.querySelector("#evidence").innerText.includes("<script>window.pwned=1</script>")`)
	harmless("evidence")
	checkPicture(t, "/continuity?part=svg", fetch(t, s.url+"/continuity?part=svg"))

	for _, d := range documents.Bundled() {
		table, err := csv.NewReader(strings.NewReader(fetch(t, s.url+"/data/"+d.Name+".csv"))).ReadAll()
		if err != nil {
			t.Fatal(d.Name, err)
		}
		for _, row := range table {
			for _, text := range row {
				if _, err := strconv.ParseFloat(text, 64); err != nil && text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
					t.Fatalf("%s: a formula stands in %q", d.Name, row)
				}
			}
		}
	}
}

// exported is the picture behind the button SVG.
func exported(tb *tab) string {
	tb.t.Helper()
	return eval[string](tb, `new Promise(resolve => {
		HTMLAnchorElement.prototype.click = () => undefined;
		URL.createObjectURL = blob => {
			blob.text().then(resolve);
			return "about:blank#";
		};
		[...document.querySelectorAll(".view-bar button")].find(b => b.textContent === "SVG").click();
	})`)
}

// checkPicture wants a well-formed picture with the payload as text, and
// nothing in it that runs or is loaded.
func checkPicture(t *testing.T, where, picture string) {
	t.Helper()
	texts := 0
	for d := xml.NewDecoder(strings.NewReader(picture)); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v in %.300q", where, err, picture)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if !slices.Contains([]string{"svg", "g", "rect", "line", "path", "text", "title", "circle", "defs", "clipPath", "linearGradient", "stop"}, token.Name.Local) {
				t.Errorf("%s: the picture holds a %s", where, token.Name.Local)
			}
			for _, a := range token.Attr {
				if name := strings.ToLower(a.Name.Local); strings.HasPrefix(name, "on") || name == "href" {
					t.Errorf("%s: %s=%q", where, name, a.Value)
				}
			}
		case xml.CharData:
			if strings.Contains(string(token), payload[:20]) {
				texts++
			}
		}
	}
	if texts < 4 {
		t.Errorf("%s: %d texts hold the payload", where, texts)
	}
}
