package continuity

import (
	"context"
	"slices"
)

// NeighborhoodArgs are the arguments of neighborhood.
type NeighborhoodArgs struct {
	ID    string
	Depth int    // 1 … 8 steps
	Via   []Step // nil is every relationship in either direction
	First int    // 0 … 500 nodes, the centre included
}

// Neighborhood is the nodes within reach of a centre, and the relationships
// among them.
type Neighborhood struct {
	Nodes []string // by distance, then id
	// Edges are those of the types of Via that join two of the nodes, by the ids
	// of From and To, type, key.
	Edges     []Edge
	Truncated bool // nodes or edges were left out
}

// Neighborhood searches breadth-first around a node.
func (n *Network) Neighborhood(ctx context.Context, args NeighborhoodArgs) (*Neighborhood, error) {
	if err := checkRange("depth", args.Depth, 1, maxDepth); err != nil {
		return nil, err
	}
	if err := checkRange("first", args.First, 0, maxNeighbours); err != nil {
		return nil, err
	}
	centre, err := n.node("id", args.ID)
	if err != nil {
		return nil, err
	}
	f := n.filter(args.Via)
	result := &Neighborhood{}
	nodes, complete, err := n.within(ctx, f, centre, args.Depth, args.First)
	if err != nil {
		return nil, err
	}
	result.Truncated = !complete
	for _, v := range nodes {
		result.Nodes = append(result.Nodes, n.ids[v])
	}

	slices.Sort(nodes)
	for _, v := range nodes {
		if err := stopped(ctx); err != nil {
			return nil, err
		}
		for _, a := range n.steps(v) {
			if !a.out || f[a.kind] == [2]bool{} {
				continue
			}
			if _, in := slices.BinarySearch(nodes, a.to); !in {
				continue
			}
			if len(result.Edges) == maxNetworkEdges {
				result.Truncated = true
				return result, nil
			}
			result.Edges = append(result.Edges, n.edges[a.edge])
		}
	}
	return result, nil
}

// within are the first nodes around centre, level by level, each by id.
func (n *Network) within(ctx context.Context, f filter, centre int32, depth, first int) (nodes []int32, complete bool, err error) {
	seen := make([]bool, len(n.ids))
	seen[centre] = true
	var spent budget
	level := []int32{centre}
	for d := 0; len(level) > 0; d++ {
		if room := first - len(nodes); len(level) > room {
			return append(nodes, level[:room]...), false, nil
		}
		nodes = append(nodes, level...)
		if d == depth {
			break
		}
		var next []int32
		for _, v := range level {
			if ok, err := spent.spend(ctx, len(n.steps(v))); err != nil || !ok {
				return nodes, false, err
			}
			for _, a := range n.steps(v) {
				if !seen[a.to] && f.allows(a) {
					seen[a.to] = true
					next = append(next, a.to)
				}
			}
		}
		slices.Sort(next)
		level = next
	}
	return nodes, true, nil
}
