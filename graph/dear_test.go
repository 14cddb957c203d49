package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph"
	"normgraph/graph/oracle/generate"
)

// TestEveryFilterIsChecked: a filter that looks at too much is refused before a
// statement is sent, in every argument of every root field that filters.
func TestEveryFilterIsChecked(t *testing.T) {
	st := &watched{Store: loaded(t, bundled(t))}
	limits := graph.DefaultLimits()
	limits.Subqueries = 1000 // which would refuse some of them sooner
	s, err := graph.New(st, graph.Options{Limits: limits, Log: logged(t)})
	if err != nil {
		t.Fatal(err)
	}
	info, err := st.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]int{} // by field
	for _, f := range graph.Schema().Query.Fields {
		for _, a := range f.Arguments {
			name, filters := strings.CutSuffix(a.Type.Name(), "Where")
			n := graph.Catalog().Node(name)
			if !filters || n == nil {
				continue
			}
			where, related := generate.Dear(info, graph.Catalog(), n, 12)
			if related*float64(info.Counts[n.Index].Count) < float64(graph.DefaultLimits().Visited) {
				continue // no filter of this type is too dear
			}
			variables, err := json.Marshal(map[string]any{"w": where})
			if err != nil {
				t.Fatal(err)
			}
			document := fmt.Sprintf("query($w: %s) { %s(%s%s: $w) %s }", a.Type, f.Name, required(f), a.Name, leaf(f.Type))
			r := s.Execute(t.Context(), graph.Request{Document: document, Variables: variables})
			if r.Code() != graph.CodeLimit || r.Errors[0].Extensions["limit"] != "visited" {
				t.Errorf("%s: %v\n%s", document, r.Errors, variables)
			}
			tried[f.Name]++
		}
	}
	if n := st.statements.Load(); n > 0 {
		t.Errorf("%d statements were sent", n)
	}
	if len(tried) < 20 || tried["normContinuity"] != 3 {
		t.Errorf("only %v were tried", tried)
	}
}

// required gives a value to each argument of f that must have one.
func required(f *ast.FieldDefinition) string {
	var s strings.Builder
	for _, a := range f.Arguments {
		if !a.Type.NonNull || a.DefaultValue != nil {
			continue
		}
		value := `"x"`
		if def := graph.Schema().Types[a.Type.Name()]; def.Kind == ast.Enum {
			value = def.EnumValues[0].Name
		}
		s.WriteString(a.Name + ": " + value + ", ")
	}
	return s.String()
}

// leaf selects the first scalar at or below a type.
func leaf(typ *ast.Type) string {
	def := graph.Schema().Types[typ.Name()]
	if def.IsLeafType() {
		return ""
	}
	for _, f := range def.Fields {
		if graph.Schema().Types[f.Type.Name()].IsLeafType() {
			return "{ " + f.Name + " }"
		}
	}
	return "{ " + def.Fields[0].Name + " " + leaf(def.Fields[0].Type) + " }"
}

// TestWorkIsBounded: what gives few rows for the work of a minute is refused before
// a statement is sent, and something like it that takes milliseconds is not.
func TestWorkIsBounded(t *testing.T) {
	st := &watched{Store: loaded(t, bundled(t))}
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), Log: logged(t)})
	if err != nil {
		t.Fatal(err)
	}
	document := func(signatories, aliases int) string {
		var below strings.Builder
		for i := range aliases {
			fmt.Fprintf(&below, "a%d: signatoriesConnection(first: 0) { aggregate { node { name { shortest longest } source { shortest longest } } } } ", i)
		}
		return fmt.Sprintf("{ signatories(limit: %d) { agreements(limit: 3) { %s} } }", signatories, below.String())
	}
	r := s.Execute(t.Context(), graph.Request{Document: document(500, 16)})
	if n := st.statements.Load(); r.Code() != graph.CodeLimit || r.Errors[0].Extensions["limit"] != "points" || n > 0 {
		t.Errorf("%d statements, %v", n, r.Errors)
	}
	if r := s.Execute(t.Context(), graph.Request{Document: document(2, 2)}); len(r.Errors) > 0 {
		t.Error(r.Errors)
	}
}
