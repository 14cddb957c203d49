package analysis

import (
	"strings"
	"testing"

	"normgraph/graph/continuity"
	"normgraph/graph/plan"
)

// A figure that is added to a struct is answered under its name in the schema,
// those of embedded structs too; a name without a figure is a fault and never
// another's value.
func TestView(t *testing.T) {
	seven := 7
	result := &struct {
		continuity.Head
		Added    int
		Absent   *int
		Present  *int
		Interval *continuity.Interval
		Reason   string
		Values   []string
		Parts    []struct{ Truth bool }
	}{Head: continuity.Head{Group: continuity.Group{Key: "k"}}, Added: 3, Present: &seven, Values: []string{"", "b"},
		Parts: []struct{ Truth bool }{{true}, {false}}}
	field := func(name string, nullable bool, kids ...*plan.Field) *plan.Field {
		return &plan.Field{Owner: "Row", Name: name, Alias: name, Nullable: nullable, Kids: kids}
	}
	for _, c := range []struct {
		field *plan.Field
		want  string
	}{
		{field("added", false), `3`},
		{field("key", false), `"k"`},
		{field("label", false), `""`},
		{field("reason", true), `null`},
		{field("absent", true), `null`},
		{field("present", true), `7`},
		{field("interval", true, field("low", false)), `null`},
		{field("values", false), `["","b"]`},
		{field("parts", false, field("truth", false)), `[{"truth":true},{"truth":false}]`},
	} {
		w := newWriter(t.Context(), nil, nil)
		w.object(field("row", false, c.field), view(result, nil))
		if want := `{"` + c.field.Name + `":` + c.want + `}`; w.err != nil || string(w.buf) != want {
			t.Errorf("%s, %v; want %s", w.buf, w.err, want)
		}
	}
	for _, name := range []string{"forgotten", "truth", "group"} {
		w := newWriter(t.Context(), nil, nil)
		w.object(field("row", false, field(name, false)), view(result, own{"group": func() any { return unknown(field(name, false)) }}))
		if w.err == nil || !strings.Contains(w.err.Error(), "Row."+name) {
			t.Errorf("%s: %s, %v", name, w.buf, w.err)
		}
	}
}
