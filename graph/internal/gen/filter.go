package main

import (
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

// addLogical adds an input type of conditions with AND, OR and NOT.
func (a *api) addLogical(name, description string, fields ...*ast.FieldDefinition) *ast.Definition {
	fields = append(fields,
		field("AND", "["+name+"!]", "All of these are true; an empty list is true."),
		field("OR", "["+name+"!]", "Any of these is true; an empty list is false."),
		field("NOT", name, "This is false. With a missing value it is unknown, and so is its opposite."))
	return a.add(ast.InputObject, name, description, fields...)
}

// nodeFilter adds XWhere, and XRelationshipFilters.
func (a *api) nodeFilter(n *catalog.Node) {
	fields := a.propertyFilters(n.Properties)
	for _, rel := range n.Relations {
		if !rel.List {
			text := "Holds for the " + rel.Target.Name + " of `" + rel.Field + "`."
			if !rel.NonNull {
				text += " null finds nodes without one."
			}
			fields = append(fields, field(rel.Field, rel.Target.Name+"Where", text))
			continue
		}
		fields = append(fields,
			field(rel.Field, rel.Target.Name+"RelationshipFilters", "Holds for the nodes of `"+rel.Field+"`."),
			field(rel.Field+"Connection", n.Name+upperFirst(rel.Field)+"ConnectionFilters", "Holds for the relationships behind `"+rel.Field+"`."))
	}
	a.addLogical(n.Name+"Where", "A condition on "+n.Name+" nodes. All fields given must be true.", fields...)
	if a.isTarget(n) {
		a.add(ast.InputObject, n.Name+"RelationshipFilters", "A condition on related "+n.Name+" nodes.", quantifiers(n.Name+"Where", "node")...)
	}
}

// isTarget reports whether some relation leads to many nodes of type n.
func (a *api) isTarget(n *catalog.Node) bool {
	for _, owner := range a.cat.Nodes {
		for _, rel := range owner.Relations {
			if rel.List && rel.Target == n {
				return true
			}
		}
	}
	return false
}

func quantifiers(where, what string) []*ast.FieldDefinition {
	return []*ast.FieldDefinition{
		field("some", where, "True for at least one related "+what+"."),
		field("all", where, "False for no related "+what+"; holds where there is none."),
		field("none", where, "True for no related "+what+"."),
		field("single", where, "True for exactly one relationship."),
	}
}

// relationFilters adds the conditions on the relationships of a relation.
func (a *api) relationFilters(rel *catalog.Relation, base string) {
	what := rel.Owner.Name + "." + rel.Field
	a.add(ast.InputObject, base+"ConnectionFilters", "A condition on the relationships of "+what+".",
		append(quantifiers(base+"ConnectionWhere", "edge"),
			field("aggregate", base+"ConnectionAggregateInput", "Holds for their number."))...)
	a.addLogical(base+"ConnectionAggregateInput", "A condition on the number of relationships of "+what+".",
		field("count", "ConnectionAggregationCountFilterInput", "Holds for the number."))
}

// edgeFilter adds the conditions on the properties of a relationship.
func (a *api) edgeFilter(r *catalog.Relationship) {
	a.addLogical(r.PropertiesType+"Where", "A condition on "+r.PropertiesType+". All fields given must be true.", a.propertyFilters(r.Properties)...)
}

func (a *api) propertyFilters(properties []*catalog.Property) []*ast.FieldDefinition {
	var out []*ast.FieldDefinition
	for _, p := range properties {
		out = append(out, field(p.Name, a.scalarFilters(p), "Compares `"+p.Name+"`."))
	}
	return out
}

// scalarFilters returns the type that compares values of a property. It is
// shared by all properties of the same scalar or enum.
func (a *api) scalarFilters(p *catalog.Property) string {
	owner := a.owner
	defer func() { a.owner = owner }()
	a.owner = ""
	if p.Kind == catalog.Enum_ {
		a.owner = p.Type
	}
	if p.List {
		return a.listFilters(p)
	}
	name, text := p.Type+"ScalarFilters", "Compares a "+p.Type+". All operators given must hold."
	if p.Kind == catalog.Enum_ {
		name = p.Type + "EnumScalarFilters"
	}
	fields := []*ast.FieldDefinition{field("eq", p.Type, "Is this value; null finds nodes without a value.")}
	if p.Kind != catalog.Boolean {
		fields = append(fields, field("in", "["+p.Type+"!]", "Is one of these; an empty list finds none."))
	}
	switch p.Kind {
	case catalog.String, catalog.ID:
		fields = append(fields,
			field("contains", p.Type, "Contains this, in the same case."),
			field("startsWith", p.Type, "Starts with this, in the same case."),
			field("endsWith", p.Type, "Ends with this, in the same case."))
	case catalog.Int, catalog.Float, catalog.DateTime:
		fields = append(fields,
			field("lt", p.Type, "Is less than this."),
			field("lte", p.Type, "Is at most this."),
			field("gt", p.Type, "Is greater than this."),
			field("gte", p.Type, "Is at least this."))
	case catalog.Date:
		fields = append(fields,
			field("lt", p.Type, "Starts before the earliest day of this."),
			field("lte", p.Type, "Starts on or before the latest day of this."),
			field("gt", p.Type, "Starts after the latest day of this."),
			field("gte", p.Type, "Starts on or after the earliest day of this."))
	}
	a.add(ast.InputObject, name, text, fields...)
	return name
}

func (a *api) listFilters(p *catalog.Property) string {
	name := p.Type + "ListScalarFilters"
	switch p.Kind {
	case catalog.Enum_:
		name = p.Type + "ListEnumScalarFilters"
	case catalog.ID, catalog.String, catalog.Int, catalog.Float, catalog.Boolean, catalog.DateTime:
		name = p.Type + "ListFilters"
	}
	a.add(ast.InputObject, name, "Compares a list of "+p.Type+". All operators given must hold.",
		field("eq", "["+p.Type+"!]", "Is this list, in this order; null finds nodes without a list."),
		field("includes", p.Type, "Has this element."))
	return name
}
