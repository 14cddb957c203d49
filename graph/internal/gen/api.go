package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
)

// api is the schema that clients see, derived from the domain. Names and shapes
// of types are those of the Neo4j GraphQL Library, version 7.
type api struct {
	doc   *ast.SchemaDocument // the domain, then also what is derived
	cat   *catalog.Catalog
	types map[string]*ast.Definition // by name
	after map[string]ast.DefinitionList
	owner string // the hand-written type that derived types are printed after
	roots []root // generated root fields
	sdl   string // the whole, printed
	// planned names the object types whose values come from a plan's rows.
	planned map[string]bool
	origin  map[string]string // of derived types: the hand-written type, "" for those that are shared
	errs    []error
}

// root is one generated root field.
type root struct {
	Field      string
	Type       string // the object type it gives
	Connection bool
}

// derive adds to the document all that follows from the catalog.
func (a *api) derive() error {
	a.after, a.planned, a.origin = map[string]ast.DefinitionList{}, map[string]bool{}, map[string]string{}
	for _, def := range a.doc.Definitions {
		for _, mark := range []string{"node", "relationshipProperties", "planned"} {
			if def.Directives.ForName(mark) != nil {
				a.planned[def.Name] = true
			}
		}
	}
	for _, n := range a.cat.Nodes {
		a.owner = n.Name
		a.nodeFilter(n)
		a.nodeSort(n)
		a.nodeConnection(n)
		for _, rel := range n.Relations {
			a.relation(rel)
		}
		a.nodeRoots(n)
	}
	filtered := map[string]bool{}
	for _, r := range a.cat.Relationships {
		if r.PropertiesType != "" && !filtered[r.PropertiesType] {
			filtered[r.PropertiesType] = true
			a.owner = r.PropertiesType
			a.edgeFilter(r)
			a.edgeSort(r)
		}
	}
	a.owner = ""
	a.shared()
	a.names()
	a.interleave()
	a.clashes()
	return errors.Join(a.errs...)
}

// names refuses fields whose Go names the models have for themselves.
func (a *api) names() {
	for _, def := range a.doc.Definitions {
		if !a.planned[def.Name] {
			continue
		}
		for _, f := range def.Fields {
			switch templates.ToGo(f.Name) {
			case "Kids", "Bind", "Set":
				a.fail(f.Position, "%s.%s: the generated models use this name; choose another", def.Name, f.Name)
			}
		}
	}
}

// interleave orders the document: each hand-written type is followed by what
// was derived from it; what is shared by all comes last.
func (a *api) interleave() {
	var out ast.DefinitionList
	for _, def := range a.doc.Definitions {
		out = append(append(out, def), a.after[def.Name]...)
	}
	a.doc.Definitions = append(out, a.after[""]...)
}

// add puts a derived type into the document, once.
func (a *api) add(kind ast.DefinitionKind, name, description string, fields ...*ast.FieldDefinition) *ast.Definition {
	if old := a.types[name]; old != nil {
		switch owner := a.types[a.owner]; {
		case old.Position != nil:
			a.fail(old.Position, "type %s is generated; rename yours", name)
		case owner != nil && owner.Kind != ast.Enum: // what belongs to no type is shared by all
			a.fail(owner.Position, "%s: a generated type %s is there already, from %s; rename one of the two or their relations", a.owner, name, a.origin[name])
		}
		return old
	}
	a.origin[name] = a.owner
	def := &ast.Definition{Kind: kind, Name: name, Description: description, Fields: fields}
	a.types[name] = def
	a.after[a.owner] = append(a.after[a.owner], def)
	if kind == ast.Object {
		a.planned[name] = true
	}
	return def
}

// extend appends a derived field to a hand-written type.
func (a *api) extend(def *ast.Definition, f *ast.FieldDefinition) {
	if old := def.Fields.ForName(f.Name); old != nil {
		if old.Position == nil {
			a.fail(a.types[a.owner].Position, "%s: a generated field %s.%s is there already; give the type another plural by @plural", a.owner, def.Name, f.Name)
			return
		}
		a.fail(old.Position, "%s.%s is generated; rename or remove yours", def.Name, f.Name)
		return
	}
	def.Fields = append(def.Fields, f)
}

func (a *api) fail(pos *ast.Position, format string, args ...any) {
	where := ""
	if pos != nil && pos.Src != nil {
		where = fmt.Sprintf("%s:%d: ", pos.Src.Name, pos.Line)
	}
	a.errs = append(a.errs, errors.New(where+fmt.Sprintf(format, args...)))
}

func field(name, typ, description string) *ast.FieldDefinition {
	return &ast.FieldDefinition{Name: name, Type: typeOf(typ), Description: description}
}

func argument(name, typ, description string) *ast.ArgumentDefinition {
	return &ast.ArgumentDefinition{Name: name, Type: typeOf(typ), Description: description}
}

// typeOf reads a type in SDL notation, such as [Norm!]!.
func typeOf(s string) *ast.Type {
	s, nonNull := strings.CutSuffix(s, "!")
	if inner, ok := strings.CutPrefix(s, "["); ok {
		return &ast.Type{Elem: typeOf(strings.TrimSuffix(inner, "]")), NonNull: nonNull}
	}
	return &ast.Type{NamedType: s, NonNull: nonNull}
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
