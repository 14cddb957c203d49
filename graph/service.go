// Package graph answers GraphQL requests: a document becomes a plan, the plan
// one statement of the store, the rows the response.
package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/analysis"
	"normgraph/graph/cache"
	"normgraph/graph/catalog"
	"normgraph/graph/cores"
	"normgraph/graph/gate"
	"normgraph/graph/internal/exec"
	"normgraph/graph/introspection"
	"normgraph/graph/plan"
	"normgraph/graph/scan"
	"normgraph/graph/store"
)

// Limits bound what one request may ask for.
type Limits struct {
	Scan       scan.Limits // before parsing
	Fields     int         // of a document, with all fragments put in place
	Depth      int         // nested levels of nodes
	Selections int         // response keys after merging
	Conditions int         // conditions of all filters
	Rows       int64       // expected rows, from the revision's degree statistics
	WorstRows  int64       // rows in the worst case
	Visited    int64       // related nodes that filters look at, as expected
	Points     int64       // of expected work: what would not end in the time of a request
	Subqueries int64       // see plan.Plan.Subqueries
	Answer     int64       // bytes of an answer
	// Introspection bounds the values that are answered from the schema.
	Introspection int64
}

// DefaultLimits are the documented defaults.
func DefaultLimits() Limits {
	return Limits{Scan: scan.DefaultLimits(), Fields: 10_000, Depth: 12, Selections: 200, Conditions: 500, Rows: 50_000, WorstRows: 5_000_000, Visited: 20_000_000, Points: 2_500_000, Subqueries: 80, Answer: 16 << 20, Introspection: 200_000}
}

// Options configure a Service.
type Options struct {
	Limits Limits
	// Typed turns the direct writer off: every response goes through the models.
	Typed bool
	// Requests bounds those that are answered at the same time, but for answers
	// that are kept; 0 does not. One client has half of them.
	Requests int
	// Statements bounds those that the store runs at the same time; 0 leaves it
	// to the store.
	Statements int
	// Heavy bounds statements that take long, and computations, at the same
	// time; 0 does not. One client has half of them.
	Heavy int
	// CacheBytes bounds the cache of whole answers; 0 keeps none. Results of
	// analyses may take as much again, 64 MiB if it is 0.
	CacheBytes int64
	// Build tells programs apart whose answers may differ.
	Build string
	// Log takes faults that clients do not see; nil drops them.
	Log func(ctx context.Context, err error)
}

// Service answers requests from one store. It is safe for concurrent use.
type Service struct {
	store     *bounded
	limits    Limits
	typed     bool
	log       func(context.Context, error)
	schema    *ast.Schema
	described *introspection.Schema
	catalog   *catalog.Catalog
	exec      graphql.ExecutableSchema
	documents *cache.Cache[string, *ast.QueryDocument]
	build     string
	results   *results // nil: none
	requests  *gate.Gate
	// cores bounds requests that are parsed or written at the same time: more would
	// only keep what is kept, and small, waiting for a core.
	cores    *gate.Gate
	analysis *analysis.Engine
}

// Bounds of what is kept, in bytes.
const (
	documentBytes = 32 << 20
	tableBytes    = 128 << 20
	resultBytes   = 64 << 20
)

// New makes a Service over st.
func New(st store.Store, o Options) (*Service, error) {
	if own, ok := st.(interface{ AtOnce() int }); ok {
		// More would wait in the store, where it is first come, first served.
		o.Statements = min(o.Statements, own.AtOnce())
	}
	b := &bounded{Store: st, limits: plan.CostLimits{Rows: o.Limits.Rows, WorstRows: o.Limits.WorstRows, Visited: o.Limits.Visited, Points: o.Limits.Points, Subqueries: o.Limits.Subqueries},
		all: gate.New(o.Statements, o.Statements), heavy: gate.New(o.Heavy, o.Heavy/2)}
	s := &Service{store: b, requests: gate.New(o.Requests, o.Requests/2), cores: gate.New(computing(o), computing(o)), limits: o.Limits, typed: o.Typed, build: o.Build, log: o.Log, schema: Schema(), described: introspection.New(Schema()), catalog: Catalog(), documents: cache.New[string, *ast.QueryDocument](documentBytes)}
	if o.CacheBytes > 0 {
		s.results = newResults(o.CacheBytes)
	}
	if s.log == nil {
		s.log = func(context.Context, error) {}
	}
	kept := o.CacheBytes
	if kept == 0 {
		kept = resultBytes
	}
	s.analysis = analysis.New(b, s.catalog, analysis.Options{Heavy: b.heavy, Cores: s.cores, TableBytes: tableBytes, ResultBytes: kept})
	s.exec = exec.NewExecutableSchema(exec.Config{Schema: s.schema, Resolvers: &Resolver{service: s}})
	return s, nil
}

// computing is how many requests compute at the same time; 0 where nothing is bounded.
func computing(o Options) int {
	if o.Requests == 0 {
		return 0
	}
	return cores.Count
}

func (s *Service) operation(doc *ast.QueryDocument, op *ast.OperationDefinition, vars map[string]any, page int) plan.Operation {
	return plan.Operation{Schema: s.schema, Catalog: s.catalog, Doc: doc, Operation: op, Variables: vars,
		Limits: plan.Limits{Depth: s.limits.Depth, Selections: s.limits.Selections, Conditions: s.limits.Conditions, Page: page}}
}

// Ready says why queries cannot be answered; nil when they can. A store that does
// not say so in time but has answered lately is busy, not away. busy is that, or
// that all places are taken, so that new statements wait or are refused.
func (s *Service) Ready(ctx context.Context) (busy bool, err error) {
	_, err = s.store.Info(ctx)
	full, answering := s.store.load()
	if full && answering && store.CodeOf(err) == store.Timeout {
		err = nil
	}
	return full, err
}

// CacheBytes is the size of the answers that are kept.
func (s *Service) CacheBytes() int64 {
	if s.results == nil {
		return 0
	}
	return s.results.kept.Bytes()
}
