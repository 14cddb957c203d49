package generate

import (
	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// Dear is the condition on nodes of a type, of up to so many relations in each
// other, that looks at the most related ones; and at how many for one node.
func Dear(info *store.Info, cat *catalog.Catalog, n *catalog.Node, levels int) (where map[string]any, related float64) {
	type dear struct {
		where   map[string]any
		related float64
	}
	at := map[*catalog.Node]dear{}
	for _, n := range cat.Nodes {
		at[n] = dear{map[string]any{"id": map[string]any{"contains": "zz"}}, 0}
	}
	for range levels {
		next := map[*catalog.Node]dear{}
		for _, n := range cat.Nodes {
			best := at[n]
			for _, r := range n.Relations {
				below := at[r.Target]
				if sum := mean(info, r) * (1 + below.related); sum > best.related {
					best.related = sum
					best.where = map[string]any{r.Field: below.where}
					if r.List {
						best.where = map[string]any{r.Field: map[string]any{"single": below.where}}
					}
				}
			}
			next[n] = best
		}
		at = next
	}
	return at[n].where, at[n].related
}

// mean is to how many nodes a relation leads.
func mean(info *store.Info, r *catalog.Relation) float64 {
	var nodes, related float64
	for _, d := range info.Degrees[r.Owner.Name+"."+r.Field] {
		nodes += float64(d.Nodes)
		related += float64(d.Nodes * d.Degree)
	}
	if nodes == 0 {
		return 0
	}
	return related / nodes
}
