package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"

	lru "github.com/hashicorp/golang-lru/v2"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// statements is the number of prepared statements that one connection keeps.
const statements = 48

// reader is one connection and its prepared statements. Only its holder uses
// it, so a statement is never evicted while it runs.
type reader struct {
	conn  *sql.Conn
	kept  *lru.Cache[string, *sql.Stmt]
	bound int // bytes of a text that the engine makes
}

// pool holds the readers that nobody uses.
type pool chan *reader

func newPool(n int) pool {
	p := make(pool, n)
	for range n {
		p <- &reader{}
	}
	return p
}

// drain closes all readers; each comes back when its statement has ended.
func (p pool) drain() {
	for range cap(p) {
		r := <-p
		r.discard()
	}
}

// longest is the engine's own bound on a text.
const longest = 1_000_000_000

// within bounds the texts that statements make; 0 is the engine's own bound.
func (r *reader) within(ctx context.Context, db *sql.DB, bytes int64) error {
	bound := longest
	if 0 < bytes && bytes < longest {
		bound = int(bytes)
	}
	if err := r.open(ctx, db); err != nil || r.bound == bound {
		return err
	}
	_, err := sqlite.Limit(r.conn, lib.SQLITE_LIMIT_LENGTH, bound)
	if err == nil {
		r.bound = bound
	}
	return err
}

func (r *reader) open(ctx context.Context, db *sql.DB) error {
	if r.conn != nil {
		return nil
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	r.conn, r.bound = conn, longest
	r.kept, err = lru.NewWithEvict(statements, func(_ string, st *sql.Stmt) { _ = st.Close() })
	return err
}

func (r *reader) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if st, ok := r.kept.Get(text); ok {
		return st, nil
	}
	st, err := r.conn.PrepareContext(ctx, text)
	if err == nil {
		r.kept.Add(text, st)
	}
	return st, err
}

// scan reads the one row of a statement, no text in it longer than bytes.
func (r *reader) scan(ctx context.Context, db *sql.DB, bytes int64, text string, args, into []any) error {
	if err := r.within(ctx, db, bytes); err != nil {
		return err
	}
	st, err := r.prepare(ctx, text)
	if err != nil {
		return err
	}
	return st.QueryRowContext(ctx, args...).Scan(into...)
}

// discard frees the connection; the next use opens a new one.
func (r *reader) discard() {
	if r.conn == nil {
		return
	}
	r.kept.Purge()
	_ = r.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = r.conn.Close()
	r.conn, r.kept = nil, nil
}
