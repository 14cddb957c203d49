package continuity

import (
	"maps"
	"slices"
)

// GroupBy says what the norms are gathered into.
type GroupBy string

// The groupings. Under ByCoreIdea a norm belongs to itself, if it is a core
// idea, and to every core idea that it EXPRESSES: one step, never transitive.
const (
	ByNorm     GroupBy = "NORM"
	ByCoreIdea GroupBy = "CORE_IDEA"
	ByCategory GroupBy = "CATEGORY"
	ByScheme   GroupBy = "SCHEME"
)

// Group is a norm, a core idea, a category or a scheme.
type Group struct {
	Key   string
	Label string
	Norm  string // id of the norm, empty for a category or scheme
}

// grouping is every group of the graph, by key, and the groups of each norm.
type grouping struct {
	groups []Group
	of     [][]int32 // by norm; ascending, each group once
}

func (o *Observations) grouping(by GroupBy, matches uint8) (*grouping, error) {
	switch by {
	case ByNorm:
		return o.normGrouping(func(*Norm) bool { return true }, 0), nil
	case ByCoreIdea:
		return o.normGrouping(func(n *Norm) bool { return n.Level == CoreIdea }, matches), nil
	case ByCategory:
		return o.labelGrouping(func(n *Norm) string { return n.Category }), nil
	case ByScheme:
		return o.labelGrouping(func(n *Norm) string { return n.Scheme }), nil
	}
	return nil, badInput("groupBy", "%q is not one of NORM, CORE_IDEA, CATEGORY, SCHEME", by)
}

func (o *Observations) normGrouping(isGroup func(*Norm) bool, matches uint8) *grouping {
	g := &grouping{of: make([][]int32, len(o.norms))}
	at := make([]int32, len(o.norms)) // group of a norm that is one
	for i := range o.norms {
		if n := &o.norms[i]; isGroup(n) {
			at[i] = int32(len(g.groups))
			g.groups = append(g.groups, Group{n.ID, n.Name, n.ID})
			g.of[i] = []int32{at[i]}
		}
	}
	for i, mapped := range o.expresses {
		for _, e := range mapped {
			if matches&(1<<e.match) != 0 {
				g.of[i] = append(g.of[i], at[e.idea])
			}
		}
		slices.Sort(g.of[i])
		g.of[i] = slices.Compact(g.of[i])
	}
	return g
}

func (o *Observations) labelGrouping(label func(*Norm) string) *grouping {
	g := &grouping{of: make([][]int32, len(o.norms))}
	at := map[string]int32{}
	for i := range o.norms {
		if l := label(&o.norms[i]); l != "" {
			at[l] = 0
		}
	}
	for _, l := range slices.Sorted(maps.Keys(at)) {
		at[l] = int32(len(g.groups))
		g.groups = append(g.groups, Group{Key: l, Label: l})
	}
	for i := range o.norms {
		if l := label(&o.norms[i]); l != "" {
			g.of[i] = []int32{at[l]}
		}
	}
	return g
}

// match is how norm leads to the core idea group: the closest kind of mapping
// among matches, empty if the norm is the group itself.
func (o *Observations) match(norm int32, group Group, set uint8) Match {
	if o.norms[norm].ID == group.Norm {
		return ""
	}
	for _, e := range o.expresses[norm] { // closest first
		if o.norms[e.idea].ID == group.Norm && set&(1<<e.match) != 0 {
			return matches[e.match]
		}
	}
	return ""
}

// memberships is R(g) for every group: ascending places of E.
func (s *sample) memberships(g *grouping) [][]int32 {
	members := make([][]int32, len(g.groups))
	for place, counted := range s.counted {
		for _, a := range counted {
			for _, group := range g.of[s.assessments[a].norm] {
				m := members[group]
				if len(m) == 0 || m[len(m)-1] != int32(place) {
					members[group] = append(m, int32(place))
				}
			}
		}
	}
	return members
}

// evidence is the counted assessments of every group, by id.
func (s *sample) evidence(g *grouping) [][]int32 {
	lists := make([][]int32, len(g.groups))
	for _, counted := range s.counted {
		for _, a := range counted {
			for _, group := range g.of[s.assessments[a].norm] {
				lists[group] = append(lists[group], a)
			}
		}
	}
	for _, l := range lists {
		slices.Sort(l) // assessments are kept by id
	}
	return lists
}

// ids names assessments.
func (o *Observations) ids(assessments []int32) []string {
	names := make([]string, len(assessments))
	for i, a := range assessments {
		names[i] = o.assessments[a].id
	}
	return names
}

// containing is, for every group, the visible agreements that contain a norm of
// it, ascending; total is how many contain any norm at all.
func (s *sample) containing(g *grouping) (lists [][]int32, total int) {
	lists = make([][]int32, len(g.groups))
	for i, provisions := range s.contains {
		if !s.visible(s.agreements[i]) || len(provisions) == 0 {
			continue
		}
		total++
		for _, p := range provisions {
			for _, group := range g.of[p.norm] {
				if l := lists[group]; len(l) == 0 || l[len(l)-1] != int32(i) {
					lists[group] = append(l, int32(i))
				}
			}
		}
	}
	return lists, total
}
