// Package sqlite is the embedded store: one file, or memory. Statements are
// compiled from plans (Compile), answered as JSON text, and read by package row.
package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"sync"
	"time"
	"unsafe"

	lib "modernc.org/sqlite/lib"

	"normgraph/graph/cores"
	"normgraph/graph/plan"
	"normgraph/graph/row"
	"normgraph/graph/store"
)

// Store is a store in one SQLite file or in memory.
type Store struct {
	layout  *layout
	memory  bool
	place   place
	db      *sql.DB // reading
	writer  *sql.DB
	readers pool
	head    pool          // one reader for the revision, which waits for no statement
	loading chan struct{} // holds one token while a load runs
	closed  chan struct{}
	close   func() error // once

	mu   sync.Mutex
	info *store.Info
	seen time.Time // when a statement last read info's revision
}

// trusted is how long the revision that a statement read is taken for the
// current one. A write by another process is noticed after that.
const trusted = 500 * time.Millisecond

var _ store.Store = (*Store)(nil)

// Pragmas of every connection, and of one that only reads. That one maps the file
// into memory, so that a page of the system's cache is neither asked for nor
// copied (see docs/performance.md); the bound is the engine's own, 2 GiB. Its page
// cache is for what a map cannot give: the log, and the rest of a larger file.
const (
	common  = "_dqs=0&_pragma=trusted_schema(0)&_pragma=temp_store(memory)&_pragma=synchronous(normal)"
	reading = common + "&_pragma=busy_timeout(1000)&_pragma=cache_size(-16384)&_pragma=mmap_size(1099511627776)&_pragma=query_only(1)"
	writing = common + "&_pragma=busy_timeout(100)&_pragma=cache_size(-32768)"
)

// newStore opens nothing yet. name is a URI up to its query.
func newStore(l *layout, name string, memory bool, chosen []Option) *Store {
	o := options{readers: min(max(4, 2*cores.Count), 16)}
	for _, choose := range chosen {
		choose(&o)
	}
	s := &Store{layout: l, memory: memory, closed: make(chan struct{}), loading: make(chan struct{}, 1),
		db:     sql.OpenDB(connector(name + reading)),
		writer: sql.OpenDB(connector(name + writing)),
	}
	s.writer.SetMaxOpenConns(1)
	s.writer.SetMaxIdleConns(1)
	s.db.SetMaxOpenConns(o.readers + 1)
	s.readers, s.head = newPool(o.readers), newPool(1)
	s.close = sync.OnceValue(func() error {
		close(s.closed)
		s.loading <- struct{}{}
		s.readers.drain()
		s.head.drain()
		if err := s.db.Close(); err != nil {
			return err
		}
		return s.writer.Close()
	})
	return s
}

// AtOnce is how many statements run at the same time; more wait for these.
func (s *Store) AtOnce() int { return cap(s.readers) }

// Close waits for running statements and loads, then frees everything.
func (s *Store) Close() error { return s.close() }

// writing gives the one connection that writes.
func (s *Store) writing(ctx context.Context) (*sql.Conn, error) {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return nil, fault(ctx, err)
	}
	return conn, nil
}

// Query answers p with one statement.
func (s *Store) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	text, args := compile(p, s.layout)
	var head head
	roots := make([]string, len(p.Roots))
	if err := s.read(ctx, s.readers, p.MaxBytes, text, args, append(head.fields(), pointers(roots)...)); err != nil {
		return nil, err
	}
	if err := head.check(s.layout); err != nil {
		return nil, err
	}
	s.note(head.revision())
	res := &store.Result{Revision: head.revision(), Roots: make([]row.Rows, len(roots))}
	for i, r := range roots {
		res.Roots[i] = row.JSON(unsafe.Slice(unsafe.StringData(r), len(r)))
	}
	return res, nil
}

func pointers(list []string) []any {
	out := make([]any, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// read runs a statement of one row on a connection of a pool. bytes bounds its
// texts, as in reader.scan.
func (s *Store) read(ctx context.Context, from pool, bytes int64, text string, args, into []any) error {
	r, err := s.acquire(ctx, from)
	if err != nil {
		return err
	}
	defer func() { from <- r }()
	if err := s.place.check(); err != nil {
		return err
	}
	err = r.scan(ctx, s.db, bytes, text, args, into)
	if err == nil {
		return nil
	}
	if code(err) == lib.SQLITE_TOOBIG && bytes > 0 {
		return store.ErrTooLong
	}
	r.discard()
	var made string
	if ctx.Err() == nil && r.scan(ctx, s.db, 0, `SELECT catalog FROM store`, nil, []any{&made}) == nil && made != s.layout.print {
		return errStale // the tables are those of another schema
	}
	return fault(ctx, err)
}

func (s *Store) acquire(ctx context.Context, from pool) (*reader, error) {
	select {
	case <-s.closed:
		return nil, errClosed
	default:
	}
	select {
	case r := <-from:
		return r, nil
	case <-s.closed:
		return nil, errClosed
	case <-ctx.Done():
		return nil, store.Ended(ctx, ctx.Err())
	}
}

// head is what every statement reads of the store table.
type head struct {
	number            int64
	content, id, made string
	loaded            int64 // nanoseconds since 1970
}

func (h *head) fields() []any { return []any{&h.number, &h.content, &h.id, &h.loaded, &h.made} }

func (h *head) revision() store.Revision {
	return store.Revision{Number: h.number, Content: h.content, Store: h.id, Loaded: time.Unix(0, h.loaded).UTC()}
}

func (h *head) check(l *layout) error {
	switch {
	case h.made != l.print:
		return errStale
	case h.number == 0:
		return errEmpty
	}
	return nil
}

// note remembers that a statement read the revision just now: info holds on, or
// is dropped.
func (s *Store) note(r store.Revision) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.info == nil || s.info.Revision != r {
		s.info = nil
		return
	}
	s.seen = time.Now()
}

// Info describes the current revision. The revision is read again when no
// statement has read it for a moment, the rest when it has moved.
func (s *Store) Info(ctx context.Context) (*store.Info, error) {
	s.mu.Lock()
	info, seen := s.info, s.seen
	s.mu.Unlock()
	if info != nil && time.Since(seen) < trusted {
		if err := s.place.check(); err != nil {
			return nil, err
		}
		return info, nil
	}
	var head head
	if err := s.read(ctx, s.head, 0, `SELECT number, content, id, loaded, catalog FROM store`, nil, head.fields()); err != nil {
		return nil, err
	}
	if err := head.check(s.layout); err != nil {
		return nil, err
	}
	if s.note(head.revision()); info != nil && info.Revision == head.revision() {
		return info, nil
	}
	var corpus, counts, degrees string
	err := s.read(ctx, s.head, 0, `SELECT number, content, id, loaded, catalog, corpus, counts, degrees FROM store`, nil,
		append(head.fields(), &corpus, &counts, &degrees))
	if err != nil {
		return nil, err
	}
	if err := head.check(s.layout); err != nil {
		return nil, err
	}
	info = &store.Info{Revision: head.revision()}
	err = errors.Join(json.Unmarshal([]byte(corpus), &info.Corpus), json.Unmarshal([]byte(counts), &info.Counts), json.Unmarshal([]byte(degrees), &info.Degrees))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.info, s.seen = info, time.Now()
	s.mu.Unlock()
	return info, nil
}
