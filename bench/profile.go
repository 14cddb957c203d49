package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"go.uber.org/zap"

	"normgraph/bench/load"
	"normgraph/bench/shape"
	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j"
	"normgraph/server/httpapi"
	"normgraph/web"
)

type profileCmd struct {
	common

	Nodes       int           `default:"10000" help:"Size of the data, in nodes; 0 is the bundled corpus."`
	Store       string        `default:"sqlite" enum:"sqlite,neo4j" help:"Store of the service; Neo4j is a process of its own, whose part is not in the profile."`
	Shapes      []string      `default:"small,large" help:"Query shapes, one after the other."`
	Kept        bool          `help:"Keep answers, so that nearly all requests repeat one."`
	Duration    time.Duration `default:"5s" help:"Time per shape."`
	Connections int           `default:"4" help:"Requests under way."`
	Out         string        `default:"cpu.pprof" help:"File for the CPU profile."`
	Allocations string        `placeholder:"FILE" help:"File for a profile of allocations."`
}

// Help is the long help of the command.
func (profileCmd) Help() string {
	return `The service runs in this process, so the profile holds the client's part too; look at the
service alone with

  go tool pprof -top -focus httpapi cpu.pprof`
}

// Run serves, asks and writes the profile.
func (c *profileCmd) Run(ctx context.Context) (err error) {
	w, err := newWorkshop(c.Cache)
	if err != nil {
		return err
	}
	shapes, err := shapesNamed(c.Shapes)
	if err != nil {
		return err
	}
	on, err := w.world(c.Nodes, c.Seed)
	if err != nil {
		return err
	}
	st, stop, err := w.openStore(ctx, on, c.Store, c.Memory)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close(), stop()) }()
	cache := int64(1) // as uncached
	if c.Kept {
		cache = 64 << 20
	}
	service, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), CacheBytes: cache})
	if err != nil {
		return err
	}
	handler := httpapi.New(httpapi.Options{Service: service, Ready: func(context.Context) (bool, error) { return false, nil },
		Corpus: func(context.Context) (web.Corpus, error) { return web.Corpus{}, nil },
		SDL:    graph.SDL, Log: zap.NewNop(), BodyBytes: 1 << 18, URLBytes: 1 << 14, Deadline: 10 * time.Second})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }()
	defer func() { err = errors.Join(err, server.Close()) }()
	url := "http://" + listener.Addr().String() + "/graphql"
	ask := func() error { return c.ask(ctx, on, shapes, url) }
	if err := profiled(c.Out, pprof.StartCPUProfile, ask, func(*os.File) error { pprof.StopCPUProfile(); return nil }); err != nil {
		return err
	}
	if c.Allocations == "" {
		return nil
	}
	// A pass of its own: keeping this account costs CPU.
	runtime.MemProfileRate = 4096
	return profiled(c.Allocations, func(io.Writer) error { return nil }, ask, func(f *os.File) error { return pprof.Lookup("allocs").WriteTo(f, 0) })
}

// openStore gives the store of a kind, loaded, and what ends its server.
func (w *workshop) openStore(ctx context.Context, on *world, kind string, memory Memory) (st store.Store, stop func() error, err error) {
	if kind == "sqlite" {
		st, err = w.openSQLite(ctx, on)
		return st, func() error { return nil }, err
	}
	if err := w.startNeo4j(ctx, on, memory); err != nil {
		return nil, nil, err
	}
	if st, err = neo4j.Open(ctx, graph.Catalog(), neo4j.Config{URI: on.neo.URI}); err != nil {
		return nil, nil, errors.Join(err, on.neo.Stop())
	}
	return st, on.neo.Stop, nil
}

// profiled writes a profile of what work does to a file.
func profiled(file string, start func(io.Writer) error, work func() error, end func(*os.File) error) error {
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := start(out); err != nil {
		return errors.Join(err, out.Close())
	}
	return errors.Join(work(), end(out), out.Close())
}

// ask drives the service with all shapes.
func (c *profileCmd) ask(ctx context.Context, on *world, shapes []*shape.Shape, url string) error {
	for _, s := range shapes {
		values, err := shape.For(s, on.data, c.Seed)
		if err != nil {
			return err
		}
		a, err := graphQL(load.Client(c.Connections), url, askCursor)(ctx, s, values)
		if err != nil {
			return err
		}
		a.Connections, a.Duration = c.Connections, c.Duration
		got, err := load.Run(ctx, a)
		if err != nil {
			return err
		}
		fmt.Printf("%s: %s answers/s, p50 %s ms\n", s.Name, number(got.Rate), number(milliseconds(got.P50)))
	}
	return nil
}
