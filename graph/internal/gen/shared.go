package main

import (
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

// shared adds the types that do not depend on the domain, and NodeKind.
func (a *api) shared() {
	a.scalarFilters(&catalog.Property{Type: "Int", Kind: catalog.Int})
	a.add(ast.InputObject, "ConnectionAggregationCountFilterInput", "A condition on the number of relationships.",
		field("nodes", "IntScalarFilters", "Compares the number of distinct nodes."),
		field("edges", "IntScalarFilters", "Compares the number of relationships."))
	a.add(ast.Object, "Count", "Number of nodes.",
		field("nodes", "Int!", "Number of nodes."))
	a.add(ast.Object, "CountConnection", "Number of nodes and of relationships.",
		field("nodes", "Int!", "Number of distinct nodes."),
		field("edges", "Int!", "Number of relationships."))
	a.add(ast.Object, "PageInfo", "Where a page stands in the whole.",
		field("hasNextPage", "Boolean!", "Whether edges follow."),
		field("hasPreviousPage", "Boolean!", "Whether `after` was given."),
		field("startCursor", "String", "Cursor of the first edge; null on an empty page."),
		field("endCursor", "String", "Cursor of the last edge; null on an empty page."))
	a.add(ast.Enum, "SortDirection", "Directions of a sort.").EnumValues = ast.EnumValueList{
		{Name: "ASC", Description: "Least first; missing values last."},
		{Name: "DESC", Description: "Greatest first; missing values first."},
	}
	kinds := a.add(ast.Enum, "NodeKind", "The stored types.")
	for _, n := range a.cat.Nodes {
		kinds.EnumValues = append(kinds.EnumValues, &ast.EnumValueDefinition{Name: n.Name, Description: "Nodes of type " + n.Name + "."})
	}
	a.relationshipTypes()
}

// relationshipTypes adds the enum of the stored relationship types, each also
// with a direction, for fields that walk relationships.
func (a *api) relationshipTypes() {
	if len(a.cat.Relationships) == 0 {
		return // an enum has at least one value
	}
	types := a.add(ast.Enum, "RelationshipType", "The stored relationship types. As a step to take, a type by itself is walked in either direction.")
	for _, r := range a.cat.Relationships {
		types.EnumValues = append(types.EnumValues,
			&ast.EnumValueDefinition{Name: r.Type, Description: "Relationships of type " + r.Type + "; as a step, in either direction."},
			&ast.EnumValueDefinition{Name: r.Type + catalog.OutSuffix, Description: "As a step only: " + r.Type + " along its direction."},
			&ast.EnumValueDefinition{Name: r.Type + catalog.InSuffix, Description: "As a step only: " + r.Type + " against its direction."})
	}
}
