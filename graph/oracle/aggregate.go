package oracle

import (
	"cmp"
	"math/big"
	"slices"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
)

// aggregate writes { count, node, edge } over all rows that where keeps: node
// takes each node once.
func (r *run) aggregate(rows []row, f *field, def *ast.Definition) any {
	nodes := distinct(rows)
	return r.each(f, def, func(f *field, typ *ast.Definition) any {
		if f.Name == "count" {
			return r.each(f, typ, func(f *field, _ *ast.Definition) any {
				if f.Name == "edges" {
					return int64(len(rows))
				}
				return int64(len(nodes))
			})
		}
		return r.each(f, typ, func(f *field, typ *ast.Definition) any {
			var values []any
			if f.outer == "edge" {
				for _, x := range rows {
					values = appendPresent(values, x.edge.values[f.Name])
				}
			} else {
				for _, x := range nodes {
					values = appendPresent(values, x.node.values[f.Name])
				}
			}
			return r.each(f, typ, func(f *field, _ *ast.Definition) any { return measure(f.Name, values) })
		})
	})
}

// each writes an object whose values come from read.
func (r *run) each(f *field, def *ast.Definition, read func(*field, *ast.Definition) any) any {
	o := &Object{}
	for _, k := range r.collect(def, f.sets...) {
		if k.Name == "__typename" {
			o.add(k.Alias, def.Name)
			continue
		}
		k.outer = f.Name
		o.add(k.Alias, read(k, r.schema.Types[def.Fields.ForName(k.Name).Type.Name()]))
	}
	return o
}

func appendPresent(list []any, v any) []any {
	if v == nil {
		return list
	}
	return append(list, v)
}

// total is the exact sum, rounded once.
func total(values []any) float64 {
	sum := new(big.Rat)
	for _, v := range values {
		switch v := v.(type) {
		case int64:
			sum.Add(sum, new(big.Rat).SetInt64(v))
		case float64:
			sum.Add(sum, new(big.Rat).SetFloat64(v))
		}
	}
	f, _ := sum.Float64()
	return f
}

// measure: the sum of nothing is 0, anything else over nothing is null.
func measure(name string, values []any) any {
	sum := total(values)
	if name == "sum" {
		return sum
	}
	if len(values) == 0 {
		return nil
	}
	length := func(v any) int { return utf8.RuneCountInString(v.(string)) }
	switch name {
	case "average":
		return sum / float64(len(values))
	case "min":
		return slices.MinFunc(values, compare)
	case "max":
		return slices.MaxFunc(values, compare)
	case "shortest":
		return slices.MinFunc(values, func(a, b any) int { return cmp.Or(length(a)-length(b), compare(a, b)) })
	}
	return slices.MinFunc(values, func(a, b any) int { return cmp.Or(length(b)-length(a), compare(a, b)) })
}
