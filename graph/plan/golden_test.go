package plan_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"normgraph/graph"
	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j"
	"normgraph/graph/store/sqlite"
	"normgraph/seed"
)

var update = flag.Bool("update", false, "rewrite testdata from what the code does; read the difference")

// noted is a store that keeps the plans it was asked.
type noted struct {
	store.Store
	plans []*plan.Plan
}

func (n *noted) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	n.plans = append(n.plans, p)
	return n.Store.Query(ctx, p)
}

// TestGolden answers each document of testdata: query and variables give the
// plan, its SQL and Cypher, and the response over the bundled corpus, which is
// the same on both paths and takes one statement without a scan below the root.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d documents in testdata (%v)", len(files), err)
	}
	embedded, err := sqlite.Open(t.Context(), graph.Catalog(), sqlite.Memory)
	if err != nil {
		t.Fatal(err)
	}
	defer embedded.Close()
	data, err := seed.Read(seed.Bundled(), graph.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Load(t.Context(), data, store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { golden(t, file, embedded) })
	}
}

func golden(t *testing.T, file string, embedded *sqlite.Store) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	section := map[string]string{}
	for _, f := range archive.Files {
		section[f.Name] = string(f.Data)
	}
	query, variables := section["query"], json.RawMessage(section["variables"])

	p, answers := &plan.Plan{}, map[bool]json.RawMessage{}
	for _, typed := range []bool{true, false} {
		st := &noted{Store: embedded}
		s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), Typed: typed})
		if err != nil {
			t.Fatal(err)
		}
		r := s.Execute(t.Context(), graph.Request{Document: query, Variables: variables})
		if len(r.Errors) > 0 {
			t.Fatal(r.Errors)
		}
		if r.Statements != len(st.plans) || len(st.plans) > 1 {
			t.Errorf("%d statements told, %d sent", r.Statements, len(st.plans))
		}
		for _, x := range st.plans {
			if len(p.Roots) > 0 && p.String() != x.String() {
				t.Error("two builds of one operation differ")
			}
			p = x
		}
		answers[typed] = r.Data
	}
	if len(p.Roots) == 0 && !strings.Contains(file, "no-nodes") {
		t.Error("nothing was asked of the store")
	}
	if !bytes.Equal(answers[true], answers[false]) {
		t.Errorf("typed and direct differ\ntyped  %s\ndirect %s", answers[true], answers[false])
	}

	got := &txtar.Archive{Comment: archive.Comment, Files: []txtar.File{{Name: "query", Data: []byte(query)}}}
	add := func(name, text string) {
		got.Files = append(got.Files, txtar.File{Name: name, Data: []byte(strings.TrimRight(text, "\n") + "\n")})
	}
	if len(variables) > 0 {
		add("variables", string(variables))
	}
	add("plan", p.String())
	sql, args := sqlite.Compile(p, graph.Catalog())
	add("sql", broken(sql)+"\n"+asJSON(t, args))
	if n := strings.Count(outside(sql), "?"); n != len(args) {
		t.Errorf("%d placeholders and %d arguments", n, len(args))
	}
	cypher, params := neo4j.Compile(p)
	add("cypher", broken(cypher)+"\n"+asJSON(t, params))
	names := map[string]bool{}
	for _, name := range regexp.MustCompile(`\$p\d+`).FindAllString(cypher, -1) {
		names[name[1:]] = true
	}
	if len(names) != len(params) {
		t.Errorf("%d parameters in the text, %d given", len(names), len(params))
	}

	var pretty bytes.Buffer
	if err := json.Indent(&pretty, answers[false], "", " "); err != nil {
		t.Fatal(err)
	}
	add("response", pretty.String())

	steps, err := embedded.Explain(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		if regexp.MustCompile(`^SCAN [nex]\d+\b`).MatchString(step) {
			t.Errorf("a scan below the root: %s", step)
		}
	}

	text := txtar.Format(got)
	if *update {
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(string(txtar.Format(archive)), "\n"), strings.Split(string(text), "\n")); diff != "" {
		t.Errorf("%s is not what the code does; rewrite it with -update and read the difference (-file +code):\n%s", file, diff)
	}
}

// broken puts the parts of a statement on lines of their own, to be read and
// compared.
func broken(statement string) string {
	lines := regexp.MustCompile(` (FROM|WHERE|ORDER BY|LIMIT|MATCH|WITH|RETURN|CROSS JOIN|UNION|CALL)\b`).ReplaceAllString(statement, "\n$1")
	return regexp.MustCompile(`(STARTS|ENDS)\nWITH`).ReplaceAllString(lines, "$1 WITH")
}

// outside drops what stands between quotes.
func outside(sql string) string { return regexp.MustCompile(`'[^']*'`).ReplaceAllString(sql, "") }

// asJSON writes arguments, one per line, parameters in the order of their numbers.
func asJSON(t *testing.T, v any) string {
	t.Helper()
	var lines []string
	one := func(name string, v any) {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, "-- "+name+string(b))
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			one("", x)
		}
	case map[string]any:
		keys := slices.SortedFunc(maps.Keys(v), func(a, b string) int { return number(a) - number(b) })
		for _, k := range keys {
			one(k+" = ", v[k])
		}
	}
	return strings.Join(lines, "\n")
}

func number(param string) int {
	n := 0
	_, _ = fmt.Sscanf(param, "p%d", &n)
	return n
}
