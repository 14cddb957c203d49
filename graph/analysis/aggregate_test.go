package analysis

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/row"
)

func TestFold(t *testing.T) {
	text := func(values ...string) (out []row.Value) {
		for _, v := range values {
			out = append(out, row.Value{Kind: catalog.String, Text: v})
		}
		return out
	}
	reals := func(values ...float64) (out []row.Value) {
		for _, v := range values {
			out = append(out, row.Value{Kind: catalog.Float, Float: v})
		}
		return out
	}
	ints := []row.Value{{Kind: catalog.Int, Int: 3}, {Kind: catalog.Int, Int: -1}, {Kind: catalog.Int, Int: 3}}
	floats := reals(0.5, 0.25)
	for _, c := range []struct {
		f      plan.Func
		kind   catalog.Kind
		values []row.Value
		want   row.Value
	}{
		{plan.Shortest, catalog.String, text("bb", "é", "a", "ccc"), text("a")[0]},
		{plan.Shortest, catalog.String, text("éé", "bbb"), text("éé")[0]}, // by characters, not bytes
		{plan.Longest, catalog.String, text("bb", "aa", "c"), text("aa")[0]},
		{plan.Longest, catalog.String, nil, row.Value{Kind: catalog.String, Null: true}},
		{plan.Min, catalog.Date, text("2017-01", "2017"), text("2017")[0]},
		{plan.Max, catalog.Int, ints, ints[0]},
		{plan.Min, catalog.Int, ints, ints[1]},
		{plan.Min, catalog.Int, nil, row.Value{Kind: catalog.Int, Null: true}},
		{plan.Sum, catalog.Int, ints, row.Value{Kind: catalog.Float, Float: 5}},
		{plan.Sum, catalog.Int, nil, row.Value{Kind: catalog.Float}},
		{plan.Sum, catalog.Float, floats, row.Value{Kind: catalog.Float, Float: 0.75}},
		{plan.Sum, catalog.Float, reals(0.1, 0.2, 0.3), row.Value{Float: 0.6}}, // not 0.6000000000000001
		{plan.Sum, catalog.Float, reals(1e16, 1, -1e16), row.Value{Float: 1}},
		{plan.Sum, catalog.Float, reals(1e308, 1e308), row.Value{Float: math.Inf(1)}},
		{plan.Sum, catalog.Int, []row.Value{{Int: math.MaxInt32}, {Int: math.MaxInt32}}, row.Value{Float: 4294967294}},
		{plan.CountSet, catalog.Float, floats, row.Value{Kind: catalog.Int, Int: 2}},
	} {
		got := fold(plan.Measure{Func: c.f, Prop: &catalog.Property{Kind: c.kind}}, c.values)
		got.Kind, c.want.Kind = 0, 0
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%v of %v: %s", c.f, c.values, diff)
		}
	}
}
