package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"normgraph/bench/data"
	"normgraph/bench/shape"
	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j"
	"normgraph/graph/store/neo4j/devserver"
	"normgraph/graph/store/sqlite"
	"normgraph/seed"
)

// world is one data set and where it is stored.
type world struct {
	name string
	data *store.Dataset
	dir  string // of the stores, kept between runs
	neo  *devserver.Server
}

// workshop is where programs are built and stores are kept.
type workshop struct {
	module string // folder of go.mod
	cache  string
	log    *log.Logger
}

func newWorkshop(cache string) (*workshop, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return nil, fmt.Errorf("the go command does not answer: %w", err)
	}
	module := filepath.Dir(strings.TrimSpace(string(out)))
	if _, err := os.Stat(filepath.Join(module, "schema.graphqls")); err != nil {
		return nil, errors.New("run this in the folder of the project: go run ./bench")
	}
	if cache == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return nil, err
		}
		cache = filepath.Join(base, "normgraph", "bench")
	}
	if cache, err = filepath.Abs(cache); err != nil {
		return nil, err
	}
	return &workshop{module, cache, log.New(os.Stderr, "", log.Ltime)}, os.MkdirAll(cache, 0o700)
}

// build compiles a program of the project.
func (w *workshop) build(ctx context.Context, pkg string) (string, error) {
	program := filepath.Join(w.cache, "bin", filepath.Base(pkg))
	cmd := exec.CommandContext(ctx, "go", "build", "-o", program, pkg)
	cmd.Dir = w.module
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s does not build: %w\n%s", pkg, err, out)
	}
	return program, nil
}

// world makes the data set with so many nodes; 0 is the bundled corpus.
func (w *workshop) world(nodes int, seedNumber uint64) (*world, error) {
	out := &world{name: corpusName}
	var err error
	if nodes == 0 {
		out.data, err = seed.Read(seed.Bundled(), graph.Catalog())
	} else {
		out.name = fmt.Sprintf("%d nodes", nodes)
		out.data, err = data.Generate(graph.Catalog(), nodes, seedNumber)
	}
	if err != nil {
		return nil, err
	}
	// A name of the content: another generator or catalog starts anew.
	out.dir = filepath.Join(w.cache, store.ContentHash(out.data)[:16])
	return out, os.MkdirAll(out.dir, 0o700)
}

func (w *world) sqliteFile() string { return filepath.Join(w.dir, "normgraph.db") }

// openSQLite opens the world's SQLite store, loaded.
func (s *workshop) openSQLite(ctx context.Context, w *world) (store.Store, error) {
	st, err := sqlite.Open(ctx, graph.Catalog(), w.sqliteFile())
	if err != nil {
		return nil, err
	}
	return st, s.fill(ctx, w, st, "SQLite")
}

// fillSQLite loads the world's SQLite store for servers to open.
func (s *workshop) fillSQLite(ctx context.Context, w *world) error {
	st, err := s.openSQLite(ctx, w)
	if err != nil {
		return err
	}
	return st.Close()
}

// startNeo4j starts a Neo4j of the benchmark's own with the world's data.
func (s *workshop) startNeo4j(ctx context.Context, w *world, memory Memory) error {
	dir := filepath.Join(w.dir, "neo4j")
	s.log.Printf("%s: starting Neo4j", w.name)
	server, err := devserver.Start(ctx, memory.options(dir))
	if err != nil {
		return err
	}
	w.neo = server
	st, err := neo4j.Open(ctx, graph.Catalog(), neo4j.Config{URI: server.URI})
	if err == nil {
		err = errors.Join(s.fill(ctx, w, st, "Neo4j"), st.Close())
	}
	if err == nil {
		err = w.libraryIndex(ctx)
	}
	if err != nil {
		return errors.Join(err, server.Stop())
	}
	return nil
}

// libraryIndex makes the full-text index that the library's search needs.
func (w *world) libraryIndex(ctx context.Context) error {
	d, err := w.neo.Driver()
	if err != nil {
		return err
	}
	defer d.Close(ctx)
	for _, text := range []string{shape.LibraryIndex, "CALL db.awaitIndexes(300)"} {
		if _, err := runAll(ctx, d, text, nil); err != nil {
			return err
		}
	}
	return nil
}

// fill loads the data unless the store holds it already.
func (s *workshop) fill(ctx context.Context, w *world, st store.Store, name string) error {
	if info, err := st.Info(ctx); err == nil && info.Revision.Content == store.ContentHash(w.data) {
		s.log.Printf("%s: %s holds the data already", w.name, name)
		return nil
	}
	start := time.Now()
	_, err := st.Load(ctx, w.data, store.LoadOptions{Mode: store.LoadReplace, Progress: s.progress(w.name + ": loading into " + name)})
	if err != nil {
		return fmt.Errorf("%s cannot be loaded into %s: %w", w.name, name, err)
	}
	s.log.Printf("%s: loaded into %s in %v", w.name, name, time.Since(start).Round(10*time.Millisecond))
	return nil
}

// progress says now and then how far a load is.
func (s *workshop) progress(what string) func(done, total int) {
	last := time.Now()
	return func(done, total int) {
		if time.Since(last) > 5*time.Second {
			last = time.Now()
			s.log.Printf("%s: %d of %d rows", what, done, total)
		}
	}
}
