package pages

import (
	"encoding/json"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"normgraph/graph/catalog"
)

// Types that the schema may get: with another name field, without any, and with
// nothing to be called by.
const newTypes = `
type Voice implements Node @node { id: ID! title: String text: String! kind: String! year: Int! @yearOf(field: "date") date: PartialDate basis: Basis!
  of: [Link!]! @relationship(type: "SAYS", direction: IN) }
type Link implements Node @node { id: ID! from: Voice @relationship(type: "SAYS", direction: OUT) to: Voice @relationship(type: "HEARS", direction: OUT) }
type Bare implements Node @node { id: ID! weight: Float }
enum Basis { SOURCED UNVERIFIED }
`

// A node of any type has a selection and a line.
func TestBriefOfAnyType(t *testing.T) {
	parsed, err := parser.ParseSchema(&ast.Source{Name: "new.graphqls", Input: newTypes})
	if err != nil {
		t.Fatal(err)
	}
	s := &ast.Schema{Types: map[string]*ast.Definition{}}
	for _, d := range parsed.Definitions {
		s.Types[d.Name] = d
	}
	cat, err := catalog.New(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ kind, selects, answer, label, facts string }{
		{"Voice", "__typename id title text date kind basis", `{"id": "v", "title": "A voice", "date": "2019-05", "kind": "LOUD voice"}`, "A voice", "2019-05 · LOUD voice"},
		{"Voice", "__typename id title text date kind basis", `{"id": "v", "title": null, "text": "What it said"}`, "What it said", ""},
		{"Link", "__typename id from { id title text } to { id title text }",
			`{"id": "l", "from": {"id": "v", "text": "V"}, "to": {"id": "w", "title": null}}`, "V × w", ""},
		{"Link", "__typename id from { id title text } to { id title text }", `{"id": "l", "from": null, "to": null}`, "l", ""},
		{"Bare", "__typename id", `{"id": "b"}`, "b", ""},
	} {
		n := cat.Node(c.kind)
		if got := briefOf(n); got != c.selects {
			t.Errorf("%s: selects %q, want %q", c.kind, got, c.selects)
		}
		var values map[string]json.RawMessage
		if err := json.Unmarshal([]byte(c.answer), &values); err != nil {
			t.Fatal(err)
		}
		var b brief
		if err := b.read(n, values); err != nil || b.Label != c.label || b.Facts != c.facts {
			t.Errorf("%s %s: %q, %q, %v", c.kind, c.answer, b.Label, b.Facts, err)
		}
	}
}

// The addresses in a text, and what is around them.
func TestValueOf(t *testing.T) {
	for text, want := range map[string][]string{
		"": nil, "no address": nil, "http://": nil, "https:///path": nil, "javascript:alert(1)": nil,
		"https://example.org":               {"https://example.org"},
		"https://example.org/a_(b)":         {"https://example.org/a_(b)"},
		"https://example.org/list (page 3)": {"https://example.org/list"},
		"(see https://example.org/a_(b)), and “http://b.example/?q=1&r=2”.": {"https://example.org/a_(b)", "http://b.example/?q=1&r=2"},
		"two; https://a.example/x; https://b.example.":                      {"https://a.example/x", "https://b.example"},
		"<https://a.example/x>":                                             {"https://a.example/x"},
	} {
		v := valueOf(text)
		var links []string
		joined := ""
		for _, p := range v.Parts {
			joined += p.Text
			if p.Href != "" {
				links = append(links, p.Href)
			}
		}
		if joined != text || v.Text != text {
			t.Errorf("%q: its parts make %q", text, joined)
		}
		if len(links) != len(want) {
			t.Errorf("%q: links %q, want %q", text, links, want)
			continue
		}
		for i := range want {
			if links[i] != want[i] {
				t.Errorf("%q: links %q, want %q", text, links, want)
			}
		}
	}
}
