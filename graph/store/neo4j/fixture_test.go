package neo4j

import (
	"context"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j/devserver"
	"normgraph/graph/store/neo4j/devserver/devtest"
)

// A small schema with every kind of property and relation.
const fixtureSDL = `
directive @node on OBJECT
directive @relationship(type: String!, direction: Direction!, properties: String) on FIELD_DEFINITION
directive @relationshipProperties on OBJECT
directive @search(weight: Int = 1) on FIELD_DEFINITION
enum Direction { IN OUT }
enum Colour { RED GREEN }
scalar PartialDate
type Query { things: [Thing!]! }

type Thing @node {
  id: ID!
  title: String @search(weight: 3)
  text: String @search
  n: Int
  f: Float
  b: Boolean
  day: PartialDate
  colour: Colour
  tags: [String!]
  numbers: [Int!]
  knows: [Other!]! @relationship(type: "KNOWS", direction: OUT, properties: "Knows")
  has: [Other!]! @relationship(type: "HAS", direction: OUT)
  main: Other @relationship(type: "MAIN", direction: OUT)
  parts: [Thing!]! @relationship(type: "HAS", direction: OUT)
}
type Other @node {
  id: ID!
  name: String @search(weight: 3)
  size: Int
  knownBy: [Thing!]! @relationship(type: "KNOWS", direction: IN, properties: "Knows")
}
type Knows @relationshipProperties { role: String since: Int }
`

func fixtureCatalog(tb testing.TB) *catalog.Catalog {
	tb.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "fixture.graphqls", Input: fixtureSDL})
	if err != nil {
		tb.Fatal(err)
	}
	cat, cerr := catalog.New(schema)
	if cerr != nil {
		tb.Fatal(cerr)
	}
	return cat
}

// dataset builds a data set from maps; edges are from, to, key, role, since.
type dataset struct {
	things, others []map[string]any
	knows          [][5]any
	has, main      [][2]string // has: Thing to Other, or Thing to Thing
	version        string
}

func (d dataset) build(cat *catalog.Catalog) *store.Dataset {
	thing, other := cat.Node("Thing"), cat.Node("Other")
	out := &store.Dataset{Corpus: store.Corpus{Name: "fixture", Version: d.version, Sources: []store.Source{{Name: "tests"}}}}
	types := map[string]*catalog.Node{}
	for _, set := range []struct {
		n    *catalog.Node
		rows []map[string]any
	}{{thing, d.things}, {other, d.others}} {
		ns := store.NodeSet{Type: set.n}
		for _, m := range set.rows {
			row := make([]any, len(set.n.Properties))
			for i, p := range set.n.Properties {
				row[i] = m[p.Name]
			}
			types[m["id"].(string)] = set.n
			ns.Rows = append(ns.Rows, row)
		}
		out.Nodes = append(out.Nodes, ns)
	}
	add := func(rel string, from, to *catalog.Node, e store.Edge) {
		for i := range out.Edges {
			if s := &out.Edges[i]; s.Relationship.Type == rel && s.Ends == (catalog.Ends{From: from, To: to}) {
				s.Rows = append(s.Rows, e)
				return
			}
		}
		out.Edges = append(out.Edges, store.EdgeSet{Relationship: cat.Relationship(rel), Ends: catalog.Ends{From: from, To: to}, Rows: []store.Edge{e}})
	}
	for _, k := range d.knows {
		add("KNOWS", thing, other, store.Edge{From: k[0].(string), To: k[1].(string), Key: k[2].(string), Values: []any{k[3], k[4]}})
	}
	for _, k := range d.has {
		add("HAS", thing, types[k[1]], store.Edge{From: k[0], To: k[1]})
	}
	for _, k := range d.main {
		add("MAIN", thing, other, store.Edge{From: k[0], To: k[1]})
	}
	return out
}

// small has nulls everywhere, parallel relationships, and texts whose order by
// UTF-16 differs from that by code point.
func small(cat *catalog.Catalog) *store.Dataset {
	return dataset{
		version: "1",
		things: []map[string]any{
			{"id": "t1", "title": "alpha", "text": "the quick fox", "n": int64(1), "f": 1.5, "b": true, "day": "2017", "colour": "RED", "tags": []string{"x", "y"}, "numbers": []int64{1, 2}},
			{"id": "t2", "title": "beta alpha", "text": "lazy dog", "n": int64(2), "f": 2.0, "b": false, "day": "2017-05", "colour": "GREEN", "tags": []string{}, "numbers": []int64{}},
			{"id": "t3", "title": "\uE000 private", "n": int64(3), "day": "2018-01-02", "tags": []string{"y"}},
			{"id": "t4", "title": "\U00010000 linear", "n": int64(-4), "f": 0.1, "b": true},
			{"id": "t5"},
			{"id": "t6", "title": "Ünïcode 北京 quiz", "text": "fox the", "n": int64(1)},
			{"id": "t7", "title": "a\uFFFDz", "n": int64(7)},
			{"id": "t8", "title": "a\U0001F600z", "n": int64(8)},
			{"id": "\uF8FF", "title": "ab"},
			{"id": "\U0001F601", "title": "ac"},
		},
		others: []map[string]any{
			{"id": "o1", "name": "one", "size": int64(10)},
			{"id": "o2", "name": "two", "size": int64(20)},
			{"id": "o3", "size": int64(30)},
			{"id": "o4", "name": "four alpha"},
		},
		knows: [][5]any{
			{"t1", "o1", "k1", "friend", int64(2000)},
			{"t1", "o1", "k2", "enemy", int64(2001)},
			{"t1", "o2", "k3", "friend", nil},
			{"t1", "o3", "k4", nil, nil},
			{"t2", "o2", "k5", "friend", int64(1999)},
		},
		has:  [][2]string{{"t1", "o4"}, {"t1", "o2"}, {"t1", "t2"}, {"t3", "o3"}},
		main: [][2]string{{"t1", "o1"}, {"t2", "o4"}},
	}.build(cat)
}

func open(tb testing.TB, server *devserver.Server, cat *catalog.Catalog) *Store {
	tb.Helper()
	s, err := Open(tb.Context(), cat, Config{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// loaded is a store that holds the small data set.
func loaded(tb testing.TB) (*Store, *devserver.Server) {
	tb.Helper()
	server := devtest.ForTest(tb)
	s := open(tb, server, fixtureCatalog(tb))
	if _, err := s.Load(tb.Context(), small(s.cat), store.LoadOptions{}); err != nil {
		tb.Fatal(err)
	}
	return s, server
}

// cypher runs a statement past the store.
func cypher(tb testing.TB, server *devserver.Server, text string, params map[string]any) [][]any {
	tb.Helper()
	driver, err := server.Driver()
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), 20*time.Second)
	defer cancel()
	defer driver.Close(ctx)
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	result, err := session.Run(ctx, text, params)
	if err != nil {
		tb.Fatal(err)
	}
	records, err := result.Collect(ctx)
	if err != nil {
		tb.Fatal(err)
	}
	var out [][]any
	for _, r := range records {
		out = append(out, r.Values)
	}
	return out
}

// explain runs a statement that begins with EXPLAIN or PROFILE.
func explain(tb testing.TB, server *devserver.Server, text string, params map[string]any) neo4j.ResultSummary {
	tb.Helper()
	driver, err := server.Driver()
	if err != nil {
		tb.Fatal(err)
	}
	ctx := context.WithoutCancel(tb.Context())
	defer driver.Close(ctx)
	result, err := neo4j.ExecuteQuery(ctx, driver, text, params, neo4j.EagerResultTransformer)
	if err != nil {
		tb.Fatal(err)
	}
	return result.Summary
}

// raw runs a plan and gives the driver's values: what the wire holds.
func raw(tb testing.TB, s *Store, p *plan.Plan) []any {
	tb.Helper()
	text, params := Compile(p)
	values, _, err := s.settled(tb.Context(), text, params)
	if err != nil {
		tb.Fatalf("%v\n%s\n%v", err, text, params)
	}
	return values[fixedColumns:]
}
