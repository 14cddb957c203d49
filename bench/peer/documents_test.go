package peer_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// testDocuments sends every operation of testdata/*.graphql to both sides and
// compares the data. Variables are in testdata/variables.json by operation.
func (s sides) testDocuments(t *testing.T) {
	files, err := filepath.Glob("testdata/*.graphql")
	if err != nil {
		t.Fatal(err)
	}
	variables := readVariables(t)
	asked := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		document, err := parser.ParseQuery(&ast.Source{Name: file, Input: string(text)})
		if err != nil {
			t.Fatal(err)
		}
		for _, operation := range document.Operations {
			name := strings.TrimSuffix(filepath.Base(file), ".graphql") + "/" + operation.Name
			t.Run(name, func(t *testing.T) {
				if wrong := s.disagreement(t, question{string(text), operation.Name, variables[operation.Name]}); wrong != "" {
					t.Error(wrong)
				}
			})
			delete(variables, operation.Name)
			asked++
		}
	}
	if asked < 60 {
		t.Errorf("only %d documents; expected at least 60", asked)
	}
	for name := range variables {
		t.Errorf("variables.json speaks of an operation %s, which no file has", name)
	}
}

func readVariables(t *testing.T) map[string]map[string]any {
	t.Helper()
	text, err := os.ReadFile("testdata/variables.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// lastDigit lets averages differ there: we divide a sum, the library's server
// keeps a running mean.
var lastDigit = cmpopts.EquateApprox(1e-14, 0)

// disagreement asks both sides and says what is wrong: an error of either, or
// data that differ. It is "" when they agree.
func (s sides) disagreement(t *testing.T, q question) string {
	t.Helper()
	ours, theirs := s.askOurs(t, q), s.askTheirs(t, q)
	if f := ours.failure(); f != "" {
		return "we refuse: " + f
	}
	if f := theirs.failure(); f != "" {
		return "the library refuses: " + f
	}
	if diff := cmp.Diff(maskCursors(theirs.Data), maskCursors(ours.Data), lastDigit); diff != "" {
		return "answers differ (-library +ours):\n" + excerpt(diff)
	}
	return ""
}

// maskCursors leaves of a cursor only whether there is one: its text is each
// side's own.
func maskCursors(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = maskCursors(v[i])
		}
	case map[string]any:
		for key, x := range v {
			_, text := x.(string)
			if text && (key == "cursor" || key == "startCursor" || key == "endCursor") {
				v[key] = "(a cursor)"
			} else {
				v[key] = maskCursors(x)
			}
		}
	}
	return v
}

func excerpt(diff string) string {
	const most = 4000
	if len(diff) > most {
		return fmt.Sprintf("%s\n… %d characters more", diff[:most], len(diff)-most)
	}
	return diff
}
