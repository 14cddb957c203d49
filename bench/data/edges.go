package data

import (
	"fmt"
	"math"
	"slices"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// meanDegree is the mean number of relationships that a node at the start has,
// for relationships that are many on both sides.
var meanDegree = map[string]int{"CONTAINS": 12, "EXPRESSES": 2, "RELATES_TO": 4, "DISCUSSES": 3, "RANKS": 5}

// edges joins the nodes of one pair of types, with distinct pairs.
func (g *generator) edges(r *catalog.Relationship, e catalog.Ends) ([]store.Edge, error) {
	name := e.From.Name + " " + r.Type + " " + e.To.Name
	src := &edgeMaker{values: &values{Rand: g.stream(name), words: newWords(), rare: 1}, r: r}
	from, to := g.ids[e.From], g.ids[e.To]
	if needed, ok := single(r, e.From, e.To, true); ok {
		for _, f := range from {
			if needed || src.IntN(10) > 0 {
				src.add(f, to[zipfHalf(src.Rand, len(to))], "")
			}
		}
		return src.rows, nil
	}
	if needed, ok := single(r, e.To, e.From, false); ok {
		for _, t := range to {
			if needed || src.IntN(10) > 0 {
				src.add(from[zipfHalf(src.Rand, len(from))], t, "")
			}
		}
		return src.rows, nil
	}
	mean, ok := meanDegree[r.Type]
	if !ok {
		return nil, fmt.Errorf("the benchmark does not know how many %s relationships there should be; add it to meanDegree", r.Type)
	}
	for _, f := range from {
		// Between two thirds and four thirds of the mean.
		want := mean*2/3 + src.IntN(mean*2/3+1)
		for _, i := range distinct(want, len(to), func() int { return zipfHalf(src.Rand, len(to)) }) {
			if to[i] != f {
				src.add(f, to[i], "")
			}
		}
	}
	return src.rows, nil
}

// secondRole is how many signatures come with one more of the same signatory.
const secondRole = 100

// signed spreads total signatures over the agreements: a few, drawn from all of
// them, have very many signatories. The rank k of popularity has a weight of
// 1/k^0.9, which gives the first a tenth of all signatures, and never more than
// all signatories.
func (g *generator) signed(r *catalog.Relationship, signatories, agreements []string, total int) []store.Edge {
	src := &edgeMaker{values: &values{Rand: g.stream(r.Type), words: newWords(), rare: 1}, r: r}
	src.rows = make([]store.Edge, 0, total)
	weights, sum := make([]float64, len(agreements)), 0.0
	for k := range weights {
		weights[k] = math.Pow(float64(k+1), -0.9)
		sum += weights[k]
	}
	order := src.Perm(len(agreements))
	for k, left := 0, total; left > 0; k = (k + 1) % len(order) {
		// What rounding leaves over goes to the agreements after the first round.
		want := min(left, max(1, int(weights[k]/sum*float64(total))), len(signatories)/2)
		for _, i := range distinct(want, len(signatories), func() int { return src.IntN(len(signatories)) }) {
			if left == 0 {
				break
			}
			round := fmt.Sprintf("%d", (total - left)) // the row's identity
			src.add(signatories[i], agreements[order[k]], round)
			left--
			if left > 0 && src.IntN(secondRole) == 0 {
				src.add(signatories[i], agreements[order[k]], round+"b")
				left--
			}
		}
	}
	return src.rows
}

type edgeMaker struct {
	*values
	r    *catalog.Relationship
	rows []store.Edge
}

func (m *edgeMaker) add(from, to, key string) {
	m.rows = append(m.rows, store.Edge{From: from, To: to, Key: key, Values: m.row(m.r.Properties, "", len(m.rows))})
}

// distinct draws up to want different numbers below n, ascending.
func distinct(want, n int, draw func() int) []int {
	want = min(want, n)
	seen := make(map[int]bool, want)
	out := make([]int, 0, want)
	for tries := 0; len(out) < want && tries < 20*want; tries++ {
		if i := draw(); !seen[i] {
			seen[i] = true
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return out
}

// single reports whether nodes of the owner reach at most one node by r (ok),
// and whether they must (needed).
func single(r *catalog.Relationship, owner, target *catalog.Node, out bool) (needed, ok bool) {
	for _, rel := range owner.Relations {
		if rel.Relationship == r && rel.Target == target && rel.Out == out && !rel.List {
			return rel.NonNull, true
		}
	}
	return false, false
}
