package graph

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"pgregory.net/rapid"
)

// Folding changes no verdict: a document is valid exactly when it is by all
// rules on the document as it is.
func TestValidate(t *testing.T) {
	valid, conflicts := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var selections func(depth int, typ string) string
		selections = func(depth int, typ string) string {
			var s strings.Builder
			for range rapid.IntRange(1, 3).Draw(t, "selections") {
				alias := rapid.SampledFrom([]string{"", "", "", "", "", "", "", "", "", "a: ", "id: "}).Draw(t, "alias")
				directive := rapid.SampledFrom([]string{"", "", "", " @skip(if: false)", " @include(if: $b)"}).Draw(t, "directive")
				other := map[string]string{"Norm": "Agreement", "Agreement": "Norm"}[typ]
				list := map[string]string{"Norm": "agreements", "Agreement": "norms"}[typ]
				switch n := rapid.IntRange(0, 9).Draw(t, "kind"); {
				case n < 4 || depth > 2:
					s.WriteString(alias + rapid.SampledFrom([]string{"id", "note", "source"}).Draw(t, "leaf") + directive + " ")
				case n < 7:
					arguments := rapid.SampledFrom([]string{"", "", "", "", "", "", "", "", "(limit: 1)", "(limit: $n)"}).Draw(t, "arguments")
					s.WriteString(alias + list + arguments + directive + " { " + selections(depth+1, other) + "} ")
				case n == 7:
					s.WriteString("... on " + typ + directive + " { " + selections(depth+1, typ) + "} ")
				case n == 8:
					s.WriteString("..." + directive + " { " + selections(depth+1, typ) + "} ")
				default:
					s.WriteString("..." + typ + rapid.SampledFrom([]string{"1", "2"}).Draw(t, "spread") + directive + " ")
				}
			}
			return s.String()
		}
		// Fragments of number 2 spread none of number 1, so that few are cycles.
		document := "query($b: Boolean!, $n: Int) { norms { " + selections(0, "Norm") + "} nodes(ids: []) { ... on Norm { " + selections(1, "Norm") + "} ... on Agreement { " + selections(1, "Agreement") + "} }" +
			" p: norms { ...Norm1 } q: norms { ...Norm2 } r: agreements { ...Agreement1 } s: agreements { ...Agreement2 } }"
		for _, typ := range []string{"Norm", "Agreement"} {
			for _, n := range []string{"1", "2"} {
				body := selections(2, typ)
				if n == "2" {
					body = strings.NewReplacer("...Norm1", "id", "...Agreement1", "id", "...Norm2", "note", "...Agreement2", "note").Replace(body)
				}
				document += fmt.Sprintf(" fragment %s%s on %s { %s}", typ, n, typ, body)
			}
		}
		parse := func() *ast.QueryDocument {
			doc, err := parser.ParseQuery(&ast.Source{Input: document})
			if err != nil {
				t.Fatal(err)
			}
			return doc
		}
		// Variables that are not used do not matter here.
		want := validator.ValidateWithRules(Schema(), parse(), but(rules.NoUnusedVariablesRule))
		got := validate(Schema(), parse(), but(overlap, rules.NoUnusedVariablesRule))
		if (len(got) == 0) != (len(want) == 0) {
			t.Fatalf("%s\nfolded: %v\nas it is: %v", document, got, want)
		}
		switch {
		case len(want) == 0:
			valid++
		case strings.Contains(want.Error(), "conflict"):
			conflicts++
		}
	})
	if valid == 0 || conflicts == 0 {
		t.Errorf("%d valid documents, %d with conflicts", valid, conflicts)
	}
	t.Logf("%d valid documents, %d with conflicts", valid, conflicts)
}
