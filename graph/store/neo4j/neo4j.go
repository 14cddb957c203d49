// Package neo4j is the store on a shared Neo4j server, 5.26 or later, any
// edition. A node has the label of its type and the common label
// NormgraphNode; properties have the names of the GraphQL fields;
// relationships have the schema's types. Other tools can read all of it.
// Properties that begin with an underscore serve full-text search, and the
// node (:NormgraphRevision) says what is loaded (see marker.go and commit.go).
package neo4j

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"go.uber.org/zap"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// Config says where the server is.
type Config struct {
	URI            string // neo4j://, bolt:// and their +s and +ssc forms
	User, Password string // no User: no authentication
	Database       string // "" for the user's home database
	Statements     int    // that run at the same time, as the caller sees to; 0: up to 20
	Log            *zap.Logger
}

// Store is a store.Store on a Neo4j server.
type Store struct {
	cat      *catalog.Catalog
	driver   neo4j.DriverWithContext
	database string
	log      *zap.Logger

	work sync.WaitGroup // running calls

	mu        sync.Mutex
	closed    bool
	bookmarks neo4j.BookmarkManager // of our writes, the last at wroteAt
	wroteAt   time.Time
	seen      store.Revision // by the last read
	seenAt    time.Time
	info      *store.Info // of some revision, the current one if numbers agree

	contacted contact
	clearing  atomic.Bool // of an abandoned flag
}

var _ store.Store = (*Store)(nil)

// Times of the driver. Together they bound how long a call can hang on a server
// that is away, and so how soon its return is noticed.
const (
	connectTimeout = 2 * time.Second
	firstTry       = 500 * time.Millisecond // for the server to be found when a store is opened
	acquireTimeout = 4 * time.Second
	idleTrusted    = time.Second      // a connection idle for longer is tested before use
	writeRetryTime = 15 * time.Second // of the driver, for one write transaction

	// Connections beyond those of statements: each may need one to be ended by, and
	// readiness and loads have theirs.
	spareConnections = 10
)

// Open prepares a store on the server of c. It does not wait for the server:
// while that is away the methods give Unavailable, and they recover when it is
// back. An error means that c is malformed.
func Open(ctx context.Context, cat *catalog.Catalog, c Config) (*Store, error) {
	auth := neo4j.NoAuth()
	if c.User != "" {
		auth = neo4j.BasicAuth(c.User, c.Password, "")
	}
	driver, err := neo4j.NewDriverWithContext(c.URI, auth, func(d *config.Config) {
		d.SocketConnectTimeout = connectTimeout
		d.ConnectionAcquisitionTimeout = acquireTimeout
		d.ConnectionLivenessCheckTimeout = idleTrusted
		d.MaxTransactionRetryTime = writeRetryTime
		d.MaxConnectionPoolSize = 2*max(c.Statements, 20) + spareConnections
		d.TelemetryDisabled = true
		d.UserAgent = "normgraph"
	})
	if err != nil {
		return nil, fmt.Errorf("neo4j: expected an address like neo4j://host:7687: %w", err)
	}
	if c.Log == nil {
		c.Log = zap.NewNop()
	}
	// The driver (5.28.4) prepares its dialler at the first connection, without a
	// lock: one try before anything runs side by side. The server may be away.
	try, cancel := context.WithTimeout(ctx, firstTry)
	defer cancel()
	if err := driver.VerifyConnectivity(try); err != nil {
		c.Log.Debug("no answer at the first try", zap.Error(err))
	}
	return &Store{cat: cat, driver: driver, database: c.Database, log: c.Log}, nil
}

// Close waits for running calls and closes all connections. Later calls give
// Unavailable.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	s.work.Wait()
	return s.driver.Close(context.Background())
}

// enter counts a call; the caller defers s.work.Done when there is no error.
func (s *Store) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return &store.Error{Code: store.Unavailable, Message: "the store is closed"}
	}
	s.work.Add(1)
	return nil
}

// randomID is the name of a store or of a write.
func randomID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
