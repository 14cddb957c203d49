package continuity

import (
	"cmp"
	"slices"
	"strings"
)

// expertMember is the role that by default commits nobody: experts sit in a
// group in their own name.
const expertMember = "EXPERT_MEMBER"

// CommitmentArgs are the arguments of commitments.
type CommitmentArgs struct {
	Signatory string
	Roles     []string // nil is all but EXPERT_MEMBER
	Matches   []Match  // nil is EXACT, CLOSE and NARROWER
}

// Commitments is what a signatory stands behind.
type Commitments struct {
	// CoreIdeas are ordered by the number of agreements descending, then id.
	CoreIdeas []Commitment
	// Other are the norms that lead to no core idea, which would else be lost;
	// same order.
	Other []Commitment
}

// Commitment is a core idea, or a norm without one, with every path to it: by
// the agreement's day and id, role, signature, norm, provision, match.
type Commitment struct {
	Norm  string
	Paths []CommitmentPath
}

// CommitmentPath is a signature under an agreement that contains a norm, and the
// mapping from it; Match is empty if the norm is the core idea itself.
type CommitmentPath struct {
	Signature
	Provision
	Match Match
}

// Commitments follows the signatures of one signatory to norms and core ideas.
// A signatory without signatures in the table has none.
func (o *Observations) Commitments(args CommitmentArgs) (*Commitments, error) {
	set, err := codeSet("matches", matches, args.Matches, defaultMatches)
	if err != nil {
		return nil, err
	}
	ideas, others := make([]Commitment, len(o.norms)), make([]Commitment, len(o.norms))
	for _, s := range o.commitmentSignatures(args) {
		for _, p := range o.contains[o.place[s.Agreement].pos] {
			path := CommitmentPath{Signature: s, Provision: *p.Provision}
			reached := o.norms[p.norm].Level == CoreIdea
			if reached {
				ideas[p.norm].Paths = append(ideas[p.norm].Paths, path)
			}
			for _, e := range o.expresses[p.norm] {
				if set&(1<<e.match) != 0 {
					reached = true
					path.Match = matches[e.match]
					ideas[e.idea].Paths = append(ideas[e.idea].Paths, path)
				}
			}
			if !reached {
				others[p.norm].Paths = append(others[p.norm].Paths, path)
			}
		}
	}
	return &Commitments{o.committed(ideas), o.committed(others)}, nil
}

// commitmentSignatures are those asked for, by agreement, role, key.
func (o *Observations) commitmentSignatures(args CommitmentArgs) []Signature {
	var list []Signature
	for _, s := range o.signatures {
		wanted := slices.Contains(args.Roles, s.Role)
		if args.Roles == nil {
			wanted = s.Role != expertMember
		}
		if s.Signatory == args.Signatory && wanted {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b Signature) int {
		return cmp.Or(cmp.Compare(o.place[a.Agreement].pos, o.place[b.Agreement].pos), strings.Compare(a.Role, b.Role))
	})
	return list
}

// committed names and orders the commitments, by norm, that have a path.
func (o *Observations) committed(byNorm []Commitment) []Commitment {
	var list []Commitment
	for i, c := range byNorm {
		if len(c.Paths) > 0 {
			list = append(list, Commitment{o.norms[i].ID, c.Paths})
		}
	}
	agreements := func(c Commitment) int { // paths are grouped by agreement
		n := 0
		for i, p := range c.Paths {
			n += btoi(i == 0 || p.Signature.Agreement != c.Paths[i-1].Signature.Agreement)
		}
		return n
	}
	slices.SortStableFunc(list, func(a, b Commitment) int { return cmp.Compare(agreements(b), agreements(a)) })
	return list
}
