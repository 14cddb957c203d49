package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// Load writes d as one revision, in one transaction. It compares row by row, so
// that a load of what is there already changes nothing. Another load, also in
// another process, is waited for.
func (s *Store) Load(ctx context.Context, d *store.Dataset, o store.LoadOptions) (*store.LoadReport, error) {
	select {
	case s.loading <- struct{}{}:
		defer func() { <-s.loading }()
	case <-s.closed:
		return nil, errClosed
	case <-ctx.Done():
		return nil, store.Ended(ctx, ctx.Err())
	}
	if s.memory { // its engine knows no readers beside a writer
		back, err := s.alone(ctx)
		defer back()
		if err != nil {
			return nil, err
		}
	}
	if err := s.place.check(); err != nil {
		return nil, err
	}
	conn, err := s.writing(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	l := &loader{layout: s.layout, ctx: ctx, conn: conn, data: d, options: o, content: store.ContentOf(d), total: d.Len()}
	err = immediate(ctx, conn, l.run)
	l.close()
	if errors.Is(err, errUnchanged) {
		return &l.report, nil
	}
	if err != nil {
		return nil, fault(ctx, err)
	}
	s.note(l.report.Revision)
	// The log is folded in and memory given back; readers may put the former off.
	tidy := []string{`PRAGMA wal_checkpoint(TRUNCATE)`, `PRAGMA shrink_memory`}
	_ = execAll(context.WithoutCancel(ctx), conn, tidy)
	return &l.report, nil
}

// alone takes all readers, so that no statement runs until back is called.
func (s *Store) alone(ctx context.Context) (back func(), err error) {
	var held []func()
	back = func() {
		for _, give := range held {
			give()
		}
	}
	for _, p := range []pool{s.readers, s.head} {
		for range cap(p) {
			r, err := s.acquire(ctx, p)
			if err != nil {
				return back, err
			}
			held = append(held, func() { p <- r })
		}
	}
	return back, nil
}

// errUnchanged ends a load that found nothing to do.
var errUnchanged = errors.New("unchanged")

// loader is one load within its transaction.
type loader struct {
	*layout
	ctx     context.Context
	conn    *sql.Conn
	data    *store.Dataset
	options store.LoadOptions
	filled  bool                                          // the store holds something already
	gone    func(*catalog.Relationship, *store.Edge) bool // stored, not given, and to delete

	report      store.LoadReport
	corpus      store.Corpus  // of what the store holds afterwards
	content     store.Content // of what the store holds afterwards
	last        int64         // greatest key in use
	held        int           // nodes stored before
	done, total int
	stmts       map[string]*sql.Stmt
	args        []any // of the last statement, kept for its memory
}

func (l *loader) run() error {
	var h head
	q := `SELECT number, content, id, loaded, catalog FROM store`
	if err := l.conn.QueryRowContext(l.ctx, q).Scan(h.fields()...); err != nil {
		return err
	}
	l.report.Revision = h.revision()
	if h.made != l.print {
		if h.number > 0 && l.options.Mode != store.LoadReplace {
			return &store.Error{Code: store.Conflict, Message: errStale.Message}
		}
		if err := l.rebuild(); err != nil {
			return err
		}
	} else if h.number > 0 && l.options.Mode != store.LoadReplace && h.content == l.content.Hex(l.data.Corpus) {
		return errUnchanged
	}
	if err := l.options.CheckBase(h.number); err != nil {
		return err
	}
	if err := l.conn.QueryRowContext(l.ctx, `SELECT coalesce(max(__key), 0) FROM node`).Scan(&l.last); err != nil {
		return err
	}
	l.filled = l.last > 0
	if err := l.name(); err != nil {
		return err
	}
	if l.filled && l.options.Mode == store.LoadEmpty {
		return &store.Error{Code: store.Conflict, Message: "the store holds another corpus already; load with --merge to add to it, or with --replace to replace it"}
	}
	if !l.filled {
		if err := l.each(index.drop); err != nil {
			return err
		}
	}
	if err := l.merge(); err != nil {
		return err
	}
	if err := l.nodes(); err != nil {
		return err
	}
	if err := l.edges(); err != nil {
		return err
	}
	if l.content.Hex(l.corpus) == h.content && h.number > 0 && !l.report.Wrote() {
		return errUnchanged
	}
	if l.filled && l.report.NodesCreated > 0 {
		if err := l.reorder(); err != nil {
			return err
		}
	}
	if err := l.each(index.create); err != nil {
		return err
	}
	return l.finish()
}

// name says whose data the store holds afterwards.
func (l *loader) name() error {
	l.corpus = l.data.Corpus
	if !l.filled || l.options.Mode != store.LoadMerge {
		return nil
	}
	var text string
	var stored store.Corpus
	if err := l.conn.QueryRowContext(l.ctx, `SELECT corpus FROM store`).Scan(&text); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return err
	}
	l.corpus = stored.Merged(l.data.Corpus, l.options.Rename)
	return nil
}

// merge completes the data where the load merges, and says what of the stored
// relationships goes.
func (l *loader) merge() error {
	if l.options.Mode != store.LoadMerge || !l.filled {
		l.gone = func(*catalog.Relationship, *store.Edge) bool { return true }
		return nil
	}
	merged, err := store.Merge(l.data, rows{l.ctx, l.conn})
	if err != nil {
		return err
	}
	l.data, l.gone, l.content = merged.Dataset, merged.Gone, store.ContentOf(merged.Dataset)
	return nil
}

func (l *loader) each(f func(index) string) error {
	for _, x := range l.indexes() {
		if err := l.exec(f(x)); err != nil {
			return err
		}
	}
	return nil
}

// rebuild drops the tables of another schema and makes ours.
func (l *loader) rebuild() error {
	rows, err := l.conn.QueryContext(l.ctx, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'store' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE 'search\_%' ESCAPE '\'`)
	if err != nil {
		return err
	}
	var ddl []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return errors.Join(err, rows.Close())
		}
		ddl = append(ddl, `DROP TABLE `+ident(name))
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return execAll(l.ctx, l.conn, append(ddl, l.tables()...))
}

// finish describes the new revision.
func (l *loader) finish() error {
	for _, text := range []string{`INSERT INTO search(search) VALUES('optimize')`, `PRAGMA analysis_limit = 1000`, `ANALYZE`} {
		if err := l.exec(text); err != nil {
			return err
		}
	}
	info := store.Info{Corpus: l.corpus, Degrees: store.Degrees{}}
	for _, n := range l.cat.Nodes {
		c := store.Count{Kind: n.Name}
		if err := l.conn.QueryRowContext(l.ctx, `SELECT count(*) FROM `+nodeTable(n)).Scan(&c.Count); err != nil {
			return err
		}
		info.Counts = append(info.Counts, c)
		for _, r := range n.Relations {
			d, err := l.degrees(r)
			if err != nil {
				return err
			}
			info.Degrees[n.Name+"."+r.Field] = d
		}
	}
	rev := &l.report.Revision
	rev.Number++
	rev.Content = l.content.Hex(l.corpus)
	rev.Loaded = time.Now().UTC()
	l.report.Changed = true
	return l.exec(`UPDATE store SET catalog = ?, number = ?, content = ?, loaded = ?, corpus = ?, counts = ?, degrees = ?`,
		l.print, rev.Number, rev.Content, rev.Loaded.UnixNano(), asJSON(info.Corpus), asJSON(info.Counts), asJSON(info.Degrees))
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and integers always encode
	}
	return string(b)
}

// degrees counts how many owners have how many relationships.
func (l *loader) degrees(r *catalog.Relation) ([]store.Degree, error) {
	near, far := sides(r)
	join := ""
	if restricts(r) {
		join = fmt.Sprintf(" CROSS JOIN %s n ON n.__key = e.%s", nodeTable(r.Target), far)
	}
	rows, err := l.conn.QueryContext(l.ctx, fmt.Sprintf(`SELECT d, count(*) FROM (SELECT (SELECT count(*) FROM %s e%s WHERE e.%s = o.__key) AS d FROM %s o) GROUP BY d ORDER BY d`,
		edgeTable(r.Relationship), join, near, nodeTable(r.Owner)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []store.Degree{}
	for rows.Next() {
		var d store.Degree
		if err := rows.Scan(&d.Degree, &d.Nodes); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// exec runs a statement.
func (l *loader) exec(text string, args ...any) error {
	_, err := l.affect(text, args...)
	return err
}

// affect runs a statement, prepared once per load, and gives the number of rows
// that it wrote.
func (l *loader) affect(text string, args ...any) (int64, error) {
	st := l.stmts[text]
	if st == nil {
		var err error
		if st, err = l.conn.PrepareContext(l.ctx, text); err != nil {
			return 0, err
		}
		if l.stmts == nil {
			l.stmts = map[string]*sql.Stmt{}
		}
		l.stmts[text] = st
	}
	// Not l.ctx: watching it for every row would cost more than the row.
	// tick looks at it.
	result, err := st.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (l *loader) close() {
	for _, st := range l.stmts {
		_ = st.Close()
	}
}

// tick counts one row of the data set as done.
func (l *loader) tick() error {
	l.done++
	if l.done%1024 != 0 && l.done != l.total {
		return nil
	}
	if l.options.Progress != nil {
		l.options.Progress(l.done, l.total)
	}
	return l.ctx.Err()
}

// names lists stored columns after fixed ones.
func names(fixed string, props []*catalog.Property) string {
	var s strings.Builder
	s.WriteString(fixed)
	for _, p := range props {
		s.WriteString(", " + ident(p.Name))
	}
	return s.String()
}

// assign is an UPDATE of all properties.
func assign(table string, props []*catalog.Property, where string) string {
	set := make([]string, len(props))
	for i, p := range props {
		set[i] = ident(p.Name) + " = ?"
	}
	return fmt.Sprintf(`UPDATE %s SET %s WHERE %s`, table, strings.Join(set, ", "), where)
}
