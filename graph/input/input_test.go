package input_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/input"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
enum Colour { RED GREEN }
scalar PartialDate
input Filter { eq: Int in: [Int!] colour: Colour = RED day: PartialDate needed: Boolean! inner: Filter }
type Query { f(i: Int, x: Float, s: String, id: ID, list: [[Int]], filter: Filter, many: [Filter!], d: Int = 7, n: Int!): Int }
`})

// coerced gives the arguments of f as package input sees them.
func coerced(t *testing.T, document, variables string) (map[string]any, error) {
	t.Helper()
	doc, errs := gqlparser.LoadQueryWithRules(schema, document, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	var raw map[string]any
	dec := json.NewDecoder(bytes.NewReader([]byte(variables)))
	dec.UseNumber()
	if err := dec.Decode(&raw); err != nil {
		t.Fatal(err)
	}
	vars, err := input.Variables(schema, doc.Operations[0], raw)
	if err != nil {
		return nil, err
	}
	for _, d := range doc.Operations[0].VariableDefinitions { // what is coerced passes unchanged
		if v, given := vars[d.Variable]; given {
			again, err := input.Coerce(schema, d.Type, v, "")
			if diff := cmp.Diff(v, again); err != nil || diff != "" {
				t.Errorf("a second coercion of $%s: %v %s", d.Variable, err, diff)
			}
		}
	}
	f := doc.Operations[0].SelectionSet[0].(*ast.Field)
	return input.Arguments(schema, f.Definition.Arguments, f.Arguments, vars, "f")
}

// TestCoercion: the rules of the GraphQL specification, sections 3 and 6.1.2.
func TestCoercion(t *testing.T) {
	type m = map[string]any
	type l = []any
	for _, c := range []struct {
		document, variables string
		want                m
		err                 string
	}{
		{`{ f(n: 1) }`, `{}`, m{"n": int64(1), "d": int64(7)}, ""},
		{`{ f(n: 1, d: null, i: null) }`, `{}`, m{"n": int64(1), "d": nil, "i": nil}, ""},
		{`query($d: Int) { f(n: 1, d: $d) }`, `{}`, m{"n": int64(1), "d": int64(7)}, ""},
		{`query($d: Int) { f(n: 1, d: $d) }`, `{"d": null}`, m{"n": int64(1), "d": nil}, ""},
		{`query($d: Int = 3) { f(n: 1, d: $d) }`, `{}`, m{"n": int64(1), "d": int64(3)}, ""},
		{`query($n: Int = 3) { f(n: $n) }`, `{}`, m{"n": int64(3), "d": int64(7)}, ""},
		{`query($n: Int = 3) { f(n: $n) }`, `{"n": null}`, nil, "f(n:): must not be null (Int!)"},
		{`query($n: Int!) { f(n: $n) }`, `{}`, nil, "$n: is required (Int!) and was not given"},
		{`{ f(n: 1, x: 1) }`, `{}`, m{"n": int64(1), "d": int64(7), "x": 1.0}, ""},
		{`query($n: Int!) { f(n: $n) }`, `{"n": 20e-1}`, m{"n": int64(2), "d": int64(7)}, ""},
		{`query($n: Int!) { f(n: $n) }`, `{"n": -2147483648}`, m{"n": int64(-2147483648), "d": int64(7)}, ""},
		{`query($n: Int!) { f(n: $n) }`, `{"n": -2147483649}`, nil, "$n: expected a 32-bit integer, got -2147483649"},
		{`query($n: Int!) { f(n: $n) }`, `{"n": 0.1}`, nil, "$n: expected a 32-bit integer, got 0.1"},
		{`{ f(n: 1, id: 5) }`, `{}`, m{"n": int64(1), "d": int64(7), "id": "5"}, ""},
		{`query($id: ID) { f(n: 1, id: $id) }`, `{"id": 5}`, m{"n": int64(1), "d": int64(7), "id": "5"}, ""},
		{`query($s: String) { f(n: 1, s: $s) }`, `{"s": 5}`, nil, `$s: expected a string (String), got 5`},
		// Lists: a lone value stands for a list of one, on each level.
		{`{ f(n: 1, list: 5) }`, `{}`, m{"n": int64(1), "d": int64(7), "list": l{l{int64(5)}}}, ""},
		{`{ f(n: 1, list: [[1, null], null]) }`, `{}`, m{"n": int64(1), "d": int64(7), "list": l{l{int64(1), nil}, nil}}, ""},
		{`query($i: Int) { f(n: 1, list: [[1, $i]]) }`, `{}`, m{"n": int64(1), "d": int64(7), "list": l{l{int64(1), nil}}}, ""},
		{`query($m: [Filter!]) { f(n: 1, many: $m) }`, `{"m": {"needed": true}}`, m{"n": int64(1), "d": int64(7), "many": l{m{"needed": true, "colour": "RED"}}}, ""},
		// Input objects: only what was given, and defaults.
		{`query($i: Int, $c: Colour) { f(n: 1, filter: {needed: false, eq: $i, colour: $c, in: 3}) }`, `{}`,
			m{"n": int64(1), "d": int64(7), "filter": m{"needed": false, "colour": "RED", "in": l{int64(3)}}}, ""},
		{`query($i: Int) { f(n: 1, filter: {needed: false, eq: $i, colour: GREEN}) }`, `{"i": null}`,
			m{"n": int64(1), "d": int64(7), "filter": m{"needed": false, "colour": "GREEN", "eq": nil}}, ""},
		{`query($f: Filter) { f(n: 1, filter: $f) }`, `{"f": {"inner": {"needed": true}}}`, nil, "$f.needed: is required (Boolean!) and was not given"},
		{`query($f: Filter) { f(n: 1, filter: $f) }`, `{"f": {"needed": true, "inner": {"needed": 1}}}`, nil, "$f.inner.needed: expected true or false, got 1"},
		{`query($f: Filter) { f(n: 1, filter: $f) }`, `{"f": {"needed": true, "in": [1, null]}}`, nil, "$f.in[1]: must not be null (Int!)"},
		{`query($f: Filter) { f(n: 1, filter: $f) }`, `{"f": {"needed": true, "colour": "BLUE"}}`, nil, `$f.colour: expected one of RED, GREEN, got "BLUE"`},
		{`query($f: Filter) { f(n: 1, filter: $f) }`, `{"f": {"needed": true, "day": "2019-02-30"}}`, nil, `$f.day: expected a date as YYYY, YYYY-MM or YYYY-MM-DD, got "2019-02-30"`},
	} {
		got, err := coerced(t, c.document, c.variables)
		message := ""
		if err != nil {
			message = err.Error()
		}
		if diff := cmp.Diff(c.want, got); diff != "" || message != c.err {
			t.Errorf("%s %s\nwant error %q, got %q\n%s", c.document, c.variables, c.err, message, diff)
		}
	}
}

// Times are of one form, whose texts are in the order of time, whatever their
// digits and offsets.
func TestDateTime(t *testing.T) {
	last := ""
	for _, c := range []struct{ in, want string }{
		{"2024-05-01T12:00:50+02:00", "2024-05-01T10:00:50.000000000Z"},
		{"2024-05-01T11:59:50Z", "2024-05-01T11:59:50.000000000Z"},
		{"2024-05-01T11:59:50.1234Z", "2024-05-01T11:59:50.123400000Z"},
		{"2024-05-01T00:00:00.123456789-12:00", "2024-05-01T12:00:00.123456789Z"},
	} {
		got, ok := input.DateTime(c.in)
		if !ok || got != c.want || got <= last {
			t.Errorf("%s: %s %v after %s, want %s", c.in, got, ok, last, c.want)
		}
		last = got
		again, ok := input.DateTime(got)
		if !ok || again != got {
			t.Errorf("%s is %s the second time", got, again)
		}
	}
	for _, bad := range []string{"", "2024-05-01", "2024-02-30T00:00:00Z", "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-00:01"} {
		if got, ok := input.DateTime(bad); ok {
			t.Errorf("%q is %s", bad, got)
		}
	}
}
