package sqlite_test

import (
	"database/sql"
	"fmt"
	"testing"

	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// A copy made by VACUUM INTO, as the sqlite3 program makes one, while the store
// answers and loads is a whole store of one revision.
func TestBackup(t *testing.T) {
	path := file(t)
	f := sample(t)
	s := mustOpen(t, f.cat, path)
	mustLoad(t, s, f.data, store.LoadEmpty)
	stop, ended := make(chan struct{}), make(chan error)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				ended <- nil
				return
			default:
			}
			f.node("Box", fmt.Sprint("more-", i), nil)
			if _, err := s.Load(t.Context(), f.data, store.LoadOptions{Mode: store.LoadMerge}); err != nil {
				ended <- err
				return
			}
		}
	}()
	all := &plan.Plan{Roots: []*plan.Select{f.list("Box", "id")}}
	for range 5 {
		other, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		backup := file(t)
		if _, err := other.ExecContext(t.Context(), `VACUUM INTO ?`, backup); err != nil {
			t.Fatal(err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		copied := mustOpen(t, f.cat, backup) // checks pages, indexes, and rows against the revision
		info, err := copied.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := copied.Query(t.Context(), all); err != nil {
			t.Error(err)
		}
		if _, err := s.Query(t.Context(), all); err != nil {
			t.Error(err)
		}
		t.Logf("a copy of revision %d", info.Revision.Number)
	}
	close(stop)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
