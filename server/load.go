package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"

	"go.uber.org/zap"

	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/seed"
)

type loadCmd struct {
	storeFlags

	Dir     string `arg:"" optional:"" help:"Corpus folder: corpus.json and CSV files. Default: the bundled corpus."`
	Check   bool   `xor:"mode" help:"Only validate; no store is opened."`
	Replace bool   `xor:"mode" help:"Afterwards the store holds exactly this corpus."`
	Merge   bool   `xor:"mode" help:"Add and update; nothing is removed."`
	Rename  bool   `help:"With --merge: the store takes the name of this corpus. Default: it keeps its own, and this corpus becomes one of its sources."`
}

// Help is the long help of the command.
func (loadCmd) Help() string {
	return `The whole corpus is validated first; with any problem nothing is loaded. Without --replace
or --merge the store must be empty. Examples:

  normgraph load --check my-corpus
  normgraph load my-corpus --replace
  normgraph load --replace --store neo4j://localhost:7687`
}

// Validate checks what kong cannot.
func (c *loadCmd) Validate() error {
	if c.Rename && !c.Merge {
		return errors.New("--rename says how --merge names the store; give both")
	}
	return nil
}

// Run validates and loads.
func (c *loadCmd) Run(ctx context.Context, log *zap.Logger) (err error) {
	collectOften(log)
	var files fs.FS = seed.Bundled()
	if c.Dir != "" {
		if files, err = seed.Open(c.Dir); err != nil {
			return err
		}
	}
	data, err := seed.Read(files, graph.Catalog())
	var problems *seed.Problems
	if errors.As(err, &problems) {
		fmt.Fprintln(os.Stderr, problems)
		return errSaid
	}
	if err != nil {
		return err
	}
	nodes, edges := size(data)
	if c.Check {
		fmt.Printf("%s %s: no problem found in %d nodes and %d relationships\n", data.Corpus.Name, data.Corpus.Version, nodes, edges)
		return nil
	}
	debug.FreeOSMemory() // what checking took
	target, err := c.target(log)
	if err != nil {
		return err
	}
	log.Info("loading", zap.String("corpus", data.Corpus.Name), zap.String("version", data.Corpus.Version), zap.String("store", target.name))
	st, err := target.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	options := store.LoadOptions{Mode: store.LoadEmpty, Rename: c.Rename, Progress: progress(log)}
	switch {
	case c.Replace:
		options.Mode = store.LoadReplace
	case c.Merge:
		options.Mode = store.LoadMerge
	}
	report, err := st.Load(ctx, data, options)
	if err != nil {
		return err
	}
	if !report.Changed {
		fmt.Printf("nothing to do: revision %d holds this already\n", report.Revision.Number)
		return nil
	}
	fmt.Printf("revision %d: nodes %d new, %d changed, %d removed; relationships %d new, %d changed, %d removed\n", report.Revision.Number,
		report.NodesCreated, report.NodesUpdated, report.NodesDeleted, report.EdgesCreated, report.EdgesUpdated, report.EdgesDeleted)
	return nil
}

func size(d *store.Dataset) (nodes, edges int) {
	for _, n := range d.Nodes {
		nodes += len(n.Rows)
	}
	for _, e := range d.Edges {
		edges += len(e.Rows)
	}
	return nodes, edges
}
