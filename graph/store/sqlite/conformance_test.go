package sqlite_test

import (
	"path/filepath"
	"testing"

	"normgraph/graph"
	"normgraph/graph/catalog"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
	"normgraph/graph/store/storetest"
)

func TestReaders(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	storetest.Readers(t, func(tb testing.TB) store.Store {
		st, err := sqlite.Open(tb.Context(), graph.Catalog(), path)
		if err != nil {
			tb.Fatal(err)
		}
		return st
	})
}

func TestForeign(t *testing.T) {
	storetest.Foreign(t, 100, func(tb testing.TB, cat *catalog.Catalog) store.Store {
		st, err := sqlite.Open(tb.Context(), cat, file(tb))
		if err != nil {
			tb.Fatal(err)
		}
		return st
	})
}

func TestConformance(t *testing.T) {
	for name, path := range map[string]func(testing.TB) string{
		"file":   func(tb testing.TB) string { return filepath.Join(tb.TempDir(), "store.db") },
		"memory": func(testing.TB) string { return sqlite.Memory },
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(tb testing.TB) store.Store {
				st, err := sqlite.Open(tb.Context(), graph.Catalog(), path(tb))
				if err != nil {
					tb.Fatal(err)
				}
				return st
			})
		})
	}
}
