package row

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"normgraph/graph/catalog"
)

// tree is a value and the kinds of its scalars, as a plan would know them.
type tree struct {
	value any
	kind  catalog.Kind
	list  bool // a list of scalars
	kids  []tree
}

func drawTree(t *rapid.T, depth int) tree {
	switch n := rapid.IntRange(0, 7).Draw(t, "shape"); {
	case n == 0:
		return tree{kind: catalog.Int}
	case n == 1:
		return tree{value: rapid.Int64().Draw(t, "int"), kind: catalog.Int}
	case n == 2:
		return tree{value: rapid.Float64Range(-1e9, 1e9).Draw(t, "float"), kind: catalog.Float}
	case n == 3:
		return tree{value: rapid.String().Draw(t, "text"), kind: catalog.Date}
	case n == 4:
		return tree{value: rapid.Bool().Draw(t, "boolean"), kind: catalog.Boolean}
	case n == 5:
		list := []any{}
		for _, s := range rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "list") {
			list = append(list, s)
		}
		return tree{value: list, kind: catalog.String, list: true}
	case depth == 0:
		return tree{value: []any{}, kids: []tree{}}
	}
	out := tree{kids: []tree{}}
	list := []any{}
	for range rapid.IntRange(0, 4).Draw(t, "length") {
		k := drawTree(t, depth-1)
		out.kids = append(out.kids, k)
		list = append(list, k.value)
	}
	out.value = list
	return out
}

// walk reads the tree, skipping some of it, and writes down what it met.
func walk(r Reader, t tree, skip func() bool) string {
	switch {
	case skip():
		r.Skip()
		return "-"
	case t.kids == nil:
		return fmt.Sprintf("%+v", r.Scalar(t.kind))
	case !r.Enter():
		return "no list"
	}
	s := "["
	for i := 0; r.More(); i++ {
		s += walk(r, t.kids[i], skip) + ","
	}
	return s + "]"
}

// Both readers read the same values in the same way.
func TestValuesReadAsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawTree(t, 3)
		text, err := json.Marshal(x.value)
		if err != nil {
			t.Fatal(err)
		}
		skips := rapid.SliceOfN(rapid.IntRange(0, 4), 50, 50).Draw(t, "skips")
		read := func(rows Rows) string {
			i := 0
			r := rows.Reader()
			got := walk(r, x, func() bool { i++; return skips[i%len(skips)] == 0 })
			if err := r.Err(); err != nil {
				t.Fatal(err)
			}
			return got
		}
		if a, b := read(JSON(text)), read(Values(x.value)); a != b {
			t.Fatalf("JSON reads\n%s\nand values\n%s", a, b)
		}
	})
}

func TestValuesErrors(t *testing.T) {
	for name, c := range map[string]struct {
		value any
		read  func(Reader)
	}{
		"another kind":       {"x", func(r Reader) { r.Scalar(catalog.Int) }},
		"float for int":      {1.5, func(r Reader) { r.Scalar(catalog.Int) }},
		"int for text":       {int64(1), func(r Reader) { r.Scalar(catalog.String) }},
		"int for boolean":    {int64(1), func(r Reader) { r.Scalar(catalog.Boolean) }},
		"a driver's type":    {struct{}{}, func(r Reader) { r.Scalar(catalog.String) }},
		"null in a list":     {[]any{nil}, func(r Reader) { r.Scalar(catalog.String) }},
		"no list":            {"x", func(r Reader) { r.Enter() }},
		"More outside lists": {[]any{}, func(r Reader) { r.More() }},
		"past the end":       {"x", func(r Reader) { r.Skip(); r.Skip() }},
		"past a list's end":  {[]any{}, func(r Reader) { r.Enter(); r.Scalar(catalog.Int) }},
	} {
		r := Values(c.value).Reader()
		c.read(r)
		err := r.Err()
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		if v := r.Scalar(catalog.Int); v.Int != 0 || v.List != nil || r.Enter() || r.More() || r.Err() != err {
			t.Errorf("%s: the first error does not stick", name)
		}
	}
}

func TestValuesConversions(t *testing.T) {
	when := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	r := Values([]any{when, int64(0)}).Reader()
	r.Enter()
	r.More()
	if v := r.Scalar(catalog.DateTime); v.Text != "2026-02-03T04:05:06Z" {
		t.Errorf("time: %+v", v)
	}
	r.More()
	if v := r.Scalar(catalog.Float); v.Float != 0 || v.Null || r.More() || r.Err() != nil {
		t.Errorf("sum over nothing: %+v %v", v, r.Err())
	}
}
