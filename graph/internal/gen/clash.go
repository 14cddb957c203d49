package main

import (
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/seed"
)

// clashes refuses names that are the same in GraphQL or in Go, over all that is
// hand-written or derived, and columns and files of a corpus folder that are.
func (a *api) clashes() {
	if len(a.errs) > 0 {
		return // they would be said again
	}
	for _, def := range a.doc.Definitions {
		names := map[string]string{}
		for _, f := range def.Fields {
			name := templates.ToGo(f.Name)
			if old, taken := names[name]; taken {
				// What is derived from two fields is said where these are.
				if f.Name == old || !a.owned(def.Name, f.Name) || !a.owned(def.Name, old) {
					a.fail(a.where(def.Name, f.Name), "%s.%s: %s", def.Name, f.Name, sameField(f.Name, old, name))
				}
				continue
			}
			names[name] = f.Name
		}
		values := map[string]bool{}
		for _, v := range def.EnumValues {
			if values[v.Name] {
				a.fail(a.whereRelated(v.Name), "%s.%s: the value is there twice; rename the relationship that it is made from, or the one that begins as it does", def.Name, v.Name)
			}
			values[v.Name] = true
		}
	}
	if len(a.errs) > 0 {
		return
	}
	if clash := seed.CheckSchema(a.cat); clash != nil {
		a.fail(a.where(clash.Type, clash.Field), "%s", clash)
	}
}

func sameField(name, old, inGo string) string {
	if name == old {
		return "the filters have a field of this name; choose another"
	}
	return "the field and " + old + " are both " + inGo + " in Go; rename one"
}

// owned reports whether a derived type has a field because its origin has it.
func (a *api) owned(typ, field string) bool {
	def := a.types[a.origin[typ]]
	return def != nil && def.Fields.ForName(field) != nil
}

// whereRelated is a field that walks a relationship.
func (a *api) whereRelated(relationship string) *ast.Position {
	for _, n := range a.cat.Nodes {
		for _, rel := range n.Relations {
			if rel.Relationship.Type == relationship {
				return a.where(n.Name, rel.Field)
			}
		}
	}
	return nil
}

// where is the nearest hand-written place of a type or field.
func (a *api) where(typ, field string) *ast.Position {
	def := a.types[typ]
	if def == nil {
		return nil
	}
	if def.Position == nil {
		def = a.types[a.origin[typ]]
	}
	if def == nil {
		return nil
	}
	if f := def.Fields.ForName(field); f != nil && f.Position != nil {
		return f.Position
	}
	return def.Position
}
