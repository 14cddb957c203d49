package continuity_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"normgraph/graph/continuity"
)

// graph is a small multigraph: parallel edges, both directions, loops.
type graph struct {
	ids   []string
	edges []continuity.Edge
}

func drawGraph(t *rapid.T) graph {
	var g graph
	n := rapid.IntRange(2, 7).Draw(t, "nodes")
	for i := range n {
		g.ids = append(g.ids, fmt.Sprint("n", i))
	}
	node := rapid.IntRange(0, n-1)
	for i := range rapid.IntRange(0, 14).Draw(t, "edges") {
		g.edges = append(g.edges, continuity.Edge{
			Type: rapid.SampledFrom([]string{"SIGNED", "CONTAINS", "ASSESSES"}).Draw(t, "type"),
			From: g.ids[node.Draw(t, "from")], To: g.ids[node.Draw(t, "to")], Key: fmt.Sprint("k", i),
		})
	}
	return g
}

func drawVia(t *rapid.T) []continuity.Step {
	if rapid.Bool().Draw(t, "anything") {
		return nil
	}
	via := []continuity.Step{}
	for range rapid.IntRange(0, 3).Draw(t, "steps") {
		via = append(via, continuity.Step{
			Type:      rapid.SampledFrom([]string{"SIGNED", "CONTAINS", "ASSESSES", "NO_SUCH"}).Draw(t, "via"),
			Direction: rapid.SampledFrom([]continuity.Direction{continuity.Either, continuity.Outgoing, continuity.Incoming}).Draw(t, "direction"),
		})
	}
	return via
}

// next is where e leads from node, if via allows that.
func next(e continuity.Edge, node string, via []continuity.Step) []string {
	allowed := func(d continuity.Direction) bool {
		return via == nil || slices.ContainsFunc(via, func(s continuity.Step) bool {
			return s.Type == e.Type && (s.Direction == continuity.Either || s.Direction == d)
		})
	}
	var to []string
	if e.From == node && allowed(continuity.Outgoing) {
		to = append(to, e.To)
	}
	if e.To == node && allowed(continuity.Incoming) {
		to = append(to, e.From)
	}
	return to
}

// simplePaths lists every simple path, the slow way.
func (g graph) simplePaths(from, to string, most int, via []continuity.Step) []continuity.Path {
	var found []continuity.Path
	var walk func(p continuity.Path)
	walk = func(p continuity.Path) {
		last := p.Nodes[len(p.Nodes)-1]
		if last == to {
			found = append(found, p)
			return
		}
		if len(p.Edges) == most {
			return
		}
		for _, e := range g.edges {
			for _, v := range next(e, last, via) {
				if !slices.Contains(p.Nodes, v) {
					walk(continuity.Path{Nodes: append(slices.Clone(p.Nodes), v), Edges: append(slices.Clone(p.Edges), e)})
				}
			}
		}
	}
	walk(continuity.Path{Nodes: []string{from}})
	return found
}

func field(edges []continuity.Edge, get func(continuity.Edge) string) (values []string) {
	for _, e := range edges {
		values = append(values, get(e))
	}
	return values
}

func comparePaths(a, b continuity.Path) int {
	kind := func(e continuity.Edge) string { return e.Type }
	key := func(e continuity.Edge) string { return e.Key }
	return cmp.Or(slices.Compare(a.Nodes, b.Nodes),
		slices.Compare(field(a.Edges, kind), field(b.Edges, kind)), slices.Compare(field(a.Edges, key), field(b.Edges, key)))
}

func TestPathsAgainstExhaustiveSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, via := drawGraph(t), drawVia(t)
		from, to := rapid.SampledFrom(g.ids).Draw(t, "from"), rapid.SampledFrom(g.ids).Draw(t, "to")
		most := rapid.IntRange(1, 6).Draw(t, "maxLength")
		first := rapid.SampledFrom([]int{0, 1, 3, 50}).Draw(t, "first")

		want := g.simplePaths(from, to, most, via)
		slices.SortFunc(want, func(a, b continuity.Path) int {
			return cmp.Or(cmp.Compare(len(a.Edges), len(b.Edges)), comparePaths(a, b))
		})
		var length *int
		if len(want) > 0 {
			l := len(want[0].Edges)
			length = &l
			want = slices.DeleteFunc(want, func(p continuity.Path) bool { return len(p.Edges) > l })
		}
		truncated := len(want) > first
		want = want[:min(len(want), first)]

		// The order in which nodes and edges come must not matter.
		nodes := rapid.Permutation(g.ids).Draw(t, "node order")
		edges := rapid.Permutation(g.edges).Draw(t, "edge order")
		n, err := continuity.NewNetwork(nodes, edges)
		if err != nil {
			t.Fatal(err)
		}
		got, err := n.Paths(t.Context(), continuity.PathArgs{From: from, To: to, MaxLength: most, Via: via, First: first})
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(length, got.Length); diff != "" {
			t.Fatal("length ", diff)
		}
		if got.Truncated != truncated || len(got.Paths) != len(want) {
			t.Fatalf("%d paths, truncated %v, want %d, %v", len(got.Paths), got.Truncated, len(want), truncated)
		}
		for i, p := range got.Paths {
			if diff := gocmp.Diff(want[i], p); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

func TestNeighborhoodAgainstExhaustiveSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, via := drawGraph(t), drawVia(t)
		centre := rapid.SampledFrom(g.ids).Draw(t, "centre")
		depth, first := rapid.IntRange(1, 4).Draw(t, "depth"), rapid.IntRange(0, 8).Draw(t, "first")

		distance := map[string]int{centre: 0}
		for d := range depth {
			for id, at := range distance {
				if at != d {
					continue
				}
				for _, e := range g.edges {
					for _, v := range next(e, id, via) {
						if _, seen := distance[v]; !seen {
							distance[v] = d + 1
						}
					}
				}
			}
		}
		var nodes []string
		for id := range distance {
			nodes = append(nodes, id)
		}
		slices.SortFunc(nodes, func(a, b string) int {
			return cmp.Or(cmp.Compare(distance[a], distance[b]), strings.Compare(a, b))
		})
		truncated := len(nodes) > first
		nodes = nodes[:min(len(nodes), first)]
		var edges []continuity.Edge
		for _, e := range g.edges {
			wanted := via == nil || slices.ContainsFunc(via, func(s continuity.Step) bool { return s.Type == e.Type })
			if wanted && slices.Contains(nodes, e.From) && slices.Contains(nodes, e.To) {
				edges = append(edges, e)
			}
		}
		slices.SortFunc(edges, func(a, b continuity.Edge) int {
			return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To), strings.Compare(a.Type, b.Type), strings.Compare(a.Key, b.Key))
		})

		n, err := continuity.NewNetwork(g.ids, rapid.Permutation(g.edges).Draw(t, "edge order"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := n.Neighborhood(t.Context(), continuity.NeighborhoodArgs{ID: centre, Depth: depth, Via: via, First: first})
		if err != nil {
			t.Fatal(err)
		}
		if len(nodes) != len(got.Nodes) || !slices.Equal(nodes, got.Nodes) || !slices.Equal(edges, got.Edges) || truncated != got.Truncated {
			t.Fatalf("got %+v, want %v, %v, %v", got, nodes, edges, truncated)
		}
	})
}

func TestNetworkBadInput(t *testing.T) {
	n, err := continuity.NewNetwork([]string{"a", "b"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		argument string
		paths    continuity.PathArgs
	}{
		{"from", continuity.PathArgs{From: "x", To: "a", MaxLength: 1}},
		{"to", continuity.PathArgs{From: "a", To: "x", MaxLength: 1}},
		{"maxLength", continuity.PathArgs{From: "a", To: "b", MaxLength: 9}},
		{"maxLength", continuity.PathArgs{From: "a", To: "b"}},
		{"first", continuity.PathArgs{From: "a", To: "b", MaxLength: 1, First: 51}},
	} {
		var input *continuity.InputError
		if _, err := n.Paths(t.Context(), c.paths); !errors.As(err, &input) || input.Argument != c.argument {
			t.Errorf("%s: %v", c.argument, err)
		}
	}
	for _, c := range []struct {
		argument string
		args     continuity.NeighborhoodArgs
	}{
		{"id", continuity.NeighborhoodArgs{ID: "x", Depth: 1}},
		{"depth", continuity.NeighborhoodArgs{ID: "a", Depth: 9}},
		{"first", continuity.NeighborhoodArgs{ID: "a", Depth: 1, First: -1}},
	} {
		var input *continuity.InputError
		if _, err := n.Neighborhood(t.Context(), c.args); !errors.As(err, &input) || input.Argument != c.argument {
			t.Errorf("%s: %v", c.argument, err)
		}
	}
	if _, err := continuity.NewNetwork([]string{"a", "a"}, []continuity.Edge{{Type: "T", From: "a", To: "b"}}); err == nil ||
		!strings.Contains(err.Error(), `"a" comes twice`) || !strings.Contains(err.Error(), "unknown node") {
		t.Errorf("broken network: %v", err)
	}
}

// hubs is a graph of the corpus' shape: two hubs that share most of their many
// signatories, and a chain behind each.
func hubs(t testing.TB, signatories int) *continuity.Network {
	var g graph
	link := func(kind, from, to string) {
		g.edges = append(g.edges, continuity.Edge{Type: kind, From: from, To: to, Key: fmt.Sprint(len(g.edges))})
	}
	for _, hub := range []string{"hub-1", "hub-2"} {
		g.ids = append(g.ids, hub)
		for i := range 60 {
			norm := fmt.Sprint(hub, "-norm-", i)
			g.ids = append(g.ids, norm)
			link("CONTAINS", hub, norm)
		}
	}
	for i := range signatories {
		id := fmt.Sprintf("signatory-%06d", i)
		g.ids = append(g.ids, id)
		link("SIGNED", id, "hub-1")
		link("SIGNED", id, "hub-2")
	}
	n, err := continuity.NewNetwork(g.ids, g.edges)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestHubsAreBounded(t *testing.T) {
	n := hubs(t, 1300)
	got, err := n.Paths(t.Context(), continuity.PathArgs{From: "hub-1-norm-0", To: "hub-2-norm-0", MaxLength: 8, First: 50})
	if err != nil {
		t.Fatal(err)
	}
	if *got.Length != 4 || len(got.Paths) != 50 || !got.Truncated || got.Paths[49].Nodes[2] != "signatory-000049" {
		t.Errorf("length %d, %d paths, truncated %v", *got.Length, len(got.Paths), got.Truncated)
	}
	around, err := n.Neighborhood(t.Context(), continuity.NeighborhoodArgs{ID: "hub-1", Depth: 3, First: 500})
	if err != nil {
		t.Fatal(err)
	}
	if len(around.Nodes) != 500 || !around.Truncated {
		t.Errorf("%d nodes, truncated %v", len(around.Nodes), around.Truncated)
	}
}

// Too large to search at all: it says so instead of an answer.
func TestSearchGivesUp(t *testing.T) {
	slow(t)
	n := hubs(t, 1_100_000)
	got, err := n.Paths(t.Context(), continuity.PathArgs{From: "hub-1-norm-0", To: "hub-2-norm-0", MaxLength: 8, First: 1})
	if err != nil || got.Length != nil || !got.Truncated {
		t.Errorf("%+v, %v", got, err)
	}
}

func BenchmarkPaths(b *testing.B) {
	n := hubs(b, 1300)
	for b.Loop() {
		if _, err := n.Paths(b.Context(), continuity.PathArgs{From: "hub-1-norm-0", To: "hub-2-norm-0", MaxLength: 8, First: 50}); err != nil {
			b.Fatal(err)
		}
	}
}
