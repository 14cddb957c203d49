package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"normgraph/graph"
	"normgraph/server/httpapi"
)

type serveCmd struct {
	storeFlags
	limitFlags

	Listen      string   `default:"127.0.0.1:8080" env:"NORMGRAPH_LISTEN" placeholder:"HOST:PORT" help:"Address to listen on; port 0 takes a free one. Default: ${default}."`
	CORSOrigin  []string `name:"cors-origin" env:"NORMGRAPH_CORS_ORIGIN" placeholder:"ORIGIN" help:"Origins whose pages may ask, such as https://example.org, or *. Default: none, but any when listening on a loopback address."`
	MaxBody     int      `group:"Limits of a request" default:"262144" help:"Bytes of a POST body."`
	MaxURL      int      `name:"max-url" group:"Limits of a request" default:"16384" help:"Bytes of a URL."`
	MaxInFlight int      `group:"Limits of a request" default:"64" help:"GraphQL requests answered at the same time."`
}

// Help is the long help of the command.
func (serveCmd) Help() string {
	return `An empty store is filled with the bundled corpus. Examples:

  normgraph
  normgraph serve --listen :8080 --cors-origin https://example.org
  NEO4J_PASSWORD_FILE=secret normgraph serve --store neo4j://localhost:7687`
}

// Validate checks what kong cannot.
func (c *serveCmd) Validate() error {
	for _, origin := range c.CORSOrigin {
		scheme, host, ok := strings.Cut(origin, "://")
		if origin != "*" && (!ok || scheme != "http" && scheme != "https" || host == "" || strings.ContainsAny(host, "/?# ")) {
			return fmt.Errorf("--cors-origin %q is not an origin: give scheme and host, such as https://example.org, or *", origin)
		}
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return fmt.Errorf("--listen %q is not HOST:PORT, such as 127.0.0.1:8080", c.Listen)
	}
	return errors.Join(c.check(), positive([]limit{
		{"--max-body", int64(c.MaxBody)}, {"--max-url", int64(c.MaxURL)}, {"--max-in-flight", int64(c.MaxInFlight)}}))
}

// How long the parts of an exchange may take, and what a stop waits for.
const (
	headerWithin = 5 * time.Second
	bodyWithin   = 15 * time.Second // from the start of the header
	sentWithin   = 30 * time.Second // beyond the time to answer
	idleWithin   = 60 * time.Second
	stopWithin   = 10 * time.Second
	headerBytes  = 64 << 10
)

// Run serves until ctx ends, then lets requests in flight finish.
func (c *serveCmd) Run(ctx context.Context, log *zap.Logger) (err error) {
	target, err := c.target(log)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	b := newBackend(target, c.limits(), log)
	server := &http.Server{
		Handler: httpapi.New(httpapi.Options{
			Service: b, Ready: b.Ready, Corpus: (&startPage{backend: b}).Corpus, SDL: graph.SDL, Log: log,
			CORSOrigins: c.origins(listener.Addr()), BodyBytes: c.MaxBody, URLBytes: c.MaxURL, InFlight: c.MaxInFlight, Deadline: c.Timeout,
		}),
		ReadHeaderTimeout: headerWithin,
		ReadTimeout:       bodyWithin,
		WriteTimeout:      c.Timeout + sentWithin,
		IdleTimeout:       idleWithin,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          stdLog(log),
	}
	log.Info("listening", zap.Stringer("address", listener.Addr()), zap.String("store", target.name))
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		start := time.Now()
		if err := b.run(ctx); err != nil {
			if ctx.Err() != nil {
				return nil // stopped before it was ready
			}
			return err
		}
		open := address(listener.Addr())
		log.Info("ready", zap.String("pages", open+"/"), zap.String("playground", open+"/playground"), zap.String("graphql", open+"/graphql"), zap.Duration("after", time.Since(start)))
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		log.Info("stopping")
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		if err := server.Shutdown(grace); err != nil {
			log.Warn("some requests did not finish in time", zap.Error(err))
			return server.Close()
		}
		return nil
	})
	err = group.Wait()
	return errors.Join(err, b.Close())
}

func listen(ctx context.Context, at string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", at)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("another program listens on %s already; stop it, or choose another address with --listen", at)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", at, err)
	}
	return listener, nil
}

// origins are those of --cors-origin. On a loopback address, which only this
// machine reaches, the default is any: the data is public and no credentials
// are taken.
func (c *serveCmd) origins(at net.Addr) []string {
	if tcp, ok := at.(*net.TCPAddr); ok && tcp.IP.IsLoopback() && len(c.CORSOrigin) == 0 {
		return []string{"*"}
	}
	return c.CORSOrigin
}

// address is the URL under which this machine reaches a listener.
func address(at net.Addr) string {
	if tcp, ok := at.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("http://localhost:%d", tcp.Port)
	}
	return "http://" + at.String()
}
