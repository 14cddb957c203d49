package documents

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Each bundled document is one named query whose default variables are those that it declares.
func TestBundled(t *testing.T) {
	all := Bundled()
	if len(all) < 10 {
		t.Fatalf("%d documents are bundled, at least 10 were expected", len(all))
	}
	titles := map[string]string{}
	for _, document := range all {
		t.Run(document.Name, func(t *testing.T) {
			if other, taken := titles[document.Title]; taken {
				t.Errorf("same title as %s", other)
			}
			titles[document.Title] = document.Name
			parsed, err := parser.ParseQuery(&ast.Source{Name: document.Name, Input: document.Text})
			if err != nil {
				t.Fatal(err)
			}
			if len(parsed.Operations) != 1 || parsed.Operations[0].Name == "" || parsed.Operations[0].Operation != ast.Query {
				t.Fatal("one named query was expected")
			}
			var variables map[string]json.RawMessage
			if err := json.Unmarshal(document.Variables, &variables); err != nil {
				t.Fatal(err)
			}
			declared := parsed.Operations[0].VariableDefinitions
			if len(declared) != len(variables) {
				t.Errorf("%d variables are declared, %d have a default in the head", len(declared), len(variables))
			}
			for _, variable := range declared {
				if _, ok := variables[variable.Variable]; !ok {
					t.Errorf("$%s has no default in the head", variable.Variable)
				}
			}
		})
	}
}

// A selection of assessments that does not say by which method and coder they were made would mislead.
func TestAssessmentsShowMethodAndCoder(t *testing.T) {
	for _, document := range Bundled() {
		parsed, err := parser.ParseQuery(&ast.Source{Name: document.Name, Input: document.Text})
		if err != nil {
			t.Fatal(err)
		}
		var walk func(path string, set ast.SelectionSet)
		walk = func(path string, set ast.SelectionSet) {
			fields := map[string]*ast.Field{}
			for _, selection := range set {
				switch selection := selection.(type) {
				case *ast.Field:
					fields[selection.Name] = selection
					walk(path+"."+selection.Name, selection.SelectionSet)
				case *ast.InlineFragment:
					walk(path, selection.SelectionSet)
				}
			}
			for _, judgement := range []string{"relevance", "conduct", "mitigation"} {
				if fields[judgement] == nil {
					continue
				}
				coder := fields["coder"]
				if fields["method"] == nil || coder == nil || coder.SelectionSet == nil {
					t.Errorf("%s: %s shows %s without method and coder", document.Name, path, judgement)
				}
			}
		}
		walk("", parsed.Operations[0].SelectionSet)
	}
}

func TestParseNamesWhatIsWrong(t *testing.T) {
	const good = "# title: T\n# explain: E\n# view: json\n"
	cases := map[string]struct{ text, want string }{
		"no title":            {"# explain: E\n# view: json\n{ a }", "no title"},
		"no explain":          {"# title: T\n# view: json\n{ a }", "no explain"},
		"unknown view":        {"# title: T\n# explain: E\n# view: map\n{ a }", `view is "map"`},
		"unknown key":         {good + "# author: A\n{ a }", `q.graphql:4: unknown key "author"`},
		"variables no JSON":   {good + "# variables: {a}\n{ a }", "q.graphql:4: variables must be"},
		"variables no object": {good + "# variables: null\n{ a }", "q.graphql:4: variables must be"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := parse("q.graphql", c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
	document, err := parse("q.graphql", good+"# variables: {\"a\": [1]}\n{ a }")
	if err != nil || document.Title != "T" || document.Explain != "E" || document.View != "json" || string(document.Variables) != `{"a": [1]}` {
		t.Errorf("got %+v, %v", document, err)
	}
}

// TestByteOrderMark: what an editor put before a document is no part of it.
func TestByteOrderMark(t *testing.T) {
	bundled, _ := Default().Find("signed-and-party")
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "mine.graphql"), []byte("\ufeff"+bundled.Text), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	if d, ok := set.Find(bundled.Hash()); !ok || d.Text != bundled.Text {
		t.Errorf("%t %.80q", ok, d.Text)
	}
}
