// Package analysis answers the computed root fields: it reads their arguments,
// fetches the tables they rest on with one statement each, lets package
// continuity compute, and writes the response. Tables and results are kept per
// revision. Nodes below computed rows are read by one more statement for the
// whole operation, whatever is selected below them.
package analysis

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"normgraph/graph/catalog"
	"normgraph/graph/gate"
	"normgraph/graph/plan"
	"normgraph/graph/row"
	"normgraph/graph/store"
)

// Options configure an Engine.
type Options struct {
	// Heavy bounds what is computed at the same time, Cores what is written.
	Heavy, Cores *gate.Gate
	// TableBytes and ResultBytes bound the two caches.
	TableBytes, ResultBytes int64
}

// Engine computes over one store. It is safe for concurrent use.
type Engine struct {
	store           store.Store
	catalog         *catalog.Catalog
	heavy, cores    *gate.Gate
	tables, results *memory
}

// New makes an Engine over a store that refuses statements that cost too much.
func New(st store.Store, cat *catalog.Catalog, o Options) *Engine {
	return &Engine{store: st, catalog: cat, heavy: o.Heavy, cores: o.Cores, tables: newMemory(o.TableBytes), results: newMemory(o.ResultBytes)}
}

// Questions are the computed root fields of one operation.
type Questions struct {
	engine *Engine
	list   []*question
	pages  pages
}

// Ask reads the computed fields that this package answers, and finds every
// mistake that can be found without data. Errors: *plan.InputError,
// *plan.LimitError.
func (e *Engine) Ask(fields []*plan.Field) (*Questions, error) {
	qs := &Questions{engine: e, pages: pages{}}
	for _, f := range fields {
		read, ok := roots[f.Name]
		if !ok {
			continue
		}
		if err := qs.pages.read(f); err != nil {
			return nil, err
		}
		q := read(e, f)
		if err := q.try(); err != nil {
			return nil, named(f, err)
		}
		qs.list = append(qs.list, q)
	}
	return qs, nil
}

// Empty reports whether there is nothing to answer.
func (qs *Questions) Empty() bool { return len(qs.list) == 0 }

// roots are the root fields that this package answers.
var roots = map[string]func(*Engine, *plan.Field) *question{
	"normContinuity":      (*Engine).normContinuity,
	"normMatrix":          (*Engine).normMatrix,
	"normDrivers":         (*Engine).normDrivers,
	"normCoOccurrence":    (*Engine).normCoOccurrence,
	"agreementSimilarity": (*Engine).agreementSimilarity,
	"compareAgreements":   (*Engine).compareAgreements,
	"commitments":         (*Engine).commitments,
	"coderAgreement":      (*Engine).coderAgreement,
	"paths":               (*Engine).paths,
	"neighborhood":        (*Engine).neighborhood,
	"contributionRanking": (*Engine).contributionRanking,
}

// Answer is the response to Questions.
type Answer struct {
	Roots      map[string][]byte // JSON by response key
	Revision   store.Revision    // that everything was read from
	Statements int               // sent to the store
}

// run is the work on one answer.
type run struct {
	*Engine
	info       *store.Info // may be of another revision
	revision   store.Revision
	progress   func()
	statements *atomic.Int64
}

// moved says that a statement met another revision than the others.
type moved struct{ to store.Revision }

func (moved) Error() string { return "the revision moved" }

const attempts = 3

// Answer computes. t takes the rows read and the lists cut; progress, if set,
// is called after each resample, from several goroutines. Errors:
// *plan.InputError, *plan.LimitError, those of the store, the context's.
func (qs *Questions) Answer(ctx context.Context, t *row.Trace, progress func()) (*Answer, error) {
	info, err := qs.engine.store.Info(ctx)
	if err != nil {
		return nil, err
	}
	r := &run{Engine: qs.engine, info: info, revision: info.Revision, progress: progress, statements: new(atomic.Int64)}
	for range attempts {
		roots, err := qs.attempt(ctx, r, t)
		var other moved
		if errors.As(err, &other) {
			r.revision = other.to
			continue
		}
		if err != nil {
			return nil, err
		}
		return &Answer{Roots: roots, Revision: r.revision, Statements: int(r.statements.Load())}, nil
	}
	return nil, &store.Error{Code: store.Unavailable, Message: "the data was changed while it was read; try again"}
}

// attempt answers from one revision.
func (qs *Questions) attempt(ctx context.Context, r *run, t *row.Trace) (map[string][]byte, error) {
	w := newWriter(ctx, r.catalog, qs.pages)
	w.before, w.most = t.Bytes, t.MaxBytes
	ends := make([]int, len(qs.list))
	for i, q := range qs.list {
		value, err := q.answer(ctx, r)
		if err != nil {
			return nil, named(q.field, err)
		}
		if err := r.write(ctx, w, q.field, value); err != nil {
			return nil, err
		}
		ends[i] = len(w.buf)
	}
	if w.err != nil {
		return nil, w.err
	}
	if err := r.fetch(ctx, w, t); err != nil {
		return nil, err
	}
	t.Bytes = w.before // what was fetched counts where it is put
	for _, path := range w.cut {
		t.Cut(path)
	}
	roots := map[string][]byte{}
	start := 0
	for i, q := range qs.list {
		buf, err := w.filled(start, ends[i])
		if err != nil {
			return nil, err
		}
		roots[q.field.Alias], start = buf, ends[i]
	}
	t.Bytes = w.before
	return roots, nil
}

// write writes one root field.
func (r *run) write(ctx context.Context, w *writer, f *plan.Field, value any) error {
	leave, err := r.cores.Enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	w.value(f, value)
	return nil
}

// fetch reads what the written response waits for, with one statement.
func (r *run) fetch(ctx context.Context, w *writer, t *row.Trace) error {
	p := &plan.Plan{}
	for _, x := range w.wants {
		p.Roots = append(p.Roots, x.selects()...)
	}
	if len(p.Roots) == 0 {
		return nil
	}
	p.MaxBytes = row.StoreBytes(t.MaxBytes)
	res, err := r.query(ctx, p)
	if err != nil {
		return err
	}
	leave, err := r.cores.Enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	rows := res.Roots
	for _, x := range w.wants {
		n := len(x.selects())
		if err := x.read(rows[:n], t); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// query sends one statement, which must meet the run's revision.
func (r *run) query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	res, err := r.store.Query(ctx, p)
	if err != nil {
		return nil, err
	}
	r.statements.Add(1)
	if res.Revision.Number != r.revision.Number || res.Revision.Store != r.revision.Store {
		return nil, moved{res.Revision}
	}
	return res, nil
}

// scope is the prefix of cache keys.
func (r *run) scope() string { return fmt.Sprint(r.revision.Store, "/", r.revision.Number, "/") }
