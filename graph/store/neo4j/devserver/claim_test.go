package devserver_test

import (
	"errors"
	"testing"

	"normgraph/graph/store/neo4j/devserver"
)

// claimAndWipe expects a server whose database has nodes and no mark.
func claimAndWipe(t *testing.T, server *devserver.Server) {
	ctx := t.Context()
	driver, err := server.Driver()
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(ctx)
	const nodes = "MATCH (n) RETURN count(n)"
	const schema = "SHOW INDEXES YIELD type WHERE type <> 'LOOKUP' RETURN count(*)"
	refused := func(why string) {
		t.Helper()
		before := askDriver(t, driver, nodes)
		if err := devserver.Claim(ctx, driver); !errors.Is(err, devserver.ErrForeign) {
			t.Errorf("Claim of a database with %s: %v", why, err)
		}
		if err := devserver.Wipe(ctx, driver); !errors.Is(err, devserver.ErrForeign) {
			t.Errorf("Wipe of a database with %s: %v", why, err)
		}
		if after := askDriver(t, driver, nodes); after != before {
			t.Errorf("a refused database with %s had %v nodes and has %v", why, before, after)
		}
	}

	refused("nodes")
	askDriver(t, driver, "MATCH (n) DETACH DELETE n")
	askDriver(t, driver, "CREATE INDEX foreign_index FOR (n:Foreign) ON (n.x)")
	refused("an index")
	askDriver(t, driver, "DROP INDEX foreign_index")
	askDriver(t, driver, "CREATE CONSTRAINT foreign_constraint FOR (n:Foreign) REQUIRE n.x IS UNIQUE")
	refused("a constraint")
	askDriver(t, driver, "DROP CONSTRAINT foreign_constraint")

	for range 2 { // the second claim finds the mark of the first
		if err := devserver.Claim(ctx, driver); err != nil {
			t.Fatal(err)
		}
		if got := askDriver(t, driver, nodes); got != int64(1) {
			t.Fatalf("a claimed database has %v nodes, expected the mark alone", got)
		}
	}
	for _, statement := range []string{
		"CREATE CONSTRAINT unique_x FOR (n:Foreign) REQUIRE n.x IS UNIQUE",
		"CREATE INDEX `odd ``name``` FOR (n:Foreign) ON (n.y)",
		"CREATE FULLTEXT INDEX words FOR (n:Foreign) ON EACH [n.text]",
		// More than one batch, and a node with more relationships than one.
		"CREATE (hub:Foreign {x: -1}) WITH hub UNWIND range(0, 25000) AS i CREATE (hub)<-[:TO]-(:Foreign {x: i})",
	} {
		askDriver(t, driver, statement)
	}
	for range 2 { // wiping an empty database is fine
		if err := devserver.Wipe(ctx, driver); err != nil {
			t.Fatal(err)
		}
		if got := askDriver(t, driver, nodes); got != int64(1) {
			t.Errorf("a wiped database has %v nodes, expected the mark alone", got)
		}
		if got := askDriver(t, driver, "MATCH (n) RETURN labels(n)[0]"); got != devserver.TestLabel {
			t.Errorf("what is left has the label %v", got)
		}
		if got := askDriver(t, driver, schema); got != int64(0) {
			t.Errorf("a wiped database has %v indexes", got)
		}
	}
}
