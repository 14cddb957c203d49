package neo4j

import (
	"context"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/graph/store"
	"normgraph/graph/store/neo4j/devserver"
)

// A process that dies in its commit leaves its flag behind, and its lease.
func TestAbandonedCommit(t *testing.T) {
	s, server := loaded(t)
	died := func() {
		cypher(t, server, "MATCH (m:NormgraphRevision) SET m.owner = 'x', m.lease = timestamp() + 1000 CREATE (:NormgraphCommit {by: 'x', since: timestamp()})", nil)
	}
	died()
	if _, _, err := s.attempt(t.Context(), infoStatement, nil); err == nil {
		t.Error("a read beside a fresh flag was taken for settled")
	}
	if n, err := things(t, s); n != 10 || err != nil {
		t.Errorf("%d things, %v", n, err)
	}
	if n := flagsOf(t, server); n != 0 {
		t.Errorf("%d flags after the read", n)
	}
	// A load does not wait for readers to clear it.
	died()
	if _, err := s.Load(t.Context(), dense(s.cat, 2), store.LoadOptions{Mode: store.LoadReplace}); err != nil {
		t.Error(err)
	}
	if n := flagsOf(t, server); n != 0 {
		t.Errorf("%d flags after the load", n)
	}
}

// A process that hangs before its commit, with the marker's lock in hand, loses its
// transaction to readers: what it flagged never comes.
func TestStoppedBeforeCommit(t *testing.T) {
	s, server := loaded(t)
	driver, err := server.Driver()
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	defer driver.Close(context.WithoutCancel(ctx))
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(context.WithoutCancel(ctx))
	tx, err := session.BeginTransaction(ctx, neo4j.WithTxMetadata(map[string]any{idKey: "x"}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Run(ctx, "MATCH (m:NormgraphRevision) SET m.lock = 'x', m.number = 7", nil); err != nil {
		t.Fatal(err)
	}
	cypher(t, server, "CREATE (:NormgraphCommit {by: 'x', since: timestamp()})", nil)
	if n, err := things(t, s); n != 10 || err != nil {
		t.Errorf("%d things, %v", n, err)
	}
	if err := tx.Commit(ctx); err == nil {
		t.Error("the commit went through after readers had given it up")
	}
	if _, now, err := s.attempt(ctx, infoStatement, nil); err != nil || now.revision.Number != 1 {
		t.Errorf("revision %d, %v", now.revision.Number, err)
	}
}

// TestOrderOfLooking: number and flag are read in the order that commit.go says,
// which the server's plan tells from its end.
func TestOrderOfLooking(t *testing.T) {
	s, server := loaded(t)
	query, _ := Compile(total(s))
	for _, text := range []string{query, infoStatement} {
		steps := explain(t, server, "EXPLAIN "+text, map[string]any{}).Plan().Arguments()["string-representation"].(string)
		from := 0
		for _, step := range []string{"} AS after", "f:NormgraphCommit", "] AS before", ":NormgraphCommit", "m.number AS number"} {
			i := strings.Index(strings.ReplaceAll(steps[from:], "aft |", "after"), step)
			if i < 0 {
				t.Fatalf("no %q where it should be:\n%s", step, steps)
			}
			from += i + len(step)
		}
	}
}

func flagsOf(tb testing.TB, server *devserver.Server) int64 {
	tb.Helper()
	return cypher(tb, server, "MATCH (f:NormgraphCommit) RETURN count(f)", nil)[0][0].(int64)
}
