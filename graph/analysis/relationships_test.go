package analysis

import (
	"testing"

	"normgraph/graph/catalog"
	"normgraph/graph/row"
)

// What is stored with a relationship is text in an answer, whatever its kind,
// from both wires.
func TestPropertyText(t *testing.T) {
	for _, c := range []struct {
		p    catalog.Property
		json string
		wire any
		want string
	}{
		{catalog.Property{Kind: catalog.String, List: true}, `[[["a","b"]]]`, []any{"a", "b"}, "a;b"},
		{catalog.Property{Kind: catalog.Int, List: true}, `[[[1,-2]]]`, []any{int64(1), int64(-2)}, "1;-2"},
		{catalog.Property{Kind: catalog.Float, List: true}, `[[[1.5,2.0]]]`, []any{1.5, 2.0}, "1.5;2"},
		{catalog.Property{Kind: catalog.Boolean, List: true}, `[[[true,false]]]`, []any{true, false}, "true;false"},
		{catalog.Property{Kind: catalog.Int, List: true}, `[[[]]]`, []any{}, ""},
		{catalog.Property{Kind: catalog.Int, List: true}, `[[null]]`, nil, ""},
		{catalog.Property{Kind: catalog.Float}, `[[0.25]]`, 0.25, "0.25"},
	} {
		for name, rows := range map[string]row.Rows{"json": row.JSON([]byte(c.json)), "values": row.Values([]any{[]any{c.wire}})} {
			r, got := tableReader()(rows), ""
			r.rows(func() { got = r.value(&c.p) })
			if err := r.Err(); err != nil || got != c.want {
				t.Errorf("%s %s: %q %v, want %q", name, c.json, got, err, c.want)
			}
		}
	}
}
