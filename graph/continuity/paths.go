package continuity

import (
	"context"
	"slices"
)

// PathArgs are the arguments of paths.
type PathArgs struct {
	From, To  string
	MaxLength int    // 1 … 8 edges
	Via       []Step // nil is every relationship in either direction
	First     int    // 0 … 50 paths
}

// PathResult is the simple paths of the least length.
type PathResult struct {
	Length *int // edges; nil if there is no path within MaxLength
	// Paths are ordered by the ids of their nodes, then the types of their
	// edges, then the keys.
	Paths []Path
	// Truncated says that there are more paths, or that the search gave up
	// before it could tell.
	Truncated bool
}

// Path is Nodes joined by Edges, one fewer; an edge keeps its stored direction.
type Path struct {
	Nodes []string
	Edges []Edge
}

// Paths finds the shortest paths from one node to another: one breadth-first
// search back from the target, then a walk that only ever comes nearer, so that
// it has no dead end.
func (n *Network) Paths(ctx context.Context, args PathArgs) (*PathResult, error) {
	if err := checkRange("maxLength", args.MaxLength, 1, maxDepth); err != nil {
		return nil, err
	}
	if err := checkRange("first", args.First, 0, maxPaths); err != nil {
		return nil, err
	}
	from, err := n.node("from", args.From)
	if err != nil {
		return nil, err
	}
	to, err := n.node("to", args.To)
	if err != nil {
		return nil, err
	}
	f := n.filter(args.Via)
	distance, complete, err := n.distances(ctx, f, to, from, args.MaxLength)
	if err != nil {
		return nil, err
	}
	result := &PathResult{Truncated: !complete}
	if distance[from] < 0 {
		return result, nil
	}
	length := int(distance[from])
	result.Length = &length
	w := walker{Network: n, filter: f, distance: distance, result: result, first: args.First}
	w.walk(from)
	return result, nil
}

// distances is how far each node is from target, −1 where not reached; the
// search stops once it reaches source. complete is false if the budget ran out
// before.
func (n *Network) distances(ctx context.Context, f filter, target, source int32, most int) (distance []int8, complete bool, err error) {
	distance = slices.Repeat([]int8{-1}, len(n.ids))
	distance[target] = 0
	var spent budget
	for queue := []int32{target}; len(queue) > 0; queue = queue[1:] {
		v := queue[0]
		if distance[source] >= 0 || int(distance[v]) == most {
			break
		}
		if ok, err := spent.spend(ctx, len(n.steps(v))); err != nil || !ok {
			return distance, false, err
		}
		for _, a := range n.steps(v) {
			if distance[a.to] < 0 && f.allowsBack(a) {
				distance[a.to] = distance[v] + 1
				queue = append(queue, a.to)
			}
		}
	}
	return distance, true, nil
}

// walker writes paths in order until there are enough.
type walker struct {
	*Network
	filter
	distance []int8
	result   *PathResult
	first    int
	nodes    []int32
	hops     [][]arc // the parallel edges of each hop, by type and key
	kinds    []uint16
	edges    []int32
}

// walk goes on from v; it reports whether to look further.
func (w *walker) walk(v int32) bool {
	w.nodes = append(w.nodes, v)
	defer func() { w.nodes = w.nodes[:len(w.nodes)-1] }()
	if w.distance[v] == 0 {
		return w.choose(0)
	}
	arcs := w.steps(v)
	for len(arcs) > 0 {
		next := arcs[0].to
		parallel := leading(arcs, func(a, b arc) bool { return a.to == b.to })
		arcs = arcs[len(parallel):]
		if w.distance[next] != w.distance[v]-1 {
			continue
		}
		var hop []arc
		for _, a := range parallel {
			if w.allows(a) {
				hop = append(hop, a)
			}
		}
		if len(hop) == 0 {
			continue
		}
		w.hops = append(w.hops, hop)
		more := w.walk(next)
		w.hops = w.hops[:len(w.hops)-1]
		if !more {
			return false
		}
	}
	return true
}

// choose picks a type for each hop from i on, then edges of these types.
func (w *walker) choose(i int) bool {
	if i == len(w.hops) {
		return w.pick(0)
	}
	for rest := w.hops[i]; len(rest) > 0; {
		kind := rest[0].kind
		w.kinds = append(w.kinds, kind)
		more := w.choose(i + 1)
		w.kinds = w.kinds[:len(w.kinds)-1]
		if !more {
			return false
		}
		rest = rest[len(leading(rest, func(a, b arc) bool { return a.kind == b.kind })):]
	}
	return true
}

func (w *walker) pick(i int) bool {
	if i == len(w.hops) {
		return w.write()
	}
	for _, a := range w.hops[i] {
		if a.kind != w.kinds[i] {
			continue
		}
		w.edges = append(w.edges, a.edge)
		more := w.pick(i + 1)
		w.edges = w.edges[:len(w.edges)-1]
		if !more {
			return false
		}
	}
	return true
}

func (w *walker) write() bool {
	if len(w.result.Paths) == w.first {
		w.result.Truncated = true
		return false
	}
	p := Path{}
	for _, v := range w.nodes {
		p.Nodes = append(p.Nodes, w.ids[v])
	}
	for _, e := range w.edges {
		p.Edges = append(p.Edges, w.Network.edges[e])
	}
	w.result.Paths = append(w.result.Paths, p)
	return true
}
