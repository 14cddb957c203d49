package oracle

import (
	"encoding/json"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// args are the arguments that a field was given. A variable without a value is
// as if its argument or field were not written.
func (r *run) args(f *ast.Field) map[string]any {
	m := map[string]any{}
	for _, a := range f.Arguments {
		if v, ok := r.literal(a.Value); ok {
			m[a.Name] = v
		}
	}
	return m
}

func (r *run) literal(v *ast.Value) (any, bool) {
	switch v.Kind {
	case ast.Variable:
		x, ok := r.vars[v.Raw]
		return x, ok
	case ast.IntValue:
		i, err := strconv.ParseInt(v.Raw, 10, 64)
		if err != nil {
			panic(err)
		}
		return i, true
	case ast.FloatValue:
		f, err := strconv.ParseFloat(v.Raw, 64)
		if err != nil {
			panic(err)
		}
		return f, true
	case ast.BooleanValue:
		return v.Raw == "true", true
	case ast.NullValue:
		return nil, true
	case ast.ListValue:
		list := []any{}
		for _, c := range v.Children {
			x, _ := r.literal(c.Value)
			list = append(list, x)
		}
		return list, true
	case ast.ObjectValue:
		m := map[string]any{}
		for _, c := range v.Children {
			if x, ok := r.literal(c.Value); ok {
				m[c.Name] = x
			}
		}
		return m, true
	}
	return v.Raw, true
}

// variables are the values given, or the defaults.
func variables(op *ast.OperationDefinition, given map[string]any) map[string]any {
	vars := map[string]any{}
	for _, d := range op.VariableDefinitions {
		if v, ok := given[d.Variable]; ok {
			vars[d.Variable] = decoded(v)
		} else if d.DefaultValue != nil {
			vars[d.Variable], _ = (&run{}).literal(d.DefaultValue)
		}
	}
	return vars
}

// decoded turns JSON numbers into integers or floats.
func decoded(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		f, err := v.Float64()
		if err != nil {
			panic(err)
		}
		if i := int64(f); float64(i) == f {
			return i
		}
		return f
	case int:
		return int64(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = decoded(e)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = decoded(e)
		}
		return out
	}
	return v
}

// asList takes a lone value for a list of one, as the specification says.
func asList(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}
