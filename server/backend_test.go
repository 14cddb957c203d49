package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
)

// shy is a store that is away for its first calls.
type shy struct {
	store.Store
	away int
}

var errAway = &store.Error{Code: store.Unavailable, Message: "the store is away"}

func (s *shy) Info(ctx context.Context) (*store.Info, error) {
	if s.away--; s.away >= 0 {
		return nil, errAway
	}
	return s.Store.Info(ctx)
}

func (s *shy) Load(ctx context.Context, d *store.Dataset, o store.LoadOptions) (*store.LoadReport, error) {
	if s.away--; s.away >= 0 {
		return nil, errAway
	}
	return s.Store.Load(ctx, d, o)
}

func TestBackend(t *testing.T) {
	defer goleak.VerifyNone(t)
	refused := &store.Error{Code: store.Conflict, Message: "not ours"}
	for _, c := range []struct {
		name   string
		remote bool
		open   []error // of the first attempts
		away   int     // first calls of the opened store that fail
		err    error
	}{
		{"there at once", false, nil, 0, nil},
		{"comes while being opened", true, []error{errAway}, 0, nil},
		{"goes away before the load", true, nil, 2, nil},
		{"a file that cannot be opened", false, []error{errAway}, 0, errAway},
		{"a fault", true, []error{errors.ErrUnsupported}, 0, errors.ErrUnsupported},
		{"a file that is not ours", false, []error{refused}, 0, refused},
	} {
		t.Run(c.name, func(t *testing.T) {
			failures := c.open
			target := &storeTarget{remote: c.remote, open: func(ctx context.Context, _ int) (store.Store, error) {
				if len(failures) > 0 {
					err := failures[0]
					failures = failures[1:]
					return nil, err
				}
				st, err := sqlite.Open(ctx, graph.Catalog(), sqlite.Memory)
				return &shy{st, c.away}, err
			}}
			b := newBackend(target, graph.DefaultLimits(), zap.NewNop())
			ask := graph.Request{Document: "{ norms(limit: 1) { id } }"}
			if res := b.Execute(t.Context(), ask); res.Code() != graph.CodeUnavailable || store.CodeOf(unready(t, b)) != store.Unavailable {
				t.Errorf("before it runs: code %q", res.Code())
			}
			if err := b.run(t.Context()); !errors.Is(err, c.err) {
				t.Fatalf("run: %v, want %v", err, c.err)
			}
			if c.err == nil {
				if res := b.Execute(t.Context(), ask); res.Code() != "" || unready(t, b) != nil {
					t.Errorf("when it is ready: %v", res.Errors)
				}
				page, err := (&startPage{backend: b}).Corpus(t.Context())
				if err != nil || len(page.Counts) != len(graph.Catalog().Nodes) || len(page.Methods) == 0 {
					t.Errorf("start page: %+v %v", page, err)
				}
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestBackendStops(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, cancel := context.WithCancel(t.Context())
	target := &storeTarget{remote: true, open: func(context.Context, int) (store.Store, error) {
		cancel()
		return nil, errAway
	}}
	b := newBackend(target, graph.DefaultLimits(), zap.NewNop())
	if err := b.run(ctx); err == nil {
		t.Error("ready without a store")
	}
	if err := unready(t, b); err == nil || !strings.Contains(err.Error(), "opened") {
		t.Errorf("ready: %v", err)
	}
}

func unready(t *testing.T, b *backend) error {
	_, err := b.Ready(t.Context())
	return err
}
