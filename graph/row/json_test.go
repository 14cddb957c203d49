package row_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"normgraph/graph/catalog"
	"normgraph/graph/row"
)

// Any text, list or number that JSON can hold comes out as it went in, also
// when the text is read twice and what is not wanted is passed over.
func TestJSONReadsWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		n := rapid.Int64().Draw(t, "int")
		f := rapid.Float64().Draw(t, "float")
		list := rapid.SliceOf(rapid.String()).Draw(t, "list")
		skipped := rapid.SampledFrom([]any{nil, true, -1.5e3, "x\"]", []any{[]any{}, "y", []any{nil, 1}}}).Draw(t, "skipped")
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(rapid.Bool().Draw(t, "escaped"))
		if err := enc.Encode([]any{s, n, skipped, f, []any{}, nil, list, true, 0}); err != nil {
			t.Fatal(err)
		}
		rows := row.JSON(buf.Bytes())
		for range 2 {
			r := rows.Reader()
			if !r.Enter() || !r.More() {
				t.Fatal("no list")
			}
			if v := r.Scalar(catalog.String); v.Text != s {
				t.Fatalf("got %q, want %q", v.Text, s)
			}
			r.More()
			if v := r.Scalar(catalog.Int); v.Int != n {
				t.Fatalf("got %d, want %d", v.Int, n)
			}
			r.More()
			r.Skip()
			r.More()
			if v := r.Scalar(catalog.Float); v.Float != f {
				t.Fatalf("got %v, want %v", v.Float, f)
			}
			r.More()
			if !r.Enter() || r.More() {
				t.Fatal("an empty list has elements")
			}
			r.More()
			if r.Enter() {
				t.Fatal("null is a list")
			}
			r.More()
			if v := r.Scalar(catalog.Enum_); len(v.List) != len(list) || v.List == nil || len(list) > 0 && v.List[len(list)-1].Text != list[len(list)-1] {
				t.Fatalf("got %v, want %v", v.List, list)
			}
			r.More()
			if !r.Scalar(catalog.Boolean).Bool {
				t.Fatal("true is false")
			}
			r.More()
			if r.Scalar(catalog.Boolean).Bool || r.More() || r.Err() != nil {
				t.Fatal("not at the end", r.Err())
			}
		}
	})
}

func TestJSONStrings(t *testing.T) {
	for text, want := range map[string]string{
		`""`: "", `"é€"`: "é€", `"\u00e9\u20AC"`: "é€", `"\uD83D\uDE00"`: "\U0001F600", `"a\u0000b"`: "a\x00b", `"\"\\\/\b\f\n\r\t"`: "\"\\/\b\f\n\r\t", ` "x" `: "x",
	} {
		r := row.JSON([]byte(text)).Reader()
		if got := r.Scalar(catalog.String); got.Text != want || r.Err() != nil {
			t.Errorf("%s: got %q, %v", text, got.Text, r.Err())
		}
	}
}

func TestJSONRefusesMalformedText(t *testing.T) {
	for _, text := range []string{
		``, `[`, `]`, `[1`, `[1,]`, `[,1]`, `[1 2]`, `[1]]`, `[1] 2`, `nul`, `nulls`, `truee`, `"a`, `"\`, `"\x"`, `"\u12"`, `"\uD800"`, `"\uD800\u0041"`, `"\uDC00"`, "\"a\nb\"", "\"\\n\nb\"", `-`, `1e`, `{}`, `[{}]`, `+`,
	} {
		r := row.JSON([]byte(text)).Reader()
		r.Skip()
		if r.Err() == nil {
			t.Errorf("%q was accepted", text)
		} else if !strings.Contains(r.Err().Error(), "expected") {
			t.Errorf("%q: %v", text, r.Err())
		}
	}
}

// A value of another shape or kind than asked for is an error that stays.
func TestJSONErrorsStay(t *testing.T) {
	for name, f := range map[string]func(row.Reader){
		"text for int":       func(r row.Reader) { r.Enter(); r.More(); r.Scalar(catalog.Int) },
		"list for scalar":    func(r row.Reader) { r.Scalar(catalog.Int) },
		"scalar for list":    func(r row.Reader) { r.Enter(); r.More(); r.Enter() },
		"more than there is": func(r row.Reader) { r.Enter(); r.More(); r.Skip(); r.Skip() },
		"more without list":  func(r row.Reader) { r.More() },
		"two for a boolean":  func(r row.Reader) { row := r; row.Enter(); row.More(); row.Scalar(catalog.Boolean) },
	} {
		r := row.JSON([]byte(`["2"]`)).Reader()
		f(r)
		if r.Err() == nil {
			t.Errorf("%s was accepted", name)
			continue
		}
		first := fmt.Sprint(r.Err())
		if r.Enter() || r.More() || r.Scalar(catalog.String).Text != "" || fmt.Sprint(r.Err()) != first {
			t.Errorf("%s: goes on after %s", name, first)
		}
	}
}

// FuzzJSON: never panics, and takes what encoding/json takes, as far as it has
// no objects.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`[["a",1,[],null],[true,1.5e3,"\ud83d\ude00"]]`, `[1,`, `"\u`, `[[[[`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := row.JSON(text).Reader()
		r.Skip()
		if r.Err() != nil && json.Valid(text) && !bytes.ContainsAny(text, `{`) && !bytes.Contains(text, []byte(`\u`)) {
			var v any
			if json.Unmarshal(text, &v) == nil { // numbers within range
				t.Errorf("%q: %v", text, r.Err())
			}
		}
		r = row.JSON(text).Reader()
		r.Enter()
		for r.More() {
			r.Scalar(catalog.String)
		}
	})
}

// SQLite writes a sum beyond the greatest number like this; Neo4j gives infinity.
func TestJSONInfinity(t *testing.T) {
	r := row.JSON([]byte(`[9.0e+999,-9.0e+999]`)).Reader()
	r.Enter()
	for _, sign := range []int{1, -1} {
		if !r.More() || !math.IsInf(r.Scalar(catalog.Float).Float, sign) || r.Err() != nil {
			t.Errorf("%v", r.Err())
		}
	}
}
