package storetest

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"flag"
	"io/fs"
	"strconv"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"normgraph/graph/catalog"
	"normgraph/graph/input"
	"normgraph/graph/oracle"
	"normgraph/graph/oracle/generate"
	"normgraph/graph/plan"
	answer "normgraph/graph/row"
	"normgraph/graph/store"
	"normgraph/seed"
)

// The schema of a weather service, and its data: what the bundled one has not.
//
//go:embed testdata/foreign
var foreign embed.FS

// Foreign holds a backend to another schema than the bundled one: lists of every
// scalar on nodes and relationships, times, sums beyond 32 bits and of Float values,
// -0, relations of a type to itself and to one node. open gives a store that holds
// nothing; the stores that it gave before are closed by then. Beside what is worked
// out by hand it draws some operations for the oracle.
func Foreign(t *testing.T, operations int, open func(testing.TB, *catalog.Catalog) store.Store) {
	sdl, err := fs.ReadFile(foreign, "testdata/foreign/api.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "api.graphqls", Input: string(sdl)})
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := fs.Sub(foreign, "testdata/foreign/corpus")
	if err != nil {
		t.Fatal(err)
	}
	data, err := seed.Read(folder, cat)
	if err != nil {
		t.Fatal(err)
	}
	before := flag.Lookup("rapid.checks").Value.String()
	t.Cleanup(func() { _ = flag.Set("rapid.checks", before) })
	if err := flag.Set("rapid.checks", strconv.Itoa(operations)); err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]*store.Dataset{"stations": data, "hostile": generate.Dataset(cat, 1)} {
		t.Run(name, func(t *testing.T) {
			st := opened(t, func(tb testing.TB) store.Store { return open(tb, cat) })
			must(t, st, d, store.LoadEmpty)
			s := stranger{st, schema, cat}
			if name == "stations" {
				for _, c := range stations {
					t.Run(c.name, func(t *testing.T) {
						if got := s.ask(t, c.document, nil); got != c.want {
							t.Errorf("%s\nwant %s\ngot  %s", c.document, c.want, got)
						}
					})
				}
				t.Run("cursors", s.cursors)
			}
			truth := oracle.New(schema, cat, d)
			ops := generate.Operations(schema, cat, d)
			t.Run("generated", rapid.MakeCheck(func(t *rapid.T) {
				op := ops.Draw(t, "operation")
				doc, errs := gqlparser.LoadQueryWithRules(schema, op.Document, nil)
				if errs != nil {
					t.Fatalf("the generator wrote an invalid document: %v\n%s", errs, op.Document)
				}
				want := truth.Execute(doc, doc.Operations[0], op.Variables)
				if _, err := want.Data.Equal([]byte(s.ask(t, op.Document, op.JSON()))); err != nil {
					t.Fatalf("%v\n%s\n%s", err, op.Document, op.JSON())
				}
			}))
		})
	}
}

// stranger answers by a schema that no service was generated for.
type stranger struct {
	store  store.Store
	schema *ast.Schema
	cat    *catalog.Catalog
}

// fatal is a test's, or that of a property.
type fatal interface {
	Context() context.Context
	Helper()
	Fatalf(format string, args ...any)
}

// ask answers as a service does, without models.
func (s stranger) ask(t fatal, document string, raw json.RawMessage) string {
	t.Helper()
	doc, errs := gqlparser.LoadQueryWithRules(s.schema, document, nil)
	if errs != nil {
		t.Fatalf("%v\n%s", errs, document)
	}
	var given map[string]any
	if raw != nil {
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		if err := dec.Decode(&given); err != nil {
			t.Fatalf("%v", err)
		}
	}
	op := doc.Operations[0]
	vars, err := input.Variables(s.schema, op, given)
	if err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	p, err := plan.Build(plan.Operation{Schema: s.schema, Catalog: s.cat, Doc: doc, Operation: op, Variables: vars,
		Limits: plan.Limits{Depth: 100, Selections: 10000, Conditions: 10000}})
	if err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	roots := map[string][]byte{}
	if len(p.Roots) > 0 {
		res, err := s.store.Query(t.Context(), p)
		if err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		for i, sel := range p.Roots {
			if roots[sel.Alias], err = answer.Append(nil, sel, res.Roots[i], &answer.Trace{}); err != nil {
				t.Fatalf("%v\n%s\n%v", err, document, res.Roots[i])
			}
		}
	}
	for _, f := range p.Introspection {
		roots[f.Alias] = []byte(`"Query"`) // the only such field here is __typename
	}
	out := []byte("{")
	for i, key := range p.Keys {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(answer.AppendText(out, key), ':'), roots[key]...)
	}
	return string(append(out, '}'))
}

// cursors reads one by one what was sorted by a time, and by a float of relationships.
func (s stranger) cursors(t *testing.T) {
	walk := func(document string) []string {
		var ids []string
		var after any
		for range 20 {
			raw, err := json.Marshal(map[string]any{"after": after})
			if err != nil {
				t.Fatal(err)
			}
			if after == nil {
				raw = nil
			}
			var data map[string]any
			if err := json.Unmarshal([]byte(s.ask(t, document, raw)), &data); err != nil {
				t.Fatal(err)
			}
			c := data["c"].(map[string]any)
			for _, e := range c["edges"].([]any) {
				ids = append(ids, e.(map[string]any)["node"].(map[string]any)["id"].(string))
			}
			info := c["pageInfo"].(map[string]any)
			if after = info["endCursor"]; info["hasNextPage"] == false {
				break
			}
		}
		return ids
	}
	for _, c := range []struct{ document, want string }{
		{`query ($after: String) { c: stationsConnection(first: 1, after: $after, sort: [{seen: ASC}]) { edges { node { id } } pageInfo { hasNextPage endCursor } } }`, `["d","a","c","b","e"]`},
		{`query ($after: String) { c: stationsConnection(first: 1, after: $after, sort: [{seen: DESC}]) { edges { node { id } } pageInfo { hasNextPage endCursor } } }`, `["e","b","c","a","d"]`},
		{`query ($after: String) { c: stationsConnection(first: 2, after: $after, sort: [{height: DESC}]) { edges { node { id } } pageInfo { hasNextPage endCursor } } }`, `["e","c","b","a","d"]`},
		{`query ($after: String) { c: stationsConnection(first: 1, after: $after, sort: [{open: ASC}, {readings: DESC}]) { edges { node { id } } pageInfo { hasNextPage endCursor } } }`, `["b","a","d","e","c"]`},
	} {
		got, err := json.Marshal(walk(c.document))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != c.want {
			t.Errorf("%s\nwant %s\ngot  %s", c.document, c.want, got)
		}
	}
}

// stations are answers that were worked out by hand.
var stations = []struct{ name, document, want string }{
	{"values", `{ stations(where: {id: {in: ["a", "b"]}}) { id state states opened seen height readings open levels shares alarms times owner { id } next { id } before { id } } }`,
		`{"stations":[{"id":"a","state":"RUNNING","states":["RUNNING","LOST"],"opened":"2017","seen":"2024-05-01T12:00:50.000000000Z","height":0.1,"readings":2147483647,"open":true,"levels":[3,-2147483648,3],"shares":[0.1,0.2,1e+300],"alarms":[true,false,true],"times":["2024-05-01T12:00:50.000000000Z"],"owner":{"id":"o1"},"next":{"id":"b"},"before":[{"id":"b"}]},` +
			`{"id":"b","state":"AT_REST","states":[],"opened":"2017-05","seen":"2024-05-01T12:00:50.123000000Z","height":0.2,"readings":2147483647,"open":false,"levels":[],"shares":[],"alarms":[],"times":[],"owner":{"id":"o1"},"next":{"id":"a"},"before":[{"id":"a"}]}]}`},
	{"-0 is 0", `{ stations(where: {height: {eq: -0.0}}) { id height } below: stations(where: {height: {lt: 0}}) { id } shares: stations(where: {shares: {includes: 0}}) { id shares } }`,
		`{"stations":[{"id":"d","height":0}],"below":[],"shares":[{"id":"c","shares":[0]}]}`},
	{"times in order", `{ stations(sort: [{seen: ASC}]) { id } after: stations(where: {seen: {gt: "2024-05-01T12:00:50Z"}}) { id } from: stations(where: {seen: {gte: "2024-05-01T14:00:50+02:00"}}) { id } at: stations(where: {seen: {in: ["2024-05-01T11:00:50.100-01:00"]}}) { id } }`,
		`{"stations":[{"id":"d"},{"id":"a"},{"id":"c"},{"id":"b"},{"id":"e"}],"after":[{"id":"b"},{"id":"c"}],"from":[{"id":"a"},{"id":"b"},{"id":"c"}],"at":[{"id":"c"}]}`},
	{"lists", `{ levels: stations(where: {levels: {includes: 3}}) { id } all: stations(where: {levels: {eq: [3, 7]}}) { id } empty: stations(where: {levels: {eq: []}}) { id } shares: stations(where: {shares: {eq: [0.1, 0.2, 1e300]}}) { id } two: stations(where: {shares: {includes: 2}}) { id } empties: stations(where: {shares: {eq: []}}) { id } alarms: stations(where: {alarms: {includes: true}}) { id } times: stations(where: {times: {includes: "2024-05-01T12:00:50Z"}}) { id } states: stations(where: {states: {includes: LOST}}) { id } }`,
		`{"levels":[{"id":"a"},{"id":"d"}],"all":[{"id":"d"}],"empty":[{"id":"b"},{"id":"e"}],"shares":[{"id":"a"}],"two":[{"id":"d"}],"empties":[{"id":"b"},{"id":"e"}],"alarms":[{"id":"a"}],"times":[{"id":"a"},{"id":"d"}],"states":[{"id":"a"},{"id":"c"}]}`},
	{"aggregates", `{ stationsConnection { aggregate { count { nodes } node { height { min max average sum } readings { min max average sum } seen { min max } name { shortest longest } } } } }`,
		`{"stationsConnection":{"aggregate":{"count":{"nodes":5},"node":{"height":{"min":0,"max":0.3,"average":0.15,"sum":0.6},"readings":{"min":-2147483648,"max":2147483647,"average":1073741823.25,"sum":4294967293},"seen":{"min":"2024-05-01T12:00:49.999999999Z","max":"2024-05-01T12:00:50.123000000Z"},"name":{"shortest":"Beta","longest":"Epsilon"}}}}}`},
	{"aggregates of nothing", `{ stationsConnection(where: {id: {eq: "e"}}) { aggregate { node { height { min max average sum } readings { sum average } seen { max } } } } }`,
		`{"stationsConnection":{"aggregate":{"node":{"height":{"min":null,"max":null,"average":null,"sum":0},"readings":{"sum":0,"average":null},"seen":{"max":null}}}}}`},
	{"parallel relationships", `{ stations(where: {id: {eq: "a"}}) { seesConnection(sort: [{edge: {at: ASC}}]) { totalCount edges { node { id } properties { at km clear counts angles flags } } aggregate { count { nodes edges } edge { km { sum average max } at { min } } node { height { sum } } } } } }`,
		`{"stations":[{"seesConnection":{"totalCount":4,"edges":[` +
			`{"node":{"id":"a"},"properties":{"at":"2024-01-01T00:00:00.000000000Z","km":0,"clear":null,"counts":[],"angles":[],"flags":[]}},` +
			`{"node":{"id":"b"},"properties":{"at":"2024-01-01T00:00:00.000000000Z","km":0.1,"clear":true,"counts":[1,2],"angles":[0.5,0],"flags":[true,false]}},` +
			`{"node":{"id":"b"},"properties":{"at":"2024-01-01T00:00:00.250000000Z","km":0.3,"clear":null,"counts":[-2147483648],"angles":[],"flags":[false]}},` +
			`{"node":{"id":"b"},"properties":{"at":"2024-01-01T00:00:00.500000000Z","km":0.2,"clear":false,"counts":[],"angles":[],"flags":[]}}],` +
			`"aggregate":{"count":{"nodes":2,"edges":4},"edge":{"km":{"sum":0.6,"average":0.15,"max":0.3},"at":{"min":"2024-01-01T00:00:00.000000000Z"}},"node":{"height":{"sum":0.30000000000000004}}}}}]}`},
	{"lists of relationships", `{ counts: stations(where: {seesConnection: {some: {edge: {counts: {includes: 2}}}}}) { id } flags: stations(where: {seesConnection: {some: {edge: {flags: {eq: [true, false]}}}}}) { id } angles: stations(where: {seesConnection: {some: {edge: {angles: {includes: -1.5}}}}}) { id } from: stations(where: {seenFromConnection: {some: {edge: {km: {gte: 1e21}}}}}) { id } loops: stations(where: {seesConnection: {some: {node: {id: {eq: "a"}}, edge: {at: {eq: "2024-01-01T00:00:00Z"}}}}}) { id } }`,
		`{"counts":[{"id":"a"},{"id":"c"}],"flags":[{"id":"a"}],"angles":[{"id":"c"}],"from":[{"id":"a"}],"loops":[{"id":"a"},{"id":"c"}]}`},
	{"to one node", `{ last: stations(where: {next: null}) { id } of: stations(where: {next: {owner: {name: {eq: "Harbour"}}}}) { id next { next { id } owner { stations(sort: [{height: DESC}]) { id } } } } owners(where: {stations: {none: {}}}) { id } }`,
		`{"last":[{"id":"c"},{"id":"e"}],"of":[{"id":"d","next":{"next":null,"owner":{"stations":[{"id":"e"},{"id":"c"},{"id":"d"}]}}}],"owners":[{"id":"o3"}]}`},
}
