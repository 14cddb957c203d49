package catalog

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// clashes refuses names that a store or a file system cannot keep apart: those
// of tables, indexes and columns are the same whatever their case.
func (r *reader) clashes() {
	type claim struct {
		what string
		line int
	}
	claims := map[string]claim{}
	take := func(space, name, what string, pos *ast.Position) {
		key := space + "\n" + strings.ToLower(name)
		old, taken := claims[key]
		if !taken {
			old.what = what
			if pos != nil {
				old.line = pos.Line
			}
			claims[key] = old
			return
		}
		if old.what != what {
			r.fail(pos, "%s and %s (line %d) would be the same %s, where case does not count; rename one", what, old.what, old.line, space)
		}
	}
	columns := func(space, owner string, list []*Property) {
		def := r.schema.Types[owner]
		for _, p := range list {
			take(space, p.Name, owner+"."+p.Name, def.Fields.ForName(p.Name).Position)
		}
	}
	for _, n := range r.cat.Nodes {
		def := r.schema.Types[n.Name]
		take("table", "n_"+n.Name, "type "+n.Name, def.Position)
		columns("column of "+n.Name, n.Name, n.Properties)
		for _, p := range n.Properties {
			if p.Indexed() {
				take("index", n.Name+"_"+p.Name, n.Name+"."+p.Name, def.Fields.ForName(p.Name).Position)
			}
		}
	}
	for _, n := range r.cat.Nodes {
		for _, rel := range n.Relations {
			what := fmt.Sprintf("relationship %s", rel.Relationship.Type)
			pos := r.schema.Types[n.Name].Fields.ForName(rel.Field).Position
			take("table", "r_"+rel.Relationship.Type, what, pos)
			take("index", rel.Relationship.Type, what, pos)
		}
	}
	for _, rel := range r.cat.Relationships {
		if len(rel.Properties) > 0 {
			columns("column of "+rel.Type, rel.PropertiesType, rel.Properties)
		}
	}
}
