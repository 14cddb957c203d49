package scan_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"normgraph/graph/scan"
)

// Variables agrees with the decoder's own count: a text passes at what it has,
// and does not at one less.
func TestVariables(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var draw func(depth int) any
		draw = func(depth int) any {
			most := 6
			if depth > 4 {
				most = 4
			}
			switch rapid.IntRange(0, most).Draw(t, "kind") {
			case 0:
				return nil
			case 1:
				return rapid.Bool().Draw(t, "bool")
			case 2:
				return rapid.Float64Range(-1e9, 1e9).Draw(t, "number")
			case 3, 4:
				return rapid.StringOf(rapid.RuneFrom([]rune("a\\\"{[,:\x01é"))).Draw(t, "text")
			case 5:
				return rapid.SliceOfN(rapid.Custom(func(*rapid.T) any { return draw(depth + 1) }), 0, 4).Draw(t, "list")
			}
			return rapid.MapOfN(rapid.StringN(0, 3, -1), rapid.Custom(func(*rapid.T) any { return draw(depth + 1) }), 0, 4).Draw(t, "object")
		}
		text, err := json.Marshal(draw(0))
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "indent") {
			if text, err = json.MarshalIndent(json.RawMessage(text), " ", "\t"); err != nil {
				t.Fatal(err)
			}
		}
		nesting, values := measure(t, text)
		for _, c := range []struct {
			limit string
			n     int
		}{{"", 0}, {"nesting", 1}, {"values", 1}} {
			l := scan.Limits{Nesting: nesting, Values: values}
			if c.limit == "nesting" {
				l.Nesting--
			}
			if c.limit == "values" {
				l.Values--
			}
			err := scan.Variables(text, l)
			var limit *scan.LimitError
			if c.limit == "" && err != nil || c.limit == "values" && (!errors.As(err, &limit) || limit.Limit != c.limit) {
				t.Fatalf("%s: %v at %+v", text, err, l)
			}
			if c.limit == "nesting" && nesting > 0 && (!errors.As(err, &limit) || limit.Limit != c.limit || limit.Requested != nesting) {
				t.Fatalf("%s: %v at %+v", text, err, l)
			}
		}
	})
}

func measure(t *rapid.T, text []byte) (nesting, values int) {
	open := 0
	for d := json.NewDecoder(strings.NewReader(string(text))); ; {
		token, err := d.Token()
		if err != nil {
			return nesting, values
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			open++
			values++
			nesting = max(nesting, open)
		case json.Delim('}'), json.Delim(']'):
			open--
		default:
			values++
		}
	}
}
