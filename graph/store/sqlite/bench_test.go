package sqlite_test

import (
	"testing"

	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// BenchmarkQuery answers on 100,000 nodes and 500,000 relationships.
func BenchmarkQuery(b *testing.B) {
	f := large(b, 100_000)
	s := mustOpen(b, f.cat, file(b))
	mustLoad(b, s, f.data, store.LoadEmpty)
	sorted := func(prop string, desc bool) *plan.Select {
		sel := f.list("Thing", "id", "name")
		sel.Limit = 50
		sel.Sort = []plan.Key{{Prop: f.prop("Thing", prop), Desc: desc}, {Prop: f.prop("Thing", "id")}}
		return sel
	}
	behind := func(sel *plan.Select, prop string, v any) *plan.Select {
		id := f.prop("Thing", "id")
		p := f.prop("Thing", prop)
		sel.Where = &plan.Cond{Op: plan.Or, Kids: []*plan.Cond{{Op: plan.Gt, Prop: p, Value: v}, {Op: plan.IsNull, Prop: p},
			{Op: plan.And, Kids: []*plan.Cond{{Op: plan.Eq, Prop: p, Value: v}, {Op: plan.Gt, Prop: id, Value: "thing-0050000"}}}}}
		return sel
	}
	nested := f.list("Thing", "id", "name")
	nested.Limit = 20
	friends := f.via("Thing", "friends", "id", "name")
	friends.Limit = 10
	knownBy := f.via("Thing", "knownBy", "id", "name")
	knownBy.Limit = 5
	friends.Objects[0].Items = append(friends.Objects[0].Items, plan.Item{Select: knownBy})
	nested.Objects[0].Items = append(nested.Objects[0].Items, plan.Item{Select: friends})
	contains := f.list("Thing", "id")
	contains.Where = &plan.Cond{Op: plan.Contains, Prop: f.prop("Thing", "text"), Value: "nothing like it"}
	equal := f.list("Thing", "id")
	equal.Limit = 50
	equal.Where = &plan.Cond{Op: plan.Eq, Prop: f.prop("Thing", "count"), Value: int64(7)}
	last := f.list("Thing", "id")
	last.Where = &plan.Cond{Op: plan.Gt, Prop: f.prop("Thing", "id"), Value: "thing-0099900"}
	search := &plan.Select{Form: plan.Connection, Nodes: f.cat.Nodes, Limit: 50, Search: &plan.Search{Terms: plan.Terms("number 99*")}, Connection: &plan.Conn{Rows: true, Keys: true}}
	for _, q := range []struct {
		name string
		sel  *plan.Select
	}{
		{"nothing", nil}, {"nested 20x10x5", nested}, {"by id", last}, {"sort indexed", sorted("title", false)}, {"sort indexed desc", sorted("title", true)},
		{"sort dates", sorted("date", true)}, {"sort text", sorted("text", false)}, {"keyset", behind(sorted("title", false), "title", "Title 5")},
		{"contains", contains}, {"eq", equal}, {"search", search},
	} {
		p := &plan.Plan{}
		if q.sel != nil {
			p.Roots = append(p.Roots, q.sel)
		}
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Query(b.Context(), p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
