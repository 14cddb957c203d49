package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

const module = "../../.."

var update = flag.Bool("update", false, "rewrite the schema of the stores' tests; read the difference")

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// absModule is for tests that leave the working directory.
func absModule(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(module)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestGeneratedFilesAreFresh(t *testing.T) {
	if testing.Short() {
		t.Skip("generates everything")
	}
	dir := absModule(t)
	t.Chdir(dir)
	if err := stale(dir); err != nil {
		t.Error(err)
	}
}

func TestStaleFilesAreNamed(t *testing.T) {
	if testing.Short() {
		t.Skip("generates everything")
	}
	dir := t.TempDir()
	if err := copySources(dir, module); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	if err := generate(false); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{rootsFile: "package graph\n", "graph/model/old_gen.go": "package model\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := rootsFile + " is stale: run go generate ./... and commit the result\n" +
		"graph/model/old_gen.go is stale: run go generate ./... and commit the result"
	if err := stale(dir); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// The tests of the stores have a schema that is not the bundled one, and what
// follows from it.
func TestForeignSchema(t *testing.T) {
	const folder = module + "/graph/store/storetest/testdata/foreign/"
	a, err := newAPI(&ast.Source{Name: domainFile, Input: read(t, folder+domainFile)})
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(folder+"api.graphqls", []byte(a.sdl), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(read(t, folder+"api.graphqls"), a.sdl); diff != "" {
		t.Errorf("go test ./graph/internal/gen -run TestForeignSchema -update (-file +generated):\n%s", diff)
	}
}

// A new type with a relation takes an edit of the schema and go generate.
func TestNewType(t *testing.T) {
	if testing.Short() {
		t.Skip("generates and compiles everything")
	}
	dir := t.TempDir()
	if err := copySources(dir, module); err != nil {
		t.Fatal(err)
	}
	sdl := read(t, module+"/"+domainFile) + read(t, "testdata/training.graphqls")
	t.Chdir(dir)
	if err := os.WriteFile(domainFile, []byte(sdl), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := generate(true); err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: apiFile, Input: read(t, apiFile)})
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	rel := cat.Node("Norm").Relation("trainings")
	if rel == nil || rel.Out || rel.Target != cat.Node("Training") || !rel.Relationship.Parallel() {
		t.Errorf("Norm.trainings is %+v", rel)
	}
	const query = `{
		trainings(where: { norms: { some: { name: { contains: "x" } } }, date: { gte: "2020" } }, sort: [{ title: ASC }], limit: 5) { id languages }
		norms {
			trainingsConnection(where: { edge: { hours: { gt: 1.5 } } }, sort: [{ edge: { hours: DESC } }]) {
				edges { properties { hours } node { title } }
				aggregate { edge { hours { average } } node { date { min } } count { edges } }
			}
		}
		search(query: "x", kinds: [Training]) { edges { node { ... on Training { title } } } }
	}`
	if _, errs := gqlparser.LoadQueryWithRules(schema, query, nil); errs != nil {
		t.Error(errs)
	}
	// generate has compiled models and executor; this is the service around them.
	if out, err := exec.Command("go", "build", "./graph").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestMistakes(t *testing.T) {
	const query = "type Query { x: Int }\n"
	cases := []struct{ name, sdl, want string }{
		{"syntax", query + `type A @node { id: ID! `, `x:2:24: Expected Name, found <EOF>`},
		{"catalog", query + `type A @node { name: String }`, `x:2: stored type A needs the field id: ID!`},
		{"no Query", `type A @node { id: ID! }`, `schema.graphqls: type Query is missing; add it, if only with the field node`},
		{"name of a generated type", query + `type A @node { id: ID! }
			input AWhere { x: Int }`, `x:3: type AWhere is generated; rename yours`},
		{"name of a generated field", query + `type A @node { id: ID!
			as: [A!]! @relationship(type: "R", direction: OUT)
			bs: [A!]! @relationship(type: "S", direction: OUT)
			bsConnection: Int }`, `x:5: A.bsConnection is generated; rename or remove yours`},
		{"name of a root field", "type Query {\n as: Int }\n" + `type A @node { id: ID! }`, `x:2: Query.as is generated; rename or remove yours`},
		{"arguments of a relation", query + `type A @node { id: ID!
			as(first: Int): [A!]! @relationship(type: "R", direction: OUT) }`, `x:3: A.as: the arguments of a relation are generated; remove yours`},
		{"name of a method", query + `type A @node { id: ID!
			set: String }`, `x:3: A.set: the generated models use this name; choose another`},
		{"fields that are one in Go", query + `type A @node { id: ID! shortTitle: String
			short_title: String }`, `x:3: A.short_title: the field and shortTitle are both ShortTitle in Go; rename one`},
		{"field AND", query + `type A @node { id: ID!
			AND: String }`, `x:3: AWhere.AND: the filters have a field of this name; choose another`},
		{"relation OR", query + `type A @node { id: ID!
			OR: [A!]! @relationship(type: "R", direction: OUT) }`, `x:3: AWhere.OR: the filters have a field of this name; choose another`},
		{"the connection of a relation and of a type", query + `type A @node { id: ID!
			b: [A!]! @relationship(type: "R", direction: OUT) }
			type B @node @plural(value: "aB") { id: ID! }`, `x:4: B: a generated type ABConnection is there already, from A; rename one of the two or their relations`},
		{"a plural that is a connection", query + `type A @node { id: ID! }
			type B @node @plural(value: "asConnection") { id: ID! }`, `x:3: B: a generated field Query.asConnection is there already; give the type another plural by @plural`},
		{"a relationship that is a direction of another", query + `type A @node { id: ID!
			as: [A!]! @relationship(type: "R", direction: OUT)
			bs: [A!]! @relationship(type: "R_OUT", direction: OUT) }`, `x:4: RelationshipType.R_OUT: the value is there twice; rename the relationship that it is made from, or the one that begins as it does`},
		{"two columns", query + `type A @node { id: ID!
			bs: [B!]! @relationship(type: "R", direction: OUT, properties: "P") }
			type B @node { id: ID! }
			type P @relationshipProperties {
			a: Int }`, `x:6: r.csv would have two columns a; rename the field`},
		{"filters of properties", query + `type A @node { id: ID!
			as: [A!]! @relationship(type: "R", direction: OUT, properties: "P") }
			type P @relationshipProperties { a: Int }
			input PWhere { x: Int }`, `x:5: type PWhere is generated; rename yours`},
		{"misspelt directive", query + declared + `type A @node { id: ID!
			name: String @serach }`, `x:5:18: Undefined directive serach.`},
		{"undefined type of a payload", query + declared + `type A @node { id: ID! }
			type B { c: C }`, `x:5:16: Undefined type C.`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := newAPI(&ast.Source{Name: "x", Input: c.sdl})
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// declared are the directives that the cases use, on two lines.
const declared = `directive @node on OBJECT directive @search(weight: Int! = 1) on FIELD_DEFINITION
directive @relationship(type: String!, direction: String!) on FIELD_DEFINITION
`

func TestMistakeWritesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile(domainFile, []byte("type A @node { name: String }"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := generate(false); err == nil || !strings.HasPrefix(err.Error(), "nothing was generated:\nschema.graphqls:1: ") {
		t.Errorf("got %v", err)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
}

// Everything that clients see is described, and nothing is deprecated.
func TestDescriptions(t *testing.T) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: apiFile, Input: read(t, module+"/"+apiFile)})
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	check := func(name, text string, directives ast.DirectiveList) {
		count++
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s is not described", name)
		}
		if directives.ForName("deprecated") != nil {
			t.Errorf("%s is deprecated", name)
		}
	}
	arguments := func(owner string, list ast.ArgumentDefinitionList) {
		for _, arg := range list {
			check(owner+"("+arg.Name+":)", arg.Description, arg.Directives)
		}
	}
	for _, d := range schema.Directives {
		if d.Position.Src.BuiltIn {
			continue
		}
		check("@"+d.Name, d.Description, nil)
		arguments("@"+d.Name, d.Arguments)
	}
	for _, def := range schema.Types {
		if def.BuiltIn {
			continue
		}
		check(def.Name, def.Description, def.Directives)
		for _, f := range def.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				check(def.Name+"."+f.Name, f.Description, f.Directives)
				arguments(def.Name+"."+f.Name, f.Arguments)
			}
		}
		for _, v := range def.EnumValues {
			check(def.Name+"."+v.Name, v.Description, v.Directives)
		}
	}
	if count < 2000 {
		t.Errorf("only %d descriptions: the check does not see the schema", count)
	}
}

// Printing keeps what was parsed, whatever the descriptions hold.
func TestPrint(t *testing.T) {
	const sdl = `"Says \"hi\"."
directive @node on OBJECT
directive @relationship(
  "Like \\d+"
  type: String! = "a\"b"
  direction: D!
) repeatable on FIELD_DEFINITION | OBJECT
"""
Two
lines with \""" in it
"""
union U = A | B
enum D { IN OUT @deprecated(reason: "so \"what\"") }
type A @node { id: ID! }
type B { x(y: [Int!] = [1, 2]): String }
input I { d: D = IN, o: I = { d: OUT } }
type Query { u: U, i(i: I): Int }`
	a, err := newAPI(&ast.Source{Name: "x", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	again, err := newAPI(&ast.Source{Name: "x", Input: strip(t, a)})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a.sdl, again.sdl); diff != "" {
		t.Error(diff)
	}
	for _, text := range []string{`Says "hi".`, `Like \d+`, `lines with \""" in it`, `= "a\"b"`, `reason: "so \"what\""`} {
		if !strings.Contains(a.sdl, text) {
			t.Errorf("%s is missing from\n%s", text, a.sdl)
		}
	}
}

// strip prints the hand-written part of an api, with what was derived taken out.
func strip(t *testing.T, a *api) string {
	t.Helper()
	kept := &api{doc: &ast.SchemaDocument{Directives: a.doc.Directives}}
	for _, def := range a.doc.Definitions {
		if def.Position == nil {
			continue
		}
		var fields ast.FieldList
		for _, f := range def.Fields {
			if f.Position != nil {
				fields = append(fields, f)
			}
		}
		def.Fields = fields
		kept.doc.Definitions = append(kept.doc.Definitions, def)
	}
	return kept.print()
}
