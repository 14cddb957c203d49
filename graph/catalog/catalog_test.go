package catalog_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"normgraph/graph/catalog"
)

// parse reads SDL as the generator does: parsed, not validated.
func parse(t *testing.T, name, sdl string) *ast.Schema {
	t.Helper()
	doc, err := parser.ParseSchema(&ast.Source{Name: name, Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	s := &ast.Schema{Types: map[string]*ast.Definition{}}
	for _, def := range doc.Definitions {
		s.Types[def.Name] = def
	}
	return s
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestMistakes(t *testing.T) {
	cases := []struct{ name, sdl, want string }{
		{"no id", `type A @node { name: String! }`,
			`x:1: stored type A needs the field id: ID!`},
		{"nullable id", `type A @node { id: ID }`,
			`x:1: stored type A needs the field id: ID!`},
		{"target that is not stored", `
			type A @node { id: ID!
				bs: [B!]! @relationship(type: "R", direction: OUT) }
			type B { id: ID! }`,
			`x:3: A.bs: @relationship must lead to a type with @node; B has none`},
		{"target that does not exist", `
			type A @node { id: ID!
				bs: [B!]! @relationship(type: "R", direction: OUT) }`,
			`x:3: A.bs: @relationship must lead to a type with @node; B has none`},
		{"no direction", `
			type A @node { id: ID!
				as: [A!]! @relationship(type: "R") }`,
			`x:3: A.as: @relationship needs a type and a direction, such as type: "CONTAINS", direction: OUT`},
		{"list with nulls", `
			type A @node { id: ID!
				as: [A] @relationship(type: "R", direction: OUT) }`,
			`x:3: A.as: a relation to many nodes must be of the form [A!]!, not [A]`},
		{"properties on one side only", `
			type A @node { id: ID!
				bs: [B!]! @relationship(type: "R", direction: OUT, properties: "P") }
			type B @node { id: ID!
				as: [A!]! @relationship(type: "R", direction: IN) }
			type P @relationshipProperties { x: Int }`,
			`x:5: B.as: relationship R has properties "" here and "P" elsewhere; name the same type on both sides`},
		{"different properties", `
			type A @node { id: ID!
				bs: [B!]! @relationship(type: "R", direction: OUT, properties: "P") }
			type B @node { id: ID!
				as: [A!]! @relationship(type: "R", direction: IN, properties: "Q") }
			type P @relationshipProperties { x: Int }
			type Q @relationshipProperties { x: Int }`,
			`x:5: B.as: relationship R has properties "Q" here and "P" elsewhere; name the same type on both sides`},
		{"properties without their directive", `
			type A @node { id: ID!
				as: [A!]! @relationship(type: "R", direction: OUT, properties: "P") }
			type P { x: Int }`,
			`x:3: A.as: properties "P" must name a type with @relationshipProperties`},
		{"the same relation twice", `
			type A @node { id: ID!
				as: [A!]! @relationship(type: "R", direction: OUT)
				bs: [A!]! @relationship(type: "R", direction: OUT) }`,
			`x:4: A.bs reads the same relationship as A.as; remove one`},
		{"keyword of Go", `
			type A @node { id: ID!
				as(type: String): [A!]! @relationship(type: "R", direction: OUT) }`,
			`x:3: A.as: argument "type" is a keyword of Go; choose another name`},
		{"arguments of a stored field", `
			type A @node { id: ID!
				name(first: Int): String }`,
			`x:3: A.name: a stored field takes no arguments; add @relationship to make it a relation`},
		{"object as stored field", `
			type A @node { id: ID!
				b: B! }
			type B @node { id: ID! }`,
			`x:3: A.b: type B! cannot be stored; use a scalar, an enum, or add @relationship to reach a stored type`},
		{"unknown scalar", `
			type A @node { id: ID!
				at: Time }`,
			`x:3: A.at: type Time cannot be stored; use a scalar, an enum, or add @relationship to reach a stored type`},
		{"list of lists", `
			type A @node { id: ID!
				tags: [[String!]!] }`,
			`x:3: A.tags: a stored list must be of the form [String!]`},
		{"list with null elements", `
			type A @node { id: ID!
				tags: [String] }`,
			`x:3: A.tags: a stored list must be of the form [String!]`},
		{"search on a number", `
			type A @node { id: ID!
				n: Int @search }`,
			`x:3: A.n: @search goes on a field of String, of an enum or of CountryCode, or on a list of these`},
		{"search of no weight", `
			type A @node { id: ID!
				name: String @search(weight: 0) }`,
			`x:3: A.name: @search(weight: 0): the weight is 1, or 3 for names and titles, whose matches come first`},
		{"search of a third weight", `
			type A @node { id: ID!
				name: String @search(weight: 2) }`,
			`x:3: A.name: @search(weight: 2): the weight is 1, or 3 for names and titles, whose matches come first`},
		{"odd relationship type", "\n" + `
			type A @node { id: ID!
				as: [A!]! @relationship(type: "it's ` + "`so`" + `", direction: OUT) }`,
			`x:4: A.as: @relationship(type: "it's ` + "`so`" + `"): the type becomes a value of RelationshipType; use letters, digits and _, beginning with a letter, such as "CONTAINS"`},
		{"reserved relationship type", `
			type A @node { id: ID!
				as: [A!]! @relationship(type: "null", direction: OUT) }`,
			`x:3: A.as: @relationship(type: "null"): the type becomes a value of RelationshipType; use letters, digits and _, beginning with a letter, such as "CONTAINS"`},
		{"types that differ in case", `
			type Norm @node { id: ID! }
			type NORM @node { id: ID! }`,
			`x:3: type NORM and type Norm (line 2) would be the same table, where case does not count; rename one`},
		{"relationships that differ in case", `
			type A @node { id: ID!
				as: [A!]! @relationship(type: "R", direction: OUT)
				bs: [A!]! @relationship(type: "r", direction: OUT) }`,
			"x:4: relationship r and relationship R (line 3) would be the same table, where case does not count; rename one\n" +
				"x:4: relationship r and relationship R (line 3) would be the same index, where case does not count; rename one"},
		{"fields that differ in case", `
			type A @node { id: ID!
				x: Int
				X: Boolean }`,
			`x:4: A.X and A.x (line 3) would be the same column of A, where case does not count; rename one`},
		{"an index of a field and of a relationship", `
			type A @node { id: ID!
				x: Int
				as: [A!]! @relationship(type: "A_X", direction: OUT) }`,
			`x:4: relationship A_X and A.x (line 3) would be the same index, where case does not count; rename one`},
		{"year of nothing", `
			type A @node { id: ID!
				year: Int @yearOf }`,
			`x:3: A.year: @yearOf must stand on an Int and name a PartialDate field of the same type, not ""`},
		{"year of a text", `
			type A @node { id: ID!
				name: String
				year: Int @yearOf(field: "name") }`,
			`x:4: A.year: @yearOf must stand on an Int and name a PartialDate field of the same type, not "name"`},
		{"year that is a text", `
			type A @node { id: ID!
				date: PartialDate
				year: String @yearOf(field: "date") }`,
			`x:4: A.year: @yearOf must stand on an Int and name a PartialDate field of the same type, not "date"`},
		{"plural without a value", `type Man @node @plural { id: ID! }`,
			`x:1: Man: @plural needs a value, such as value: "mans"`},
		{"the same plural", `
			type A @node { id: ID! }
			type B @node @plural(value: "as") { id: ID! }`,
			`x:3: A and B have the same plural "as"; give one another by @plural`},
		{"all at once", `
			type A @node { name: String! }
			type B @node { id: ID!
				as: [C!]! @relationship(type: "R", direction: OUT) }`,
			"x:2: stored type A needs the field id: ID!\n" +
				"x:4: B.as: @relationship must lead to a type with @node; C has none"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := catalog.New(parse(t, "x", c.sdl))
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// dump writes all of a catalog that its readers can see.
func dump(c *catalog.Catalog) string {
	var b strings.Builder
	properties := func(list []*catalog.Property) {
		for _, p := range list {
			fmt.Fprintf(&b, "    %s %s kind=%d list=%t nonNull=%t search=%d yearOf=%q", p.Name, p.Type, p.Kind, p.List, p.NonNull, p.Search, p.YearOf)
			if p.Enum != nil {
				fmt.Fprintf(&b, " %v", p.Enum.Values)
			}
			b.WriteByte('\n')
		}
	}
	for _, n := range c.Nodes {
		fmt.Fprintf(&b, "%d %s %s %s\n", n.Index, n.Name, n.Singular, n.Plural)
		properties(n.Properties)
		for _, r := range n.Relations {
			fmt.Fprintf(&b, "  %s %s %s out=%t list=%t nonNull=%t\n", r.Field, r.Relationship.Type, r.Target.Name, r.Out, r.List, r.NonNull)
		}
	}
	for _, r := range c.Relationships {
		fmt.Fprintf(&b, "%d %s %q parallel=%t\n", r.Index, r.Type, r.PropertiesType, r.Parallel())
		for _, e := range r.Ends {
			fmt.Fprintf(&b, "  %s to %s\n", e.From.Name, e.To.Name)
		}
		properties(r.Properties)
	}
	for _, e := range c.Enums {
		fmt.Fprintf(&b, "%s %v\n", e.Name, e.Values)
	}
	return b.String()
}

// The server reads the catalog from the generated schema, the generator from
// the hand-written one.
func TestBothSchemasGiveTheSameCatalog(t *testing.T) {
	domain, err := catalog.New(parse(t, "schema.graphqls", read(t, "../../schema.graphqls")))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := gqlparser.LoadSchema(&ast.Source{Name: "api.graphqls", Input: read(t, "../api.graphqls")})
	if err != nil {
		t.Fatal(err)
	}
	api, err := catalog.New(whole)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(dump(domain), dump(api)); diff != "" {
		t.Errorf("schema.graphqls and api.graphqls differ:\n%s", diff)
	}
}

func TestDomain(t *testing.T) {
	c, err := catalog.New(parse(t, "schema.graphqls", read(t, "../../schema.graphqls")))
	if err != nil {
		t.Fatal(err)
	}
	var plurals, single, searched, years []string
	many := 0
	for _, n := range c.Nodes {
		plurals = append(plurals, n.Plural)
		for _, name := range []string{"id", "basis", "source", "note"} {
			if n.Property(name) == nil {
				t.Errorf("%s has no %s", n.Name, name)
			}
		}
		for _, r := range n.Relations {
			if r != n.Relation(r.Field) {
				t.Errorf("%s.%s is not found by name", n.Name, r.Field)
			}
			switch {
			case r.List:
				many++
			case r.NonNull:
				single = append(single, n.Name+"."+r.Field+"!")
			default:
				single = append(single, n.Name+"."+r.Field)
			}
		}
		found := false
		for _, p := range n.Properties {
			found = found || p.Search > 0
			if p.YearOf != "" {
				years = append(years, n.Name+"."+p.Name+" of "+p.YearOf)
			}
		}
		if found {
			searched = append(searched, n.Name)
		}
	}
	want := map[string][]string{
		"plurals": {"agreements", "norms", "incidents", "assessments", "coders", "signatories", "contributions", "calls",
			"questions", "answers", "processes", "workstreams", "workPackages", "meetings", "documents"},
		"single relations": {"Agreement.process", "Assessment.norm!", "Assessment.incident!", "Assessment.coder!",
			"Contribution.signatory", "Contribution.call", "Question.call!", "Answer.question!", "Answer.contribution!",
			"WorkPackage.workstream!", "Document.workstream"},
		"years": {"Agreement.year of date", "Incident.year of startDate"},
	}
	got := map[string][]string{"plurals": plurals, "single relations": single, "years": years}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if many != 23 || len(c.Relationships) != 17 || len(searched) != len(c.Nodes) {
		t.Errorf("%d relations to many nodes, %d relationship types, search in %v", many, len(c.Relationships), searched)
	}
	for _, typ := range []string{"CONTAINS", "SIGNED", "EXPRESSES", "RELATES_TO", "RANKS"} {
		if r := c.Relationship(typ); r == nil || !r.Parallel() {
			t.Errorf("%s has no properties", typ)
		}
	}
	match := c.Relationship("EXPRESSES").Property("match")
	if match == nil || !match.NonNull || !match.Enum.Has("NARROWER") || match.Enum.Has("SAME") {
		t.Errorf("match is %+v", match)
	}
}
