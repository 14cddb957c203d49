package graph_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// module lists the packages of the module with all that they depend on.
func module(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Deps", "normgraph/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	deps := map[string][]string{}
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p struct {
			ImportPath string
			Deps       []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		deps[p.ImportPath] = p.Deps
	}
	return deps
}

// TestImportsGoOneWay says for each layer which packages of the module it may
// depend on, directly or not, and which libraries it must not. Package paths
// are below normgraph/graph.
func TestImportsGoOneWay(t *testing.T) {
	const (
		gqlgen = `github\.com/99designs/gqlgen(/.*)?`
		sql    = `modernc\.org/sqlite(/.*)?|database/sql`
		bolt   = `github\.com/neo4j/.*`
		test   = `testing|pgregory\.net/rapid`
		base   = "catalog|text|input"
	)
	deps := module(t)
	for _, layer := range []struct{ name, may, never string }{
		{"catalog", "", gqlgen + "|" + sql + "|" + bolt},
		{"text", "", gqlgen + "|" + sql + "|" + bolt},
		{"scan", "", gqlgen + "|" + sql + "|" + bolt},
		{"cores", "", gqlgen + "|" + sql + "|" + bolt},
		{"continuity", "cores", gqlgen + "|" + sql + "|" + bolt},
		{"input", "catalog", gqlgen + "|" + sql + "|" + bolt},
		{"plan", base, gqlgen + "|" + sql + "|" + bolt},
		{"row", base + "|plan", gqlgen + "|" + sql + "|" + bolt},
		{"entity", base + "|plan|row", sql + "|" + bolt},
		{"model", base + "|plan|row|entity", sql + "|" + bolt},
		{"store", base + "|plan|row", gqlgen + "|" + sql + "|" + bolt},
		{"store/sqlite", base + "|cores|plan|row|store", gqlgen + "|" + bolt},
		{"store/neo4j", base + "|plan|row|store", gqlgen + "|" + sql},
		{"gate", base + "|cores|plan|row|store", gqlgen + "|" + sql + "|" + bolt},
		{"analysis", base + "|cache|cores|continuity|gate|plan|row|store", gqlgen + "|" + sql + "|" + bolt},
		{"introspection", base + "|plan|row", gqlgen + "|" + sql + "|" + bolt},
		{"../seed", base + "|plan|row|store", gqlgen + "|" + sql + "|" + bolt},
		{"", base + "|analysis|cache|cores|continuity|entity|gate|internal/exec|introspection|model|plan|row|scan|store", sql + "|" + bolt + "|" + test},
		{"../server", ".*", test + "|normgraph/graph/(oracle|store/storetest|store/neo4j/devserver/devtest)(/.*)?"},
	} {
		pkg := strings.TrimSuffix("normgraph/graph/"+layer.name, "/")
		pkg = strings.ReplaceAll(pkg, "graph/../", "")
		list, ok := deps[pkg]
		if !ok {
			t.Errorf("no package %s", pkg)
			continue
		}
		may, never := regexp.MustCompile(`^normgraph/graph/(`+layer.may+`)$`), regexp.MustCompile(`^(`+layer.never+`)$`)
		for _, dep := range list {
			ours := strings.HasPrefix(dep, "normgraph/") && layer.name != "../server"
			if ours && !may.MatchString(dep) || never.MatchString(dep) {
				t.Errorf("%s must not depend on %s", pkg, dep)
			}
		}
	}
}
