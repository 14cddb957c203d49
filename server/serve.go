package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"normgraph/documents"
	"normgraph/graph"
	"normgraph/graph/cores"
	"normgraph/server/httpapi"
)

type serveCmd struct {
	storeFlags
	limitFlags
	conductFlags

	Listen         string   `default:"127.0.0.1:8080" env:"NORMGRAPH_LISTEN" placeholder:"HOST:PORT" help:"Address to listen on; port 0 takes a free one. Default: ${default}."`
	MetricsListen  string   `env:"NORMGRAPH_METRICS_LISTEN" placeholder:"HOST:PORT" help:"Address of its own for /metrics, which tells what all clients ask for. Default: none."`
	CORSOrigin     []string `name:"cors-origin" env:"NORMGRAPH_CORS_ORIGIN" placeholder:"ORIGIN" help:"Origins whose pages may ask, such as https://example.org, or *. Default: none, but pages of this machine when listening on a loopback address."`
	Documents      string   `type:"existingdir" env:"NORMGRAPH_DOCUMENTS" placeholder:"DIR" help:"Folder of further trusted documents (*.graphql), with a head like those that are bundled."`
	DocumentsOnly  bool     `env:"NORMGRAPH_DOCUMENTS_ONLY" help:"Answer trusted documents alone, named by documentId."`
	FrameAncestors []string `env:"NORMGRAPH_FRAME_ANCESTORS" placeholder:"ORIGIN" help:"Origins whose pages may frame /embed/, such as https://example.org, or *. Default: none but the service's own."`
	PublicURL      string   `name:"public-url" env:"NORMGRAPH_PUBLIC_URL" placeholder:"URL" help:"Scheme and host that clients know, such as https://norms.example.org, for links to be kept. Default: as each request says."`

	MaxBody int `group:"Limits of a request" default:"262144" help:"Bytes of a POST body."`
	MaxURL  int `name:"max-url" group:"Limits of a request" default:"16384" help:"Bytes of a URL."`
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
	for flag, origins := range map[string][]string{"--cors-origin": c.CORSOrigin, "--frame-ancestors": c.FrameAncestors} {
		for _, origin := range origins {
			if origin != "*" && !isOrigin(origin) {
				return fmt.Errorf("%s %q is not an origin: give scheme and host, such as https://example.org, or *", flag, origin)
			}
		}
	}
	if c.PublicURL != "" && !isOrigin(c.PublicURL) {
		return fmt.Errorf("--public-url %q is not scheme and host, such as https://norms.example.org", c.PublicURL)
	}
	for flag, at := range map[string]string{"--listen": c.Listen, "--metrics-listen": c.MetricsListen} {
		if _, _, err := net.SplitHostPort(at); err != nil && (at != "" || flag == "--listen") {
			return fmt.Errorf("%s %q is not HOST:PORT, such as 127.0.0.1:8080", flag, at)
		}
	}
	return errors.Join(c.limitFlags.check(), c.conductFlags.check(), positive([]limit{
		{"--max-body", int64(c.MaxBody)}, {"--max-url", int64(c.MaxURL)}}))
}

func isOrigin(text string) bool {
	scheme, host, ok := strings.Cut(text, "://")
	return ok && (scheme == "http" || scheme == "https") && host != "" && !strings.ContainsAny(host, "/?#;,'\" \t\r\n")
}

// stopWithin is how long a stop waits for requests in flight.
const stopWithin = 10 * time.Second

// Run serves until ctx ends, then lets requests in flight finish.
func (c *serveCmd) Run(ctx context.Context, log *zap.Logger) (err error) {
	target, err := c.target(log)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, "--listen", c.Listen)
	if err != nil {
		return err
	}
	trusted, err := documents.Open(c.Documents)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	proxies, err := c.proxies()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer runtime.KeepAlive(collectSeldom(log))
	cores.Share()
	b := newBackend(target, c.limits(), log)
	b.options.Requests = c.MaxInFlight
	b.options.Statements, b.options.Heavy, b.options.CacheBytes, b.options.Build = c.statements(target.remote), c.MaxHeavy, c.CacheBytes, buildID()
	api := httpapi.New(httpapi.Options{
		Service: b, Ready: b.Ready, Corpus: (&startPage{backend: b}).Corpus, SDL: graph.SDL, Log: log,
		CORSOrigins: c.origins(listener.Addr()), BodyBytes: c.MaxBody, URLBytes: c.MaxURL, Unsent: c.MaxUnsent, Deadline: c.Timeout,
		Rate: c.rate(listener.Addr()), TrustedProxies: proxies, PackBytes: c.CacheBytes / 4,
		Documents: trusted, DocumentsOnly: c.DocumentsOnly, PublicURL: c.PublicURL, FrameAncestors: c.FrameAncestors,
	})
	server := &http.Server{Handler: c.local(api, listener.Addr()), ErrorLog: stdLog(log)}
	c.apply(server, c.Timeout)
	metrics, err := c.metrics(ctx, api.Metrics(), log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	log.Info("listening", zap.Stringer("address", listener.Addr()), zap.String("store", target.name))
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(guarded(listener, c.MaxConnections, c.MaxConnectionsPerClient, proxies)); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error { return metrics(ctx) })
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

// listen opens the address that a flag gives.
func listen(ctx context.Context, flag, at string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", at)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("another program listens on %s already; stop it, or choose another address with %s", at, flag)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", at, err)
	}
	return listener, nil
}

// origins are those of --cors-origin. On a loopback address the default is the
// pages that this machine serves itself.
func (c *serveCmd) origins(at net.Addr) []string {
	if !isLoopback(at) || len(c.CORSOrigin) > 0 {
		return c.CORSOrigin
	}
	var all []string
	for _, host := range []string{"localhost", "127.0.0.1", "[::1]"} {
		all = append(all, "http://"+host, "http://"+host+":*", "https://"+host, "https://"+host+":*")
	}
	return all
}

// local serves h at a loopback address to this machine alone.
func (c *serveCmd) local(h http.Handler, at net.Addr) http.Handler {
	if isLoopback(at) {
		return httpapi.LocalOnly(h, c.PublicURL)
	}
	return h
}

func isLoopback(at net.Addr) bool {
	tcp, ok := at.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// address is the URL under which this machine reaches a listener.
func address(at net.Addr) string {
	if tcp, ok := at.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("http://localhost:%d", tcp.Port)
	}
	return "http://" + at.String()
}
