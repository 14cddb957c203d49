package sqlite_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	engine "normgraph/graph/row"
	"normgraph/graph/store"
)

// sample is a small graph:
//
//	a knows b twice (1999, and no year) and c (2005); b knows a (2001)
//	a owns box x and thing c; a and b are in box y
func sample(t testing.TB) *fixture {
	f := newFixture(t)
	f.node("Thing", "a", values{"count": int64(1), "ratio": 0.1, "flag": true, "colour": "RED", "date": "2017", "text": "x%y_z", "tags": []string{"p", "q"}, "numbers": []int64{1, 2}, "ratios": []float64{0.5}, "flags": []bool{true}})
	f.node("Thing", "b", values{"count": int64(2), "ratio": -2.0, "flag": false, "colour": "GREEN", "date": "2017-05", "text": "", "tags": []string{}, "numbers": []int64{}})
	f.node("Thing", "c", values{"count": int64(2), "text": "Xend\x00tail", "tags": []string{",", "a\"b"}})
	f.node("Thing", "d", nil)
	f.node("Box", "x", nil)
	f.node("Box", "y", nil)
	f.edge("KNOWS", "Thing", "a", "Thing", "b", "1", values{"since": int64(1999), "note": "n1", "tags": []string{"t"}})
	f.edge("KNOWS", "Thing", "a", "Thing", "b", "2", nil)
	f.edge("KNOWS", "Thing", "a", "Thing", "c", "3", values{"since": int64(2005)})
	f.edge("KNOWS", "Thing", "b", "Thing", "a", "4", values{"since": int64(2001), "ratio": 1.5})
	f.edge("OWNS", "Thing", "a", "Box", "x", "", nil)
	f.edge("OWNS", "Thing", "a", "Thing", "c", "", nil)
	f.edge("IS_IN", "Thing", "a", "Box", "y", "", nil)
	f.edge("IS_IN", "Thing", "b", "Box", "y", "", nil)
	return f
}

func TestConditions(t *testing.T) {
	f := sample(t)
	s := f.open(t)
	is := func(op plan.Op, prop string, v any) *plan.Cond {
		return &plan.Cond{Op: op, Prop: f.prop("Thing", prop), Value: v}
	}
	not := func(c *plan.Cond) *plan.Cond { return &plan.Cond{Op: plan.Not, Kids: []*plan.Cond{c}} }
	both := func(op plan.Op, kids ...*plan.Cond) *plan.Cond { return &plan.Cond{Op: op, Kids: kids} }
	rel := func(field string) *catalog.Relation { return f.cat.Node("Thing").Relation(field) }
	since := func(op plan.Op, v int64) *plan.Cond {
		return &plan.Cond{Op: op, Edge: true, Prop: f.cat.Relationship("KNOWS").Property("since"), Value: v}
	}
	exists := func(field string, kids ...*plan.Cond) *plan.Cond {
		return &plan.Cond{Op: plan.Exists, Via: rel(field), Kids: kids}
	}
	count := func(field string, distinct bool, op plan.Op, v any, kids ...*plan.Cond) *plan.Cond {
		return &plan.Cond{Op: plan.Count, Via: rel(field), Distinct: distinct, Compare: op, Value: v, Kids: kids}
	}
	tests := []struct {
		name string
		cond *plan.Cond
		want string
	}{
		{"nil", nil, "abcd"},
		{"true", both(plan.True), "abcd"},
		{"false", both(plan.False), ""},
		{"eq text", is(plan.Eq, "id", "b"), "b"},
		{"eq int", is(plan.Eq, "count", int64(2)), "bc"},
		{"eq float", is(plan.Eq, "ratio", 0.1), "a"},
		{"eq float by int", is(plan.Eq, "ratio", int64(-2)), "b"},
		{"eq true", is(plan.Eq, "flag", true), "a"},
		{"eq false", is(plan.Eq, "flag", false), "b"},
		{"eq list", is(plan.Eq, "tags", []any{"p", "q"}), "a"},
		{"eq list in order", is(plan.Eq, "tags", []any{"q", "p"}), ""},
		{"eq empty list", is(plan.Eq, "tags", []any{}), "b"},
		{"eq int list", is(plan.Eq, "numbers", []any{int64(1), int64(2)}), "a"},
		{"eq float list", is(plan.Eq, "ratios", []any{0.5}), "a"},
		{"eq bool list", is(plan.Eq, "flags", []any{true}), "a"},
		{"not eq keeps unknown out", not(is(plan.Eq, "count", int64(1))), "bc"},
		{"not not", not(not(is(plan.Eq, "count", int64(1)))), "a"},
		{"unknown or true", both(plan.Or, is(plan.Eq, "ratio", 5.0), is(plan.Eq, "id", "d")), "d"},
		{"not (unknown and true)", not(both(plan.And, is(plan.Eq, "ratio", 5.0), is(plan.Gte, "id", "a"))), "ab"},
		{"lt", is(plan.Lt, "count", int64(2)), "a"},
		{"lte", is(plan.Lte, "count", int64(2)), "abc"},
		{"gt", is(plan.Gt, "ratio", -3.0), "ab"},
		{"gte text", is(plan.Gte, "date", "2017-05"), "b"},
		{"in", is(plan.In, "id", []any{"d", "a", "zz"}), "ad"},
		{"in ints", is(plan.In, "count", []any{int64(1), int64(9)}), "a"},
		{"in floats", is(plan.In, "ratio", []any{0.1, int64(-2)}), "ab"},
		{"in lists", is(plan.In, "tags", []any{[]any{"p", "q"}, []any{}}), "ab"},
		{"in texts past NUL", is(plan.In, "text", []any{"Xend\x00tail", "Xend"}), "c"},
		{"not in", not(is(plan.In, "count", []any{int64(1)})), "bc"},
		{"in bool", is(plan.In, "flag", []any{false}), "b"},
		{"contains", is(plan.Contains, "text", "%y_"), "a"},
		{"contains is literal", is(plan.Contains, "text", "x_"), ""},
		{"contains case", is(plan.Contains, "text", "X"), "c"},
		{"contains empty", is(plan.Contains, "text", ""), "abc"},
		{"contains past NUL", is(plan.Contains, "text", "\x00ta"), "c"},
		{"not contains", not(is(plan.Contains, "text", "%")), "bc"},
		{"starts", is(plan.StartsWith, "text", "x%"), "a"},
		{"starts empty", is(plan.StartsWith, "text", ""), "abc"},
		{"starts past NUL", is(plan.StartsWith, "text", "Xend\x00t"), "c"},
		{"ends", is(plan.EndsWith, "text", "_z"), "a"},
		{"ends empty", is(plan.EndsWith, "text", ""), "abc"},
		{"ends longer", is(plan.EndsWith, "text", "xx%y_z"), ""},
		{"ends past NUL", is(plan.EndsWith, "text", "d\x00tail"), "c"},
		{"includes", is(plan.Includes, "tags", "q"), "a"},
		{"includes a comma", is(plan.Includes, "tags", ","), "c"},
		{"includes a quote", is(plan.Includes, "tags", "a\"b"), "c"},
		{"includes int", is(plan.Includes, "numbers", int64(2)), "a"},
		{"includes float", is(plan.Includes, "ratios", 0.5), "a"},
		{"includes bool", is(plan.Includes, "flags", true), "a"},
		{"not includes", not(is(plan.Includes, "tags", "q")), "bc"},
		{"null", is(plan.IsNull, "count", nil), "d"},
		{"not null", not(is(plan.IsNull, "tags", nil)), "abc"},
		{"exists", exists("friends"), "ab"},
		{"exists in", exists("knownBy"), "abc"},
		{"not exists", not(exists("friends")), "cd"},
		{"exists node", exists("friends", is(plan.Eq, "id", "c")), "a"},
		{"exists edge", exists("friends", since(plan.Gt, 2000)), "ab"},
		{"exists edge or node", exists("friends", both(plan.Or, since(plan.Gt, 2004), is(plan.Eq, "id", "a"))), "ab"},
		{"exists nested", exists("friends", exists("friends", since(plan.Eq, 2001))), "a"},
		{"exists of one type", exists("boxes"), "a"},
		{"exists of the other type", exists("parts"), "a"},
		{"all: none known to differ", not(exists("friends", not(since(plan.Lt, 2002)))), "bcd"},
		{"count edges", count("friends", false, plan.Eq, int64(3)), "a"},
		{"count nodes", count("friends", true, plan.Eq, int64(2)), "a"},
		{"count none", count("friends", false, plan.Eq, int64(0)), "cd"},
		{"count in", count("friends", false, plan.In, []any{int64(1), int64(3)}), "ab"},
		{"count lte", count("friends", false, plan.Lte, int64(1)), "bcd"},
		{"count of one type", count("boxes", false, plan.Eq, int64(1)), "a"},
		{"single", count("friends", false, plan.Eq, int64(1), is(plan.Eq, "id", "c")), "a"},
		{"not count", not(count("friends", false, plan.Gt, int64(0))), "cd"},
		{"single relation", exists("place", &plan.Cond{Op: plan.Eq, Prop: f.prop("Box", "id"), Value: "y"}), "ab"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sel := f.list("Thing", "id")
			sel.Where = tt.cond
			if text, args := compileFor(f, sel); strings.Count(text, "?") != len(args) {
				t.Errorf("%d arguments for %s", len(args), text)
			}
			if got := strings.Join(ids(t, answer(t, s, sel)), ""); got != tt.want {
				text, args := compileFor(f, sel)
				t.Errorf("got %q, want %q\n%s\n%v", got, tt.want, text, args)
			}
		})
	}
}

func TestForms(t *testing.T) {
	f := sample(t)
	s := f.open(t)
	rel := func(field string) *catalog.Relation { return f.cat.Node("Thing").Relation(field) }
	knows := f.cat.Relationship("KNOWS")

	nested := f.list("Thing", "id", "count", "ratio", "flag", "tags", "flags")
	friends := f.via("Thing", "friends", "id")
	place := f.via("Thing", "place", "name")
	place.Form, place.Limit = plan.One, 1
	nested.Objects[0].Items = append(nested.Objects[0].Items, plan.Item{Alias: "__typename"},
		plan.Item{Alias: "f", Select: friends}, plan.Item{Alias: "p", Select: place}, plan.Item{Alias: "b", Select: f.via("Thing", "boxes", "id")})

	edges := f.via("Thing", "friends")
	edges.Form, edges.Objects = plan.Connection, nil
	edges.Sort = []plan.Key{{Prop: knows.Property("since"), Edge: true, Desc: true}, {Prop: f.prop("Thing", "id")}, {Prop: catalog.EdgeKey, Edge: true}}
	edges.Connection = &plan.Conn{Rows: true, Keys: true, Total: true,
		Edges: []*plan.Edge{{Items: []plan.EdgeItem{
			{Field: "properties", Properties: []plan.Item{{Prop: knows.Property("note")}, {Alias: "__typename"}, {Prop: knows.Property("tags")}}},
			{Field: "cursor"}, {Field: "node", Objects: []*plan.Object{f.items("Thing", "id")}}}}},
		Measures: &plan.Measures{
			Node: []plan.Measure{{Func: plan.CountRows}, {Func: plan.Sum, Prop: f.prop("Thing", "count")}, {Func: plan.Longest, Prop: f.prop("Thing", "text")}},
			Edge: []plan.Measure{{Func: plan.CountRows}, {Func: plan.CountSet, Prop: knows.Property("since")}, {Func: plan.Min, Prop: knows.Property("since")}, {Func: plan.Max, Prop: knows.Property("ratio")}}}}
	withEdges := f.list("Thing", "id")
	withEdges.Objects[0].Items = append(withEdges.Objects[0].Items, plan.Item{Select: edges})
	withEdges.Limit, withEdges.Offset = 1, 0

	lookup := &plan.Select{Form: plan.Lookup, Nodes: f.cat.Nodes, IDs: []string{"y", "zz", "a", "y"},
		Objects: []*plan.Object{f.items("Thing", "id", "colour"), f.items("Box", "name")}}
	lookup.Objects[0].Items = append(lookup.Objects[0].Items, plan.Item{Select: friends})
	one := *lookup
	one.Nodes, one.Objects = f.cat.Nodes[1:], lookup.Objects[1:]

	root := f.list("Thing")
	root.Form, root.Objects, root.Limit = plan.Connection, nil, 2
	root.Sort = []plan.Key{{Prop: f.prop("Thing", "count")}, {Prop: f.prop("Thing", "id")}}
	root.Connection = &plan.Conn{Rows: true, Keys: true, Total: true, Continued: true,
		After: &plan.Cond{Op: plan.Gt, Prop: f.prop("Thing", "id"), Value: "a"}}
	only := f.list("Thing")
	only.Form, only.Objects = plan.Connection, nil
	only.Connection = &plan.Conn{Measures: &plan.Measures{Node: []plan.Measure{{Func: plan.CountRows}, {Func: plan.Sum, Prop: f.prop("Thing", "ratio")}, {Func: plan.Shortest, Prop: f.prop("Thing", "name")}, {Func: plan.Min, Prop: f.prop("Thing", "date")}}}}

	page := f.list("Thing", "id")
	page.Limit, page.Offset = 2, 1
	none := f.list("Thing", "id")
	none.Limit = 0
	_ = rel

	for _, tt := range []struct {
		name string
		sel  *plan.Select
		want string
	}{
		{"nested", nested, `[["a",1,0.1,1,["p","q"],[true],[["b"],["c"]],[["y"]],[["x"]]],["b",2,-2.0,0,[],null,[["a"]],[["y"]],[]],["c",2,null,null,[",","a\"b"],null,[],[],[]],["d",null,null,null,null,null,[],[],[]]]`},
		{"edges", withEdges, `[["a",[[[null,"b","2",[null,null],["b"]],[2005,"c","3",[null,null],["c"]],[1999,"b","1",["n1",["t"]],["b"]]],3,[[2,4,"Xend\u0000tail"],[3,2,1999,null]]]]]`},
		{"lookup", lookup, `[["a",[0,"a","RED",[["b"],["c"]]]],["y",[1,"y"]]]`},
		{"lookup of one type", &one, `[["y",[0,"y"]]]`},
		{"root", root, `[[[2,"b"],[2,"c"]],4,null]`},
		{"measures only", only, `[null,null,[[4,-1.9,"a","2017"],[]]]`},
		{"page", page, `[["b"],["c"]]`},
		{"limit 0", none, `[]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := answer(t, s, tt.sel)
			if tt.sel.Form == plan.Lookup { // any order
				var rows []string
				for _, r := range decoded(t, got).([]any) {
					rows = append(rows, encoded(r))
				}
				slices.Sort(rows)
				got = "[" + strings.Join(rows, ",") + "]"
			}
			if diff := cmp.Diff(decoded(t, tt.want), decoded(t, got)); diff != "" {
				text, args := compileFor(f, tt.sel)
				t.Errorf("%s\n%s\n%v", diff, text, args)
			}
		})
	}
	t.Run("several roots and none", func(t *testing.T) {
		if got := answers(t, s, page, none); len(got) != 2 || got[0] != `[["b"],["c"]]` || got[1] != `[]` {
			t.Error(got)
		}
		if got := answers(t, s); len(got) != 0 {
			t.Error(got)
		}
	})
}

func TestSortNullsAndCodePoints(t *testing.T) {
	f := newFixture(t)
	texts := []string{"", "A", "a", "é", "\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0010ffff"}
	for i, x := range texts {
		f.node("Thing", fmt.Sprintf("t%d", 9-i), values{"title": x})
	}
	f.node("Thing", "n1", nil)
	f.node("Thing", "n2", nil)
	s := f.open(t)
	order := func(desc bool) string {
		sel := f.list("Thing", "id")
		sel.Sort = []plan.Key{{Prop: f.prop("Thing", "title"), Desc: desc}, {Prop: f.prop("Thing", "id")}}
		return strings.Join(ids(t, answer(t, s, sel)), " ")
	}
	if got, want := order(false), "t9 t8 t7 t6 t5 t4 t3 t2 t1 n1 n2"; got != want {
		t.Errorf("ascending: %s, want %s", got, want)
	}
	if got, want := order(true), "n1 n2 t1 t2 t3 t4 t5 t6 t7 t8 t9"; got != want {
		t.Errorf("descending: %s, want %s", got, want)
	}
	for i, x := range texts {
		sel := f.list("Thing", "id")
		sel.Where = &plan.Cond{Op: plan.Gt, Prop: f.prop("Thing", "title"), Value: x}
		if got := len(ids(t, answer(t, s, sel))); got != len(texts)-1-i {
			t.Errorf("%d texts after %q, want %d", got, x, len(texts)-1-i)
		}
	}
}

func TestValuesRoundTrip(t *testing.T) {
	f := newFixture(t)
	base := f.data.Nodes[0].Rows
	s := mustOpen(t, f.cat, ":memory:")
	rapid.Check(t, func(rt *rapid.T) {
		v := values{
			"text":    rapid.String().Draw(rt, "text"),
			"count":   rapid.Int64().Draw(rt, "count"),
			"ratio":   rapid.Float64().Draw(rt, "ratio") + 0, // -0 is stored as 0
			"flag":    rapid.Bool().Draw(rt, "flag"),
			"tags":    rapid.SliceOf(rapid.String()).Draw(rt, "tags"),
			"numbers": rapid.SliceOf(rapid.Int64()).Draw(rt, "numbers"),
			"ratios":  rapid.SliceOf(rapid.Float64()).Draw(rt, "ratios"),
			"flags":   rapid.SliceOf(rapid.Bool()).Draw(rt, "flags"),
		}
		f.data.Nodes[0].Rows = base
		f.node("Thing", "only", v)
		if _, err := s.Load(background(), f.data, store.LoadOptions{Mode: store.LoadReplace}); err != nil {
			rt.Fatal(err)
		}
		names := []string{"text", "count", "ratio", "flag", "tags", "numbers", "ratios", "flags"}
		res, err := s.Query(background(), &plan.Plan{Roots: []*plan.Select{f.list("Thing", names...)}})
		if err != nil {
			rt.Fatal(err)
		}
		r := res.Roots[0].Reader()
		if !r.Enter() || !r.More() || !r.Enter() {
			rt.Fatal("no row")
		}
		for _, n := range names {
			r.More()
			got := native(r.Scalar(f.prop("Thing", n).Kind), f.prop("Thing", n).Kind)
			if fmt.Sprint(got) != fmt.Sprint(v[n]) {
				rt.Fatalf("%s: got %v, want %v", n, got, v[n])
			}
		}
		inRow, inList := r.More(), r.More()
		if inRow || inList || r.Err() != nil {
			rt.Fatal("more than a row", r.Err())
		}
	})
}

// Large filters: every value of a long list is exact, and a long OR is no
// deeper for the engine than a short one.
func TestLongFilters(t *testing.T) {
	f := newFixture(t)
	rng := rand.New(rand.NewPCG(1, 2))
	var floats, texts, never []any
	for i := range 3000 {
		x := math.Float64frombits(rng.Uint64())
		if math.IsNaN(x) || math.IsInf(x, 0) {
			x = rng.NormFloat64()
		}
		s := fmt.Sprintf("%d \"\\ \x00 é %x", i, rng.Uint64())
		floats, texts = append(floats, x), append(texts, s)
		f.node("Thing", fmt.Sprint(i), values{"ratio": x, "text": s, "count": rng.Int64()})
	}
	s := f.open(t)
	var alternatives []*plan.Cond
	for _, x := range floats {
		alternatives = append(alternatives, &plan.Cond{Op: plan.Eq, Prop: f.prop("Thing", "ratio"), Value: x})
	}
	never = append(never, "no")
	for name, want := range map[*plan.Cond]int{
		{Op: plan.In, Prop: f.prop("Thing", "ratio"), Value: floats}: 3000,
		{Op: plan.In, Prop: f.prop("Thing", "text"), Value: texts}:   3000,
		{Op: plan.In, Prop: f.prop("Thing", "text"), Value: never}:   0,
		{Op: plan.Or, Kids: alternatives}:                            3000,
		{Op: plan.And, Kids: alternatives}:                           0,
	} {
		sel := f.list("Thing", "id")
		sel.Limit, sel.Where = 5000, name
		if got := len(ids(t, answer(t, s, sel))); got != want {
			t.Errorf("operator %d: %d rows, want %d", name.Op, got, want)
		}
	}
}

func native(v engine.Value, k catalog.Kind) any {
	if v.List != nil {
		out := []any{}
		for _, e := range v.List {
			out = append(out, native(e, k))
		}
		return out
	}
	switch k {
	case catalog.Int:
		return v.Int
	case catalog.Float:
		return v.Float
	case catalog.Boolean:
		return v.Bool
	}
	return v.Text
}

func TestShortestAndLongest(t *testing.T) {
	f := newFixture(t)
	for i, x := range []string{"bb", "ab", "\U0001F600\U0001F600\U0001F600", "ééé", "a\x00", "zz\x00z"} {
		f.node("Thing", fmt.Sprint(i), values{"text": x})
	}
	f.node("Thing", "null", nil)
	s := f.open(t)
	sel := f.list("Thing")
	sel.Form, sel.Objects = plan.Connection, nil
	p := f.prop("Thing", "text")
	sel.Connection = &plan.Conn{Measures: &plan.Measures{Node: []plan.Measure{{Func: plan.Shortest, Prop: p}, {Func: plan.Longest, Prop: p}, {Func: plan.Shortest, Prop: f.prop("Thing", "more")}}}}
	if got, want := decoded(t, answer(t, s, sel)), decoded(t, `[null,null,[["a\u0000","zz\u0000z",null],[]]]`); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}

func TestMeasuresOverNothing(t *testing.T) {
	f := newFixture(t)
	f.node("Box", "b", nil)
	s := f.open(t)
	sel := f.list("Thing")
	sel.Form, sel.Objects = plan.Connection, nil
	p := f.prop("Thing", "count")
	sel.Connection = &plan.Conn{Total: true, Measures: &plan.Measures{Node: []plan.Measure{{Func: plan.CountRows}, {Func: plan.CountSet, Prop: p}, {Func: plan.Sum, Prop: p}, {Func: plan.Min, Prop: p}, {Func: plan.Longest, Prop: f.prop("Thing", "text")}}}}
	if got, want := answer(t, s, sel), `[null,0,[[0,0,0,null,null],[]]]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Extreme numbers are exact on the wire.
func TestExtremeNumbers(t *testing.T) {
	f := newFixture(t)
	floats := []float64{0.1, 1e22, 5e-324, math.MaxFloat64, 1.7976931348623155e308, 2.2250738585072014e-308, 123456789.12345678, -0.3}
	f.node("Thing", "x", values{"count": int64(math.MinInt64), "ratios": floats})
	s := f.open(t)
	res, err := s.Query(background(), &plan.Plan{Roots: []*plan.Select{f.list("Thing", "count", "ratios")}})
	if err != nil {
		t.Fatal(err)
	}
	r := res.Roots[0].Reader()
	r.Enter()
	r.More()
	r.Enter()
	r.More()
	if got := r.Scalar(catalog.Int).Int; got != math.MinInt64 {
		t.Error(got)
	}
	r.More()
	if got := native(r.Scalar(catalog.Float), catalog.Float); fmt.Sprint(got) != fmt.Sprint(floats) {
		t.Error(got)
	}
}

// TestTooLong: a root that is longer than the plan allows is not made; the next
// plan has a bound of its own.
func TestTooLong(t *testing.T) {
	f := large(t, 500)
	s := mustOpen(t, f.cat, file(t))
	mustLoad(t, s, f.data, store.LoadEmpty)
	list := f.list("Thing", "id", "title")
	list.Limit = 500
	connection := *list
	connection.Form, connection.Objects = plan.Connection, nil
	connection.Connection = &plan.Conn{Rows: true, Total: true, Edges: []*plan.Edge{{Items: []plan.EdgeItem{{Field: "node", Objects: list.Objects}}}}}
	for name, sel := range map[string]*plan.Select{"list": list, "connection": &connection} {
		for range 2 {
			p := &plan.Plan{Roots: []*plan.Select{sel}}
			whole, err := s.Query(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			length := int64(len(fmt.Sprint(whole.Roots[0])))
			for most, want := range map[int64]error{length: nil, length - 1: store.ErrTooLong, 100: store.ErrTooLong} {
				p.MaxBytes = most
				if _, err := s.Query(t.Context(), p); !errors.Is(err, want) {
					t.Errorf("%s, %d bytes of %d: %v, want %v", name, most, length, err, want)
				}
			}
		}
	}
}
