package peer_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"normgraph/graph"
)

// testSchema compares the two schemas type by type, so that a document about
// stored types is valid on both sides or on none. It goes by what our root
// fields need; left out are what Part 2 of schema.graphqls adds and what API.md
// names.
func (s sides) testSchema(t *testing.T) {
	theirs := s.theirTypes(t)
	alone := partTwo(t)
	single := singleRelations()
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		def := graph.Schema().Types[name]
		if seen[name] || def.Kind == ast.Scalar {
			return
		}
		seen[name] = true
		ours := members{}
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") || alone[name+"."+f.Name] || partialDate(name, f) {
				continue
			}
			typ := f.Type.String()
			if single[name+"."+f.Name] {
				typ = strings.TrimSuffix(typ, "!") // the library refuses the mark
			}
			var args []string
			for _, a := range f.Arguments {
				args = append(args, a.Name+": "+a.Type.String())
				visit(a.Type.Name())
			}
			ours[f.Name] = signature(args, typ)
			visit(f.Type.Name())
		}
		for _, v := range def.EnumValues {
			ours[v.Name] = ""
		}
		their, known := theirs[name]
		if !known {
			t.Errorf("the library has no type %s", name)
			return
		}
		if name == "IntAggregateSelection" { // ours has more than 32 bits
			if their["sum"] != signature(nil, "Int") {
				t.Errorf("the library's sum of Int values is %s", their["sum"])
			}
			their["sum"] = signature(nil, "Float")
		}
		for field := range their {
			if theirsAlone(name, field, single) {
				delete(their, field)
			}
		}
		if diff := cmp.Diff(their, ours); diff != "" {
			t.Errorf("%s differs (-library +ours):\n%s", name, excerpt(diff))
		}
	}
	visit("Query")
	for _, node := range graph.Catalog().Nodes {
		if !seen[node.Name] {
			t.Errorf("%s was not compared", node.Name)
		}
	}
}

// partialDate reports whether f compares or aggregates dates, which the library
// takes for a scalar without order.
func partialDate(name string, f *ast.FieldDefinition) bool {
	return f.Type.Name() == "PartialDateAggregateSelection" ||
		name == "PartialDateScalarFilters" && slices.Contains([]string{"lt", "lte", "gt", "gte"}, f.Name)
}

// theirsAlone reports whether we leave a field out on purpose: the connection
// of a single relation, and filters on aggregated values.
func theirsAlone(name, field string, single map[string]bool) bool {
	relation, connection := strings.CutSuffix(field, "Connection")
	return connection && single[strings.TrimSuffix(name, "Where")+"."+relation] ||
		strings.HasSuffix(name, "ConnectionAggregateInput") && (field == "node" || field == "edge")
}

// members are the fields, input fields or values of a type, each with its
// arguments and type as text.
type members map[string]string

func signature(args []string, typ string) string {
	slices.Sort(args)
	return "(" + strings.Join(args, ", ") + ") " + typ
}

// partTwo names the fields, as Type.field, that Part 2 of schema.graphqls adds
// to types.
func partTwo(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	_, part, found := strings.Cut(string(text), "# ==== Part 2")
	if !found {
		t.Fatal("schema.graphqls has no Part 2")
	}
	document, err := parser.ParseSchema(&ast.Source{Input: "#" + part})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, def := range slices.Concat(document.Definitions, document.Extensions) {
		for _, f := range def.Fields {
			names[def.Name+"."+f.Name] = true
		}
	}
	return names
}

// singleRelations names the relations to one node as Type.field.
func singleRelations() map[string]bool {
	names := map[string]bool{}
	for _, node := range graph.Catalog().Nodes {
		for _, r := range node.Relations {
			if !r.List {
				names[node.Name+"."+r.Field] = true
			}
		}
	}
	return names
}

const introspection = `{ __schema { types { kind name
	fields { name args { name type { ...T } } type { ...T } }
	inputFields { name type { ...T } }
	enumValues { name } } } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`

// theirTypes asks the library for what it does not deprecate.
func (s sides) theirTypes(t *testing.T) map[string]members {
	t.Helper()
	a := s.askTheirs(t, question{Query: introspection})
	if f := a.failure(); f != "" {
		t.Fatal(f)
	}
	types := map[string]members{}
	for _, def := range objects(at(a.Data, []string{"__schema", "types"})) {
		m := members{}
		for _, f := range slices.Concat(objects(def["fields"]), objects(def["inputFields"])) {
			var args []string
			for _, x := range objects(f["args"]) {
				args = append(args, x["name"].(string)+": "+typeText(x["type"]))
			}
			m[f["name"].(string)] = signature(args, typeText(f["type"]))
		}
		for _, v := range objects(def["enumValues"]) {
			m[v["name"].(string)] = ""
		}
		types[def["name"].(string)] = m
	}
	return types
}

func objects(v any) []map[string]any {
	list, _ := v.([]any)
	out := make([]map[string]any, len(list))
	for i, x := range list {
		out[i] = x.(map[string]any)
	}
	return out
}

func typeText(v any) string {
	typ := v.(map[string]any)
	switch typ["kind"] {
	case "NON_NULL":
		return typeText(typ["ofType"]) + "!"
	case "LIST":
		return "[" + typeText(typ["ofType"]) + "]"
	}
	return typ["name"].(string)
}
