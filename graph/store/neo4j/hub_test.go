package neo4j

import (
	"fmt"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/graph/store"
	"normgraph/graph/store/neo4j/devserver/devtest"
)

// TestWritesAtAHub: what one row of a write costs does not grow with the degree of
// its ends. Each statement runs over 20 rows at hubs of two sizes, in both
// directions.
func TestWritesAtAHub(t *testing.T) {
	server := devtest.ForTest(t)
	s := open(t, server, fixtureCatalog(t))
	knows, has := s.cat.Relationship("KNOWS"), s.cat.Relationship("HAS")
	const rows = 20
	hits := map[string][2]int64{}
	for i, degree := range []int{100, 600} {
		d := dataset{version: fmt.Sprint(degree), things: []map[string]any{{"id": "t"}}, others: []map[string]any{{"id": "o"}}}
		for j := range degree {
			leaf := fmt.Sprint(j)
			d.things = append(d.things, map[string]any{"id": "t" + leaf})
			d.others = append(d.others, map[string]any{"id": "o" + leaf})
			d.knows = append(d.knows, [5]any{"t", "o" + leaf, "k", nil, nil}, [5]any{"t" + leaf, "o", "k", nil, nil})
			d.has = append(d.has, [2]string{"t", "o" + leaf}, [2]string{"t" + leaf, "o"})
		}
		if _, err := s.Load(t.Context(), d.build(s.cat), store.LoadOptions{Mode: store.LoadReplace}); err != nil {
			t.Fatal(err)
		}
		profile := func(what, text string, row func(leaf string) any) {
			list := make([]any, rows)
			for j := range list {
				list[j] = row(fmt.Sprint(j))
			}
			n := hits[what]
			profile := explain(t, server, "PROFILE "+text, map[string]any{"rows": list}).Profile()
			if n[i] = dbHits(profile) / rows; n[i] > 100 {
				t.Logf("%s\n%s", what, profile.Arguments()["string-representation"])
			}
			hits[what] = n
		}
		out := func(leaf string) any {
			return map[string]any{"from": "t", "to": "o" + leaf, "key": "k", "properties": map[string]any{"key": "k"}}
		}
		in := func(leaf string) any {
			return map[string]any{"from": "t" + leaf, "to": "o", "key": "k", "properties": map[string]any{"key": "k"}}
		}
		plain := func(leaf string) any {
			return map[string]any{"from": "t", "to": "o" + leaf, "key": "", "properties": map[string]any{}}
		}
		profile("update, out of the hub", mergeEdge(knows), out)
		profile("update, into the hub", mergeEdge(knows), in)
		profile("update, none parallel", mergeEdge(has), plain)
		profile("delete, out of the hub", deleteEdge("KNOWS"), out)
		profile("delete, into the hub", deleteEdge("KNOWS"), in)
		profile("delete, none parallel", deleteEdge("HAS"), plain)
		profile("create, out of the hub", mergeEdge(knows), out)
		profile("create, into the hub", mergeEdge(knows), in)
		profile("create, none parallel", mergeEdge(has), plain)
		profile("node at a hub", mergeNode("Thing"), func(leaf string) any { return map[string]any{"id": "t" + leaf} })
	}
	for what, n := range hits {
		t.Logf("%s: %d and %d db hits a row", what, n[0], n[1])
		if n[1] > 2*n[0] {
			t.Errorf("%s: %d db hits a row at 100 relationships, %d at 600", what, n[0], n[1])
		}
	}
}

func dbHits(p neo4j.ProfiledPlan) int64 {
	n := p.DbHits()
	for _, c := range p.Children() {
		n += dbHits(c)
	}
	return n
}
