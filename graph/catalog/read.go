package catalog

import (
	"errors"
	"fmt"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/vektah/gqlparser/v2/ast"
)

// New reads the catalog from a schema: either schema.graphqls alone, parsed and
// not yet validated, or the whole generated schema; both give the same catalog.
// All mistakes are reported together, each with file, line and what to do.
func New(schema *ast.Schema) (*Catalog, error) {
	r := reader{schema: schema, cat: &Catalog{nodes: map[string]*Node{}, relationships: map[string]*Relationship{}}, enums: map[string]*Enum{}}
	for _, def := range inOrder(schema) {
		if def.Kind == ast.Object && def.Directives.ForName("node") != nil {
			r.node(def)
		}
	}
	for _, n := range r.cat.Nodes {
		r.relations(n, schema.Types[n.Name])
		r.nodeKey(n, schema.Types[n.Name])
	}
	r.pairs()
	r.clashes()
	return r.cat, errors.Join(r.errs...)
}

// inOrder lists the schema's own types as they stand in the SDL.
func inOrder(schema *ast.Schema) []*ast.Definition {
	var out []*ast.Definition
	for _, def := range schema.Types {
		if !def.BuiltIn {
			out = append(out, def)
		}
	}
	sortByPosition(out)
	return out
}

type reader struct {
	schema *ast.Schema
	cat    *Catalog
	enums  map[string]*Enum
	errs   []error
}

func (r *reader) fail(pos *ast.Position, format string, args ...any) {
	where := ""
	if pos != nil && pos.Src != nil {
		where = fmt.Sprintf("%s:%d: ", pos.Src.Name, pos.Line)
	}
	r.errs = append(r.errs, errors.New(where+fmt.Sprintf(format, args...)))
}

func (r *reader) node(def *ast.Definition) {
	singular := lowerFirst(def.Name)
	n := &Node{Name: def.Name, Singular: singular, Plural: plural(singular), Index: len(r.cat.Nodes),
		properties: map[string]*Property{}, relations: map[string]*Relation{}}
	if d := def.Directives.ForName("plural"); d != nil {
		if n.Plural = argument(d, "value"); n.Plural == "" {
			r.fail(def.Position, "%s: @plural needs a value, such as value: %q", def.Name, plural(singular))
		}
	}
	for _, other := range r.cat.Nodes {
		if other.Plural == n.Plural {
			r.fail(def.Position, "%s and %s have the same plural %q; give one another by @plural", other.Name, n.Name, n.Plural)
		}
	}
	for _, f := range def.Fields {
		if f.Directives.ForName("relationship") == nil && !generated(def, f) {
			if p := r.property(def, f); p != nil {
				n.Properties = append(n.Properties, p)
				n.properties[p.Name] = p
			}
		}
	}
	for _, p := range n.Properties {
		if def.Fields.ForName(p.Name).Directives.ForName("yearOf") == nil {
			continue
		}
		if d := n.properties[p.YearOf]; d == nil || d.Kind != Date || p.Kind != Int {
			r.fail(def.Fields.ForName(p.Name).Position, "%s.%s: @yearOf must stand on an Int and name a PartialDate field of the same type, not %q", def.Name, p.Name, p.YearOf)
		}
	}
	if id := n.properties["id"]; id == nil || id.Kind != ID || !id.NonNull {
		r.fail(def.Position, "stored type %s needs the field id: ID!", def.Name)
	}
	r.cat.Nodes = append(r.cat.Nodes, n)
	r.cat.nodes[n.Name] = n
}

func (r *reader) property(owner *ast.Definition, f *ast.FieldDefinition) *Property {
	if len(f.Arguments) > 0 {
		r.fail(f.Position, "%s.%s: a stored field takes no arguments; add @relationship to make it a relation", owner.Name, f.Name)
		return nil
	}
	p := &Property{Name: f.Name, Type: f.Type.Name(), NonNull: f.Type.NonNull, List: f.Type.Elem != nil}
	if p.List && (f.Type.Elem.Elem != nil || !f.Type.Elem.NonNull) {
		r.fail(f.Position, "%s.%s: a stored list must be of the form [%s!]", owner.Name, f.Name, p.Type)
		return nil
	}
	kinds := map[string]Kind{"ID": ID, "String": String, "Int": Int, "Float": Float, "Boolean": Boolean,
		"PartialDate": Date, "DateTime": DateTime, "URL": URL, "CountryCode": Country}
	k, ok := kinds[p.Type]
	if !ok {
		def := r.schema.Types[p.Type]
		if def == nil || def.Kind != ast.Enum {
			r.fail(f.Position, "%s.%s: type %s cannot be stored; use a scalar, an enum, or add @relationship to reach a stored type", owner.Name, f.Name, f.Type)
			return nil
		}
		k, p.Enum = Enum_, r.enum(def)
	}
	p.Kind = k
	if d := f.Directives.ForName("search"); d != nil {
		p.Search = 1
		if w := argument(d, "weight"); w != "" {
			p.Search, _ = strconv.Atoi(w)
		}
		if !slices.Contains([]Kind{String, Enum_, Country}, p.Kind) {
			r.fail(f.Position, "%s.%s: @search goes on a field of String, of an enum or of CountryCode, or on a list of these", owner.Name, f.Name)
		}
		if p.Search != 1 && p.Search != 3 {
			r.fail(f.Position, "%s.%s: @search(weight: %s): the weight is 1, or 3 for names and titles, whose matches come first", owner.Name, f.Name, argument(d, "weight"))
		}
	}
	if d := f.Directives.ForName("yearOf"); d != nil {
		p.YearOf = argument(d, "field")
	}
	return p
}

func (r *reader) enum(def *ast.Definition) *Enum {
	if e := r.enums[def.Name]; e != nil {
		return e
	}
	e := &Enum{Name: def.Name}
	for _, v := range def.EnumValues {
		e.Values = append(e.Values, v.Name)
	}
	r.enums[def.Name] = e
	r.cat.Enums = append(r.cat.Enums, e)
	return e
}

func (r *reader) relations(n *Node, def *ast.Definition) {
	for _, f := range def.Fields {
		d := f.Directives.ForName("relationship")
		if d == nil {
			continue
		}
		target := r.cat.nodes[f.Type.Name()]
		if target == nil {
			r.fail(f.Position, "%s.%s: @relationship must lead to a type with @node; %s has none", n.Name, f.Name, f.Type.Name())
			continue
		}
		for _, a := range f.Arguments {
			if token.IsKeyword(a.Name) {
				r.fail(f.Position, "%s.%s: argument %q is a keyword of Go; choose another name", n.Name, f.Name, a.Name)
			}
		}
		typ, direction := argument(d, "type"), argument(d, "direction")
		if typ == "" || direction != "IN" && direction != "OUT" {
			r.fail(f.Position, "%s.%s: @relationship needs a type and a direction, such as type: \"CONTAINS\", direction: OUT", n.Name, f.Name)
			continue
		}
		if !typeForm.MatchString(typ) || typ == "true" || typ == "false" || typ == "null" {
			r.fail(f.Position, "%s.%s: @relationship(type: %q): the type becomes a value of RelationshipType; use letters, digits and _, beginning with a letter, such as \"CONTAINS\"", n.Name, f.Name, typ)
			continue
		}
		list := f.Type.Elem != nil
		if list && (!f.Type.NonNull || f.Type.Elem.Elem != nil || !f.Type.Elem.NonNull) {
			r.fail(f.Position, "%s.%s: a relation to many nodes must be of the form [%s!]!, not %s", n.Name, f.Name, target.Name, f.Type)
			continue
		}
		rel := &Relation{Field: f.Name, Owner: n, Target: target, Out: direction == "OUT", List: list, NonNull: f.Type.NonNull}
		rel.Relationship = r.relationship(f, typ, argument(d, "properties"), n.Name+"."+f.Name)
		ends := Ends{n, target}
		if !rel.Out {
			ends = Ends{target, n}
		}
		if !hasEnds(rel.Relationship.Ends, ends) {
			rel.Relationship.Ends = append(rel.Relationship.Ends, ends)
		}
		n.Relations = append(n.Relations, rel)
		n.relations[rel.Field] = rel
	}
}

// typeForm is what is a name in GraphQL, in Cypher and of a file.
var typeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// generated reports whether f is the connection that the generator sets beside
// a relation to many nodes.
func generated(def *ast.Definition, f *ast.FieldDefinition) bool {
	field, ok := strings.CutSuffix(f.Name, "Connection")
	rel := def.Fields.ForName(field)
	return ok && rel != nil && rel.Type.Elem != nil && rel.Directives.ForName("relationship") != nil
}

// argument returns the text of a directive's argument, "" when it is missing
// or null.
func argument(d *ast.Directive, name string) string {
	a := d.Arguments.ForName(name)
	if a == nil || a.Value == nil || a.Value.Kind == ast.NullValue {
		return ""
	}
	return a.Value.Raw
}

func hasEnds(list []Ends, e Ends) bool {
	for _, x := range list {
		if x == e {
			return true
		}
	}
	return false
}

func (r *reader) relationship(f *ast.FieldDefinition, typ, props, where string) *Relationship {
	if e := r.cat.relationships[typ]; e != nil {
		if e.PropertiesType != props {
			r.fail(f.Position, "%s: relationship %s has properties %q here and %q elsewhere; name the same type on both sides", where, typ, props, e.PropertiesType)
		}
		return e
	}
	e := &Relationship{Type: typ, Index: len(r.cat.Relationships), PropertiesType: props, properties: map[string]*Property{}}
	if props != "" {
		def := r.schema.Types[props]
		if def == nil || def.Directives.ForName("relationshipProperties") == nil {
			r.fail(f.Position, "%s: properties %q must name a type with @relationshipProperties", where, props)
		} else {
			for _, pf := range def.Fields {
				if p := r.property(def, pf); p != nil {
					e.Properties = append(e.Properties, p)
					e.properties[p.Name] = p
				}
			}
			r.relationshipKey(e, def)
		}
	}
	r.cat.Relationships = append(r.cat.Relationships, e)
	r.cat.relationships[typ] = e
	return e
}

// pairs refuses two relations of one type that read the same relationship in
// the same direction to the same target: they would always be equal.
func (r *reader) pairs() {
	type key struct {
		owner, target *Node
		rel           *Relationship
		out           bool
	}
	seen := map[key]string{}
	for _, n := range r.cat.Nodes {
		for _, rel := range n.Relations {
			k := key{n, rel.Target, rel.Relationship, rel.Out}
			if first := seen[k]; first != "" {
				r.fail(r.schema.Types[n.Name].Fields.ForName(rel.Field).Position, "%s.%s reads the same relationship as %s.%s; remove one", n.Name, rel.Field, n.Name, first)
			}
			seen[k] = rel.Field
		}
	}
}

func lowerFirst(s string) string {
	return string(unicode.ToLower(rune(s[0]))) + s[1:]
}

// plural follows the Neo4j GraphQL Library: camelCase, English plural.
func plural(s string) string {
	switch {
	case len(s) > 1 && strings.HasSuffix(s, "y") && !strings.ContainsAny(s[len(s)-2:len(s)-1], "aeiou"):
		return s[:len(s)-1] + "ies"
	case strings.HasSuffix(s, "s"), strings.HasSuffix(s, "x"), strings.HasSuffix(s, "ch"), strings.HasSuffix(s, "sh"):
		return s + "es"
	}
	return s + "s"
}
