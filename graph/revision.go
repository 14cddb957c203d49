package graph

import (
	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// statistics answer the planner's cost questions from one revision's degrees.
type statistics struct{ info *store.Info }

var _ plan.Statistics = statistics{}

func (s statistics) Nodes(n *catalog.Node) int64 {
	if n.Index < len(s.info.Counts) {
		return s.info.Counts[n.Index].Count
	}
	return 0
}

func (s statistics) Related(r *catalog.Relation, page int, reached bool) (mean float64, largest int64) {
	var nodes, related float64
	for _, d := range s.info.Degrees[r.Owner.Name+"."+r.Field] {
		n, weight := min(d.Degree, int64(page)), float64(d.Nodes)
		if reached {
			weight *= float64(d.Degree)
		}
		nodes += weight
		related += weight * float64(n)
		largest = max(largest, n)
	}
	if nodes == 0 {
		return 0, 0
	}
	return related / nodes, largest
}
