package neo4j

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/text"
)

func items(n *catalog.Node, names ...string) []*plan.Object {
	o := &plan.Object{Node: n}
	for _, x := range names {
		o.Items = append(o.Items, plan.Item{Alias: x, Prop: n.Property(x)})
	}
	return []*plan.Object{o}
}

func byID(n *catalog.Node) []plan.Key { return []plan.Key{{Prop: n.Property("id")}} }

// ids selects the ids of things for which w holds.
func ids(tb testing.TB, s *Store, w *plan.Cond, keys ...plan.Key) string {
	tb.Helper()
	n := s.cat.Node("Thing")
	sel := &plan.Select{Form: plan.List, Nodes: []*catalog.Node{n}, Where: w, Sort: append(keys, byID(n)...), Limit: 100, Page: 100, Objects: items(n, "id")}
	var out []string
	for _, row := range raw(tb, s, &plan.Plan{Roots: []*plan.Select{sel}})[0].([]any) {
		out = append(out, row.([]any)[0].(string))
	}
	return strings.Join(out, " ")
}

func TestConditions(t *testing.T) {
	s, _ := loaded(t)
	thing := s.cat.Node("Thing")
	other := s.cat.Node("Other")
	knowsRel := s.cat.Relationship("KNOWS")
	p := thing.Property
	op := func(o plan.Op, name string, v any) *plan.Cond { return &plan.Cond{Op: o, Prop: p(name), Value: v} }
	not := func(c *plan.Cond) *plan.Cond { return &plan.Cond{Op: plan.Not, Kids: []*plan.Cond{c}} }
	and := func(c ...*plan.Cond) *plan.Cond { return &plan.Cond{Op: plan.And, Kids: c} }
	or := func(c ...*plan.Cond) *plan.Cond { return &plan.Cond{Op: plan.Or, Kids: c} }
	exists := func(rel string, kids ...*plan.Cond) *plan.Cond {
		return &plan.Cond{Op: plan.Exists, Via: thing.Relation(rel), Kids: kids}
	}
	count := func(rel string, distinct bool, cmp plan.Op, v any, kids ...*plan.Cond) *plan.Cond {
		return &plan.Cond{Op: plan.Count, Via: thing.Relation(rel), Distinct: distinct, Compare: cmp, Value: v, Kids: kids}
	}
	size := func(o plan.Op, v any) *plan.Cond { return &plan.Cond{Op: o, Prop: other.Property("size"), Value: v} }
	role := func(v string) *plan.Cond {
		return &plan.Cond{Op: plan.Eq, Prop: knowsRel.Property("role"), Edge: true, Value: v}
	}
	const all = "t1 t2 t3 t4 t5 t6 t7 t8 \uF8FF \U0001F601"
	for _, c := range []struct {
		name string
		w    *plan.Cond
		want string
	}{
		{"none", nil, all},
		{"true", &plan.Cond{Op: plan.True}, all},
		{"false", &plan.Cond{Op: plan.False}, ""},
		{"not true", not(&plan.Cond{Op: plan.True}), ""},
		{"eq text", op(plan.Eq, "title", "alpha"), "t1"},
		{"eq is case-sensitive", op(plan.Eq, "title", "Alpha"), ""},
		{"eq int", op(plan.Eq, "n", int64(1)), "t1 t6"},
		{"eq float", op(plan.Eq, "f", 2.0), "t2"},
		{"eq float exactly", op(plan.Eq, "f", 0.1), "t4"},
		{"eq boolean", op(plan.Eq, "b", true), "t1 t4"},
		{"eq enum", op(plan.Eq, "colour", "GREEN"), "t2"},
		{"eq list", op(plan.Eq, "tags", []any{"x", "y"}), "t1"},
		{"eq list in order", op(plan.Eq, "tags", []any{"y", "x"}), ""},
		{"eq empty list", op(plan.Eq, "tags", []any{}), "t2"},
		{"eq list of numbers", op(plan.Eq, "numbers", []any{int64(1), int64(2)}), "t1"},
		{"not eq leaves nulls out", not(op(plan.Eq, "b", true)), "t2"},
		{"not not eq", not(not(op(plan.Eq, "b", true))), "t1 t4"},
		{"or with unknown", or(op(plan.Eq, "b", true), op(plan.Eq, "n", int64(7))), "t1 t4 t7"},
		{"and with unknown", and(op(plan.Eq, "b", true), op(plan.Gt, "n", int64(0))), "t1"},
		{"not (unknown and false)", not(and(op(plan.Eq, "b", true), op(plan.Eq, "n", int64(99)))), "t1 t2 t3 t4 t6 t7 t8"},
		{"lt int", op(plan.Lt, "n", int64(2)), "t1 t4 t6"},
		{"lte int", op(plan.Lte, "n", int64(2)), "t1 t2 t4 t6"},
		{"gt float", op(plan.Gt, "f", 1.5), "t2"},
		{"gte float", op(plan.Gte, "f", 1.5), "t1 t2"},
		{"gte date", op(plan.Gte, "day", "2017-05"), "t2 t3"},
		{"lt date", op(plan.Lt, "day", "2017-05"), "t1"},
		{"not lt date", not(op(plan.Lt, "day", "2017-05")), "t2 t3"},
		{"in", op(plan.In, "n", []any{int64(2), int64(7), int64(100)}), "t2 t7"},
		{"not in", not(op(plan.In, "n", []any{int64(1), int64(2), int64(3)})), "t4 t7 t8"},
		{"in text", op(plan.In, "title", []any{"alpha", "ab"}), "t1 \uF8FF"},
		{"contains", op(plan.Contains, "title", "alpha"), "t1 t2"},
		{"contains nothing", op(plan.Contains, "title", ""), "t1 t2 t3 t4 t6 t7 t8 \uF8FF \U0001F601"},
		{"contains is no pattern", op(plan.Contains, "title", ".*"), ""},
		{"starts with", op(plan.StartsWith, "title", "a"), "t1 t7 t8 \uF8FF \U0001F601"},
		{"ends with", op(plan.EndsWith, "title", "z"), "t6 t7 t8"},
		{"not contains", not(op(plan.Contains, "text", "fox")), "t2"},
		{"includes", op(plan.Includes, "tags", "y"), "t1 t3"},
		{"not includes", not(op(plan.Includes, "tags", "x")), "t2 t3"},
		{"includes number", op(plan.Includes, "numbers", int64(2)), "t1"},
		{"is null", &plan.Cond{Op: plan.IsNull, Prop: p("title")}, "t5"},
		{"empty list is not null", not(&plan.Cond{Op: plan.IsNull, Prop: p("tags")}), "t1 t2 t3"},
		{"exists", exists("knows"), "t1 t2"},
		{"exists node", exists("knows", size(plan.Gt, int64(20))), "t1"},
		{"exists edge", exists("knows", role("enemy")), "t1"},
		{"exists node and edge", exists("knows", and(size(plan.Eq, int64(20)), role("friend"))), "t1 t2"},
		{"all: none is known to differ", not(exists("knows", not(size(plan.Gte, int64(20))))), "t2 t3 t4 t5 t6 t7 t8 \uF8FF \U0001F601"},
		{"unknown does not exist", not(exists("knows", role("enemy"))), "t2 t3 t4 t5 t6 t7 t8 \uF8FF \U0001F601"},
		{"exists by type of end", exists("parts"), "t1"},
		{"exists by other type of end", exists("has", size(plan.Eq, int64(30))), "t3"},
		{"exists single", exists("main", &plan.Cond{Op: plan.Eq, Prop: other.Property("name"), Value: "one"}), "t1"},
		{"no single", not(exists("main")), "t3 t4 t5 t6 t7 t8 \uF8FF \U0001F601"},
		{"count edges", count("knows", false, plan.Eq, int64(4)), "t1"},
		{"count nodes", count("knows", true, plan.Eq, int64(3)), "t1"},
		{"count zero", count("knows", false, plan.Lt, int64(1)), "t3 t4 t5 t6 t7 t8 \uF8FF \U0001F601"},
		{"count in", count("knows", true, plan.In, []any{int64(1), int64(3)}), "t1 t2"},
		{"count where", count("knows", false, plan.Gte, int64(2), role("friend")), "t1"},
		{"count nodes where", count("knows", true, plan.Eq, int64(1), size(plan.Eq, int64(10))), "t1"},
		{"count of a relation without parallels", count("has", true, plan.Eq, int64(2)), "t1"},
		{"nested", exists("parts", &plan.Cond{Op: plan.Exists, Via: thing.Relation("knows"), Kids: []*plan.Cond{role("friend")}}), "t1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ids(t, s, c.w); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Text goes by code point: in order, and against a parameter.
func TestTextByCodePoint(t *testing.T) {
	s, _ := loaded(t)
	title := s.cat.Node("Thing").Property("title")
	titles := map[string]string{}
	for _, row := range raw(t, s, &plan.Plan{Roots: []*plan.Select{{Form: plan.List, Nodes: []*catalog.Node{s.cat.Node("Thing")},
		Sort: byID(s.cat.Node("Thing")), Limit: 100, Objects: items(s.cat.Node("Thing"), "id", "title")}}})[0].([]any) {
		if r := row.([]any); r[1] != nil {
			titles[r[0].(string)] = r[1].(string)
		}
	}
	bounds := []string{"", "a", "alpha", "z", "\uD7FF", "\uE000", "\uE000 private", "\uE001", "\uFFFF", "\U00010000", "\U00010000 linear", "\U0010FFFF",
		"a\uE000", "a\uFFFD", "a\uFFFDz", "a\U00010000", "a\U0001F600", "a\U0001F600z", "a\U0001F600\uFFFD", "a\uFFFDz\U0001F600", "a\U0001F600z\uE000"}
	for _, b := range bounds {
		for op, holds := range map[plan.Op]func(string) bool{
			plan.Lt: func(v string) bool { return v < b }, plan.Lte: func(v string) bool { return v <= b },
			plan.Gt: func(v string) bool { return v > b }, plan.Gte: func(v string) bool { return v >= b },
		} {
			var want []string
			for id, v := range titles {
				if holds(v) {
					want = append(want, id)
				}
			}
			slices.Sort(want)
			for _, w := range []*plan.Cond{
				{Op: op, Prop: title, Value: b},
				{Op: plan.Not, Kids: []*plan.Cond{{Op: plan.Not, Kids: []*plan.Cond{{Op: op, Prop: title, Value: b}}}}},
			} {
				if got := ids(t, s, w); got != strings.Join(want, " ") {
					t.Errorf("op %d %+q: got %q, want %q", op, b, got, want)
				}
			}
		}
	}
	const order = "\uF8FF \U0001F601 t1 t7 t8 t2 t6 t3 t4 t5"
	if got := ids(t, s, nil, plan.Key{Prop: title}); got != order {
		t.Errorf("ascending: got %q, want %q", got, order)
	}
	const reverse = "t5 t4 t3 t6 t2 t8 t7 t1 \U0001F601 \uF8FF"
	if got := ids(t, s, nil, plan.Key{Prop: title, Desc: true}); got != reverse {
		t.Errorf("descending: got %q, want %q", got, reverse)
	}
	// Keyset pages of one row meet every row once, whatever the ids.
	var seen []string
	after := (*plan.Cond)(nil)
	n := s.cat.Node("Thing")
	for range 20 {
		sel := &plan.Select{Form: plan.Connection, Nodes: []*catalog.Node{n}, Sort: byID(n), Limit: 1,
			Connection: &plan.Conn{Rows: true, Keys: true, After: after}}
		edges := raw(t, s, &plan.Plan{Roots: []*plan.Select{sel}})[0].([]any)[0].([]any)
		if len(edges) == 0 {
			break
		}
		id := edges[0].([]any)[0].(string)
		seen = append(seen, id)
		after = &plan.Cond{Op: plan.Gt, Prop: n.Property("id"), Value: id}
	}
	if got := strings.Join(seen, " "); got != "t1 t2 t3 t4 t5 t6 t7 t8 \uF8FF \U0001F601" {
		t.Errorf("pages: %q", got)
	}
}

func TestForms(t *testing.T) {
	s, _ := loaded(t)
	thing, other := s.cat.Node("Thing"), s.cat.Node("Other")
	knows := thing.Relation("knows")
	role, since := knows.Relationship.Property("role"), knows.Relationship.Property("since")
	key := plan.Key{Prop: catalog.EdgeKey, Edge: true}
	t1 := &plan.Cond{Op: plan.Eq, Prop: thing.Property("id"), Value: "t1"}
	// below selects something of the thing t1.
	below := func(sel *plan.Select) *plan.Select {
		return &plan.Select{Form: plan.List, Nodes: []*catalog.Node{thing}, Where: t1, Sort: byID(thing), Limit: 5,
			Objects: []*plan.Object{{Node: thing, Items: []plan.Item{{Alias: "typename"}, {Alias: "x", Select: sel}}}}}
	}
	nodeEdge := []*plan.Edge{{Items: []plan.EdgeItem{{Field: "cursor"}, {Field: "node", Objects: items(other, "id")},
		{Field: "properties", Properties: []plan.Item{{Prop: role}, {Alias: "__typename"}, {Prop: since}}}}}}
	all := func(fs ...plan.Func) (out []plan.Measure) {
		for _, f := range fs {
			out = append(out, plan.Measure{Func: f, Prop: other.Property("size")})
		}
		return out
	}
	for _, c := range []struct {
		name string
		sel  *plan.Select
		want string
	}{
		{"scalars and lists", &plan.Select{Form: plan.List, Nodes: []*catalog.Node{thing}, Sort: byID(thing), Offset: 1, Limit: 2,
			Objects: items(thing, "id", "f", "b", "tags", "numbers")}, `[[t2 2 false [] []] [t3 <nil> <nil> [y] <nil>]]`},
		{"no rows", &plan.Select{Form: plan.List, Nodes: []*catalog.Node{thing}, Sort: byID(thing), Objects: items(thing, "id")}, `[]`},
		{"each node once", below(&plan.Select{Form: plan.List, Via: knows, Nodes: []*catalog.Node{other}, Sort: []plan.Key{{Prop: other.Property("size"), Desc: true}, {Prop: other.Property("id")}}, Limit: 9,
			Objects: items(other, "id")}), `[[[[o3] [o2] [o1]]]]`},
		{"single", below(&plan.Select{Form: plan.One, Via: thing.Relation("main"), Nodes: []*catalog.Node{other}, Sort: byID(other), Limit: 1, Objects: items(other, "name")}), `[[[[one]]]]`},
		{"only the type's ends", below(&plan.Select{Form: plan.List, Via: thing.Relation("has"), Nodes: []*catalog.Node{other}, Sort: byID(other), Limit: 9, Objects: items(other, "id")}), `[[[[o2] [o4]]]]`},
		{"backwards", &plan.Select{Form: plan.List, Nodes: []*catalog.Node{other}, Sort: byID(other), Limit: 2,
			Objects: []*plan.Object{{Node: other, Items: []plan.Item{{Prop: other.Property("id")}, {Select: &plan.Select{Form: plan.List, Via: other.Relation("knownBy"), Nodes: []*catalog.Node{thing}, Sort: byID(thing), Limit: 9, Objects: items(thing, "id")}}}}}},
			`[[o1 [[t1]]] [o2 [[t1] [t2]]]]`},
		{"edges", below(&plan.Select{Form: plan.Connection, Via: knows, Nodes: []*catalog.Node{other}, Sort: []plan.Key{{Prop: other.Property("id")}, key}, Limit: 3,
			Connection: &plan.Conn{Rows: true, Keys: true, Total: true, Edges: nodeEdge}}),
			`[[[[[o1 k1 [o1] [friend 2000]] [o1 k2 [o1] [enemy 2001]] [o2 k3 [o2] [friend <nil>]]] 4 <nil>]]]`},
		{"edges where and after", below(&plan.Select{Form: plan.Connection, Via: knows, Nodes: []*catalog.Node{other}, Sort: []plan.Key{{Prop: role, Edge: true, Desc: true}, {Prop: other.Property("id")}, key}, Limit: 3,
			Where:      &plan.Cond{Op: plan.Eq, Prop: role, Edge: true, Value: "friend"},
			Connection: &plan.Conn{Rows: true, Total: true, Edges: nodeEdge, After: &plan.Cond{Op: plan.Gt, Prop: other.Property("id"), Value: "o1"}}}),
			`[[[[[[o2] [friend <nil>]]] 2 <nil>]]]`},
		{"only what was asked", below(&plan.Select{Form: plan.Connection, Via: knows, Nodes: []*catalog.Node{other}, Sort: []plan.Key{{Prop: other.Property("id")}, key},
			Connection: &plan.Conn{}}), `[[[<nil> <nil> <nil>]]]`},
		{"edges of nothing", below(&plan.Select{Form: plan.Connection, Via: knows, Nodes: []*catalog.Node{other}, Sort: []plan.Key{{Prop: other.Property("id")}, key}, Limit: 2,
			Connection: &plan.Conn{Rows: true}}), `[[[[[] []] <nil> <nil>]]]`},
		{"measures", below(&plan.Select{Form: plan.Connection, Via: knows, Nodes: []*catalog.Node{other}, Sort: []plan.Key{{Prop: other.Property("id")}, key},
			Connection: &plan.Conn{Measures: &plan.Measures{
				Node: append(all(plan.CountRows, plan.CountSet, plan.Min, plan.Max, plan.Sum), plan.Measure{Func: plan.Shortest, Prop: other.Property("name")}),
				Edge: []plan.Measure{{Func: plan.CountRows}, {Func: plan.Sum, Prop: since}, {Func: plan.CountSet, Prop: since}, {Func: plan.Longest, Prop: role}}}}}),
			`[[[<nil> <nil> [[3 3 10 30 60 one] [4 4001 2 friend]]]]]`},
		{"measures over nothing", &plan.Select{Form: plan.Connection, Nodes: []*catalog.Node{other}, Where: &plan.Cond{Op: plan.False}, Sort: byID(other),
			Connection: &plan.Conn{Total: true, Measures: &plan.Measures{Node: append(all(plan.CountRows, plan.CountSet, plan.Min, plan.Max, plan.Sum),
				plan.Measure{Func: plan.Longest, Prop: other.Property("name")})}}}, `[<nil> 0 [[0 0 <nil> <nil> 0 <nil>] []]]`},
		{"length in code points", &plan.Select{Form: plan.Connection, Nodes: []*catalog.Node{thing}, Sort: byID(thing),
			Where: &plan.Cond{Op: plan.In, Prop: thing.Property("id"), Value: []any{"t7", "t8"}},
			Connection: &plan.Conn{Measures: &plan.Measures{Node: []plan.Measure{{Func: plan.Shortest, Prop: thing.Property("title")}, {Func: plan.Longest, Prop: thing.Property("title")},
				{Func: plan.Min, Prop: thing.Property("title")}, {Func: plan.Max, Prop: thing.Property("title")}}}}},
			"[<nil> <nil> [[a\uFFFDz a\uFFFDz a\uFFFDz a\U0001F600z] []]]"},
		{"several objects", &plan.Select{Form: plan.Lookup, Nodes: []*catalog.Node{thing, other}, IDs: []string{"o1", "zzz", "o1"},
			Objects: append(items(thing, "title"), items(other, "name", "size")...)}, `[[o1 [1 one 10]]]`},
		{"lookup of one type", &plan.Select{Form: plan.Lookup, Nodes: []*catalog.Node{thing}, IDs: []string{"o1", "t1"},
			Objects: items(thing, "title")}, `[[t1 [0 alpha]]]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := fmt.Sprint(raw(t, s, &plan.Plan{Roots: []*plan.Select{c.sel}})[0]); got != c.want {
				text, _ := Compile(&plan.Plan{Roots: []*plan.Select{c.sel}})
				t.Errorf("%s\n%s", cmp.Diff(c.want, got), text)
			}
		})
	}
}

func TestSearch(t *testing.T) {
	s, server := loaded(t)
	long := strings.Repeat("ж", 60) // one token of 420 bytes
	cypher(t, server, "MATCH (n:Other {id: 'o3'}) SET n.name = $name, n._name = $column", map[string]any{
		"name": long, "column": " " + text.Tokens(long)[0] + " "})
	term := func(s string) text.Term {
		return text.NewTerm(s, strings.HasSuffix(s, "*"))
	}
	find := func(t *testing.T, after *plan.SearchPosition, terms ...string) string {
		t.Helper()
		nodes := []*catalog.Node{s.cat.Node("Thing"), s.cat.Node("Other")}
		sel := &plan.Select{Form: plan.Connection, Nodes: nodes, Limit: 50, Search: &plan.Search{After: after},
			Sort: []plan.Key{{}, {}, {}},
			Connection: &plan.Conn{Rows: true, Keys: true, Total: true, Edges: []*plan.Edge{{Items: []plan.EdgeItem{
				{Field: "node", Objects: append(items(nodes[0], "id"), items(nodes[1], "id")...)}, {Field: "score"}}}}}}
		for _, x := range terms {
			sel.Search.Terms = append(sel.Search.Terms, term(x))
		}
		v := raw(t, s, &plan.Plan{Roots: []*plan.Select{sel}})[0].([]any)
		var out []string
		for _, e := range v[0].([]any) {
			r := e.([]any)
			if n := r[3].([]any); n[1] != r[2] || n[0] != map[any]int64{"Thing": 0, "Other": 1}[r[1]] || r[4] != r[0] {
				t.Errorf("edge of unequal parts: %v", r)
			}
			out = append(out, fmt.Sprint(r[2], "/", r[0]))
		}
		if v[1] != int64(len(out)) && after == nil {
			t.Errorf("total is %v, found %d", v[1], len(out))
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		terms []string
		want  string
	}{
		{nil, ""},
		{[]string{"alpha"}, "o4/3 t1/3 t2/3"},
		{[]string{"ALPHA", "fox"}, "t1/3"},
		{[]string{"fox"}, "t1/1 t6/1"},
		{[]string{"fox the"}, "t6/1"},
		{[]string{"the quick"}, "t1/1"},
		{[]string{"alpha the"}, ""},   // a phrase does not span two fields
		{[]string{"the q*"}, "t1/1"},  // prefix of a phrase's last word
		{[]string{"q*"}, "t6/3 t1/1"}, // quiz in a title, quick in a text
		{[]string{"quic"}, ""},        // no star, no prefix
		{[]string{"unicode"}, "t6/3"}, // marks are dropped
		{[]string{"ж*"}, "o3/3"},      // tokens beyond ASCII
		{[]string{"北"}, "t6/3"},
		{[]string{long}, "o3/3"}, // longer than the analyzer's tokens
		{[]string{long[:90] + "*"}, "o3/3"},
		{[]string{long + "д"}, ""},
		{[]string{"AND", "alpha"}, ""}, // words, not operators
		{[]string{"alph*", "_name:x"}, ""},
	} {
		if got := find(t, nil, c.terms...); got != c.want {
			t.Errorf("%q: got %q, want %q", c.terms, got, c.want)
		}
	}
	if got := find(t, &plan.SearchPosition{Score: 3, Kind: "Other", ID: "o4"}, "alpha"); got != "t1/3 t2/3" {
		t.Errorf("after o4: %q", got)
	}
	if got := find(t, &plan.SearchPosition{Score: 3, Kind: "Thing", ID: "t6"}, "q*"); got != "t1/1" {
		t.Errorf("after t6: %q", got)
	}
}
