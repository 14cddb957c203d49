package sqlite_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
)

var errInjected = errors.New("injected")

// faults fails the n-th call of a driver.
type faults struct {
	calls, fail atomic.Int64
}

func (f *faults) next() error {
	if f.calls.Add(1) == f.fail.Load() {
		return errInjected
	}
	return nil
}

func (f *faults) open(open func(string) (driver.Conn, error)) func(string) (driver.Conn, error) {
	return func(name string) (driver.Conn, error) {
		if err := f.next(); err != nil {
			return nil, err
		}
		c, err := open(name)
		if err != nil {
			return nil, err
		}
		return faultyConn{c, f}, nil
	}
}

type faultyConn struct {
	driver.Conn
	f *faults
}

func (c faultyConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if err := c.f.next(); err != nil {
		return nil, err
	}
	st, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return faultyStmt{st, c.f}, nil
}

func (c faultyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.f.next(); err != nil {
		return nil, err
	}
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

func (c faultyConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.f.next(); err != nil {
		return nil, err
	}
	rows, err := c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
	if err != nil {
		return nil, err
	}
	return faultyRows{rows, c.f}, nil
}

func (c faultyConn) ResetSession(ctx context.Context) error {
	return c.Conn.(driver.SessionResetter).ResetSession(ctx)
}

func (c faultyConn) IsValid() bool { return c.Conn.(driver.Validator).IsValid() }

type faultyStmt struct {
	driver.Stmt
	f *faults
}

func (s faultyStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if err := s.f.next(); err != nil {
		return nil, err
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

func (s faultyStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.f.next(); err != nil {
		return nil, err
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	return faultyRows{rows, s.f}, nil
}

type faultyRows struct {
	driver.Rows
	f *faults
}

func (r faultyRows) Next(into []driver.Value) error {
	if err := r.f.next(); err != nil {
		return err
	}
	return r.Rows.Next(into)
}

// TestEveryDriverCallFails lets the first call fail, then the second, and so
// on until the operation succeeds without a fault: each time there is an error
// or the whole result, the store holds one revision whole, and the same
// operation succeeds afterwards.
func TestEveryDriverCallFails(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	f := sample(t)
	next := newFixtureOf(f)
	next.node("Thing", "d", values{"text": "now found"})
	next.node("Thing", "new", nil)
	next.edge("KNOWS", "Thing", "a", "Thing", "b", "5", nil)
	things := &plan.Plan{Roots: []*plan.Select{f.list("Thing", "id")}}
	read := func(s *sqlite.Store) (string, error) {
		res, err := s.Query(t.Context(), things)
		if err != nil {
			return "", err
		}
		return fmt.Sprint(res.Revision.Number, res.Roots[0]), nil
	}
	const before, after, merged = `0`, `1[["a"],["b"],["c"],["d"]]`, `2[["a"],["b"],["c"],["d"],["new"]]`
	load := func(d *store.Dataset) func(*sqlite.Store) error {
		return func(s *sqlite.Store) error {
			_, err := s.Load(t.Context(), d, store.LoadOptions{Mode: store.LoadMerge})
			return err
		}
	}
	for _, op := range []struct {
		name      string
		loaded    bool // before
		old, new  string
		run       func(*sqlite.Store) error
		reopening bool
	}{
		{"open", true, after, after, nil, true},
		{"first load", false, before, after, load(f.data), false},
		{"merge", true, after, merged, load(next.data), false},
		{"query", true, after, after, func(s *sqlite.Store) error { _, err := read(s); return err }, false},
		{"info", true, after, after, func(s *sqlite.Store) error { _, err := s.Info(t.Context()); return err }, false},
	} {
		t.Run(op.name, func(t *testing.T) {
			for n := int64(1); ; n++ {
				path := filepath.Join(t.TempDir(), "x.db")
				var injected faults
				restore := sqlite.Connect(injected.open)
				s, err := sqlite.Open(t.Context(), f.cat, path)
				if err == nil && op.loaded {
					err = load(f.data)(s)
				}
				if err != nil {
					t.Fatal(err)
				}
				if op.reopening {
					if err := s.Close(); err != nil {
						t.Fatal(err)
					}
				}
				injected.calls.Store(0)
				injected.fail.Store(n)
				if op.reopening {
					s, err = sqlite.Open(t.Context(), f.cat, path)
				} else {
					err = op.run(s)
				}
				reached := injected.calls.Load() >= n
				injected.fail.Store(0)
				if s == nil { // Open failed
					if s, err = sqlite.Open(t.Context(), f.cat, path); err != nil {
						t.Fatalf("call %d: opened again: %v", n, err)
					}
					err = errInjected
				}
				got, readErr := read(s)
				if store.CodeOf(readErr) == store.Unavailable && op.old == before {
					got, readErr = before, nil // an empty store
				}
				if readErr != nil || got != op.old && got != op.new || err == nil && got != op.new {
					t.Errorf("call %d: the operation gave %v, then %s, %v", n, err, got, readErr)
				}
				if op.run != nil {
					if err := op.run(s); err != nil {
						t.Errorf("call %d: once more: %v", n, err)
					}
				}
				if got, err := read(s); err != nil || got != op.new {
					t.Errorf("call %d: in the end %s, %v", n, got, err)
				}
				if err := s.Close(); err != nil {
					t.Errorf("call %d: %v", n, err)
				}
				restore()
				if !reached {
					if n < 3 {
						t.Errorf("only %d calls", n)
					}
					t.Logf("%d calls failed in turn", n-1)
					return
				}
			}
		})
	}
}
