package main

import (
	"fmt"
	"os"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"normgraph/graph/catalog"
)

// The files, from the module's root.
const (
	domainFile = "schema.graphqls"
	apiFile    = "graph/api.graphqls"
	rootsFile  = "graph/query_gen.go"
	configFile = "gqlgen.yml"
)

// generate writes all generated files of the module in the working directory,
// or none if the schema has a mistake. It ends with compiling them, if compile
// is set.
func generate(compile bool) error {
	src, err := os.ReadFile(domainFile)
	if err != nil {
		return err
	}
	api, err := newAPI(&ast.Source{Name: domainFile, Input: string(src)})
	if err != nil {
		return fmt.Errorf("nothing was generated:\n%w", err)
	}
	if err := os.WriteFile(apiFile, []byte(api.sdl), 0o644); err != nil {
		return err
	}
	if err := api.runGqlgen(configFile, compile); err != nil {
		return err
	}
	return api.writeRoots(rootsFile)
}

// newAPI reads the domain and derives the API from it. The error lists what is
// wrong, with file, line and what to do.
func newAPI(src *ast.Source) (*api, error) {
	doc, err := parser.ParseSchema(src)
	if err != nil {
		return nil, err
	}
	merge(doc)
	types := map[string]*ast.Definition{}
	for _, def := range doc.Definitions {
		types[def.Name] = def
	}
	cat, err := catalog.New(&ast.Schema{Types: types})
	if err != nil {
		return nil, err
	}
	a := &api{doc: doc, cat: cat, types: types}
	if err := a.derive(); err != nil {
		return nil, err
	}
	a.sdl = a.print() // before validation, which adds introspection fields
	return a, a.validate()
}

// merge moves the fields of `extend type` into the types they extend.
func merge(doc *ast.SchemaDocument) {
	var rest ast.DefinitionList
	for _, ext := range doc.Extensions {
		if def := doc.Definitions.ForName(ext.Name); def != nil && def.Kind == ext.Kind {
			def.Fields = append(def.Fields, ext.Fields...)
			def.EnumValues = append(def.EnumValues, ext.EnumValues...)
			continue
		}
		rest = append(rest, ext)
	}
	doc.Extensions = rest
}

// validate checks the whole schema by the rules of GraphQL. Positions are
// those of the hand-written file.
func (a *api) validate() error {
	whole, err := parser.ParseSchema(validator.Prelude)
	if err != nil {
		return err
	}
	whole.Merge(a.doc)
	_, err = validator.ValidateSchemaDocument(whole)
	return err
}
