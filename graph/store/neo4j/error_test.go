package neo4j

import (
	"errors"
	"testing"

	"normgraph/graph/store"
)

// The driver has an error for a server list that ran empty, which none of its own
// tests of errors knows.
func TestNoServersLeft(t *testing.T) {
	wantCode(t, fault(t.Context(), errors.New("Pool could not find any servers to connect to")), store.Unavailable)
}
