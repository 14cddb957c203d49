package neo4j

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/text"
)

// Statements as they go to the server, without what all of them begin and end
// with.
func TestCompile(t *testing.T) {
	cat := fixtureCatalog(t)
	thing, other := cat.Node("Thing"), cat.Node("Other")
	knows := thing.Relation("knows")
	role := knows.Relationship.Property("role")
	title := thing.Property("title")
	for _, c := range []struct {
		name   string
		sel    *plan.Select
		want   string
		params map[string]any
	}{
		{"a page by id reads the index", &plan.Select{Form: plan.List, Nodes: []*catalog.Node{thing}, Sort: byID(thing), Limit: 51, Objects: items(thing, "id", "title")},
			"COLLECT { MATCH (n1:Thing) WHERE n1.id IS NOT NULL WITH n1 ORDER BY n1.id LIMIT $p0 RETURN [n1.id, n1.title] }",
			map[string]any{"p0": int64(51)}},
		{"everything has no limit, for which memory would be reserved", &plan.Select{Form: plan.List, Nodes: []*catalog.Node{thing}, Sort: byID(thing), Limit: plan.Everything, Objects: items(thing, "id")},
			"COLLECT { MATCH (n1:Thing) WHERE n1.id IS NOT NULL WITH n1 ORDER BY n1.id RETURN [n1.id] }", map[string]any{}},
		{"nodes of parallel relationships once", &plan.Select{Form: plan.List, Nodes: []*catalog.Node{thing}, Sort: append([]plan.Key{{Prop: title, Desc: true}}, byID(thing)...), Offset: 5, Limit: 2,
			Objects: []*plan.Object{{Node: thing, Items: []plan.Item{{Select: &plan.Select{Form: plan.List, Via: knows, Nodes: []*catalog.Node{other}, Sort: byID(other), Limit: 3, Objects: items(other, "name")}}}}}},
			"COLLECT { MATCH (n1:Thing) WITH n1 ORDER BY n1.title DESC, n1.id SKIP $p0 LIMIT $p1 RETURN [COLLECT { MATCH (n1)-[:KNOWS]->(n2) WITH DISTINCT n2 ORDER BY n2.id LIMIT $p2 RETURN [n2.name] }] }",
			map[string]any{"p0": int64(5), "p1": int64(2), "p2": int64(3)}},
		{"text with a character that UTF-16 misplaces", &plan.Select{Form: plan.List, Nodes: []*catalog.Node{thing}, Sort: byID(thing), Limit: 1, Objects: items(thing),
			Where: &plan.Cond{Op: plan.Gt, Prop: title, Value: "a\U0001F600b\uFFFD"}},
			"COLLECT { MATCH (n1:Thing) WHERE n1.id IS NOT NULL AND (any(x IN $p0 WHERE n1.title STARTS WITH x[0] AND substring(n1.title, x[1], 1) =~ '[\\\\x{10000}-\\\\x{10FFFF}]')" +
				" OR (n1.title > $p2 AND NOT any(x IN $p1 WHERE n1.title STARTS WITH x[0] AND substring(n1.title, x[1], 1) =~ '[\\\\uE000-\\\\uFFFF]'))) WITH n1 ORDER BY n1.id LIMIT $p3 RETURN [] }",
			map[string]any{"p0": []any{[]any{"a\U0001F600b", int64(3)}}, "p1": []any{[]any{"a", int64(1)}}, "p2": "a\U0001F600b\uFFFD", "p3": int64(1)}},
		{"edges, total, measures", &plan.Select{Form: plan.Connection, Nodes: []*catalog.Node{other}, Via: knows, Where: &plan.Cond{Op: plan.Eq, Prop: role, Edge: true, Value: "x"},
			Sort: []plan.Key{{Prop: role, Edge: true}, {Prop: other.Property("id")}, {Prop: catalog.EdgeKey, Edge: true}}, Limit: 9,
			Connection: &plan.Conn{Rows: true, Total: true, Edges: []*plan.Edge{{Items: []plan.EdgeItem{{Field: "node", Objects: items(other, "id")}}}},
				Measures: &plan.Measures{Node: []plan.Measure{{Func: plan.CountRows}, {Func: plan.Max, Prop: other.Property("size")}}, Edge: []plan.Measure{{Func: plan.CountRows}}}}},
			"[COLLECT { MATCH ()-[e1:KNOWS]->(n1) WHERE e1.role = $p0 WITH n1, e1 ORDER BY e1.role, n1.id, e1.key LIMIT $p1 RETURN [[n1.id]] }, COUNT { MATCH ()-[e2:KNOWS]->(n2) WHERE e2.role = $p2 }," +
				" [[v IN [COLLECT { MATCH ()-[e3:KNOWS]->(n3) WHERE e3.role = $p3 WITH DISTINCT n3 RETURN [n3.size] }] | [size(v), reduce(a = null, x IN v | CASE WHEN x[0] IS NULL OR a >= x[0] THEN a ELSE x[0] END)]][0]," +
				" [COUNT { MATCH ()-[e4:KNOWS]->(n4) WHERE e4.role = $p4 }]]]",
			map[string]any{"p0": "x", "p1": int64(9), "p2": "x", "p3": "x", "p4": "x"}},
		{"a relationship to several types", &plan.Select{Form: plan.One, Nodes: []*catalog.Node{other}, Via: thing.Relation("has"), Sort: byID(other), Limit: 1, Objects: items(other, "id")},
			"COLLECT { MATCH ()-[:HAS]->(n1:Other) WITH n1 ORDER BY n1.id LIMIT $p0 RETURN [n1.id] }", map[string]any{"p0": int64(1)}},
		{"nothing to search", &plan.Select{Form: plan.Connection, Nodes: []*catalog.Node{other}, Search: &plan.Search{}, Connection: &plan.Conn{Rows: true, Total: true}},
			"[[], 0, null]", map[string]any{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, params := Compile(&plan.Plan{Roots: []*plan.Select{c.sel}})
			got = strings.TrimPrefix(got, readBefore+"WITH before, ")
			got = strings.TrimSuffix(got, " AS r0"+readAfter+", r0")
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%s\n%s", d, got)
			}
			if d := cmp.Diff(c.params, params); d != "" {
				t.Error(d)
			}
		})
	}
}

var placeholder = regexp.MustCompile(`\$p\d+`)

// Whatever the values are, they are only in the parameters, and the text
// depends on the shape alone.
func TestCompileKeepsValuesApart(t *testing.T) {
	cat := fixtureCatalog(t)
	thing := cat.Node("Thing")
	rapid.Check(t, func(t *rapid.T) {
		hostile := rapid.StringMatching(`['"\\;{}/*$\n ]{1,5}[a-z]{3}(\$p0| OR true)?['"\x60]`)
		w := &plan.Cond{Op: plan.And}
		for _, op := range []plan.Op{plan.Eq, plan.Contains, plan.StartsWith, plan.EndsWith, plan.Lt, plan.Gte} {
			w.Kids = append(w.Kids, &plan.Cond{Op: op, Prop: thing.Property("title"), Value: hostile.Draw(t, "value")})
		}
		w.Kids = append(w.Kids, &plan.Cond{Op: plan.In, Prop: thing.Property("title"), Value: []any{hostile.Draw(t, "in")}},
			&plan.Cond{Op: plan.Includes, Prop: thing.Property("tags"), Value: hostile.Draw(t, "includes")})
		query := hostile.Draw(t, "search")
		nodes := []*catalog.Node{thing}
		p := &plan.Plan{Roots: []*plan.Select{
			{Form: plan.List, Nodes: nodes, Where: w, Sort: byID(thing), Limit: 3, Objects: items(thing, "id")},
			{Form: plan.Lookup, Nodes: nodes, IDs: []string{hostile.Draw(t, "id")}, Objects: items(thing, "id")},
			{Form: plan.Connection, Nodes: nodes, Sort: byID(thing), Limit: 3, Connection: &plan.Conn{Rows: true, Total: true},
				Search: &plan.Search{Terms: []text.Term{{Tokens: []string{query}}}, After: &plan.SearchPosition{Kind: query, ID: query}}},
		}}
		got, params := Compile(p)
		var used []string
		for _, x := range placeholder.FindAllString(got, -1) {
			used = append(used, x[1:])
		}
		slices.Sort(used)
		var given []string
		for k := range params {
			given = append(given, k)
		}
		slices.Sort(given)
		if d := cmp.Diff(given, slices.Compact(used)); d != "" {
			t.Fatalf("parameters and placeholders differ: %s", d)
		}
		for _, v := range params {
			if s := fmt.Sprint(v); len(s) > 4 && strings.Contains(got, s) {
				t.Fatalf("a value is in the text: %q", s)
			}
		}
		if again, _ := Compile(p); again != got {
			t.Fatal("two texts for one plan")
		}
		lucene := candidates(p.Roots[2].Search.Terms)
		for i, r := range lucene[1:] {
			if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '\\' && lucene[i] != '\\' {
				t.Fatalf("%q of the query %q is not escaped", r, lucene)
			}
		}
	})
}

func TestColumns(t *testing.T) {
	cat := fixtureCatalog(t)
	thing := cat.Node("Thing")
	values := make([]any, len(thing.Properties))
	for i, p := range thing.Properties {
		if p.Search > 0 {
			values[i] = "The " + p.Name
		}
	}
	if got := columns(thing, values); got != [2]string{" the title ", " the text "} {
		t.Errorf("%q", got)
	}
	if got := columns(thing, make([]any, len(values))); got != [2]string{} {
		t.Errorf("nothing gives %q", got)
	}
}
