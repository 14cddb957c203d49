package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"normgraph/graph"
	"normgraph/graph/gate"
	"normgraph/graph/store"
	"normgraph/web"
)

// startPage asks the service for what the start page tells, once per revision.
type startPage struct {
	backend *backend

	mu       sync.Mutex
	revision store.Revision
	corpus   web.Corpus
}

func (p *startPage) Corpus(ctx context.Context) (web.Corpus, error) {
	if _, err := p.backend.Ready(ctx); err != nil {
		return web.Corpus{}, err
	}
	for {
		info, err := p.backend.opened.Load().Info(ctx)
		if err != nil {
			return web.Corpus{}, err
		}
		c, err := p.of(ctx, info)
		if err != nil {
			return web.Corpus{}, err
		}
		if c != nil {
			return *c, nil
		}
		resume := gate.Pause(ctx) // for a moment after a load, answers of before are given
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			err = ctx.Err()
		}
		if resume(); err != nil {
			return web.Corpus{}, err
		}
	}
}

// of tells of one revision; nil when the answers are of another.
func (p *startPage) of(ctx context.Context, info *store.Info) (*web.Corpus, error) {
	resume := gate.Pause(ctx) // others may be asking
	p.mu.Lock()
	resume()
	defer p.mu.Unlock()
	if p.revision.Store == info.Revision.Store && p.revision.Number == info.Revision.Number {
		kept := p.corpus
		return &kept, nil
	}
	c := web.Corpus{Name: info.Corpus.Name, Version: info.Corpus.Version, Licences: info.Corpus.Licences(),
		Sources: info.Corpus.Texts(), Revision: int(info.Revision.Number), LoadedAt: info.Revision.Loaded}
	for _, n := range info.Counts {
		c.Counts = append(c.Counts, web.Count{Name: n.Kind, Count: int(n.Count)})
	}
	methods, revision, err := p.methods(ctx)
	if err != nil || revision != info.Revision.Number {
		return nil, err
	}
	c.Methods = methods
	p.revision, p.corpus = info.Revision, c
	return &c, nil
}

// methods counts the assessments of each method that occurs, at the revision that it tells.
func (p *startPage) methods(ctx context.Context) (methods []web.Count, revision int64, err error) {
	enum := graph.Schema().Types["AssessmentMethod"]
	var document strings.Builder
	document.WriteByte('{')
	for _, v := range enum.EnumValues {
		fmt.Fprintf(&document, "%s: assessmentsConnection(first: 0, where: {method: {eq: %[1]s}}) { totalCount } ", v.Name)
	}
	document.WriteByte('}')
	res := p.backend.Execute(ctx, graph.Request{Document: document.String()})
	if len(res.Errors) > 0 {
		return nil, 0, res.Errors
	}
	var counts map[string]struct{ TotalCount int }
	if err := json.Unmarshal(res.Data, &counts); err != nil {
		return nil, 0, err
	}
	for _, v := range enum.EnumValues {
		if n := counts[v.Name].TotalCount; n > 0 {
			methods = append(methods, web.Count{Name: v.Name, Count: n})
		}
	}
	slices.SortStableFunc(methods, func(a, b web.Count) int { return b.Count - a.Count })
	return methods, res.Revision.Number, nil
}
