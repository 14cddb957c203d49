package graph

import (
	_ "embed"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
	"normgraph/graph/internal/exec"
)

// Schema is the whole schema, stored and computed.
var Schema = sync.OnceValue(func() *ast.Schema {
	s := exec.NewExecutableSchema(exec.Config{}).Schema()
	delete(s.Directives, "defer") // of the parser's prelude; answers come whole
	return s
})

// Catalog is the stored part of the schema.
var Catalog = sync.OnceValue(func() *catalog.Catalog {
	c, err := catalog.New(Schema())
	if err != nil {
		panic(err) // generation has checked it
	}
	return c
})

// SDL is the text of the whole schema as clients see it.
//
//go:embed api.graphqls
var SDL string
