package continuity

import "slices"

// Bounds of the numbers of agreements set side by side.
const (
	maxSimilar  = 100
	maxCompared = 50
)

// TextArgs are the arguments of agreementSimilarity and compareAgreements.
type TextArgs struct {
	IDs     []string // agreements; kept in this order
	GroupBy GroupBy
	Matches []Match // nil is EXACT, CLOSE and NARROWER
}

// Similarity says how far two agreements state the same groups.
type Similarity struct {
	A, B    string // agreements
	Shared  int    // groups in both
	Jaccard Number // in both / in either; null if both are empty
	Overlap Number // in both / in the smaller; null if either is empty
}

// Similarity compares every two of the agreements, in the order given.
func (o *Observations) Similarity(args TextArgs) ([]Similarity, error) {
	agreements, g, _, err := o.texts(args, maxSimilar)
	if err != nil {
		return nil, err
	}
	states := make([][]int32, len(agreements))
	for i, a := range agreements {
		for _, p := range o.contains[a.pos] {
			states[i] = append(states[i], g.of[p.norm]...)
		}
		slices.Sort(states[i])
		states[i] = slices.Compact(states[i])
	}
	var pairs []Similarity
	for i, a := range agreements {
		for j := i + 1; j < len(agreements); j++ {
			shared := len(intersection(states[i], states[j]))
			x, y := len(states[i]), len(states[j])
			pairs = append(pairs, Similarity{
				A: a.id, B: agreements[j].id, Shared: shared,
				Jaccard: ratio(float64(shared), float64(x+y-shared)),
				Overlap: ratio(float64(shared), float64(min(x, y))),
			})
		}
	}
	return pairs, nil
}

// texts reads the arguments.
func (o *Observations) texts(args TextArgs, most int) ([]agreement, *grouping, uint8, error) {
	set, err := codeSet("matches", matches, args.Matches, defaultMatches)
	if err != nil {
		return nil, nil, 0, err
	}
	g, err := o.grouping(args.GroupBy, set)
	if err != nil {
		return nil, nil, 0, err
	}
	if len(args.IDs) > most {
		return nil, nil, 0, badInput("ids", "%d agreements are more than %d", len(args.IDs), most)
	}
	var list []agreement
	for i, id := range args.IDs {
		a, ok := o.place[id]
		if !ok {
			return nil, nil, 0, badInput("ids", "no agreement has the id %q", id)
		}
		if slices.Contains(args.IDs[:i], id) {
			return nil, nil, 0, badInput("ids", "%q comes twice", id)
		}
		list = append(list, a)
	}
	return list, g, set, nil
}
