package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"normgraph/graph/analysis"
	"normgraph/graph/gate"
	"normgraph/graph/input"
	"normgraph/graph/model"
	"normgraph/graph/plan"
	"normgraph/graph/row"
	"normgraph/graph/scan"
	"normgraph/graph/store"
)

// Request is one GraphQL request.
type Request struct {
	Document, OperationName string
	Variables               json.RawMessage // a JSON object, null or nothing
	// ReadOnly refuses mutations (a GET request).
	ReadOnly bool
	// Client shares the places fairly with all others.
	Client gate.Client
	// Known, if set, reports whether the client has the answer with this tag
	// already; then it is not made again.
	Known func(tag string) bool
	// Page, if set, is the largest page of a list in place of catalog.MaxPage: for
	// what the program reads itself. All other limits hold.
	Page int
	// Progress, if set, is called after each resample of an analysis, from
	// several goroutines.
	Progress func()
}

// Response is the answer to one Request.
type Response struct {
	Data       json.RawMessage // nil when the request failed as a whole
	Errors     gqlerror.List   // each with extensions.code, at most 10
	Extensions map[string]any
	Operation  string // name, for the log
	Rows       int    // nodes and edges read
	Statements int    // statements sent to the store
	Revision   store.Revision
	Mutation   bool // refused: a mutation over GET

	// Tag names this answer: the same query has the same tag as long as its
	// answer is the same. "" where that is not known.
	Tag string
	// NotModified says that Request.Known knew the tag; there is no Data.
	NotModified bool
	Cache       string // CacheHit, CacheShared, CacheMiss, or "" when the cache was not asked
}

// Code is the code of the failure of the whole request: nothing was executed,
// or no data came of it. It is "" when there is data, errors or not.
func (r *Response) Code() string {
	if len(r.Errors) == 0 || r.Data != nil && string(r.Data) != "null" {
		return ""
	}
	code, _ := r.Errors[0].Extensions["code"].(string)
	return code
}

// Execute answers one request. ctx ends it in the store too.
func (s *Service) Execute(ctx context.Context, r Request) *Response {
	out := &Response{Operation: r.OperationName}
	if err := s.execute(gate.WithClient(ctx, r.Client), r, out); err != nil {
		out.Data = nil
		if l, ok := err.(gqlerror.List); ok {
			out.Errors = l
		} else {
			out.Errors = gqlerror.List{s.present(ctx, err)}
		}
	}
	return out
}

func (s *Service) execute(ctx context.Context, r Request, out *Response) error {
	place := &place{gate: s.requests}
	defer place.leave()
	doc, err := s.document(ctx, r.Document, place)
	if r.ReadOnly && writes(doc, r.OperationName) {
		out.Mutation = true
		return coded(CodeMutationOnly, gqlerror.List{gqlerror.Errorf("only queries are allowed over GET; use POST")})
	}
	if err != nil {
		return err
	}
	op := doc.Operations.ForName(r.OperationName)
	if op == nil {
		return coded(CodeValidation, gqlerror.List{operationMissing(doc, r.OperationName)})
	}
	out.Operation = op.Name
	vars, err := s.variables(op, r.Variables)
	if err != nil {
		return err
	}
	w := &work{operation: s.operation(doc, op, vars, r.Page), progress: r.Progress}
	answer := func(ctx context.Context, out *Response) error {
		if err := place.take(ctx); err != nil {
			return err
		}
		for range attempts {
			st, err := s.read(ctx, w, out)
			if err != nil {
				return err
			}
			if out.Data = st.whole(w.plan.Keys); out.Data == nil {
				if err := s.marshal(ctx, r, doc, op, vars, st, out); err != nil {
					return err
				}
			}
			if st.settle(out) {
				return st.describe(out, s.limits.Answer)
			}
		}
		return errMoved
	}
	if s.results == nil || op.Operation != ast.Query {
		return answer(ctx, out)
	}
	plan := func() error { return s.plan(w) }
	return s.once(ctx, question{r, op, vars}, out, plan, answer)
}

// writes reports whether the operation to run is a mutation. doc may be nil or
// break other rules: over GET, that it writes comes first.
func writes(doc *ast.QueryDocument, name string) bool {
	if doc == nil {
		return false
	}
	op := doc.Operations.ForName(name)
	return op != nil && op.Operation == ast.Mutation
}

func operationMissing(doc *ast.QueryDocument, name string) *gqlerror.Error {
	if name == "" {
		return gqlerror.Errorf("the document holds %d operations; say which one by operationName", len(doc.Operations))
	}
	return gqlerror.Errorf("the document holds no operation of that name")
}

// variables decodes and coerces the variables of op.
func (s *Service) variables(op *ast.OperationDefinition, raw json.RawMessage) (map[string]any, error) {
	var values map[string]any
	if len(raw) > 0 {
		if err := scan.Variables(raw, s.limits.Scan); err != nil {
			return nil, err
		}
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		if err := dec.Decode(&values); err != nil {
			return nil, input.Errorf("variables", "expected a JSON object")
		}
		if scan.LoneSurrogate(string(raw)) {
			return nil, input.Errorf("variables", "half of a surrogate pair stands for no character")
		}
	}
	return input.Variables(s.schema, op, values)
}

// state is what was read and computed for a request, by response key.
type state struct {
	values map[string]any    // typed: models
	direct map[string][]byte // direct: bytes of the response
	errs   map[string]error
	trace  row.Trace
	// info is what resolvers tell of the store, read once: roots run side by side.
	info func() (*store.Info, error)
	told atomic.Pointer[store.Revision] // the revision that they told of
}

type stateKey struct{}

// attempts bounds how often a request begins again because the revision moved
// between its statements.
const attempts = 3

// work is what is to be read and computed for an operation.
type work struct {
	operation plan.Operation
	progress  func()
	plan      *plan.Plan
	questions *analysis.Questions
}

// plan finds every mistake in w's arguments, once.
func (s *Service) plan(w *work) error {
	if w.plan != nil {
		return nil
	}
	p, err := plan.Build(w.operation)
	if err != nil {
		return err
	}
	if w.questions, err = s.analysis.Ask(p.Computed); err != nil {
		return err
	}
	w.plan = p
	return nil
}

// read plans the operation, runs its one statement if it reads nodes, and
// computes the other root fields.
func (s *Service) read(ctx context.Context, w *work, out *Response) (*state, error) {
	if err := s.plan(w); err != nil {
		return nil, err
	}
	p, questions := w.plan, w.questions
	described, size, err := s.introspect(ctx, p.Introspection)
	if err != nil {
		return nil, err
	}
	for range attempts {
		st := &state{values: map[string]any{}, direct: maps.Clone(described), errs: map[string]error{}, trace: row.Trace{Bytes: size, MaxBytes: s.limits.Answer}}
		st.info = sync.OnceValues(func() (*store.Info, error) { return s.store.Info(ctx) })
		if len(p.Roots) > 0 {
			if err := s.readNodes(ctx, p, st, out); err != nil {
				return nil, err
			}
		}
		if questions.Empty() {
			out.Rows = st.trace.Rows
			return st, nil
		}
		answer, err := questions.Answer(ctx, &st.trace, w.progress)
		if err != nil {
			return nil, err
		}
		out.Statements += answer.Statements
		if len(p.Roots) == 0 || out.Revision.Number == answer.Revision.Number {
			maps.Copy(st.direct, answer.Roots)
			out.Rows, out.Revision = st.trace.Rows, answer.Revision
			return st, nil
		}
	}
	return nil, errMoved
}

// errMoved says that no attempt met one revision alone.
var errMoved = &store.Error{Code: store.Unavailable, Message: "the data was changed while it was read; try again"}

// settle reports whether what was read and what resolvers told are of one revision,
// and notes it.
func (st *state) settle(out *Response) bool {
	told := st.told.Load()
	if told == nil {
		return true
	}
	if out.Revision.Number == 0 {
		out.Revision = *told
	}
	return same(out.Revision, *told)
}

// readNodes runs the one statement of the root fields that read nodes.
func (s *Service) readNodes(ctx context.Context, p *plan.Plan, st *state, out *Response) error {
	p.MaxBytes = row.StoreBytes(s.limits.Answer)
	res, err := s.store.Query(ctx, p)
	if err != nil {
		return err
	}
	out.Statements++
	out.Revision = res.Revision
	leave, err := s.cores.Enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	for i, sel := range p.Roots {
		if err := s.root(st, sel, res.Roots[i]); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil { // what was written may be a part
			return store.Ended(ctx, err)
		}
	}
	return nil
}

// root turns the rows of one root into bytes, or where that cannot be, models.
// Its error refuses the whole operation.
func (s *Service) root(st *state, sel *plan.Select, rows row.Rows) error {
	var limit *plan.LimitError
	before := st.trace
	if !s.typed {
		buf, err := row.Append(nil, sel, rows, &st.trace)
		if err == nil {
			st.direct[sel.Alias] = buf
			return nil
		}
		if errors.As(err, &limit) {
			return err
		}
		st.trace = before // the typed path reports it, with path and null propagation
	}
	v, err := row.Decode(sel, rows, model.New, &st.trace)
	if errors.As(err, &limit) {
		return err
	}
	st.values[sel.Alias], st.errs[sel.Alias] = v, err
	return nil
}

// whole is the data when all root fields are written; nil when some are not.
func (st *state) whole(keys []string) []byte {
	size := len("{}")
	for _, key := range keys {
		root, ok := st.direct[key]
		if !ok {
			return nil
		}
		size += len(`"":,`) + len(key) + len(root)
	}
	buf := append(make([]byte, 0, size), '{')
	for i, key := range keys {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(append(append(buf, '"'), key...), `":`...) // a key is a name
		buf = append(buf, st.direct[key]...)
	}
	return append(buf, '}')
}

// marshal lets gqlgen write the data around what was read: the corpus, and what
// is in models.
func (s *Service) marshal(ctx context.Context, r Request, doc *ast.QueryDocument, op *ast.OperationDefinition, vars map[string]any, st *state, out *Response) error {
	oc := &graphql.OperationContext{
		RawQuery: r.Document, Variables: vars, OperationName: op.Name, Doc: doc, Operation: op,
		RecoverFunc: graphql.DefaultRecover, DisableIntrospection: true, // written already
		ResolverMiddleware: func(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) },
		RootResolverMiddleware: func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
			if buf, ok := st.direct[graphql.GetRootFieldContext(ctx).Field.Alias]; ok {
				return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(buf) })
			}
			return next(ctx)
		},
	}
	ctx = graphql.WithOperationContext(context.WithValue(ctx, stateKey{}, st), oc)
	ctx = graphql.WithResponseContext(ctx, s.present, graphql.DefaultRecover)
	resp := s.exec.Exec(ctx)(ctx)
	errs := graphql.GetErrors(ctx)
	if resp == nil {
		return context.Cause(ctx)
	}
	out.Data = resp.Data
	out.Errors = append(resp.Errors, errs...)
	if len(out.Errors) > maxErrors {
		out.Errors = out.Errors[:maxErrors]
	}
	return nil
}

// describe adds what the response tells beside the data, and refuses one of more
// than maximum bytes.
func (st *state) describe(out *Response, maximum int64) error {
	out.Extensions = map[string]any{}
	if out.Revision.Number > 0 {
		out.Extensions["revision"] = out.Revision.Number
	}
	cut := st.trace.Truncated()
	if len(cut) > 0 {
		out.Extensions["truncated"] = cut
	}
	length := len(out.Data)
	for _, path := range cut {
		length += len(path)
	}
	return row.TooLong(int64(length), maximum)
}
