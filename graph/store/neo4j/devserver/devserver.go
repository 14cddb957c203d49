// Package devserver finds or starts a Neo4j for development and tests.
//
// It tries, in this order: the server that NEO4J_URI names; a docker daemon;
// the server's jars from Maven Central with Java 17 or 21. A server that it
// starts listens on the loopback interface only, and reads no files of the machine.
// It has a password where Options ask for one: pages reach the loopback interface.
//
// Neo4j is licensed under the GPLv3. It runs as a process of its own and is
// never linked or shipped.
package devserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
)

// ErrUnavailable says that there is no Neo4j here and none could be started.
// The error that wraps it gives the reason of each way that was tried.
var ErrUnavailable = errors.New("no Neo4j available")

// ErrNotOwned is returned by Kill and Restart for a server that this process
// did not start.
var ErrNotOwned = errors.New("this process did not start the Neo4j server")

// The values of Server.How.
const (
	HowEnvironment = "NEO4J_URI"
	HowDocker      = "docker"
	HowMaven       = "maven"
)

// Options of a server that Start starts. Only Own matters to NEO4J_URI.
type Options struct {
	// Own ignores NEO4J_URI: for callers that kill the server.
	Own bool
	// DataDir keeps the database between runs. Only one server at a time can
	// use it. Empty means a temporary folder that Stop removes.
	DataDir string
	// Port on 127.0.0.1; 0 takes a free one.
	Port int
	// Password gives the server a random one, kept in the data folder; without, it
	// takes all that reach it.
	Password bool
	// Log receives what the server and the tools that fetch it print; nil
	// drops it. The last lines are in the error of a failed start anyway.
	Log io.Writer
	// HeapMB is the largest Java heap in MiB; 0 means 1024.
	HeapMB int
	// PageCacheMB is the memory for pages of the store in MiB; 0 means 128.
	PageCacheMB int
}

// Server is a Neo4j that answers. An empty User means no authentication.
// Its methods may be called from several goroutines.
type Server struct {
	URI      string `json:"uri"`
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
	How      string `json:"how"`

	instance *instance // nil: not started by this process
}

// Start returns a server that answers. With NEO4J_URI set it is that server,
// with NEO4J_USER and NEO4J_PASSWORD, and it is an error if that one does not
// answer. Otherwise Start starts one, which lives until Stop or, at the
// latest, until this process ends; ctx bounds the start only. If no way works
// the error wraps ErrUnavailable.
func Start(ctx context.Context, opts Options) (*Server, error) {
	if uri := os.Getenv("NEO4J_URI"); uri != "" && !opts.Own {
		s := &Server{URI: uri, User: os.Getenv("NEO4J_USER"), Password: os.Getenv("NEO4J_PASSWORD"), How: HowEnvironment}
		if err := s.verify(ctx, 30*time.Second); err != nil {
			return nil, fmt.Errorf("the Neo4j of NEO4J_URI does not answer: %w", err)
		}
		return s, nil
	}

	inst, err := newInstance(opts)
	if err != nil {
		return nil, err
	}
	var reasons []error
	for _, w := range []way{docker{}, &maven{}} {
		err := w.prepare(ctx, opts)
		if err == nil {
			err = inst.start(ctx, w)
		}
		if err == nil {
			return &Server{URI: inst.uri(), User: inst.user(), Password: inst.password, How: w.name(), instance: inst}, nil
		}
		if ctx.Err() != nil {
			return nil, errors.Join(fmt.Errorf("starting Neo4j (%s): %w", w.name(), err), inst.close())
		}
		reasons = append(reasons, fmt.Errorf("%s: %w", w.name(), err))
	}
	return nil, errors.Join(
		fmt.Errorf("%w; set NEO4J_URI, or run docker, or install Maven and Java 17 or 21:\n%w",
			ErrUnavailable, errors.Join(reasons...)),
		inst.close())
}

// Driver returns a new driver for the server; the caller closes it.
func (s *Server) Driver(configure ...func(*config.Config)) (neo4j.DriverWithContext, error) {
	auth := neo4j.NoAuth()
	if s.User != "" {
		auth = neo4j.BasicAuth(s.User, s.Password, "")
	}
	return neo4j.NewDriverWithContext(s.URI, auth, configure...)
}

// Done is closed when the server's process ended, by Stop, by Kill or by
// itself. After Restart ask again. For a server that this process did not
// start it is nil, and so never ready.
func (s *Server) Done() <-chan struct{} {
	if s.instance == nil {
		return nil
	}
	return s.instance.done()
}

// Stop ends a server that Start started, politely first, and removes a
// temporary data folder. It leaves any other server alone. A second Stop does
// nothing.
func (s *Server) Stop() error {
	if s.instance == nil {
		return nil
	}
	return s.instance.close()
}

// Kill ends the server at once, as a power cut would (SIGKILL). Its data and
// its port stay, for Restart.
func (s *Server) Kill() error {
	if s.instance == nil {
		return ErrNotOwned
	}
	return s.instance.kill()
}

// Restart starts the server again with the same data on the same port, so
// that URI stays valid. A server that still runs is stopped first.
func (s *Server) Restart(ctx context.Context) error {
	if s.instance == nil {
		return ErrNotOwned
	}
	return s.instance.restart(ctx)
}

// verify asks the server once, for at most the given time.
func (s *Server) verify(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	driver, err := s.Driver(func(c *config.Config) { c.SocketConnectTimeout = limit })
	if err != nil {
		return err
	}
	defer driver.Close(context.WithoutCancel(ctx))
	return driver.VerifyConnectivity(ctx)
}
