package continuity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Edge is a relationship. Type and Key together name it: Key is its stored
// identity.
type Edge struct{ Type, From, To, Key string }

// Direction is how a step walks a relationship.
type Direction uint8

// Outgoing is from From to To.
const (
	Either Direction = iota
	Outgoing
	Incoming
)

// Step is a kind of step that a search may take.
type Step struct {
	Type      string
	Direction Direction
}

// Network is the graph of one revision as a compact adjacency: nodes and edges
// are numbers in the order of ids, and of types and keys, so that the order of
// results is the order of numbers. Immutable, safe for concurrent use.
type Network struct {
	ids   []string // ascending
	edges []Edge   // by type, key, from, to
	types []string // ascending
	// arcs[first[v]:first[v+1]] are the steps from v, by target, then edge.
	first []int32
	arcs  []arc
}

// arc is an edge seen from one of its ends.
type arc struct {
	to, edge int32
	kind     uint16
	out      bool
}

// NewNetwork builds the adjacency. The error lists edges with unknown ends and
// nodes that come twice.
func NewNetwork(ids []string, edges []Edge) (*Network, error) {
	n := &Network{ids: slices.Clone(ids), edges: slices.Clone(edges)}
	slices.Sort(n.ids)
	at := make(map[string]int32, len(ids))
	var problems []error
	for i, id := range n.ids {
		if i > 0 && id == n.ids[i-1] {
			problems = append(problems, fmt.Errorf("node %q comes twice", id))
		}
		at[id] = int32(i)
	}
	slices.SortFunc(n.edges, func(a, b Edge) int {
		return cmp.Or(strings.Compare(a.Type, b.Type), strings.Compare(a.Key, b.Key),
			strings.Compare(a.From, b.From), strings.Compare(a.To, b.To))
	})

	n.first = make([]int32, len(ids)+1)
	for _, e := range n.edges {
		from, ok := at[e.From]
		to, known := at[e.To]
		if !ok || !known {
			problems = append(problems, fmt.Errorf("%s %q joins %q and %q: unknown node", e.Type, e.Key, e.From, e.To))
			continue
		}
		n.first[from+1]++
		n.first[to+1]++
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	for v := range ids {
		n.first[v+1] += n.first[v]
	}
	n.arcs = make([]arc, 2*len(edges))
	end := slices.Clone(n.first)
	put := func(v int32, a arc) {
		n.arcs[end[v]] = a
		end[v]++
	}
	for i, e := range n.edges {
		if i == 0 || e.Type != n.edges[i-1].Type {
			n.types = append(n.types, e.Type)
		}
		from, to, kind := at[e.From], at[e.To], uint16(len(n.types)-1)
		put(from, arc{to, int32(i), kind, true})
		put(to, arc{from, int32(i), kind, false})
	}
	for v := range ids {
		slices.SortStableFunc(n.steps(int32(v)), func(a, b arc) int { return cmp.Compare(a.to, b.to) }) // edges ascend already
	}
	return n, nil
}

func (n *Network) steps(v int32) []arc { return n.arcs[n.first[v]:n.first[v+1]] }

// node finds an id.
func (n *Network) node(argument, id string) (int32, error) {
	i, ok := slices.BinarySearch(n.ids, id)
	if !ok {
		return 0, badInput(argument, "no node has the id %q", id)
	}
	return int32(i), nil
}

// filter says, per type, whether it may be walked along [1] and against [0] its
// direction.
type filter [][2]bool

// filter reads via; nil is every type in either direction.
func (n *Network) filter(via []Step) filter {
	f := make(filter, len(n.types))
	for i := range f {
		f[i] = [2]bool{via == nil, via == nil}
	}
	for _, s := range via {
		if i, ok := slices.BinarySearch(n.types, s.Type); ok {
			f[i][0] = f[i][0] || s.Direction != Outgoing
			f[i][1] = f[i][1] || s.Direction != Incoming
		}
	}
	return f
}

// allows says whether a may be walked from the node that has it.
func (f filter) allows(a arc) bool { return f[a.kind][btoi(a.out)] }

// allowsBack says whether a may be walked to the node that has it.
func (f filter) allowsBack(a arc) bool { return f[a.kind][btoi(!a.out)] }

// Bounds of a search.
const (
	maxDepth        = 8
	maxPaths        = 50
	maxNeighbours   = 500
	maxNetworkEdges = 10_000
	maxArcs         = 2_000_000 // arcs looked at by one search
)

// budget counts the arcs a search looks at.
type budget int

// spend reports whether there was room for one node's arcs.
func (b *budget) spend(ctx context.Context, arcs int) (bool, error) {
	*b += budget(arcs) + 1
	return *b <= maxArcs, stopped(ctx)
}

func checkRange(argument string, value, least, greatest int) error {
	if value < least || value > greatest {
		return badInput(argument, "%d is not between %d and %d", value, least, greatest)
	}
	return nil
}
