package neo4j

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/graph/store"
)

// fault turns what the driver gives into the store's errors. Its words are for
// the log: messages are ours.
func fault(ctx context.Context, err error) error {
	var known *store.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if ctx.Err() != nil {
		return store.Ended(ctx, err)
	}
	var server *neo4j.Neo4jError
	if errors.As(err, &server) {
		switch {
		case strings.HasPrefix(server.Code, "Neo.ClientError.Transaction.TransactionTimedOut"):
			return &store.Error{Code: store.Timeout, Message: "the request took too long and was stopped; ask for less, or filter more", Cause: err}
		case outOfMemory(server):
			return &store.Error{Code: store.Unavailable, Message: "the graph database has not enough memory for this; ask for less, or give it more", Cause: err}
		case strings.HasPrefix(server.Code, "Neo.ClientError.Security."):
			return &store.Error{Code: store.Unavailable, Message: "the graph database refuses the service's user or password", Cause: err}
		case server.Code == "Neo.ClientError.Database.DatabaseNotFound":
			return &store.Error{Code: store.Unavailable, Message: "the graph database has no database of the configured name", Cause: err}
		}
	}
	var security *neo4j.InvalidAuthenticationError
	if errors.As(err, &security) {
		return &store.Error{Code: store.Unavailable, Message: "the graph database refuses the service's user or password", Cause: err}
	}
	if away(err) {
		return &store.Error{Code: store.Unavailable, Message: "the graph database does not answer; try again later", Cause: err}
	}
	return err
}

// away reports whether the server, or a part of a cluster, is not there or
// busy, so that the same statement may work a little later.
func away(err error) bool {
	var server *neo4j.Neo4jError
	if errors.As(err, &server) && outOfMemory(server) {
		return false
	}
	return neo4j.IsRetryable(err) || neo4j.IsConnectivityError(err) || broken(err) ||
		strings.Contains(err.Error(), "context deadline exceeded") // the driver's own time limits
}

// broken reports whether a connection ended in the middle of something, which
// the driver passes on as it is.
func broken(err error) bool {
	var network net.Error
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &network) ||
		strings.HasSuffix(err.Error(), "EOF") || // of the handshake (5.28.4)
		slices.ContainsFunc(untyped, func(words string) bool { return strings.Contains(err.Error(), words) })
}

// untyped are words of errors of the driver (5.28.4) that only its own packages can
// name, all of waiting for a server that does not answer.
var untyped = []string{
	"Pool could not find any servers", // all were taken for away meanwhile
	"timed out waiting for other goroutine to update routing table",
}

// outOfMemory errors are called transient, but come back with every try.
func outOfMemory(err *neo4j.Neo4jError) bool {
	return strings.Contains(err.Code, "OutOfMemory") || strings.Contains(err.Code, "MemoryPool")
}
