package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"normgraph/graph"
	"normgraph/graph/store"
)

// verify says whether the store holds what its revision was loaded with, and how it
// differs from the folder, if one is given.
func (c *loadCmd) verify(ctx context.Context, st store.Store, files fs.FS) error {
	found, err := store.Verify(ctx, st, graph.Catalog())
	if err != nil {
		return err
	}
	rev := found.Recorded.Revision
	rows := fmt.Sprintf("revision %d: %d nodes, %d relationships", rev.Number, found.Nodes(), found.Edges)
	if found.AsRecorded() {
		fmt.Println(rows + ", content as recorded")
	} else {
		fmt.Fprintf(os.Stderr, "%s, but not the content that was loaded: recorded is %s, the rows have %s\n", rows, rev.Content, found.Content)
		loaded := map[string]int64{}
		for _, n := range found.Recorded.Counts {
			loaded[n.Kind] = n.Count
		}
		for _, n := range found.Counts {
			if was := loaded[n.Kind]; was != n.Count {
				fmt.Fprintf(os.Stderr, "%s: %d nodes, %d were loaded\n", n.Kind, n.Count, was)
			}
		}
	}
	differs := false
	if c.Dir != "" {
		if differs, err = c.preview(ctx, st, files, store.LoadReplace); err != nil {
			return err
		}
	}
	switch {
	case !found.AsRecorded():
		return fmt.Errorf("the store was changed in other ways than by load; `normgraph load DIR --verify` tells what differs from a folder, `--replace` puts it right")
	case differs:
		return fmt.Errorf("the store holds what was loaded, which is not what %s holds", c.Dir)
	}
	return nil
}
