// Package devtest gives tests a real Neo4j: one server and one lock for all
// test processes of a go test ./... run. Only tests may import it.
package devtest

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"normgraph/graph/store/neo4j/devserver"
)

// RequireEnv is a comma-separated list of what tests must not skip for; with
// "neo4j" in it a missing Neo4j is a failure.
const RequireEnv = "NORMGRAPH_TEST_REQUIRE"

// ForTest returns the shared server with an empty database that belongs to
// this test, with its subtests, until it ends. Parallel tests take turns; a
// subtest uses its parent's server. Without a Neo4j the test is skipped, or
// fails if RequireEnv says so. A database that is not a test one fails the
// test and stays as it is.
func ForTest(tb testing.TB) *devserver.Server {
	tb.Helper()
	enter(tb)
	server, release, err := shared(tb.Context())
	if err != nil {
		giveUp(tb, err)
	}
	tb.Cleanup(release)
	if err := prepare(tb.Context(), server); err != nil {
		tb.Fatalf("test Neo4j: %v", err)
	}
	return server
}

// Own returns a server of the test's own, for tests that kill and restart it
// (ForTest's server belongs to all). It ends with the test. It takes about ten
// seconds to start. Without a Neo4j it skips or fails as ForTest does.
func Own(tb testing.TB, opts devserver.Options) *devserver.Server {
	tb.Helper()
	opts.Own = true
	server, err := devserver.Start(tb.Context(), opts)
	if err != nil {
		giveUp(tb, err)
	}
	tb.Cleanup(func() {
		if err := server.Stop(); err != nil {
			tb.Errorf("stopping Neo4j: %v", err)
		}
	})
	return server
}

func giveUp(tb testing.TB, err error) {
	tb.Helper()
	if errors.Is(err, devserver.ErrUnavailable) && !required("neo4j") {
		tb.Skipf("SKIPPED, NOT TESTED ON NEO4J: %v", err)
	}
	tb.Fatalf("test Neo4j: %v", err)
}

func prepare(ctx context.Context, server *devserver.Server) error {
	driver, err := server.Driver()
	if err != nil {
		return err
	}
	defer driver.Close(context.WithoutCancel(ctx))
	if err := devserver.Claim(ctx, driver); err != nil {
		return err
	}
	return devserver.Wipe(ctx, driver)
}

func required(what string) bool {
	return slices.ContainsFunc(strings.Split(os.Getenv(RequireEnv), ","), func(s string) bool {
		return strings.TrimSpace(s) == what
	})
}

// holders are the tests of this process between ForTest and their end.
var (
	holdersMu sync.Mutex
	holders   = map[string]bool{}
)

// enter stops a test that would wait for itself or for its parent.
func enter(tb testing.TB) {
	tb.Helper()
	name := tb.Name()
	holdersMu.Lock()
	defer holdersMu.Unlock()
	for holder := range holders {
		if name == holder || strings.HasPrefix(name, holder+"/") {
			tb.Fatalf("devtest.ForTest: %s has the server already; pass it on", holder)
		}
	}
	holders[name] = true
	tb.Cleanup(func() {
		holdersMu.Lock()
		defer holdersMu.Unlock()
		delete(holders, name)
	})
}

var (
	unavailableMu sync.Mutex
	unavailable   error
)

// shared is Shared, but looks for a server only once per process if there is
// none: each look takes seconds.
func shared(ctx context.Context) (*devserver.Server, func(), error) {
	unavailableMu.Lock()
	err := unavailable
	unavailableMu.Unlock()
	if err != nil {
		return nil, nil, err
	}
	server, release, err := Shared(ctx)
	if errors.Is(err, devserver.ErrUnavailable) {
		unavailableMu.Lock()
		unavailable = err
		unavailableMu.Unlock()
	}
	return server, release, err
}
