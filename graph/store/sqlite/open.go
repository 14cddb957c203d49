package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"modernc.org/sqlite"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

const (
	applicationID = 0x6e6d6772 // "nmgr", in the file's header
	formatVersion = 1          // user_version; grows when the store table changes
)

// Memory is the path of a store that lives only as long as it is open.
const Memory = ":memory:"

// Option is one of Open's.
type Option func(*options)

type options struct{ readers int }

// Readers is how many statements run at the same time; more wait. The default is
// two for each processor, at least 4 and at most 16; 0 leaves it so.
func Readers(n int) Option {
	return func(o *options) {
		if n > 0 {
			o.readers = n
		}
	}
}

// Open opens the store in the file at path, or makes a new one there. A file
// that is not ours, is damaged, or comes from a newer version is refused
// before anything is written, to it or next to it. Errors: Conflict (refused),
// Unavailable (the file cannot be opened).
//
// A store whose text is indexed in another form than this version's is indexed
// anew. One that was made for another schema opens, but answers Unavailable until
// a Load with LoadReplace has rebuilt it.
func Open(ctx context.Context, cat *catalog.Catalog, path string, options ...Option) (*Store, error) {
	name, abs := "file:/"+uuid.NewString()+"?vfs=memdb&", ""
	if path != Memory {
		var err error
		if abs, err = filepath.Abs(path); err != nil {
			return nil, unopened(err)
		}
		if err := inspect(ctx, newLayout(cat), abs); err != nil {
			return nil, err
		}
		name = uri(abs)
	}
	s := newStore(newLayout(cat), name, path == Memory, options)
	err := s.prepare(ctx)
	if err == nil && !s.memory {
		err = s.place.settle(abs)
	}
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// uri names the file at path to the engine, up to the parameters.
func uri(path string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String() + "?"
}

func refused(format string, args ...any) error {
	return &store.Error{Code: store.Conflict, Message: "the store file " + fmt.Sprintf(format, args...)}
}

func unopened(err error) error {
	return &store.Error{Code: store.Unavailable, Message: "the store file cannot be opened; check that its folder exists and may be written to", Cause: err}
}

const elsewhere = "; nothing was changed, give another path to start a new store"

// inspect reads the file's header without the engine, then checks its pages
// through a connection that writes nothing. A missing or empty file is fine.
func inspect(ctx context.Context, l *layout, path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unopened(err)
	}
	defer f.Close()
	stat, err := f.Stat()
	switch {
	case err != nil:
		return unopened(err)
	case stat.IsDir():
		return refused("is a folder%s", elsewhere)
	case stat.Size() == 0:
		return nil
	}
	h := make([]byte, 100)
	if _, err := io.ReadFull(f, h); err != nil || string(h[:16]) != "SQLite format 3\x00" {
		return refused("is not a normgraph store%s", elsewhere)
	}
	word := func(at int) int64 { return int64(binary.BigEndian.Uint32(h[at:])) }
	switch version := word(60); {
	case word(68) != applicationID:
		return refused("is a database of another program%s", elsewhere)
	case version > formatVersion:
		return refused("was written by a newer version of normgraph (format %d, this version knows %d); use that version, or give another path; nothing was changed", version, formatVersion)
	}
	if strangers(f, path) {
		return refused("took the place of one that another process still has open; end that process, then try again")
	}
	// After a crash the write-ahead log or the journal holds what the file lacks.
	if pending(path + "-journal") {
		return nil
	}
	if pending(path + "-wal") {
		return checkLogged(ctx, l, path)
	}
	page := word(16) >> 16
	if page == 1 {
		page = 65536
	}
	if stat.Size() < page*word(28) {
		return damaged(errors.New("shorter than its header says"))
	}
	return check(ctx, l, path)
}

func pending(path string) bool {
	stat, err := os.Stat(path)
	return err == nil && stat.Size() > 0
}

func damaged(err error) error {
	return &store.Error{Code: store.Conflict, Message: "the store file is damaged; nothing was changed, restore it from a copy, or give another path and load again", Cause: err}
}

// checked is the largest file that is checked as a whole at every opening: its
// pages, its indexes, and its rows against the content of its revision.
const checked = 16 << 20

// check reads a file that no log belongs to, as if nobody could change it: the
// engine then makes no file next to it.
func check(ctx context.Context, l *layout, path string) error {
	db := sql.OpenDB(connector(uri(path) + alone))
	defer db.Close()
	if _, err := storeID(ctx, db); err != nil {
		return store.Ended(ctx, damaged(err))
	}
	return store.Ended(ctx, whole(ctx, db, l, path, damaged))
}

// Parameters of connections that write nothing: to the file alone, and to the
// file with its log.
const (
	alone  = "mode=ro&immutable=1"
	logged = "mode=ro&_pragma=busy_timeout(10000)"
)

// checkLogged reads a file with its log. A log that an earlier file of the name
// left behind would be written over the file. Where the two were of one store,
// which the id does not tell, their rows are not those of one revision.
func checkLogged(ctx context.Context, l *layout, path string) error {
	file, both := sql.OpenDB(connector(uri(path)+alone)), sql.OpenDB(connector(uri(path)+logged))
	defer file.Close()
	defer both.Close()
	id, err := storeID(ctx, both)
	// What a crash cut short in the file alone, the log mends.
	if own, e := storeID(ctx, file); err != nil || e == nil && own != id {
		return store.Ended(ctx, mixed(err))
	}
	return store.Ended(ctx, whole(ctx, both, l, path, mixed))
}

func mixed(err error) error {
	return &store.Error{Code: store.Conflict, Cause: err, Message: "the store file and the log beside it (-wal) do not belong together, or are damaged; nothing was changed. " +
		"If the file was put there in place of another, remove -wal and -shm; else restore it from a copy, or give another path and load again"}
}

func storeID(ctx context.Context, db *sql.DB) (id string, err error) {
	err = db.QueryRowContext(ctx, `SELECT id FROM store`).Scan(&id)
	return id, err
}

// whole checks pages, indexes and rows, all at one moment; what is wrong goes
// through say.
func whole(ctx context.Context, db *sql.DB, l *layout, path string, say func(error) error) error {
	stat, err := os.Stat(path)
	if err != nil {
		return unopened(err)
	}
	if stat.Size() > checked {
		return nil
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return say(err)
	}
	defer func() { _ = tx.Rollback() }()
	var verdict string
	if err := tx.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return say(err)
	}
	if verdict != "ok" {
		return say(errors.New(verdict))
	}
	if err := verify(ctx, tx, l); err != nil {
		return say(err)
	}
	return nil
}

// engine is a driver of our own, so that its function is seen by our
// connections alone.
var engine = func() *sqlite.Driver {
	d := &sqlite.Driver{}
	d.MustRegisterDeterministicScalarFunction("codepoints", 1, codepoints)
	return d
}()

// codepoints is the length of a text; SQLite's own length stops at U+0000.
func codepoints(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	if s, ok := args[0].([]byte); ok {
		return int64(utf8.RuneCount(s)), nil
	}
	return nil, nil
}

type connector string

// connect opens a connection. Tests put faults in its place.
var connect = engine.Open

func (c connector) Connect(context.Context) (driver.Conn, error) { return connect(string(c)) }
func (c connector) Driver() driver.Driver                        { return engine }

// prepare makes the tables of a new file, or reads what an old one was made for.
func (s *Store) prepare(ctx context.Context) error {
	conn, err := s.writing(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	err = immediate(ctx, conn, func() error {
		var objects int
		if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&objects); err != nil {
			return err
		}
		if objects == 0 {
			return s.create(ctx, conn)
		}
		var made string
		if err := conn.QueryRowContext(ctx, `SELECT catalog FROM store`).Scan(&made); err != nil || !s.layout.otherSearch(made) {
			return err
		}
		l := &loader{layout: s.layout, ctx: ctx, conn: conn}
		defer l.close()
		return l.reindex()
	})
	if err != nil {
		return fault(ctx, err)
	}
	if s.memory {
		return nil
	}
	return fault(ctx, retry(ctx, func() error {
		_, err := conn.ExecContext(ctx, `PRAGMA journal_mode = WAL`)
		return err
	}))
}

func (s *Store) create(ctx context.Context, conn *sql.Conn) error {
	ddl := append([]string{
		fmt.Sprintf(`PRAGMA application_id = %d`, applicationID),
		fmt.Sprintf(`PRAGMA user_version = %d`, formatVersion),
		storeTable,
	}, s.layout.tables()...)
	for _, x := range s.layout.indexes() {
		ddl = append(ddl, x.create())
	}
	if err := execAll(ctx, conn, ddl); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, `INSERT INTO store VALUES(1, ?, ?, 0, '', 0, '{}', '[]', '{}')`,
		uuid.NewString(), s.layout.print)
	return err
}

func execAll(ctx context.Context, conn *sql.Conn, statements []string) error {
	for _, text := range statements {
		if _, err := conn.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// immediate runs f in a transaction that holds the write lock from the start.
// It waits for another writer as long as ctx and patience last.
func immediate(ctx context.Context, conn *sql.Conn, f func() error) (err error) {
	if err := retry(ctx, func() error { _, err := conn.ExecContext(ctx, `BEGIN IMMEDIATE`); return err }); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, back := conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
			if back != nil {
				err = errors.Join(err, back)
			}
		}
	}()
	if err := f(); err != nil {
		return err
	}
	return retry(ctx, func() error { _, err := conn.ExecContext(ctx, `COMMIT`); return err })
}

// patience bounds the wait for another process that is loading.
const patience = 2 * time.Minute

func retry(ctx context.Context, f func() error) error {
	for end := time.Now().Add(patience); ; {
		err := f()
		if !busy(err) || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
