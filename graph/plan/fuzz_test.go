package plan_test

import (
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"golang.org/x/tools/txtar"

	"normgraph/graph"
	"normgraph/graph/input"
	"normgraph/graph/plan"
	"normgraph/graph/scan"
	"normgraph/graph/store/neo4j"
	"normgraph/graph/store/sqlite"
)

var parameter = regexp.MustCompile(`\$(\w+)`)

// FuzzCompile: whatever a document says, Build never panics, a plan becomes one
// statement on both stores, its values are parameters, one per placeholder, and
// the SQL prepares.
func FuzzCompile(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(a.Files[0].Data))
	}
	embedded, err := sqlite.Open(f.Context(), graph.Catalog(), sqlite.Memory)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { embedded.Close() })
	f.Fuzz(func(t *testing.T, document string) {
		p := built(t, document)
		if p == nil || len(p.Roots) == 0 {
			return
		}
		sql, args := sqlite.Compile(p, graph.Catalog())
		if n := strings.Count(outside(sql), "?"); n != len(args) {
			t.Errorf("%d placeholders and %d arguments in %s", n, len(args), sql)
		}
		if strings.Contains(outside(sql), ";") {
			t.Errorf("more than one statement: %s", sql)
		}
		if _, err := embedded.Explain(t.Context(), p); err != nil {
			t.Errorf("%v\n%s", err, sql)
		}
		cypher, params := neo4j.Compile(p)
		named := map[string]bool{}
		for _, m := range parameter.FindAllStringSubmatch(cypher, -1) {
			named[m[1]] = true
			if _, ok := params[m[1]]; !ok {
				t.Errorf("parameter %s has no value in %s", m[0], cypher)
			}
		}
		if len(named) != len(params) || strings.Contains(cypher, ";") {
			t.Errorf("%d parameters named, %d given, or more than one statement: %s", len(named), len(params), cypher)
		}
	})
}

// built is the plan of the document's first operation; nil when the document is
// refused before there is one.
func built(t *testing.T, document string) *plan.Plan {
	if _, err := scan.Document(document, scan.DefaultLimits()); err != nil {
		return nil
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil || len(doc.Operations) == 0 {
		return nil
	}
	if len(validator.ValidateWithRules(graph.Schema(), doc, rules.NewDefaultRules())) > 0 {
		return nil
	}
	op := doc.Operations[0]
	vars, err := input.Variables(graph.Schema(), op, nil)
	if err != nil {
		return nil
	}
	p, err := plan.Build(plan.Operation{Schema: graph.Schema(), Catalog: graph.Catalog(), Doc: doc, Operation: op, Variables: vars,
		Limits: plan.Limits{Depth: 12, Selections: 200}})
	var bad *plan.InputError
	var limit *plan.LimitError
	if err != nil && !errors.As(err, &bad) && !errors.As(err, &limit) {
		t.Errorf("an error of another kind: %v", err)
	}
	return p
}
