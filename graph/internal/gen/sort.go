package main

import (
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

func (a *api) nodeSort(n *catalog.Node) {
	a.sort(n.Name+"Sort", "A sort key for "+n.Name+" nodes: exactly one field.", sortFields(n.Properties)...)
}

func (a *api) edgeSort(r *catalog.Relationship) {
	if sortable(r.Properties) {
		a.sort(r.PropertiesType+"Sort", "A sort key for "+r.PropertiesType+": exactly one field.", sortFields(r.Properties)...)
	}
}

// sort adds a type of sort keys, of which each gives one of its fields.
func (a *api) sort(name, description string, fields ...*ast.FieldDefinition) *ast.Definition {
	def := a.add(ast.InputObject, name, description, fields...)
	def.Directives = ast.DirectiveList{{Name: "oneOf"}}
	return def
}

func sortable(properties []*catalog.Property) bool { return len(sortFields(properties)) > 0 }

func sortFields(properties []*catalog.Property) []*ast.FieldDefinition {
	var out []*ast.FieldDefinition
	for _, p := range properties {
		if !p.List {
			out = append(out, field(p.Name, "SortDirection", "Sorts by `"+p.Name+"`."))
		}
	}
	return out
}
