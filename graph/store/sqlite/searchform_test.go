package sqlite_test

import (
	"database/sql"
	"testing"

	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// TestOtherSearch: a store whose text is indexed in another form is indexed anew
// when it is opened, and keeps its data and its revision.
func TestOtherSearch(t *testing.T) {
	path := file(t)
	f := sample(t)
	f.node("Thing", "z", values{"text": "互联网"})
	s := mustOpen(t, f.cat, path)
	rev := mustLoad(t, s, f.data, store.LoadEmpty).Revision
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{`UPDATE store SET catalog = catalog || 'x'`, `INSERT INTO search(search) VALUES('delete-all')`} {
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s = mustOpen(t, f.cat, path)
		sel := &plan.Select{Form: plan.Connection, Nodes: f.cat.Nodes, Limit: 10, Search: &plan.Search{Terms: plan.Terms("联网")}, Connection: &plan.Conn{Total: true}}
		if got := answer(t, s, sel); got != `[null,1,null]` {
			t.Errorf("found: %s", got)
		}
		info, err := s.Info(t.Context())
		if err != nil || info.Revision != rev {
			t.Errorf("the revision was %v and is %v, %v", rev, info.Revision, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
