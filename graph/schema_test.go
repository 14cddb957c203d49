package graph_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph"
	"normgraph/graph/catalog"
)

// TestEverythingIsDescribed: every type, field, argument, input field, enum
// value and directive says what it is.
func TestEverythingIsDescribed(t *testing.T) {
	described := map[string]int{}
	check := func(kind, name, description string) {
		described[kind]++
		if strings.TrimSpace(description) == "" {
			t.Errorf("%s %s has no description", kind, name)
		}
	}
	s := graph.Schema()
	for _, def := range s.Types {
		if def.BuiltIn {
			continue
		}
		check("type", def.Name, def.Description)
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			check("field", def.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				check("argument", def.Name+"."+f.Name+"("+a.Name+":)", a.Description)
			}
		}
		for _, v := range def.EnumValues {
			check("enum value", def.Name+"."+v.Name, v.Description)
		}
	}
	for _, d := range s.Directives {
		if d.Position != nil && d.Position.Src.BuiltIn {
			continue
		}
		check("directive", d.Name, d.Description)
		for _, a := range d.Arguments {
			check("argument", "@"+d.Name+"("+a.Name+":)", a.Description)
		}
	}
	for kind, least := range map[string]int{"type": 300, "field": 1000, "argument": 300, "enum value": 100, "directive": 5} {
		if described[kind] < least {
			t.Errorf("only %d of kind %s were counted", described[kind], kind)
		}
	}
}

// TestSchemaOrderIsStable: the SDL that clients see is the one generated, its
// stored types and their fields stand in the order of schema.graphqls, and
// reading it again gives the same catalog.
func TestSchemaOrderIsStable(t *testing.T) {
	written, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	typ := regexp.MustCompile(`(?m)^type (\w+) implements Node\b`)
	names := func(sdl string) []string {
		var out []string
		for _, m := range typ.FindAllStringSubmatch(sdl, -1) {
			out = append(out, m[1])
		}
		return out
	}
	want := names(string(written))
	if got := names(graph.SDL); !slices.Equal(want, got) || len(want) != 15 {
		t.Errorf("stored types in the SDL %v, in schema.graphqls %v", got, want)
	}
	var stored []string
	for _, n := range graph.Catalog().Nodes {
		stored = append(stored, n.Name)
	}
	if !slices.Equal(want, stored) {
		t.Errorf("the catalog has %v, schema.graphqls %v", stored, want)
	}
	for range 5 {
		again, err := gqlparser.LoadSchema(&ast.Source{Name: "api.graphqls", Input: graph.SDL})
		if err != nil {
			t.Fatal(err)
		}
		c, cerr := catalog.New(again)
		if cerr != nil {
			t.Fatal(cerr)
		}
		if a, b := outline(graph.Catalog()), outline(c); a != b {
			t.Fatalf("two readings of the schema differ:\n%s\n%s", a, b)
		}
	}
}

// outline is a catalog as text.
func outline(c *catalog.Catalog) string {
	var b strings.Builder
	for _, n := range c.Nodes {
		b.WriteString("\n" + n.Name)
		for _, p := range n.Properties {
			b.WriteString(" " + p.Name)
		}
		for _, r := range n.Relations {
			b.WriteString(" " + r.Field + "/" + r.Relationship.Type)
		}
	}
	for _, r := range c.Relationships {
		b.WriteString("\n" + r.Type)
		for _, e := range r.Ends {
			b.WriteString(" " + e.From.Name + "-" + e.To.Name)
		}
		for _, p := range r.Properties {
			b.WriteString(" " + p.Name)
		}
	}
	for _, e := range c.Enums {
		b.WriteString("\n" + e.Name + " " + strings.Join(e.Values, " "))
	}
	return b.String()
}

// TestIntrospectionOfKinds: what a kind of type cannot have is null, what it
// has none of is an empty list.
func TestIntrospectionOfKinds(t *testing.T) {
	const document = `{
		object: __type(name: "Meeting") { ...T }
		interface: __type(name: "Node") { ...T }
		scalar: __type(name: "PartialDate") { ...T }
		enum: __type(name: "SortDirection") { ...T }
		input: __type(name: "MeetingSort") { ...T }
	}
	fragment T on __Type {
		fields { name } interfaces { name } possibleTypes { name } enumValues { name } inputFields { name } isOneOf
	}`
	s := service(t, untouched{tb: t}, false)
	r := s.Execute(t.Context(), graph.Request{Document: document})
	if len(r.Errors) > 0 {
		t.Fatal(r.Errors)
	}
	var data map[string]map[string]any
	if err := json.Unmarshal(r.Data, &data); err != nil {
		t.Fatal(err)
	}
	for name, has := range map[string][]string{
		"object":    {"fields", "interfaces"},
		"interface": {"fields", "interfaces", "possibleTypes"},
		"scalar":    {},
		"enum":      {"enumValues"},
		"input":     {"inputFields", "isOneOf"},
	} {
		for field, value := range data[name] {
			if (value != nil) != slices.Contains(has, field) {
				t.Errorf("%s: %s is %v", name, field, value)
			}
		}
	}
}

// TestSchemaTellsOfItself: what introspection says of the whole, and that a sort key has one field.
func TestSchemaTellsOfItself(t *testing.T) {
	s := service(t, untouched{tb: t}, false)
	r := s.Execute(t.Context(), graph.Request{Document: `{ __schema { description types { name kind isOneOf } } }`})
	var data struct {
		Schema struct {
			Description string
			Types       []struct {
				Name, Kind string
				IsOneOf    bool
			}
		} `json:"__schema"`
	}
	if err := json.Unmarshal(r.Data, &data); err != nil {
		t.Fatal(err, r.Errors)
	}
	if !strings.Contains(data.Schema.Description, "norms for cybersecurity") {
		t.Errorf("the schema's description is %q", data.Schema.Description)
	}
	sorts := 0
	for _, typ := range data.Schema.Types {
		isSort := typ.Kind == "INPUT_OBJECT" && strings.HasSuffix(typ.Name, "Sort")
		if typ.IsOneOf != isSort {
			t.Errorf("%s: isOneOf is %v", typ.Name, typ.IsOneOf)
		}
		if isSort {
			sorts++
		}
	}
	if sorts < 15 {
		t.Errorf("%d sort types", sorts)
	}
}
