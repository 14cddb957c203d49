package analysis

import (
	"normgraph/graph/catalog"
	"normgraph/graph/continuity"
	"normgraph/graph/plan"
	"normgraph/graph/row"
)

// agreed is the table behind figures over agreements and their signatories.
type agreed struct {
	*continuity.Observations
	signatories map[string]bool
}

func (a *agreed) Bytes() int64 { return a.Observations.Bytes() + 64*int64(len(a.signatories)) }

// agreements is that table; it has no arguments.
func (e *Engine) agreements() source[*agreed] {
	signatory := e.catalog.Node("Signatory")
	roots := append(e.statements(), all(signatory, nil, append(stored(signatory, "id"), edges(signatory.Relation("agreements"), nil, "role", "date"))...))
	return source[*agreed]{key: "agreements", roots: roots, read: func(roots []row.Rows) (*agreed, error) {
		open := tableReader()
		var t continuity.Table
		if err := readStatements(&t, open, roots[:2]); err != nil {
			return nil, err
		}
		signatories := map[string]bool{}
		r := open(roots[2])
		r.rows(func() {
			id := r.text()
			signatories[id] = true
			r.edges(true, true, func(agreement, key string) {
				t.Signatures = append(t.Signatures, continuity.Signature{Key: key, Signatory: id, Agreement: agreement, Role: r.text(), Date: r.text()})
			})
		})
		if err := r.Err(); err != nil {
			return nil, err
		}
		o, err := continuity.New(t)
		return &agreed{o, signatories}, err
	}}
}

// ranked is the table behind contributionRanking.
type ranked struct {
	calls    map[string]bool
	rankings map[string][]continuity.Ranking // by call, "" for none
}

func (r *ranked) Bytes() int64 {
	sum := 64 * int64(len(r.calls))
	for _, list := range r.rankings {
		sum += footprint(list)
	}
	return sum
}

func (e *Engine) rankings() source[*ranked] {
	call, contribution := e.catalog.Node("Call"), e.catalog.Node("Contribution")
	roots := []*plan.Select{
		all(call, nil, stored(call, "id")...),
		all(contribution, nil, append(stored(contribution, "id"), end(contribution, "call"), edges(contribution.Relation("rankedNorms"), nil, "rank"))...),
	}
	return source[*ranked]{key: "rankings", roots: roots, read: func(roots []row.Rows) (*ranked, error) {
		open := tableReader()
		t := &ranked{map[string]bool{}, map[string][]continuity.Ranking{}}
		r := open(roots[0])
		r.rows(func() { t.calls[r.text()] = true })
		if err := r.Err(); err != nil {
			return nil, err
		}
		r = open(roots[1])
		r.rows(func() {
			id, call := r.text(), r.end()
			r.edges(true, true, func(norm, _ string) {
				t.rankings[call] = append(t.rankings[call], continuity.Ranking{Contribution: id, Norm: norm, Rank: r.integer()})
			})
		})
		return t, r.Err()
	}}
}

// network is every node and relationship of the graph, without properties.
func (e *Engine) network() source[*continuity.Network] {
	var roots []*plan.Select
	for _, n := range e.catalog.Nodes {
		items := stored(n, "id")
		for _, r := range n.Relations {
			if !covers(r) {
				continue
			}
			if r.List {
				items = append(items, edges(r, nil))
			} else {
				items = append(items, end(n, r.Field))
			}
		}
		roots = append(roots, all(n, nil, items...))
	}
	return source[*continuity.Network]{key: "network", roots: roots, read: e.readNetwork}
}

func (e *Engine) readNetwork(roots []row.Rows) (*continuity.Network, error) {
	open := tableReader()
	var ids []string
	var list []continuity.Edge
	for i, n := range e.catalog.Nodes {
		r := open(roots[i])
		r.rows(func() {
			id := r.text()
			ids = append(ids, id)
			for _, rel := range n.Relations {
				add := func(other, key string) {
					edge := continuity.Edge{Type: rel.Relationship.Type, From: id, To: other, Key: key}
					if !rel.Out {
						edge.From, edge.To = other, id
					}
					list = append(list, edge)
				}
				switch {
				case !covers(rel):
				case rel.List:
					r.edges(rel.Relationship.Parallel(), false, add)
				default:
					if other := r.end(); other != "" {
						add(other, "")
					}
				}
			}
		})
		if err := r.Err(); err != nil {
			return nil, err
		}
	}
	return continuity.NewNetwork(ids, list)
}

// covers reports whether r is the relation by which a relationship between its
// two types is read: of several the first, so that none is read twice.
func covers(r *catalog.Relation) bool {
	from, to := ends(r)
	for _, n := range []*catalog.Node{from, to} {
		for _, x := range n.Relations {
			if f, t := ends(x); x.Relationship == r.Relationship && f == from && t == to {
				return x == r
			}
		}
	}
	return false
}

// ends are the types that r's relationship joins, in its stored direction.
func ends(r *catalog.Relation) (from, to *catalog.Node) {
	if r.Out {
		return r.Owner, r.Target
	}
	return r.Target, r.Owner
}
