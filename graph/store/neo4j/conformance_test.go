package neo4j_test

import (
	"testing"

	"normgraph/graph"
	"normgraph/graph/catalog"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j"
	"normgraph/graph/store/neo4j/devserver"
	"normgraph/graph/store/neo4j/devserver/devtest"
	"normgraph/graph/store/storetest"
)

func TestReaders(t *testing.T) {
	server := devtest.ForTest(t)
	storetest.Readers(t, func(tb testing.TB) store.Store {
		st, err := neo4j.Open(tb.Context(), graph.Catalog(), neo4j.Config{URI: server.URI, User: server.User, Password: server.Password})
		if err != nil {
			tb.Fatal(err)
		}
		return st
	})
}

func TestForeign(t *testing.T) {
	server := devtest.ForTest(t)
	driver, err := server.Driver()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = driver.Close(t.Context()) })
	storetest.Foreign(t, 8, func(tb testing.TB, cat *catalog.Catalog) store.Store {
		if err := devserver.Wipe(tb.Context(), driver); err != nil {
			tb.Fatal(err)
		}
		st, err := neo4j.Open(tb.Context(), cat, neo4j.Config{URI: server.URI, User: server.User, Password: server.Password})
		if err != nil {
			tb.Fatal(err)
		}
		return st
	})
}

func TestConformance(t *testing.T) {
	server := devtest.ForTest(t)
	driver, err := server.Driver()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = driver.Close(t.Context()) })
	storetest.Run(t, func(tb testing.TB) store.Store {
		if err := devserver.Wipe(tb.Context(), driver); err != nil {
			tb.Fatal(err)
		}
		st, err := neo4j.Open(tb.Context(), graph.Catalog(), neo4j.Config{URI: server.URI, User: server.User, Password: server.Password})
		if err != nil {
			tb.Fatal(err)
		}
		return st
	})
}
