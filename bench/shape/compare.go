package shape

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Data is the member data of a GraphQL response, or an error if the response
// has errors or no data.
func Data(body []byte) (json.RawMessage, error) {
	var answer struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("the answer is not JSON: %w", err)
	}
	if len(answer.Errors) > 0 {
		return nil, fmt.Errorf("the answer has errors: %s", answer.Errors[0].Message)
	}
	if len(answer.Data) == 0 || string(answer.Data) == "null" {
		return nil, fmt.Errorf("the answer has no data")
	}
	return answer.Data, nil
}

// Same says where two answers to s differ, nil if they do not: as JSON, or for
// shapes without an order by the rows they hold.
func (s *Shape) Same(want, got json.RawMessage) error {
	if s.Group > 0 {
		return s.SameValues(want, Leaves(got))
	}
	var a, b any
	if err := json.Unmarshal(want, &a); err != nil {
		return err
	}
	if err := json.Unmarshal(got, &b); err != nil {
		return err
	}
	if !reflect.DeepEqual(a, b) {
		return s.SameValues(want, Leaves(got)) // says where, unless names or lists differ
	}
	return nil
}

// SameValues compares an answer with the values of raw rows, in order.
func (s *Shape) SameValues(want json.RawMessage, got []string) error {
	wanted := Leaves(want)
	if s.Group > 0 {
		wanted, got = grouped(wanted, s.Group), grouped(got, s.Group)
	}
	for i := range min(len(wanted), len(got)) {
		if wanted[i] != got[i] {
			return fmt.Errorf("value %d is %s, expected %s", i, clip(got[i]), clip(wanted[i]))
		}
	}
	if len(wanted) != len(got) {
		return fmt.Errorf("%d values, expected %d", len(got), len(wanted))
	}
	return nil
}

func clip(s string) string { return fmt.Sprintf("%.80q", s) }

// grouped joins every n values and sorts the groups.
func grouped(values []string, n int) []string {
	var out []string
	for chunk := range slices.Chunk(values, n) {
		out = append(out, strings.Join(chunk, "\x00"))
	}
	slices.Sort(out)
	return out
}

// Leaves are the scalars of a JSON text in their order, without the names of
// members and without booleans, which plain statements do not return.
func Leaves(text []byte) []string {
	var out []string
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var walk func() bool
	walk = func() bool {
		token, err := dec.Token()
		if err != nil {
			return false
		}
		switch t := token.(type) {
		case json.Delim:
			for dec.More() {
				if t == '{' {
					if _, err := dec.Token(); err != nil { // the name
						return false
					}
				}
				if !walk() {
					return false
				}
			}
			_, err := dec.Token()
			return err == nil
		case bool:
		case nil:
			out = append(out, "null")
		default:
			out = append(out, fmt.Sprint(t))
		}
		return true
	}
	walk()
	return out
}

// RowLeaves are the scalars of the columns of rows: driver values, lists of
// them, or JSON texts of lists as the nested SQL shapes return.
func RowLeaves(rows [][]any) []string {
	var out []string
	var add func(v any)
	add = func(v any) {
		switch v := v.(type) {
		case nil:
			out = append(out, "null")
		case []any:
			for _, x := range v {
				add(x)
			}
		case string:
			if strings.HasPrefix(v, "[") {
				out = append(out, Leaves([]byte(v))...)
				return
			}
			out = append(out, v)
		default:
			out = append(out, fmt.Sprint(v))
		}
	}
	for _, row := range rows {
		for _, v := range row {
			add(v)
		}
	}
	return out
}
