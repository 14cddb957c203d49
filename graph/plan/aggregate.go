package plan

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

// aggregate reads a selection below `aggregate`:
// count { nodes edges }, node { field { … } }, edge { field { … } }.
func (b *builder) aggregate(m *Measures, sel *Select, def *ast.Definition, sets []ast.SelectionSet) ([]AggItem, error) {
	return b.aggregated(def, sets, func(f *field, typ *ast.Definition) ([]AggItem, error) {
		switch f.Name {
		case "count":
			return b.aggregated(typ, f.sets, func(f *field, _ *ast.Definition) ([]AggItem, error) {
				edge := f.Name == "edges"
				return []AggItem{leaf(m, edge, Measure{Func: CountRows})}, nil
			})
		case "edge":
			return b.measured(m, true, sel.Via.Relationship.Property, typ, f.sets)
		}
		return b.measured(m, false, sel.Nodes[0].Property, typ, f.sets)
	})
}

// measured reads { field { min max average sum shortest longest } }.
func (b *builder) measured(m *Measures, edge bool, prop func(string) *catalog.Property, def *ast.Definition, sets []ast.SelectionSet) ([]AggItem, error) {
	return b.aggregated(def, sets, func(f *field, typ *ast.Definition) ([]AggItem, error) {
		p := prop(f.Name)
		return b.aggregated(typ, f.sets, func(f *field, _ *ast.Definition) ([]AggItem, error) {
			if f.Name == "average" {
				l := leaf(m, edge, Measure{Sum, p})
				l.Divisor = leaf(m, edge, Measure{CountSet, p}).Measure
				return []AggItem{l}, nil
			}
			fn := map[string]Func{"min": Min, "max": Max, "sum": Sum, "shortest": Shortest, "longest": Longest}[f.Name]
			return []AggItem{leaf(m, edge, Measure{fn, p})}, nil
		})
	})
}

// aggregated walks one level. read gives the kids of a composite field, or for
// a leaf one item without alias.
func (b *builder) aggregated(def *ast.Definition, sets []ast.SelectionSet, read func(*field, *ast.Definition) ([]AggItem, error)) ([]AggItem, error) {
	fields, err := b.collect(sets, def)
	if err != nil {
		return nil, err
	}
	out := make([]AggItem, 0, len(fields))
	for _, f := range fields {
		it := AggItem{Alias: f.Alias, Field: f.Name, Measure: -1, Divisor: -1}
		if f.Name != "__typename" {
			typ := b.op.Schema.Types[def.Fields.ForName(f.Name).Type.Name()]
			got, err := read(f, typ)
			if err != nil {
				return nil, err
			}
			if len(f.sets) == 0 {
				it = got[0]
				it.Alias, it.Field = f.Alias, f.Name
			} else {
				it.Type, it.Kids = typ.Name, got
			}
		}
		out = append(out, it)
	}
	return out, nil
}

// leaf asks for a measure, once.
func leaf(m *Measures, edge bool, x Measure) AggItem {
	list := &m.Node
	if edge {
		list = &m.Edge
	}
	i := slices.Index(*list, x)
	if i < 0 {
		i = len(*list)
		*list = append(*list, x)
	}
	return AggItem{Edge: edge, Measure: i, Divisor: -1}
}
