package browser_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// recipe is the text of docs/embedding.md in a language, made to ask a service.
func recipe(t *testing.T, language, service string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/embedding.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```"+language+"\n")
	if len(blocks) != 2 {
		t.Fatalf("docs/embedding.md holds %d blocks of %s, want 1", len(blocks)-1, language)
	}
	block, _, _ := strings.Cut(blocks[1], "```")
	return strings.NewReplacer("https://norms.example.org", service, "http://127.0.0.1:8080", service).Replace(block)
}

// first are the core ideas that lead the ranking, as every recipe shows them.
var first = []string{"Baseline cyber hygiene", "No attacks on critical infrastructure", "Protection and resilience of critical infrastructure"}

func TestPythonRecipe(t *testing.T) {
	python := tool(t, "python", "install Debian's package python3", "python3")
	said, err := exec.CommandContext(t.Context(), python, "-c", recipe(t, "python", corpusServer(t).url)).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(said), "0.72  "+first[0]+"\n") || !strings.Contains(string(said), "revision 1; 781 of 781") {
		t.Errorf("%v: %s", err, said)
	}
}

// R reads the numbers as numbers, prints the first rows and draws the chart.
func TestRRecipe(t *testing.T) {
	rscript := tool(t, "r", "install Debian's package r-base-core", "Rscript")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "recipe.R"), []byte(recipe(t, "r", corpusServer(t).url)), 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), rscript, "--vanilla", "recipe.R")
	run.Dir = dir
	said, err := run.CombinedOutput()
	if err != nil {
		t.Fatal(err, string(said))
	}
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	if len(lines) != 7 || !strings.Contains(lines[1], first[0]+" 0.716") || !strings.Contains(lines[2], first[1]) ||
		!strings.Contains(lines[6], "781 of 781") {
		t.Errorf("R prints %q", lines)
	}
	if chart, err := os.ReadFile(filepath.Join(dir, "Rplots.pdf")); err != nil || len(chart) < 4000 {
		t.Errorf("the chart has %d bytes, %v", len(chart), err)
	}
}

// The Observable snippet draws, with Plot as npm has it, on a page of another
// origin that the service lets read its data.
func TestObservableRecipe(t *testing.T) {
	npm := tool(t, "node", "install Node", "npm")
	tb := open(t, desktop)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/plot")); err != nil {
		t.Fatal(err)
	}
	install := exec.CommandContext(t.Context(), npm, "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = dir
	if said, err := install.CombinedOutput(); err != nil {
		t.Fatalf("Plot cannot be installed: %v\n%s", err, said)
	}
	var script string
	mux := http.NewServeMux()
	mux.Handle("/node_modules/", http.FileServer(http.Dir(dir)))
	mux.HandleFunc("/notebook", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><link rel=icon href=data:,><title>A notebook</title>
			<script src="/node_modules/d3/dist/d3.min.js"></script><script src="/node_modules/@observablehq/plot/dist/plot.umd.min.js"></script>
			<script>{ const {plot} = Plot; Plot = {...Plot, plot: o => document.body.appendChild(plot(o))}; } // a notebook shows what a cell returns
			</script><script type="module">%s</script>`, script)
	})
	notebook := httptest.NewServer(mux)
	t.Cleanup(notebook.Close)
	origin := strings.Replace(notebook.URL, "127.0.0.1", "localhost", 1)
	s := serve(t, t.TempDir(), "--cors-origin", origin)
	t.Cleanup(s.stop)
	script = recipe(t, "js", s.url)
	tb.visit(origin + "/notebook")
	tb.until(`document.querySelectorAll("svg circle").length === 30`)
	labels := eval[[]string](tb, `[...document.querySelectorAll('svg [aria-label="y-axis tick label"] text')].map(e => e.textContent)`)
	if len(labels) != 30 || !slices.Equal(labels[:3], first) {
		t.Errorf("the rows are %q", labels)
	}
	if lines := eval[int](tb, `document.querySelectorAll('svg [aria-label="rule"] line').length`); lines != 30 {
		t.Errorf("%d intervals", lines)
	}
}

// infinity is a query of Grafana's Infinity data source, of those kinds that
// read CSV (https://grafana.com/docs/plugins/yesoreyeram-infinity-datasource/latest/query/,
// and InfinityCSVQuery in its src/types/query.types.ts).
type infinity struct {
	RefID        string
	Type         string
	Parser       string
	Source       string
	Format       string
	URL          string
	URLOptions   struct{ Method string } `json:"url_options"`
	RootSelector *string                 `json:"root_selector"`
	Columns      []struct{ Selector, Text, Type string }
}

// The Grafana query has the documented form, its selectors are columns of the
// CSV, letter for letter, and what it calls a number is one in each row.
func TestGrafanaRecipe(t *testing.T) {
	var q infinity
	decoder := json.NewDecoder(strings.NewReader(recipe(t, "json", corpusServer(t).url)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&q); err != nil {
		t.Fatal(err)
	}
	if q.RefID == "" || q.Type != "csv" || q.Parser != "backend" || q.Source != "url" || q.Format != "table" || q.URLOptions.Method != "GET" || q.RootSelector == nil {
		t.Errorf("the query is %+v", q)
	}
	table, err := csv.NewReader(strings.NewReader(fetch(t, q.URL))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(q.Columns) == 0 || len(table) < 31 {
		t.Fatalf("%d columns, %d rows", len(q.Columns), len(table))
	}
	for _, c := range q.Columns {
		at := slices.Index(table[0], c.Selector)
		if at < 0 || c.Text == "" || !slices.Contains([]string{"string", "number"}, c.Type) {
			t.Errorf("column %+v of %q", c, table[0])
			continue
		}
		for i, row := range table[1:] {
			if _, err := strconv.ParseFloat(row[at], 64); c.Type == "number" && err != nil {
				t.Fatalf("row %d: %s is %q", i+1, c.Selector, row[at])
			}
		}
	}
}
