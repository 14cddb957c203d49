package main

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"normgraph/bench/shape"
	"normgraph/graph"
	"normgraph/graph/input"
	"normgraph/graph/plan"
	"normgraph/graph/store/neo4j"
)

// told is a statement that a subject runs.
type told struct {
	Statement  string
	Parameters map[string]any
}

// profiled runs statements under PROFILE: how many there are, and their db hits.
func (w *world) profiled(ctx context.Context, list []told) (statements, hits float64, err error) {
	d, err := w.neo.Driver()
	if err != nil {
		return 0, 0, err
	}
	defer d.Close(ctx)
	for _, t := range list {
		summary, err := runAll(ctx, d, "PROFILE "+t.Statement, whole(t.Parameters).(map[string]any))
		if err != nil {
			return 0, 0, err
		}
		hits += total(summary.Profile())
	}
	return float64(len(list)), hits, nil
}

func total(p driver.ProfiledPlan) float64 {
	if p == nil {
		return 0
	}
	hits := float64(p.DbHits())
	for _, child := range p.Children() {
		hits += total(child)
	}
	return hits
}

// whole makes integers of whole numbers, which JSON does not tell apart: a page
// size must be one.
func whole(v any) any {
	switch v := v.(type) {
	case float64:
		if v == float64(int64(v)) {
			return int64(v)
		}
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = whole(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = whole(x)
		}
		return out
	}
	return v
}

// serviceCost profiles the statement that the service makes of a request.
func (w *world) serviceCost(ctx context.Context, s *shape.Shape, v shape.Values) (statements, hits float64, err error) {
	variables := v.Variables
	if v.Position > 0 {
		cursor, err := serviceCursor(v)
		if err != nil {
			return 0, 0, err
		}
		variables = map[string]any{"after": cursor}
	}
	p, err := planned(s.Document, variables)
	if err != nil {
		return 0, 0, err
	}
	text, parameters := neo4j.Compile(p)
	return w.profiled(ctx, []told{{text, parameters}})
}

// serviceCursor is the service's cursor behind an incident: the plan of the
// document that asks for it knows the fingerprint.
func serviceCursor(v shape.Values) (string, error) {
	p, err := planned(shape.CursorDocument, map[string]any{"id": v.Raw["id"]})
	if err != nil {
		return "", err
	}
	return plan.Cursor(p.Roots[0].Connection.Fingerprint, []any{v.Raw["year"], v.Raw["id"]}), nil
}

func planned(document string, variables map[string]any) (*plan.Plan, error) {
	schema := graph.Schema()
	doc, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		return nil, err
	}
	var errs gqlerror.List = validator.ValidateWithRules(schema, doc, rules.NewDefaultRules())
	if len(errs) > 0 {
		return nil, errs
	}
	text, err := json.Marshal(variables)
	if err != nil {
		return nil, err
	}
	var given map[string]any
	if err := json.Unmarshal(text, &given); err != nil {
		return nil, err
	}
	given, err = input.Variables(schema, doc.Operations[0], whole(given).(map[string]any))
	if err != nil {
		return nil, err
	}
	limits := graph.DefaultLimits()
	return plan.Build(plan.Operation{Schema: schema, Catalog: graph.Catalog(), Doc: doc, Operation: doc.Operations[0],
		Variables: given, Limits: plan.Limits{Depth: limits.Depth, Selections: limits.Selections, Conditions: limits.Conditions}})
}

// trace collects the statements that a peer tells on its standard output.
type trace struct {
	mu   sync.Mutex
	list []told
}

func newTrace(p *process) *trace {
	t := &trace{}
	go func() {
		dec := json.NewDecoder(p.lines)
		for {
			var one told
			if dec.Decode(&one) != nil {
				return // it has ended
			}
			t.mu.Lock()
			t.list = append(t.list, one)
			t.mu.Unlock()
		}
	}()
	return t
}

// drain gives what was told since the last call. The lines of an answered
// request have been written; they may still be in the pipe.
func (t *trace) drain() []told {
	time.Sleep(50 * time.Millisecond)
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.list
	t.list = nil
	return out
}
