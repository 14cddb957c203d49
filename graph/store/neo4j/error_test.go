package neo4j

import (
	"errors"
	"testing"

	"normgraph/graph/store"
)

// The driver has errors for a server list that ran empty, and for waiting for it,
// which none of its own tests of errors knows.
func TestNoServersLeft(t *testing.T) {
	for _, words := range []string{"Pool could not find any servers to connect to", "timed out waiting for other goroutine to update routing table"} {
		wantCode(t, fault(t.Context(), errors.New(words)), store.Unavailable)
	}
}
