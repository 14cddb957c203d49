package neo4j

import (
	"strings"
	"testing"

	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// TestOtherSearch: what another version has indexed is refused until it is
// loaded anew; no search looks through words that are cut in another way.
func TestOtherSearch(t *testing.T) {
	s, server := loaded(t)
	cypher(t, server, "MATCH (m:NormgraphRevision) SET m.search = 'another' WITH m MATCH (n:Thing {id: 't1'}) SET n._name = ' older '", nil)
	other := open(t, server, s.cat)
	if _, err := other.Query(t.Context(), &plan.Plan{}); store.CodeOf(err) != store.Unavailable || !strings.Contains(err.Error(), "load --replace") {
		t.Errorf("a query: %v", err)
	}
	_, err := other.Load(t.Context(), small(s.cat), store.LoadOptions{Mode: store.LoadMerge})
	wantCode(t, err, store.Conflict)
	if _, err := other.Load(t.Context(), small(s.cat), store.LoadOptions{Mode: store.LoadReplace}); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Query(t.Context(), &plan.Plan{}); err != nil {
		t.Error(err)
	}
	if got := cypher(t, server, "MATCH (n:Thing {id: 't1'}) RETURN n._name", nil); got[0][0] != " alpha " {
		t.Errorf("indexed as %q", got)
	}
}
