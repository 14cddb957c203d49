package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/cache"
	"normgraph/graph/gate"
	"normgraph/graph/store"
)

// How a response came about, as Response.Cache says.
const (
	CacheHit    = "hit"    // kept from before
	CacheShared = "shared" // made for an equal request at the same time
	CacheMiss   = "miss"   // made now
)

// revisionTrusted is how long a revision is taken for the current one. A write
// by another process is noticed within it and the store's own such time.
const revisionTrusted = 250 * time.Millisecond

// results keeps responses without errors to queries, by everything that they
// depend on. Equal queries at the same time are answered once.
type results struct {
	kept *cache.Cache[string, *Response]

	mu       sync.Mutex
	revision store.Revision
	at       time.Time // when the revision was known to be current
	flights  map[string]*flight
}

func newResults(bytes int64) *results {
	return &results{kept: cache.New[string, *Response](bytes), flights: map[string]*flight{}}
}

// saw notes the revision that something was read from, at a time or later.
// When it is a new one, all results are of the past.
func (c *results) saw(r store.Revision, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.Number == 0 || r.Store == c.revision.Store && r.Number < c.revision.Number {
		return
	}
	if !same(r, c.revision) {
		c.revision = r
		c.kept.Purge()
	}
	if at.After(c.at) {
		c.at = at
	}
}

func same(a, b store.Revision) bool {
	return a.Number == b.Number && a.Store == b.Store && a.Content == b.Content
}

// current is the revision of now, or of shortly before. The store is asked only
// after check.
func (s *Service) current(ctx context.Context, check func() error) (store.Revision, error) {
	c, start := s.results, time.Now()
	c.mu.Lock()
	known, fresh := c.revision, start.Sub(c.at) < revisionTrusted
	c.mu.Unlock()
	if fresh {
		return known, nil
	}
	if err := check(); err != nil {
		return store.Revision{}, err
	}
	info, err := s.store.Info(ctx)
	if err != nil {
		return store.Revision{}, err
	}
	c.saw(info.Revision, start)
	return info.Revision, nil
}

// question is a query with everything that its answer depends on but the data.
type question struct {
	request Request
	op      *ast.OperationDefinition
	vars    map[string]any
}

// tag names the answer to q from one revision: equal tags, equal answers.
func (s *Service) tag(q question, r store.Revision) (string, error) {
	vars, err := json.Marshal(q.vars) // sorts keys
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, part := range []string{s.build, r.Store, r.Content, strconv.FormatInt(r.Number, 10), q.op.Name, string(vars), q.request.Document, strconv.Itoa(q.request.Page)} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// once answers q by answer, or from what was answered before. plan finds the
// mistakes in q.
func (s *Service) once(ctx context.Context, q question, out *Response, plan func() error, answer func(context.Context, *Response) error) error {
	var now store.Revision
	if reads(q.op.SelectionSet) {
		var err error
		if now, err = s.current(ctx, plan); err != nil {
			return err
		}
	}
	tag, err := s.tag(q, now)
	if err != nil {
		return err
	}
	out.Tag = tag
	if q.request.Known != nil && q.request.Known(tag) {
		out.NotModified, out.Revision = true, now
		return nil
	}
	if kept, ok := s.results.kept.Get(tag); ok {
		*out = *kept
		out.Statements, out.Cache = 0, CacheHit
		return nil
	}
	started := time.Now()
	return s.results.share(ctx, q.request.Client, tag, out, func(ctx context.Context, out *Response) error {
		out.Cache = CacheMiss
		if err := answer(ctx, out); err != nil || len(out.Errors) > 0 {
			out.Tag = ""
			return err
		}
		if now.Number > 0 && out.Revision.Number > 0 && !same(out.Revision, now) {
			s.results.saw(out.Revision, started)
			if out.Tag, err = s.tag(q, out.Revision); err != nil {
				return err
			}
		}
		kept := *out
		s.results.kept.Add(out.Tag, &kept, int64(len(out.Data)+responseBytes))
		return nil
	})
}

// responseBytes is what a response takes beside its data.
const responseBytes = 600

// reads reports whether a selection of the root holds more than introspection.
func reads(set ast.SelectionSet) bool {
	for _, sel := range set {
		switch x := sel.(type) {
		case *ast.Field:
			if !strings.HasPrefix(x.Name, "__") {
				return true
			}
		case *ast.InlineFragment:
			if reads(x.SelectionSet) {
				return true
			}
		case *ast.FragmentSpread:
			if reads(x.Definition.SelectionSet) {
				return true
			}
		}
	}
	return false
}

// flight is an answer in the making.
type flight struct {
	client  gate.Client // the first one's
	done    chan struct{}
	waiting int // callers, the first included
	cancel  context.CancelFunc
	ended   bool // with out and err; else the maker panicked
	out     Response
	err     error
}

// share lets the first of several callers with one tag answer for all. It ends
// when all have left, or when the first one's time is over.
func (c *results) share(ctx context.Context, client gate.Client, tag string, out *Response, answer func(context.Context, *Response) error) error {
	c.mu.Lock()
	if f, ok := c.flights[tag]; ok && f.waiting > 0 {
		f.waiting++
		c.mu.Unlock()
		resume := gate.Pause(ctx)
		select {
		case <-f.done:
			resume()
		case <-ctx.Done():
			resume()
			c.leave(f)
			return ctx.Err()
		}
		if !f.ended || client != f.client && errors.As(f.err, new(*gate.Refusal)) {
			return answer(ctx, out)
		}
		*out = f.out
		out.Statements, out.Cache = 0, CacheShared
		return f.err
	}
	shared := context.WithoutCancel(ctx)
	var cancel context.CancelFunc
	if deadline, ok := ctx.Deadline(); ok {
		shared, cancel = context.WithDeadline(shared, deadline)
	} else {
		shared, cancel = context.WithCancel(shared)
	}
	f := &flight{client: client, done: make(chan struct{}), waiting: 1, cancel: cancel}
	c.flights[tag] = f
	c.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { c.leave(f) })
	defer func() {
		stop()
		cancel()
		c.mu.Lock()
		if c.flights[tag] == f {
			delete(c.flights, tag)
		}
		c.mu.Unlock()
		close(f.done)
	}()
	f.err = answer(shared, out)
	f.out, f.ended = *out, true
	return f.err
}

func (c *results) leave(f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.waiting--; f.waiting == 0 {
		f.cancel()
	}
}

type admissionKey struct{}

// WithAdmission lets admit decide over an operation when its cost, the rows
// that it is expected to read, is known, and before a statement is sent. It may
// be asked several times, each time for more rows. Its error refuses the
// operation; a *gqlerror.Error with a code is shown as it is.
func WithAdmission(ctx context.Context, admit func(rows float64) error) context.Context {
	return context.WithValue(ctx, admissionKey{}, admit)
}

func admit(ctx context.Context, rows float64) error {
	f, ok := ctx.Value(admissionKey{}).(func(float64) error)
	if !ok {
		return nil
	}
	if err := f(rows); err != nil {
		return gate.Refuse(err)
	}
	return nil
}
