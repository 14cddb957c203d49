package data_test

import (
	"context"
	"slices"
	"testing"

	"normgraph/bench/data"
	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
)

func generate(t *testing.T, nodes int, seed uint64) *store.Dataset {
	t.Helper()
	d, err := data.Generate(graph.Catalog(), nodes, seed)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEqualSeedsGiveEqualData(t *testing.T) {
	first := store.ContentHash(generate(t, 4000, 1))
	if again := store.ContentHash(generate(t, 4000, 1)); again != first {
		t.Errorf("two runs gave %s and %s", first, again)
	}
	if other := store.ContentHash(generate(t, 4000, 2)); other == first {
		t.Error("another seed gave the same data")
	}
}

func TestSizesAndDegrees(t *testing.T) {
	const nodes = 5000
	d := generate(t, nodes, 1)
	n, e := 0, 0
	for _, s := range d.Nodes {
		n += len(s.Rows)
	}
	degrees := map[string]int{}
	for _, s := range d.Edges {
		e += len(s.Rows)
		for _, r := range s.Rows {
			if s.Relationship.Type == "SIGNED" {
				degrees[r.To]++
			}
		}
	}
	if n != nodes || e != nodes*data.EdgesPerNode {
		t.Errorf("%d nodes and %d relationships, want %d and %d", n, e, nodes, nodes*data.EdgesPerNode)
	}
	var sorted []int
	for _, k := range degrees {
		sorted = append(sorted, k)
	}
	slices.Sort(sorted)
	if most, middle := sorted[len(sorted)-1], sorted[len(sorted)/2]; most < 20*middle {
		t.Errorf("the agreement with most signatures has %d, one in the middle %d; expected a few with very many", most, middle)
	}
}

// The store takes the data, and holds exactly it.
func TestLoads(t *testing.T) {
	ctx := context.Background()
	d := generate(t, data.MinNodes, 7)
	st, err := sqlite.Open(ctx, graph.Catalog(), sqlite.Memory)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	report, err := st.Load(ctx, d, store.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if want := store.ContentHash(d); report.Revision.Content != want || report.NodesCreated != data.MinNodes {
		t.Errorf("%d nodes with content %s, want %d with %s", report.NodesCreated, report.Revision.Content, data.MinNodes, want)
	}
}

func TestTooFewNodes(t *testing.T) {
	if _, err := data.Generate(graph.Catalog(), 100, 1); err == nil {
		t.Error("100 nodes were accepted")
	}
}
