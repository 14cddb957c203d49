package analysis

import (
	"context"
	"slices"

	"normgraph/graph/continuity"
	"normgraph/graph/input"
	"normgraph/graph/plan"
)

func (e *Engine) commitments(f *plan.Field) *question {
	a := args(f.Args)
	in := continuity.CommitmentArgs{Signatory: a.text("signatory"), Roles: texts[string](a, "roles"), Matches: texts[continuity.Match](a, "matches")}
	return inquiry[*agreed, *continuity.Commitments]{
		field: f, source: e.agreements(),
		blank: &agreed{blank(continuity.Table{}).Observations, map[string]bool{in.Signatory: true}},
		compute: func(_ context.Context, t *agreed, _ func()) (*continuity.Commitments, error) {
			if !t.signatories[in.Signatory] {
				return nil, input.Errorf(f.Path+"(signatory:)", "no signatory has the id %q", in.Signatory)
			}
			return t.Commitments(in)
		},
		view: func(_ *agreed, c *continuity.Commitments) any {
			list := slices.Concat(c.CoreIdeas, c.Other)
			return connected{
				n: len(list),
				position: func(i int) []any {
					other := int64(0)
					if i >= len(c.CoreIdeas) {
						other = 1
					}
					return []any{other, -int64(agreementsOf(list[i])), list[i].Norm}
				},
				node: func(i int) any { return viewCommitment(&list[i]) },
			}
		},
	}.question()
}

// agreementsOf counts the agreements behind a commitment, whose paths are
// grouped by them.
func agreementsOf(c continuity.Commitment) int {
	n, last := 0, ""
	for _, p := range c.Paths {
		if p.Signature.Agreement != last {
			n, last = n+1, p.Signature.Agreement
		}
	}
	return n
}

func viewCommitment(c *continuity.Commitment) object {
	return view(c, own{
		"coreIdea": func() any { return node(c.Norm) },
		"paths": func() any {
			return each(c.Paths, func(p *continuity.CommitmentPath) object {
				return view(p, own{"agreement": func() any { return node(p.Signature.Agreement) }})
			})
		},
	})
}
