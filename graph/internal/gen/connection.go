package main

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

var (
	limitText  = fmt.Sprintf("Number of nodes: %d when left out, at most %d.", catalog.DefaultPage, catalog.MaxPage)
	firstText  = fmt.Sprintf("Number of edges: %d when left out, at most %d.", catalog.DefaultPage, catalog.MaxPage)
	offsetText = "Number of nodes to pass over."
	afterText  = "Cursor of the edge to continue after. It holds only for the same field and sort."
	sortText   = "Order, one key per object. Ties go by id."
)

// listArgs are the arguments of a list of nodes.
func listArgs(n *catalog.Node) ast.ArgumentDefinitionList {
	return ast.ArgumentDefinitionList{
		argument("where", n.Name+"Where", "Keeps the nodes for which this is true."),
		argument("sort", "["+n.Name+"Sort!]", sortText),
		argument("limit", "Int", limitText),
		argument("offset", "Int", offsetText),
	}
}

// pageArgs are the arguments of a connection.
func pageArgs(where, sort, whereText string) ast.ArgumentDefinitionList {
	return ast.ArgumentDefinitionList{
		argument("where", where, whereText),
		argument("sort", "["+sort+"!]", sortText),
		argument("first", "Int", firstText),
		argument("after", "String", afterText),
	}
}

// nodeConnection adds XsConnection, XEdge and their aggregates.
func (a *api) nodeConnection(n *catalog.Node) {
	connection := upperFirst(n.Plural) + "Connection"
	a.add(ast.Object, connection, "One page of "+n.Name+" nodes.", connectionFields(n.Name+"Edge", n.Name+"Aggregate")...)
	a.add(ast.Object, n.Name+"Edge", "One "+n.Name+" of a page.",
		field("cursor", "String!", "Opaque position, for `after`."),
		field("node", n.Name+"!", "The node."))
	aggregate := a.add(ast.Object, n.Name+"Aggregate", "Aggregates over all "+n.Name+" nodes that `where` keeps, on whatever page.",
		field("count", "Count!", "How many there are."))
	if a.aggregated(n.Name+"AggregateNode", "Aggregates of the fields of "+n.Name+".", n.Properties) {
		aggregate.Fields = append(aggregate.Fields, field("node", n.Name+"AggregateNode!", "Aggregates of the nodes' fields."))
	}
}

func connectionFields(edge, aggregate string) []*ast.FieldDefinition {
	return []*ast.FieldDefinition{
		field("edges", "["+edge+"!]!", "The edges of this page, in order."),
		field("pageInfo", "PageInfo!", "Where the page stands in the whole."),
		field("totalCount", "Int!", "Number of all edges that `where` keeps, on whatever page."),
		field("aggregate", aggregate+"!", "Aggregates over all that `where` keeps, on whatever page."),
	}
}

// relation adds the arguments and the connection of a relation field, and the
// types that they need.
func (a *api) relation(rel *catalog.Relation) {
	if !rel.List {
		return
	}
	def := a.types[rel.Owner.Name]
	f := def.Fields.ForName(rel.Field)
	if len(f.Arguments) > 0 {
		a.fail(f.Position, "%s.%s: the arguments of a relation are generated; remove yours", def.Name, f.Name)
	}
	f.Arguments = listArgs(rel.Target)

	base := rel.Owner.Name + upperFirst(rel.Field)
	what := fmt.Sprintf("relationships of %s.%s", rel.Owner.Name, rel.Field)
	a.insertAfter(def, rel.Field, &ast.FieldDefinition{
		Name:        rel.Field + "Connection",
		Description: fmt.Sprintf("The relationships behind `%s`, one edge each, by pages.", rel.Field),
		Type:        typeOf(base + "Connection!"),
		Arguments:   pageArgs(base+"ConnectionWhere", base+"ConnectionSort", "Keeps the edges for which this is true."),
	})

	aggregate := rel.Owner.Name + rel.Target.Name + upperFirst(rel.Field)
	a.add(ast.Object, base+"Connection", "One page of the "+what+".", connectionFields(base+"Relationship", aggregate+"AggregateSelection")...)
	edge := a.add(ast.Object, base+"Relationship", "One of the "+what+".",
		field("cursor", "String!", "Opaque position, for `after`."),
		field("node", rel.Target.Name+"!", "The node it leads to."))
	where := a.addLogical(base+"ConnectionWhere", "A condition on the "+what+".",
		field("node", rel.Target.Name+"Where", "Holds for the node it leads to."))
	sort := a.sort(base+"ConnectionSort", "A sort key for the "+what+": one field of the node or of the relationship.",
		field("node", rel.Target.Name+"Sort", "Sorts by a field of the node."))
	a.relationFilters(rel, base)

	total := a.add(ast.Object, aggregate+"AggregateSelection", "Aggregates over the "+what+".",
		field("count", "CountConnection!", "How many there are."))
	if a.aggregated(aggregate+"NodeAggregateSelection", "Aggregates of the nodes of "+rel.Owner.Name+"."+rel.Field+", each taken once.", rel.Target.Properties) {
		total.Fields = append(total.Fields, field("node", aggregate+"NodeAggregateSelection", "Aggregates of the nodes' fields, each node taken once."))
	}
	if typ := rel.Relationship.PropertiesType; typ != "" {
		edge.Fields = append(edge.Fields, field("properties", typ+"!", "What is stored with the relationship."))
		where.Fields = append(where.Fields, field("edge", typ+"Where", "Holds for what is stored with the relationship."))
		if sortable(rel.Relationship.Properties) {
			sort.Fields = append(sort.Fields, field("edge", typ+"Sort", "Sorts by what is stored with the relationship."))
		}
		if a.aggregated(aggregate+"EdgeAggregateSelection", "Aggregates of what is stored with the "+what+".", rel.Relationship.Properties) {
			total.Fields = append(total.Fields, field("edge", aggregate+"EdgeAggregateSelection", "Aggregates of what is stored with the relationships."))
		}
	}
}

// insertAfter puts a derived field right behind the field it belongs to.
func (a *api) insertAfter(def *ast.Definition, name string, f *ast.FieldDefinition) {
	a.extend(def, f)
	var out ast.FieldList
	for _, x := range def.Fields {
		if x == f {
			continue
		}
		out = append(out, x)
		if x.Name == name {
			out = append(out, f)
		}
	}
	def.Fields = out
}

// nodeRoots adds the two root fields of a stored type.
func (a *api) nodeRoots(n *catalog.Node) {
	query := a.types["Query"]
	if query == nil {
		a.fail(nil, "%s: type Query is missing; add it, if only with the field node", domainFile)
		return
	}
	connection := upperFirst(n.Plural) + "Connection"
	a.extend(query, &ast.FieldDefinition{
		Name: n.Plural, Description: "Nodes of type " + n.Name + ", by id unless sorted otherwise.",
		Type: typeOf("[" + n.Name + "!]!"), Arguments: listArgs(n),
	})
	a.extend(query, &ast.FieldDefinition{
		Name: n.Plural + "Connection", Description: "Nodes of type " + n.Name + ", by pages, with totals and aggregates.",
		Type: typeOf(connection + "!"), Arguments: pageArgs(n.Name+"Where", n.Name+"Sort", "Keeps the nodes for which this is true."),
	})
	a.roots = append(a.roots, root{n.Plural, n.Name, false}, root{n.Plural + "Connection", connection, true})
}
