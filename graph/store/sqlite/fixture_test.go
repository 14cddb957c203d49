package sqlite_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
)

const directives = `
directive @node on OBJECT
directive @relationship(type: String!, direction: Direction!, properties: String) on FIELD_DEFINITION
directive @relationshipProperties on OBJECT
directive @search(weight: Int! = 1) on FIELD_DEFINITION
directive @yearOf(field: String!) on FIELD_DEFINITION
directive @plural(value: String!) on OBJECT
enum Direction { IN OUT }
scalar PartialDate
type Query { none: Int }
`

// things has every kind of property, parallel relationships, a relationship
// between several pairs of types, and a type that relates to itself.
const things = `
enum Colour { RED GREEN }
type Thing @node {
  id: ID!
  name: String! @search(weight: 3)
  title: String @search(weight: 3)
  text: String @search
  more: String @search
  count: Int
  ratio: Float
  flag: Boolean
  colour: Colour
  date: PartialDate
  tags: [String!]
  numbers: [Int!]
  ratios: [Float!]
  flags: [Boolean!]
  friends: [Thing!]! @relationship(type: "KNOWS", direction: OUT, properties: "Knowing")
  knownBy: [Thing!]! @relationship(type: "KNOWS", direction: IN, properties: "Knowing")
  boxes: [Box!]! @relationship(type: "OWNS", direction: OUT)
  parts: [Thing!]! @relationship(type: "OWNS", direction: OUT)
  place: Box @relationship(type: "IS_IN", direction: OUT)
}
type Box @node @plural(value: "boxes") {
  id: ID!
  name: String! @search(weight: 3)
  owners: [Thing!]! @relationship(type: "OWNS", direction: IN)
  things: [Thing!]! @relationship(type: "IS_IN", direction: IN)
}
type Knowing @relationshipProperties {
  since: Int
  note: String
  ratio: Float
  tags: [String!]
}
`

func catalogOf(t testing.TB, sdl string) *catalog.Catalog {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "fixture.graphqls", Input: directives + sdl})
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// values are properties by name; what is not named is missing.
type values map[string]any

type fixture struct {
	cat  *catalog.Catalog
	data *store.Dataset
}

func newFixture(t testing.TB) *fixture {
	f := &fixture{cat: catalogOf(t, things), data: &store.Dataset{Corpus: store.Corpus{Name: "fixture", Version: "1", Sources: []store.Source{}}}}
	for _, n := range f.cat.Nodes {
		f.data.Nodes = append(f.data.Nodes, store.NodeSet{Type: n})
	}
	for _, r := range f.cat.Relationships {
		for _, e := range r.Ends {
			f.data.Edges = append(f.data.Edges, store.EdgeSet{Relationship: r, Ends: e})
		}
	}
	return f
}

func row(props []*catalog.Property, v values) []any {
	out := make([]any, len(props))
	for i, p := range props {
		out[i] = v[p.Name]
	}
	return out
}

func (f *fixture) node(typ, id string, v values) {
	n := f.cat.Node(typ)
	all := values{"id": id, "name": id}
	for k, x := range v {
		all[k] = x
	}
	s := &f.data.Nodes[n.Index]
	s.Rows = append(s.Rows, row(n.Properties, all))
}

func (f *fixture) edge(typ, fromType, from, toType, to, key string, v values) {
	for i := range f.data.Edges {
		s := &f.data.Edges[i]
		if s.Relationship.Type == typ && s.Ends.From.Name == fromType && s.Ends.To.Name == toType {
			s.Rows = append(s.Rows, store.Edge{From: from, To: to, Key: key, Values: row(s.Relationship.Properties, v)})
			return
		}
	}
	panic("no such ends")
}

func (f *fixture) prop(typ, name string) *catalog.Property { return f.cat.Node(typ).Property(name) }

func file(t testing.TB) string { return filepath.Join(t.TempDir(), "store.db") }

func mustOpen(t testing.TB, cat *catalog.Catalog, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), cat, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func mustLoad(t testing.TB, s store.Store, d *store.Dataset, mode store.LoadMode) *store.LoadReport {
	t.Helper()
	rep, err := s.Load(t.Context(), d, store.LoadOptions{Mode: mode})
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func (f *fixture) open(t testing.TB) *sqlite.Store {
	t.Helper()
	s := mustOpen(t, f.cat, sqlite.Memory)
	mustLoad(t, s, f.data, store.LoadEmpty)
	return s
}

// answers gives the JSON text of each root.
func answers(t testing.TB, s store.Store, roots ...*plan.Select) []string {
	t.Helper()
	res, err := s.Query(t.Context(), &plan.Plan{Roots: roots})
	if err != nil {
		text, args := sqlite.Compile(&plan.Plan{Roots: roots}, catalogOf(t, things))
		t.Fatalf("%v\n%s\n%v", err, text, args)
	}
	out := make([]string, len(res.Roots))
	for i, r := range res.Roots {
		out[i] = fmt.Sprint(r)
	}
	return out
}

func answer(t testing.TB, s store.Store, root *plan.Select) string {
	t.Helper()
	return answers(t, s, root)[0]
}

// items asks for properties.
func (f *fixture) items(typ string, names ...string) *plan.Object {
	o := &plan.Object{Node: f.cat.Node(typ)}
	for _, n := range names {
		o.Items = append(o.Items, plan.Item{Alias: n, Prop: o.Node.Property(n)})
	}
	return o
}

// list asks for nodes of a type by id.
func (f *fixture) list(typ string, names ...string) *plan.Select {
	n := f.cat.Node(typ)
	return &plan.Select{Form: plan.List, Nodes: []*catalog.Node{n}, Limit: 1000, Page: 1000,
		Sort: []plan.Key{{Prop: n.Property("id")}}, Objects: []*plan.Object{f.items(typ, names...)}}
}

// via asks for related nodes by id.
func (f *fixture) via(owner, field string, names ...string) *plan.Select {
	r := f.cat.Node(owner).Relation(field)
	s := f.list(r.Target.Name, names...)
	s.Via = r
	return s
}

// ids reads an answer of one item per row.
func ids(t testing.TB, answer string) []string {
	t.Helper()
	var rows [][]string
	if err := json.Unmarshal([]byte(answer), &rows); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	out := []string{}
	for _, r := range rows {
		out = append(out, r[0])
	}
	return out
}

func background() context.Context { return context.Background() }
