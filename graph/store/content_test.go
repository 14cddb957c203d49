package store_test

import (
	"fmt"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// Content does not depend on the order of rows, forgets what is taken out, and
// differs when any value, end or key does.
func TestContent(t *testing.T) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: `
		directive @node on OBJECT
		type Query { none: Int }
		type T @node { id: ID! a: String b: String }`})
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	n, r := cat.Nodes[0], &catalog.Relationship{Type: "R"}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]any{nil, "", "a", "b", ",", "\"", "a,b"})
		end := rapid.SampledFrom([]string{"", "a", "b", "a,", "\""})
		var list, other store.Content
		var rows []store.RowHash
		seen := map[store.RowHash]string{}
		for range rapid.IntRange(1, 20).Draw(t, "rows") {
			a, b := text.Draw(t, "a"), text.Draw(t, "b")
			e := store.Edge{From: end.Draw(t, "from"), To: end.Draw(t, "to"), Key: end.Draw(t, "key")}
			for h, what := range map[store.RowHash]string{
				list.Node(n, []any{"i", a, b}): sprint(a, b), list.Edge(r, e): sprint(e.From, e.To, e.Key),
			} {
				if old, ok := seen[h]; ok && old != what {
					t.Fatalf("%s and %s have one hash", old, what)
				}
				seen[h] = what
				rows = append(rows, h)
			}
		}
		for _, h := range rows {
			list.Add(h)
		}
		for _, h := range rapid.Permutation(rows).Draw(t, "order") {
			other.Add(h)
		}
		if list.Hex(store.Corpus{}) != other.Hex(store.Corpus{}) {
			t.Fatal("order matters")
		}
		if list.Hex(store.Corpus{Version: "2"}) == list.Hex(store.Corpus{}) {
			t.Fatal("the corpus does not matter")
		}
		other.Remove(rows[0])
		if list.Hex(store.Corpus{}) == other.Hex(store.Corpus{}) {
			t.Fatal("a row does not matter")
		}
		for _, h := range rows[1:] {
			other.Remove(h)
		}
		if other.Hex(store.Corpus{}) != new(store.Content).Hex(store.Corpus{}) {
			t.Fatal("rows taken out leave a trace")
		}
	})
}

func sprint(v ...any) string { return fmt.Sprintf("%#v", v) }
