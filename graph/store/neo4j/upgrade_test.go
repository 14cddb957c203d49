package neo4j

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j/devserver/devtest"
)

// Programs with an older and a newer schema serve one database side by side.
func TestOtherSchema(t *testing.T) {
	server := devtest.ForTest(t)
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: strings.Replace(fixtureSDL, "  title: String", "  added: Int\n  title: String", 1)})
	if err != nil {
		t.Fatal(err)
	}
	cat, cerr := catalog.New(schema)
	if cerr != nil {
		t.Fatal(cerr)
	}
	older, newer := open(t, server, fixtureCatalog(t)), open(t, server, cat)
	if _, err := older.Load(t.Context(), small(older.cat), store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	added := func() any {
		t.Helper()
		thing := cat.Node("Thing")
		s := &plan.Select{Form: plan.List, Nodes: []*catalog.Node{thing}, Sort: byID(thing), Limit: 1, Page: 1, Objects: items(thing, "added")}
		return raw(t, newer, &plan.Plan{Roots: []*plan.Select{s}})[0].([]any)[0].([]any)[0]
	}
	if v := added(); v != nil {
		t.Errorf("before the load: %v", v)
	}
	d := dataset{version: "newer", things: []map[string]any{{"id": "t1", "added": int64(7)}}}
	if _, err := newer.Load(t.Context(), d.build(cat), store.LoadOptions{Mode: store.LoadReplace}); err != nil {
		t.Fatal(err)
	}
	if v := added(); v != int64(7) {
		t.Errorf("after the load: %v", v)
	}
	if n, err := things(t, older); n != 1 || err != nil {
		t.Errorf("the older program: %d things, %v", n, err)
	}
}
