package graph

import (
	"context"
	"database/sql"
	"net/url"
	"runtime"
	"sync"
	"sync/atomic"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Database reads a file of the service's SQLite store with prepared statements.
type Database struct {
	db         *sql.DB
	mu         sync.Mutex
	prepared   map[string]*sql.Stmt
	statements atomic.Int64
}

// Open opens the file at path for reading, with the pragmas and the number of
// connections that the service uses.
func Open(path string) (*Database, error) {
	dsn := (&url.URL{Scheme: "file", Path: path}).String() +
		"?mode=ro&_pragma=query_only(1)&_pragma=busy_timeout(1000)&_pragma=temp_store(memory)&_pragma=cache_size(-16384)&_pragma=mmap_size(1099511627776)"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	connections := min(max(4, 2*runtime.GOMAXPROCS(0)), 16)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return &Database{db: db, prepared: map[string]*sql.Stmt{}}, db.Ping()
}

// Close ends all connections.
func (d *Database) Close() error { return d.db.Close() }

// Statements is the number of statements sent so far.
func (d *Database) Statements() int64 { return d.statements.Load() }

// statement prepares each text once. There are few: names come from the code.
func (d *Database) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s, ok := d.prepared[text]; ok {
		return s, nil
	}
	s, err := d.db.PrepareContext(ctx, text)
	if err == nil {
		d.prepared[text] = s
	}
	return s, err
}

// each runs a statement and calls scan for every row.
func (d *Database) each(ctx context.Context, text string, args []any, scan func(*sql.Rows) error) error {
	s, err := d.statement(ctx, text)
	if err != nil {
		return err
	}
	d.statements.Add(1)
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// record is a row type; *T gives the places to scan into.
type record[T any] interface {
	*T
	into() []any
}

// list reads rows of one type.
func list[T any, P record[T]](ctx context.Context, d *Database, text string, args ...any) ([]*T, error) {
	out := []*T{}
	err := d.each(ctx, text, args, func(rows *sql.Rows) error {
		t := new(T)
		out = append(out, t)
		return rows.Scan(P(t).into()...)
	})
	return out, err
}
