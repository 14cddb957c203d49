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
	"strings"
	"testing"

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
	for _, v := range views {
		tb.allowed = nil
		if v.name == "missing" {
			tb.allowed = []string{"404 (Not Found)"}
		}
		tb.visit(s.url + v.path)
		tb.until(v.ready)
		found := eval[string](tb, `[window.pwned ? "ran" : "", document.querySelector('img[src="x"], [onerror], [onload]') ? "element" : "", [...document.scripts].some(e => e.textContent.includes("pwned=1<")) ? "script" : ""].join("")`)
		if found != "" {
			t.Errorf("%s: the payload became %s", v.path, found)
		}
		shown := eval[bool](tb, `document.documentElement.innerText.includes("<script>window.pwned=1</script>") || Boolean(document.querySelector("canvas"))`)
		if expected := !slices.Contains([]string{"start", "missing", "continuity-empty", "embed"}, v.name); expected && !shown {
			t.Errorf("%s does not show the payload", v.path)
		}
	}
	picture := fetch(t, s.url+"/continuity?part=svg")
	for d := xml.NewDecoder(strings.NewReader(picture)); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && (e.Name.Local == "script" || e.Name.Local == "img") {
			t.Errorf("the picture holds a %s", e.Name.Local)
		}
	}
	table, err := csv.NewReader(strings.NewReader(fetch(t, s.url+"/data/incidents-through-time.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	name := slices.Index(table[0], "incidents.name")
	for _, row := range table[1:] {
		if name < 0 || !strings.HasPrefix(row[name], "'=1+1") {
			t.Fatalf("a formula stands in %q", row)
		}
	}
}
