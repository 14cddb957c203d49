package generate

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Values of arguments: nil, int, int64, float64, bool, string, []any and these.
type (
	enum      string
	reference string // a use of a variable
	object    []member
	member    struct {
		name  string
		value any
	}
)

func (o object) has(name string) bool {
	for _, m := range o {
		if m.name == name {
			return true
		}
	}
	return false
}

// literal writes v in a document.
func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case enum:
		return string(v)
	case reference:
		return string(v)
	case string:
		return quote(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = literal(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case object:
		parts := make([]string, len(v))
		for i, m := range v {
			parts[i] = m.name + ": " + literal(m.value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	panic("generate: not a value")
}

// quote writes a string; every escape of JSON is one of GraphQL.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// jsonValue is v as the value of a variable; it must hold no reference.
func jsonValue(v any) any {
	switch v := v.(type) {
	case enum:
		return string(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = jsonValue(e)
		}
		return out
	case object:
		out := map[string]any{}
		for _, m := range v {
			out[m.name] = jsonValue(m.value)
		}
		return out
	case int:
		return int64(v)
	}
	return v
}

func holdsReference(v any) bool {
	switch v := v.(type) {
	case reference:
		return true
	case []any:
		for _, e := range v {
			if holdsReference(e) {
				return true
			}
		}
	case object:
		for _, m := range v {
			if holdsReference(m.value) {
				return true
			}
		}
	}
	return false
}
