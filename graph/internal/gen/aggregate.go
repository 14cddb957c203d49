package main

import (
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

// aggregated adds the type with the aggregates of the properties that have
// any; it reports false when none has.
func (a *api) aggregated(name, description string, properties []*catalog.Property) bool {
	var fields []*ast.FieldDefinition
	for _, p := range properties {
		if typ := a.aggregates(p); typ != "" {
			fields = append(fields, field(p.Name, typ+"!", "Aggregates of `"+p.Name+"`."))
		}
	}
	if len(fields) == 0 {
		return false
	}
	a.add(ast.Object, name, description, fields...)
	return true
}

// aggregates returns the type with the aggregates of a property, shared by all
// properties of the same scalar; "" when there are none.
func (a *api) aggregates(p *catalog.Property) string {
	if p.List {
		return ""
	}
	owner := a.owner
	defer func() { a.owner = owner }()
	a.owner = ""
	name := p.Type + "AggregateSelection"
	least := field("min", p.Type, "The least value; null when there is none.")
	greatest := field("max", p.Type, "The greatest value; null when there is none.")
	switch p.Kind {
	case catalog.String:
		a.add(ast.Object, name, "Aggregates of String values. Missing values are passed over.",
			field("shortest", "String", "The shortest value; of several the first by code point. null when there is none."),
			field("longest", "String", "The longest value; of several the first by code point. null when there is none."))
	case catalog.Int, catalog.Float:
		sum := "The sum; 0 when there is no value."
		if p.Kind == catalog.Int {
			sum += " Exact up to 2^53."
		}
		a.add(ast.Object, name, "Aggregates of "+p.Type+" values. Missing values are passed over.",
			least, greatest,
			field("average", "Float", "The mean; null when there is no value."),
			field("sum", "Float", sum))
	case catalog.Date, catalog.DateTime:
		a.add(ast.Object, name, "Aggregates of "+p.Type+" values. Missing values are passed over.", least, greatest)
	default:
		return ""
	}
	return name
}
