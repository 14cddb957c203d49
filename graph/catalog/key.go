package catalog

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// provenance says where a record was read: it identifies nothing.
var provenance = []string{"basis", "source", "note"}

// keyNames are the fields that @key on a type names; declared is false without
// one.
func keyNames(def *ast.Definition) (names []string, at *ast.Position, declared bool) {
	d := def.Directives.ForName("key")
	if d == nil {
		return nil, nil, false
	}
	if a := d.Arguments.ForName("fields"); a != nil && a.Value != nil {
		if a.Value.Kind != ast.ListValue { // one value is a list of one
			return []string{a.Value.Raw}, d.Position, true
		}
		for _, c := range a.Value.Children {
			names = append(names, c.Value.Raw)
		}
	}
	return names, d.Position, true
}

// relationshipKey reads which properties tell relationships between the same two
// nodes apart: those of @key, or without it all but the provenance.
func (r *reader) relationshipKey(e *Relationship, def *ast.Definition) {
	names, at, declared := keyNames(def)
	for _, p := range e.Properties {
		if declared && slices.Contains(names, p.Name) || !declared && !slices.Contains(provenance, p.Name) {
			e.Key = append(e.Key, p)
		}
	}
	for _, name := range names {
		if e.properties[name] == nil {
			r.fail(at, "%s: @key must name fields of the type, and %q is none", def.Name, name)
		}
	}
}

// nodeKey reads the fields that no two nodes of a type may share all of.
func (r *reader) nodeKey(n *Node, def *ast.Definition) {
	names, at, declared := keyNames(def)
	if declared && len(names) == 0 {
		r.fail(at, "%s: @key of a stored type must name at least one field", def.Name)
	}
	for _, name := range names {
		k := KeyField{n.properties[name], n.relations[name]}
		switch {
		case k.Property == nil && (k.Relation == nil || k.Relation.List):
			r.fail(at, "%s: @key must name properties and relations to one node, and %q is neither", def.Name, name)
		case k.Property != nil && k.Property.List:
			r.fail(at, "%s: @key must not name the list %q", def.Name, name)
		default:
			n.Key = append(n.Key, k)
		}
	}
}
