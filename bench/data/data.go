// Package data makes data sets of any size for the benchmark: the real schema,
// with degrees like those of the corpus.
package data

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// EdgesPerNode is the number of relationships per node of a generated data set.
const EdgesPerNode = 5

// MinNodes is the smallest data set that Generate makes: below it a type would
// have too few nodes for the pages that the benchmark asks for.
const MinNodes = 2000

// perMille is the number of nodes of each type in a thousand; signatories take
// what is left. Every type has at least a few.
var perMille = map[string]float64{
	"Agreement": 30, "Norm": 60, "Incident": 80, "Assessment": 360, "Coder": 0.2,
	"Contribution": 50, "Call": 0.5, "Question": 5, "Answer": 100, "Process": 3,
	"Workstream": 1, "WorkPackage": 4, "Meeting": 3, "Document": 3.3,
}

const (
	filler    = "Signatory"
	fewest    = 4
	fillEdges = "SIGNED" // takes what is missing to EdgesPerNode
)

// Generate makes a data set with the given number of nodes and EdgesPerNode
// times as many relationships. Equal arguments give equal data; the rows of one
// type do not depend on those of another.
func Generate(cat *catalog.Catalog, nodes int, seed uint64) (*store.Dataset, error) {
	if nodes < MinNodes {
		return nil, fmt.Errorf("%d nodes are too few to generate; at least %d are needed", nodes, MinNodes)
	}
	g := &generator{cat: cat, seed: seed, nodes: nodes, ids: map[*catalog.Node][]string{}}
	d := &store.Dataset{Corpus: store.Corpus{Name: "generated", Version: fmt.Sprintf("%d-%d", nodes, seed), Licence: "CC0-1.0"}}
	counts, err := g.counts()
	if err != nil {
		return nil, err
	}
	for _, n := range cat.Nodes {
		d.Nodes = append(d.Nodes, store.NodeSet{Type: n, Rows: g.rows(n, counts[n])})
	}
	left := nodes * EdgesPerNode
	last := -1
	for _, r := range cat.Relationships {
		for _, e := range r.Ends {
			set := store.EdgeSet{Relationship: r, Ends: e}
			if r.Type == fillEdges {
				last = len(d.Edges)
			} else if set.Rows, err = g.edges(r, e); err != nil {
				return nil, err
			}
			left -= len(set.Rows)
			d.Edges = append(d.Edges, set)
		}
	}
	if last < 0 {
		return nil, fmt.Errorf("the schema has no relationship %s", fillEdges)
	}
	set := &d.Edges[last]
	set.Rows = g.signed(set.Relationship, g.ids[set.Ends.From], g.ids[set.Ends.To], left)
	return d, nil
}

type generator struct {
	cat   *catalog.Catalog
	seed  uint64
	nodes int
	ids   map[*catalog.Node][]string
}

// stream is a source of randomness of its own for one part of the data.
func (g *generator) stream(name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(g.seed, h.Sum64()))
}

func (g *generator) counts() (map[*catalog.Node]int, error) {
	counts := map[*catalog.Node]int{}
	left := g.nodes
	for _, n := range g.cat.Nodes {
		share, known := perMille[n.Name]
		if n.Name == filler {
			continue
		}
		if !known {
			return nil, fmt.Errorf("the benchmark does not know how many nodes of type %s there should be; add it to perMille", n.Name)
		}
		counts[n] = max(fewest, int(float64(g.nodes)*share/1000))
		left -= counts[n]
	}
	counts[g.cat.Node(filler)] = left
	return counts, nil
}
