package shape_test

import (
	"reflect"
	"testing"

	"normgraph/bench/data"
	"normgraph/bench/shape"
	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/seed"
)

func TestSame(t *testing.T) {
	for _, c := range []struct {
		name      string
		shape     *shape.Shape
		want, got string
		same      bool
	}{
		{"equal", shape.Point, `{"a":[{"x":1,"y":null}]}`, `{"a": [ {"y": null, "x": 1.0} ]}`, true},
		{"value", shape.Point, `{"a":[{"x":1}]}`, `{"a":[{"x":2}]}`, false},
		{"missing row", shape.Point, `{"a":[1,2]}`, `{"a":[1]}`, false},
		{"order counts", shape.Point, `{"a":["x","y"]}`, `{"a":["y","x"]}`, false},
		{"order does not count", shape.Search, `{"a":[["1","x"],["2","y"]]}`, `{"b":[["2","y"],["1","x"]]}`, true},
		{"other pairs", shape.Search, `{"a":[["1","x"],["2","y"]]}`, `{"b":[["2","x"],["1","y"]]}`, false},
	} {
		if err := c.shape.Same([]byte(c.want), []byte(c.got)); (err == nil) != c.same {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestRowLeaves(t *testing.T) {
	want := shape.Leaves([]byte(`{"a":[{"id":"x","n":3,"more":true,"list":[{"id":"y","z":null}]}]}`))
	got := shape.RowLeaves([][]any{{"x", int64(3), `[["y",null]]`}})
	nested := shape.RowLeaves([][]any{{"x", int64(3), []any{[]any{"y", nil}}}})
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(nested, want) {
		t.Errorf("%q and %q, want %q", got, nested, want)
	}
	if err := shape.Point.SameValues([]byte(`["x",4,"y",null]`), got); err == nil {
		t.Error("another number was not noticed")
	}
}

func TestData(t *testing.T) {
	for body, fine := range map[string]bool{
		`{"data":{"a":1}}`: true, `{"errors":[{"message":"no"}],"data":{"a":1}}`: false, `{"data":null}`: false, `<html>`: false,
	} {
		if _, err := shape.Data([]byte(body)); (err == nil) != fine {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// Every shape has values on generated data and on the bundled corpus, the same
// ones each time, and not all alike.
func TestValues(t *testing.T) {
	generated, err := data.Generate(graph.Catalog(), data.MinNodes, 1)
	if err != nil {
		t.Fatal(err)
	}
	corpus, err := seed.Read(seed.Bundled(), graph.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]*store.Dataset{"generated": generated, "corpus": corpus} {
		for _, s := range shape.Shapes {
			first, err := shape.For(s, d, 1)
			if err != nil {
				t.Errorf("%s %s: %v", name, s.Name, err)
				continue
			}
			again, _ := shape.For(s, d, 1)
			if !reflect.DeepEqual(first, again) {
				t.Errorf("%s %s: two runs gave different values", name, s.Name)
			}
			different := false
			for _, v := range first {
				different = different || !reflect.DeepEqual(v, first[0])
			}
			if !different {
				t.Errorf("%s %s: all requests are alike", name, s.Name)
			}
		}
	}
}
