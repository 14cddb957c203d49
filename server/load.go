package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"

	"go.uber.org/zap"

	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/seed"
)

type loadCmd struct {
	storeFlags

	Dir     string `arg:"" optional:"" help:"Corpus folder: corpus.json and CSV files. Default: the bundled corpus."`
	Check   bool   `xor:"dry" help:"Only validate; no store is opened. With --merge or --replace: say row by row what would change in the store, and change nothing."`
	Replace bool   `xor:"mode" help:"Afterwards the store holds exactly this corpus."`
	Merge   bool   `xor:"mode" help:"Add and update; what the files leave out stays as it is."`
	Verify  bool   `xor:"mode,dry" help:"Change nothing; say whether the store holds what its revision was loaded with, and, if a folder is given, how it differs from that. Exit code 1 if it does."`
	Rename  bool   `help:"With --merge: the store takes the name of this corpus. Default: it keeps its own, and this corpus becomes one of its sources."`
	Yes     bool   `help:"With --replace: remove more than half of what the store holds."`
}

// Help is the long help of the command.
func (loadCmd) Help() string {
	return `The whole corpus is validated first; with any problem nothing is loaded. Without --replace
or --merge the store must be empty. Examples:

  normgraph load --check my-corpus
  normgraph load --check my-corpus --merge
  normgraph load my-corpus --replace
  normgraph load --replace --store neo4j://localhost:7687
  normgraph load --verify
  normgraph load --verify my-corpus

--verify reads all rows of the store and holds them against the hash that the load recorded, so that
a value that was changed in the database is found.`
}

// Validate checks what kong cannot.
func (c *loadCmd) Validate() error {
	switch {
	case c.Rename && !c.Merge:
		return errors.New("--rename says how --merge names the store; give both")
	case c.Yes && !c.Replace:
		return errors.New("--yes answers what --replace asks; give both")
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
	options := store.LoadOptions{Mode: store.LoadEmpty, Rename: c.Rename, Progress: progress(log)}
	switch {
	case c.Replace:
		options.Mode, options.Approve = store.LoadReplace, c.approve
	case c.Merge:
		options.Mode = store.LoadMerge
	}
	if c.Check && options.Mode == store.LoadEmpty {
		return c.check(files)
	}
	target, err := c.target(log)
	if err != nil {
		return err
	}
	switch {
	case target.exists():
	case c.Check:
		return fmt.Errorf("there is no store at %s, so nothing to compare with; check the corpus alone without --merge or --replace", target.name)
	case c.Verify:
		return fmt.Errorf("there is no store at %s, so nothing to verify; say which with --store", target.name)
	}
	var st store.Store
	defer func() {
		if st != nil {
			err = errors.Join(err, st.Close())
		}
	}()
	var reading *seed.Reading
	if !c.Check && !c.Verify && options.Mode != store.LoadMerge { // needs no store to be checked
		if reading, err = readCorpus(files, nil); err != nil {
			return err
		}
		debug.FreeOSMemory() // what checking took
	}
	if st, err = target.open(ctx, 1); err != nil {
		return err
	}
	switch {
	case c.Check:
		_, err := c.preview(ctx, st, files, options.Mode)
		return err
	case c.Verify:
		return c.verify(ctx, st, files)
	}
	if reading == nil {
		err := st.Read(ctx, func(rev store.Revision, rows store.Rows) (err error) {
			if options.Base = rev.Number; rev.Number == 0 {
				rows = nil
			}
			reading, err = readCorpus(files, rows)
			return err
		})
		if err != nil {
			return err
		}
	}
	data := reading.Data
	log.Info("loading", zap.String("corpus", data.Corpus.Name), zap.String("version", data.Corpus.Version), zap.String("store", target.name))
	report, err := st.Load(ctx, data, options)
	if err != nil {
		return err
	}
	if !report.Changed {
		fmt.Printf("nothing to do: revision %d holds this already\n", report.Revision.Number)
		return nil
	}
	fmt.Printf("revision %d: %s\n", report.Revision.Number, counts(report))
	return nil
}

func counts(r *store.LoadReport) string {
	return fmt.Sprintf("nodes %d new, %d changed, %d removed; relationships %d new, %d changed, %d removed",
		r.NodesCreated, r.NodesUpdated, r.NodesDeleted, r.EdgesCreated, r.EdgesUpdated, r.EdgesDeleted)
}

// readCorpus validates the folder, for a merge into the stored rows if there are any, and
// prints what was found.
func readCorpus(files fs.FS, stored store.Rows) (*seed.Reading, error) {
	reading, err := seed.Check(files, graph.Catalog(), stored)
	var problems *seed.Problems
	if errors.As(err, &problems) {
		fmt.Fprintln(os.Stderr, problems)
		return nil, errSaid
	}
	if err != nil {
		return nil, err
	}
	if w := reading.Warnings; len(w) > 0 {
		fmt.Fprintf(os.Stderr, "%saccepted, but look at the above (warnings: %d)\n", seed.Summary(w), len(w))
	}
	return reading, nil
}

func (c *loadCmd) check(files fs.FS) error {
	reading, err := readCorpus(files, nil)
	if err != nil {
		return err
	}
	nodes, edges := size(reading.Data)
	fmt.Printf("%s %s: no problem found in %d nodes and %d relationships\n", reading.Data.Corpus.Name, reading.Data.Corpus.Version, nodes, edges)
	return nil
}

// preview says what a load would change, and whether that is anything.
func (c *loadCmd) preview(ctx context.Context, st store.Store, files fs.FS, mode store.LoadMode) (changes bool, err error) {
	info, err := st.Info(ctx)
	if err != nil { // half of an interrupted load is no store to compare with
		return false, err
	}
	err = st.Read(ctx, func(rev store.Revision, rows store.Rows) error {
		against := rows
		if mode != store.LoadMerge {
			against = nil
		}
		reading, err := readCorpus(files, against)
		if err != nil {
			return err
		}
		report, same, err := store.Diff(reading.Data, mode, rows, func(x store.Change) error {
			_, err := fmt.Println(describe(x))
			return err
		})
		if err != nil {
			return err
		}
		corpus := reading.Data.Corpus
		if mode == store.LoadMerge {
			corpus = info.Corpus.Merged(corpus, c.Rename)
		}
		before, after := asText(info.Corpus), asText(corpus)
		if before != after {
			fmt.Printf("corpus: %s → %s\n", before, after)
		}
		changes = report.Changed || before != after
		fmt.Printf("revision %d would change: %s; %d rows are there as they are\n", rev.Number, counts(&report), same)
		return nil
	})
	return changes, err
}

// asText is a corpus as corpus.json has it.
func asText(c store.Corpus) string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // texts alone
	}
	return string(b)
}

// approve refuses a replacing load that removes most of what is there.
func (c *loadCmd) approve(deleted, stored int) error {
	if c.Yes || 2*deleted <= stored {
		return nil
	}
	command := "normgraph load"
	if c.Dir != "" {
		command += " " + c.Dir
	}
	command += " --replace --yes"
	if c.Store != "" {
		command += " --store " + c.Store
	}
	return &store.Error{Code: store.Conflict, Message: fmt.Sprintf(
		"of the %d nodes in the store %d are not in this corpus and would be removed; nothing was changed. To add the corpus, use --merge; if that is what you want: %s", stored, deleted, command)}
}

// describe is a change in one line.
func describe(x store.Change) string {
	row := x.Type + " " + x.ID
	if x.To != "" {
		row += " → " + x.To
	}
	if x.Key != "" {
		row += " (" + x.Key + ")"
	}
	switch x.Kind {
	case store.Created:
		return row + ": new"
	case store.Deleted:
		return row + ": removed"
	}
	fields := make([]string, len(x.Fields))
	for i, f := range x.Fields {
		fields[i] = fmt.Sprintf("%s %s → %s", f.Name, value(f.Before), value(f.After))
	}
	return row + ": " + strings.Join(fields, ", ")
}

// value shows a stored value, shortened.
func value(v any) string {
	const most = 60
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		if r := []rune(v); len(r) > most {
			return fmt.Sprintf("%q…", string(r[:most]))
		}
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprint(v)
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
