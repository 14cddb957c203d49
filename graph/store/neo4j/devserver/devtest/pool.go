package devtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"normgraph/graph/store/neo4j/devserver"
)

// pool is the one server that the test processes of this user share. It is a
// folder of four files:
//
//	lock         held by the process that uses the server
//	keeper.lock  held by the keeper, the process that owns the server
//	server.json  written by the keeper when the server answers
//	keeper.log   what the keeper and the server print
//
// The system frees a lock when its holder dies, so nothing has to be cleaned
// up after a crash.
type pool struct {
	Dir string
	// Idle is how long the keeper lets the server run without a user.
	Idle time.Duration
}

const poll = 100 * time.Millisecond

// Shared returns the server that all test processes share, and starts it if
// it does not run; NEO4J_URI is used as it is. It waits until no other process
// uses the server: Community has a single database. release lets the next one
// in. The server stops by itself a minute after the last release, or after the
// death of the last process that used it.
func Shared(ctx context.Context) (server *devserver.Server, release func(), err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, nil, fmt.Errorf("no folder for the shared Neo4j: %w", err)
	}
	p := pool{Dir: filepath.Join(cache, "normgraph", "neo4j-test"), Idle: time.Minute}
	return p.acquire(ctx)
}

func (p pool) file(name string) string { return filepath.Join(p.Dir, name) }

func (p pool) acquire(ctx context.Context) (*devserver.Server, func(), error) {
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		return nil, nil, err
	}
	lock := flock.New(p.file("lock"))
	if _, err := lock.TryLockContext(ctx, poll); err != nil {
		return nil, nil, fmt.Errorf("waiting for the test Neo4j: %w", errors.Join(err, lock.Close()))
	}
	server, err := p.server(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, lock.Close())
	}
	return server, func() { _ = lock.Close() }, nil
}

// server returns a server that answers; the caller holds the lock.
func (p pool) server(ctx context.Context) (*devserver.Server, error) {
	if os.Getenv("NEO4J_URI") != "" {
		return devserver.Start(ctx, devserver.Options{})
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	for {
		alive, err := p.keeperAlive()
		if err != nil {
			return nil, err
		}
		var server *devserver.Server
		if alive {
			server = p.recorded(ctx)
		} else {
			server, err = p.startKeeper(ctx)
		}
		if server != nil || err != nil {
			return server, err
		}
		// A keeper whose parent died is still starting its server, or one
		// whose server died is about to leave.
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("the shared Neo4j does not answer, see %s: %w", p.file("keeper.log"), ctx.Err())
		case <-time.After(poll):
		}
	}
}

// keeperAlive tells by the keeper's lock. Only the holder of the pool's lock
// asks, so two never disturb each other.
func (p pool) keeperAlive() (bool, error) {
	lock := flock.New(p.file("keeper.lock"))
	free, err := lock.TryLock()
	return !free, errors.Join(err, lock.Close())
}

// recorded returns the keeper's server if it answers, else nil.
func (p pool) recorded(ctx context.Context) *devserver.Server {
	text, err := os.ReadFile(p.file("server.json"))
	if err != nil {
		return nil
	}
	server := new(devserver.Server)
	if json.Unmarshal(text, server) != nil {
		return nil
	}
	driver, err := server.Driver()
	if err != nil {
		return nil
	}
	defer driver.Close(context.WithoutCancel(ctx))
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if driver.VerifyConnectivity(ctx) != nil {
		return nil
	}
	return server
}

// record writes server.json in one step.
func (p pool) record(server *devserver.Server) error {
	text, err := json.Marshal(server)
	if err != nil {
		return err
	}
	part := p.file("server.json.part")
	if err := os.WriteFile(part, text, 0o600); err != nil {
		return err
	}
	return os.Rename(part, p.file("server.json"))
}

func (p pool) forget() error {
	err := os.Remove(p.file("server.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
