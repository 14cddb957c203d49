package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"time"

	"github.com/prometheus/procfs"

	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j"
	"normgraph/graph/store/neo4j/devserver"
	"normgraph/graph/store/sqlite"
)

type loadCmd struct {
	common

	Nodes  int      `default:"100000" help:"Size of the data, in nodes; five relationships each."`
	Stores []string `default:"sqlite,neo4j" enum:"sqlite,neo4j" help:"Stores to load into; each is new and empty."`
}

// Help is the long help of the command.
func (loadCmd) Help() string {
	return "Memory is that of the loading process beyond the data set itself, which it holds from the start:\nwhat Go's values take, then what is resident, with garbage and the engine's pages.\nExample:\n\n  go run ./bench load --nodes 100000 --stores sqlite"
}

// Run loads into new stores and prints times.
func (c *loadCmd) Run(ctx context.Context) error {
	w, err := newWorkshop(c.Cache)
	if err != nil {
		return err
	}
	on, err := w.world(c.Nodes, c.Seed)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(w.cache, "load-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	sizes := [][]string{diskHead()}
	rows := [][]string{{"store", "nodes", "relationships", "seconds", "rows/s", "CPU s", "Neo4j's CPU s", "MB of the data set", "MB more in use at most", "MB more resident at most", "MB of Neo4j", "MB on disk"}}
	if slices.Contains(c.Stores, "sqlite") {
		row, size, err := w.timeSQLite(ctx, on, filepath.Join(dir, "load.db"))
		if err != nil {
			return err
		}
		rows, sizes = append(rows, append(row, megabytes(size.total()))), append(sizes, size.row("SQLite", c.Nodes))
	}
	if slices.Contains(c.Stores, "neo4j") {
		row, size, err := w.timeNeo4j(ctx, on, filepath.Join(dir, "neo4j"), c.Memory)
		if err != nil {
			return err
		}
		rows, sizes = append(rows, append(row, megabytes(size.total()))), append(sizes, size.row("Neo4j", c.Nodes))
	}
	fmt.Printf("load average: %s\n\n", loadAverage())
	if err := writeAligned(os.Stdout, rows); err != nil {
		return err
	}
	fmt.Println()
	return writeAligned(os.Stdout, sizes)
}

func (w *workshop) timeSQLite(ctx context.Context, on *world, file string) ([]string, disk, error) {
	st, err := sqlite.Open(ctx, graph.Catalog(), file)
	if err != nil {
		return nil, nil, err
	}
	row, err := w.timed(ctx, on, st, "SQLite", 0)
	if err := errors.Join(err, st.Close()); err != nil {
		return nil, nil, err
	}
	size, err := sqliteDisk(ctx, file)
	return row, size, err
}

// timeNeo4j stops its server before the files are counted: the stop writes all
// pages out.
func (w *workshop) timeNeo4j(ctx context.Context, on *world, dir string, memory Memory) (row []string, size disk, err error) {
	server, err := devserver.Start(ctx, memory.options(dir))
	if err != nil {
		return nil, nil, err
	}
	st, err := neo4j.Open(ctx, graph.Catalog(), neo4j.Config{URI: server.URI})
	if err == nil {
		row, err = w.timed(ctx, on, st, "Neo4j", findProcess(dir))
		err = errors.Join(err, st.Close())
	}
	if err := errors.Join(err, server.Stop()); err != nil {
		return nil, nil, err
	}
	size, err = neo4jDisk(dir)
	return row, size, err
}

// timed loads and measures the time, and CPU and memory of this process and of
// the store's server, if it has one.
func (w *workshop) timed(ctx context.Context, on *world, st store.Store, name string, server int) ([]string, error) {
	runtime.GC()
	debug.FreeOSMemory()
	// 5 sets the peak of resident memory back to what is resident now.
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		w.log.Printf("the peak of memory is that since the start: %v", err)
	}
	base, _, err := resident()
	if err != nil {
		return nil, err
	}
	own, err := used(os.Getpid())
	if err != nil {
		return nil, err
	}
	theirs, err := used(server)
	if err != nil {
		return nil, err
	}
	runtime.GC()
	live, most := inUse(), 0.0
	said := w.progress("loading into " + name)
	start := time.Now()
	report, err := st.Load(ctx, on.data, store.LoadOptions{Progress: func(done, total int) {
		most = max(most, inUse()-live)
		said(done, total)
	}})
	if err != nil {
		return nil, err
	}
	took := time.Since(start).Seconds()
	_, peak, err := resident()
	if err != nil {
		return nil, err
	}
	ownEnd, err := used(os.Getpid())
	if err != nil {
		return nil, err
	}
	theirsEnd, err := used(server)
	written := float64(report.NodesCreated + report.EdgesCreated)
	return []string{name, fmt.Sprint(report.NodesCreated), fmt.Sprint(report.EdgesCreated), number(took), number(written / took),
		number(ownEnd.cpu - own.cpu), dash(theirsEnd.cpu - theirs.cpu),
		megabytes(base), megabytes(most), megabytes(peak - base), dash(theirsEnd.memory / 1e6)}, err
}

// inUse is the memory that the last garbage collection found in use, in bytes.
func inUse() float64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return float64(sample[0].Value.Uint64())
}

// resident is this process's memory now and at its peak, in bytes.
func resident() (now, peak float64, err error) {
	p, err := procfs.Self()
	if err != nil {
		return 0, 0, err
	}
	status, err := p.NewStatus()
	return float64(status.VmRSS), float64(status.VmHWM), err
}

func megabytes(bytes float64) string { return fmt.Sprintf("%.0f", bytes/1e6) }
