package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"sync/atomic"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.uber.org/zap"

	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/seed"
)

// backend is a store on its way to readiness: it is opened, and filled when it
// is empty, in the background. Meanwhile requests are told why they must wait.
type backend struct {
	target  *storeTarget
	options graph.Options
	log     *zap.Logger

	data   *store.Dataset // the bundled corpus, while it may be needed
	opened atomic.Pointer[engine]
	// waiting is why requests must wait, until run is through.
	waiting atomic.Pointer[store.Error]
}

type engine struct {
	store.Store
	*graph.Service
}

func newBackend(target *storeTarget, limits graph.Limits, log *zap.Logger) *backend {
	b := &backend{target: target, log: log, options: graph.Options{Limits: limits, Log: func(ctx context.Context, err error) {
		log.Error("fault", zap.String("id", graph.RequestID(ctx)), zap.Error(err))
	}}}
	b.wait("the store is being opened")
	return b
}

func (b *backend) wait(message string) {
	b.waiting.Store(&store.Error{Code: store.Unavailable, Message: message})
}

// run makes the store ready. It tries again while the store is away, and
// returns nil when queries can be answered. Any other error is final.
func (b *backend) run(ctx context.Context) error {
	const first, longest = 100 * time.Millisecond, 2 * time.Second
	pause, said := first, ""
	for {
		err := b.attempt(ctx)
		if err == nil {
			b.waiting.Store(nil)
			b.data = nil
			return nil
		}
		var known *store.Error
		if ctx.Err() != nil || !errors.As(err, &known) || b.opened.Load() == nil && !b.target.remote {
			return err
		}
		b.waiting.Store(known)
		if known.Message != said {
			said = known.Message
			b.log.Warn("not ready, trying again", zap.String("store", b.target.name), zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			pause = min(2*pause, longest)
		}
	}
}

// attempt opens the store if that is still to be done, and loads the bundled
// corpus if the store holds nothing.
func (b *backend) attempt(ctx context.Context) error {
	if b.opened.Load() == nil {
		opened, err := b.target.open(ctx, b.options.Statements)
		if err != nil {
			return err
		}
		st := &announced{Store: opened, log: b.log, quiet: func() bool { return b.waiting.Load() != nil }}
		service, err := graph.New(st, b.options)
		if err != nil {
			return errors.Join(err, st.Close())
		}
		b.opened.Store(&engine{st, service})
	}
	st := b.opened.Load().Store
	info, err := st.Info(ctx)
	if err == nil {
		b.compare(info)
		return nil
	}
	if store.CodeOf(err) != store.Unavailable {
		return err
	}
	if b.data == nil {
		if b.data, err = seed.Read(seed.Bundled(), graph.Catalog()); err != nil {
			return err
		}
	}
	b.wait("the corpus is being loaded")
	report, err := st.Load(ctx, b.data, store.LoadOptions{Progress: progress(b.log)})
	if err != nil {
		return err
	}
	b.log.Info("loaded the bundled corpus", zap.String("corpus", b.data.Corpus.Name), zap.String("version", b.data.Corpus.Version),
		zap.Int("nodes", report.NodesCreated), zap.Int("relationships", report.EdgesCreated))
	return nil
}

// compare says when the store holds another version of the bundled corpus, which is kept.
func (b *backend) compare(info *store.Info) {
	var ours store.Corpus
	text, err := fs.ReadFile(seed.Bundled(), "corpus.json")
	if err == nil {
		err = json.Unmarshal(text, &ours)
	}
	if err != nil {
		b.log.Error("the bundled corpus cannot be read", zap.Error(err))
		return
	}
	if info.Corpus.Name == ours.Name && info.Corpus.Version != ours.Version {
		b.log.Warn("the store keeps its version of the corpus; `normgraph load --replace` puts the bundled one in its place",
			zap.String("stored", info.Corpus.Version), zap.String("bundled", ours.Version))
	}
}

// Ready implements the question behind /readyz.
func (b *backend) Ready(ctx context.Context) (busy bool, err error) {
	if why := b.waiting.Load(); why != nil {
		return false, why
	}
	return b.opened.Load().Ready(ctx)
}

// Execute answers r, or says why it cannot be answered yet.
func (b *backend) Execute(ctx context.Context, r graph.Request) *graph.Response {
	if e := b.opened.Load(); e != nil {
		return e.Execute(ctx, r)
	}
	why := "the store is being opened"
	if w := b.waiting.Load(); w != nil {
		why = w.Message
	}
	return &graph.Response{Errors: gqlerror.List{{Message: why, Extensions: map[string]any{"code": graph.CodeUnavailable}}}}
}

// CacheBytes is the size of the answers that are kept.
func (b *backend) CacheBytes() int64 {
	if e := b.opened.Load(); e != nil {
		return e.Service.CacheBytes()
	}
	return 0
}

// Close closes the store, if it was opened.
func (b *backend) Close() error {
	if e := b.opened.Load(); e != nil {
		return e.Store.Close()
	}
	return nil
}
