// Package input coerces variables and arguments by the schema, strictly as the
// GraphQL specification says: Int is 32-bit and never a string, a variable
// that was not given is absent, a lone value stands for a list of one.
//
// Coerced values are nil, int64, float64, string (also enums and custom
// scalars), bool, []any and map[string]any with only the fields that were given.
package input

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/text/unicode/norm"
)

// Variables coerces the JSON values of an operation's variables. Numbers are
// json.Number. Variables that the operation does not declare are ignored.
func Variables(schema *ast.Schema, op *ast.OperationDefinition, raw map[string]any) (map[string]any, error) {
	out := map[string]any{}
	for _, def := range op.VariableDefinitions {
		path := "$" + def.Variable
		v, given := raw[def.Variable]
		if !given && def.DefaultValue != nil {
			v, given = Literal(def.DefaultValue, nil)
		}
		if !given {
			if def.Type.NonNull {
				return nil, Errorf(path, "is required (%s) and was not given", def.Type)
			}
			continue
		}
		c, err := Coerce(schema, def.Type, v, path)
		if err != nil {
			return nil, err
		}
		out[def.Variable] = c
	}
	return out, nil
}

// Arguments coerces the arguments of a field or directive. Absent arguments
// without a default are missing from the result.
func Arguments(schema *ast.Schema, defs ast.ArgumentDefinitionList, args ast.ArgumentList, vars map[string]any, path string) (map[string]any, error) {
	out := map[string]any{}
	for _, def := range defs {
		var v any
		given := false
		if a := args.ForName(def.Name); a != nil {
			v, given = Literal(a.Value, vars)
		}
		if !given && def.DefaultValue != nil {
			v, given = Literal(def.DefaultValue, nil)
		}
		at := path + "(" + def.Name + ":)"
		if !given {
			if def.Type.NonNull {
				return nil, Errorf(at, "is required (%s) and was not given", def.Type)
			}
			continue
		}
		c, err := Coerce(schema, def.Type, v, at)
		if err != nil {
			return nil, err
		}
		out[def.Name] = c
	}
	return out, nil
}

// Literal is the value of a document literal, with variables put in; false
// when it is a variable that was not given.
func Literal(v *ast.Value, vars map[string]any) (any, bool) {
	switch v.Kind {
	case ast.Variable:
		x, ok := vars[v.Raw]
		return x, ok
	case ast.IntValue, ast.FloatValue:
		return json.Number(v.Raw), true
	case ast.BooleanValue:
		return v.Raw == "true", true
	case ast.NullValue:
		return nil, true
	case ast.ListValue:
		list := make([]any, 0, len(v.Children))
		for _, c := range v.Children {
			x, ok := Literal(c.Value, vars)
			if !ok {
				x = nil // the specification: a missing variable in a list is null
			}
			list = append(list, x)
		}
		return list, true
	case ast.ObjectValue:
		m := make(map[string]any, len(v.Children))
		for _, c := range v.Children {
			if x, ok := Literal(c.Value, vars); ok {
				m[c.Name] = x
			}
		}
		return m, true
	}
	return v.Raw, true // strings, block strings, enums
}

// Coerce checks v against t. It is idempotent: coerced values pass unchanged.
func Coerce(schema *ast.Schema, t *ast.Type, v any, path string) (any, error) {
	if v == nil {
		if t.NonNull {
			return nil, Errorf(path, "must not be null (%s)", t)
		}
		return nil, nil
	}
	if t.Elem != nil {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		out := make([]any, len(list))
		for i, e := range list {
			at := path
			if ok {
				at += "[" + strconv.Itoa(i) + "]"
			}
			c, err := Coerce(schema, t.Elem, e, at)
			if err != nil {
				return nil, err
			}
			out[i] = c
		}
		return out, nil
	}
	def := schema.Types[t.NamedType]
	switch def.Kind {
	case ast.InputObject:
		return object(schema, def, v, path)
	case ast.Enum:
		s, ok := v.(string)
		if !ok || def.EnumValues.ForName(s) == nil {
			return nil, Errorf(path, "expected one of %s, got %s", enumValues(def), show(v))
		}
		return s, nil
	}
	return scalar(t.NamedType, v, path)
}

func object(schema *ast.Schema, def *ast.Definition, v any, path string) (any, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, Errorf(path, "expected an object (%s), got %s", def.Name, show(v))
	}
	for name := range m {
		if def.Fields.ForName(name) == nil {
			return nil, Errorf(path, "%s has no field %q", def.Name, clip(name))
		}
	}
	if def.Directives.ForName("oneOf") != nil {
		if err := one(def, m, path); err != nil {
			return nil, err
		}
	}
	out := make(map[string]any, len(m))
	for _, f := range def.Fields {
		x, given := m[f.Name]
		if !given && f.DefaultValue != nil {
			x, given = Literal(f.DefaultValue, nil)
		}
		if !given {
			if f.Type.NonNull {
				return nil, Errorf(path+"."+f.Name, "is required (%s) and was not given", f.Type)
			}
			continue
		}
		c, err := Coerce(schema, f.Type, x, path+"."+f.Name)
		if err != nil {
			return nil, err
		}
		out[f.Name] = c
	}
	return out, nil
}

// one checks a value of a @oneOf type: one field is given, and is not null.
func one(def *ast.Definition, m map[string]any, path string) error {
	if len(m) != 1 {
		return Errorf(path, "%s takes exactly one field, got %d", def.Name, len(m))
	}
	for name, v := range m {
		if v == nil {
			return Errorf(path+"."+name, "must not be null: it is the one field of %s", def.Name)
		}
	}
	return nil
}

func scalar(name string, v any, path string) (any, error) {
	switch name {
	case "Int":
		if i, ok := integer(v); ok {
			if i < math.MinInt32 || i > math.MaxInt32 {
				return nil, Errorf(path, "expected a 32-bit integer, got %d", i)
			}
			return i, nil
		}
		return nil, Errorf(path, "expected a 32-bit integer, got %s", show(v))
	case "Float":
		switch x := v.(type) {
		case float64:
			return x, nil
		case int64:
			return float64(x), nil
		case json.Number:
			if f, err := x.Float64(); err == nil && !math.IsInf(f, 0) {
				return f, nil
			}
		}
		return nil, Errorf(path, "expected a number, got %s", show(v))
	case "Boolean":
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return nil, Errorf(path, "expected true or false, got %s", show(v))
	case "ID":
		if i, ok := integer(v); ok {
			return strconv.FormatInt(i, 10), nil
		}
	}
	s, ok := v.(string)
	if !ok {
		return nil, Errorf(path, "expected a string (%s), got %s", name, show(v))
	}
	if !utf8.ValidString(s) {
		return nil, Errorf(path, "expected valid Unicode text")
	}
	if check := formats[name]; check != nil {
		if msg := check(s); msg != "" {
			return nil, Errorf(path, "%s, got %s", msg, show(s))
		}
	}
	if name == "DateTime" {
		s, _ = DateTime(s)
	}
	// Text is stored composed (NFC); asked for in another form it would not be found.
	return norm.NFC.String(s), nil
}

// integer accepts whole numbers in any JSON spelling: 1, 1.0, 1e3.
func integer(v any) (int64, bool) {
	switch x := v.(type) {
	case int64:
		return x, true
	case int:
		return int64(x), true
	case json.Number:
		if i, err := x.Int64(); err == nil {
			return i, true
		}
		f, err := x.Float64()
		if err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return int64(f), true
		}
	}
	return 0, false
}

func enumValues(def *ast.Definition) string {
	names := make([]string, len(def.EnumValues))
	for i, v := range def.EnumValues {
		names[i] = v.Name
	}
	return strings.Join(names, ", ")
}

// show names a value in a message, shortened, so that a request is never echoed whole.
func show(v any) string {
	switch x := v.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(clip(x))
	case json.Number:
		return clip(x.String())
	case bool:
		return strconv.FormatBool(x)
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return "a value of another type"
}

func clip(s string) string {
	if len(s) <= 40 {
		return s
	}
	cut := 40
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
