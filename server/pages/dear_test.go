package pages_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"normgraph/documents"
	"normgraph/graph"
	"normgraph/graph/oracle/generate"
)

// TestFiltersOfDocumentsAreChecked: what is too dear for a client is too dear for an
// address, in every variable of every document that filters.
func TestFiltersOfDocumentsAreChecked(t *testing.T) {
	h := handler(nil)
	info, err := held.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, d := range documents.Default().All() {
		parsed, err := parser.ParseQuery(&ast.Source{Input: d.Text})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range parsed.Operations[0].VariableDefinitions {
			name, filters := strings.CutSuffix(v.Type.Name(), "Where")
			n := graph.Catalog().Node(name)
			if !filters || n == nil {
				continue
			}
			where, related := generate.Dear(info, graph.Catalog(), n, 12)
			if related*float64(info.Counts[n.Index].Count) < float64(graph.DefaultLimits().Visited) {
				continue
			}
			tried++
			value, err := json.Marshal(where)
			if err != nil {
				t.Fatal(err)
			}
			variables, err := json.Marshal(map[string]any{v.Variable: where})
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{
				"/data/" + d.Name + ".json?" + v.Variable + "=" + url.QueryEscape(string(value)),
				"/data/" + d.Name + ".csv?variables=" + url.QueryEscape(string(variables)),
				"/embed/" + d.Name + "?variables=" + url.QueryEscape(string(variables)),
			} {
				if status, body, _ := get(t, h, path); status != 400 || !strings.Contains(body, "the operation asks for ") {
					t.Errorf("%.60s…: %d %.300s", path, status, body)
				}
			}
		}
	}
	if tried < 3 {
		t.Errorf("only %d variables were tried", tried)
	}
}
