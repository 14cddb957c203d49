package plan

import (
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

// connection fills sel.Connection from the field's selection and `after`.
func (b *builder) connection(f *field, args map[string]any, sel *Select, path string, depth int) error {
	def := b.op.Schema.Types[f.Definition.Type.Name()]
	c := &Conn{Type: def.Name, Fingerprint: fingerprint(def.Name, sel.Sort)}
	sel.Connection = c
	if cur, ok := args["after"].(string); ok {
		kinds := make([]*catalog.Property, len(sel.Sort))
		for i, k := range sel.Sort {
			kinds[i] = k.Prop
		}
		values, err := cursorValues(cur, c.Fingerprint, path+"(after:)", kinds)
		if err != nil {
			return err
		}
		c.Continued = true
		c.After = after(sel.Sort, values)
	}
	return b.connectionItems(c, sel, def, f.sets, path, depth)
}

func (b *builder) connectionItems(c *Conn, sel *Select, def *ast.Definition, sets []ast.SelectionSet, path string, depth int) error {
	fields, err := b.collect(sets, def)
	if err != nil {
		return err
	}
	for _, f := range fields {
		it := ConnItem{Alias: f.Alias, Field: f.Name}
		if f.Name == "__typename" {
			c.Items = append(c.Items, it)
			continue
		}
		fd := b.op.Schema.Types[def.Fields.ForName(f.Name).Type.Name()]
		switch f.Name {
		case "edges":
			it.Edge, err = b.edge(c, sel, fd, f, path+"."+f.Alias, depth)
			c.Edges = append(c.Edges, it.Edge)
			c.Rows = true
		case "pageInfo":
			it.Type = fd.Name
			it.PageInfo, err = b.leaves(fd, f.sets)
			for _, l := range it.PageInfo {
				c.Rows = c.Rows || l.Field != "__typename" && l.Field != "hasPreviousPage"
				c.Keys = c.Keys || l.Field == "startCursor" || l.Field == "endCursor"
			}
		case "totalCount":
			c.Total = true
		case "aggregate":
			it.Type = fd.Name
			if c.Measures == nil {
				c.Measures = &Measures{}
			}
			it.Aggregate, err = b.aggregate(c.Measures, sel, fd, f.sets)
		}
		if err != nil {
			return err
		}
		c.Items = append(c.Items, it)
	}
	return nil
}

func (b *builder) leaves(def *ast.Definition, sets []ast.SelectionSet) ([]LeafItem, error) {
	fields, err := b.collect(sets, def)
	out := make([]LeafItem, len(fields))
	for i, f := range fields {
		out[i] = LeafItem{f.Alias, f.Name}
	}
	return out, err
}

func (b *builder) edge(c *Conn, sel *Select, def *ast.Definition, edges *field, path string, depth int) (*Edge, error) {
	fields, err := b.collect(edges.sets, def)
	if err != nil {
		return nil, err
	}
	e := &Edge{Alias: edges.Alias, Type: def.Name}
	for _, f := range fields {
		it := EdgeItem{Alias: f.Alias, Field: f.Name}
		switch f.Name {
		case "cursor":
			c.Keys = true
		case "snippet":
			sel.Search.Snippet = true
		case "node":
			typ := b.op.Schema.Types[def.Fields.ForName("node").Type.Name()]
			it.Objects, _, err = b.shapes(typ, f.sets, path+"."+f.Alias, depth)
		case "properties":
			typ := b.op.Schema.Types[def.Fields.ForName("properties").Type.Name()]
			it.Type = typ.Name
			it.Properties, err = b.properties(sel.Via.Relationship, typ, f.sets)
		}
		if err != nil {
			return nil, err
		}
		e.Items = append(e.Items, it)
	}
	return e, nil
}

func (b *builder) properties(r *catalog.Relationship, def *ast.Definition, sets []ast.SelectionSet) ([]Item, error) {
	fields, err := b.collect(sets, def)
	out := make([]Item, len(fields))
	for i, f := range fields {
		out[i] = Item{Alias: f.Alias}
		if f.Name != "__typename" {
			out[i].Prop = r.Property(f.Name)
		}
	}
	return out, err
}
