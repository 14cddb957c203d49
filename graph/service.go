// Package graph answers GraphQL requests: a document becomes a plan, the plan
// one statement of the store, the rows the response.
package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
	"normgraph/graph/internal/exec"
	"normgraph/graph/plan"
	"normgraph/graph/scan"
	"normgraph/graph/store"
)

// Limits bound what one request may ask for.
type Limits struct {
	Scan       scan.Limits // before parsing
	Fields     int         // fields with all fragments put in place
	Depth      int         // nested levels of nodes
	Selections int         // response keys after merging
	Rows       int64       // expected rows, from the revision's degree statistics
	WorstRows  int64       // rows in the worst case
}

// DefaultLimits are the documented defaults.
func DefaultLimits() Limits {
	return Limits{Scan: scan.DefaultLimits(), Fields: 10_000, Depth: 12, Selections: 200, Rows: 50_000, WorstRows: 5_000_000}
}

// Options configure a Service.
type Options struct {
	Limits Limits
	// Typed turns the direct writer off: every response goes through the models.
	Typed bool
	// Log takes faults that clients do not see; nil drops them.
	Log func(ctx context.Context, err error)
}

// Service answers requests from one store. It is safe for concurrent use.
type Service struct {
	store     store.Store
	limits    Limits
	typed     bool
	log       func(context.Context, error)
	schema    *ast.Schema
	catalog   *catalog.Catalog
	exec      graphql.ExecutableSchema
	documents *lru.Cache[string, *ast.QueryDocument]
}

const cachedDocuments = 1000

// New makes a Service over st.
func New(st store.Store, o Options) (*Service, error) {
	cache, err := lru.New[string, *ast.QueryDocument](cachedDocuments)
	if err != nil {
		return nil, err
	}
	s := &Service{store: st, limits: o.Limits, typed: o.Typed, log: o.Log, schema: Schema(), catalog: Catalog(), documents: cache}
	if s.log == nil {
		s.log = func(context.Context, error) {}
	}
	s.exec = exec.NewExecutableSchema(exec.Config{Schema: s.schema, Resolvers: &Resolver{service: s}})
	return s, nil
}

func (s *Service) operation(doc *ast.QueryDocument, op *ast.OperationDefinition, vars map[string]any) plan.Operation {
	return plan.Operation{Schema: s.schema, Catalog: s.catalog, Doc: doc, Operation: op, Variables: vars,
		Limits: plan.Limits{Depth: s.limits.Depth, Selections: s.limits.Selections}}
}
