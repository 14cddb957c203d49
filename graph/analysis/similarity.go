package analysis

import (
	"context"
	"slices"

	"normgraph/graph/continuity"
	"normgraph/graph/plan"
)

// textArgs reads the arguments of both fields, and makes a table in which just
// the agreements asked for are known.
func textArgs(f *plan.Field) (continuity.TextArgs, *agreed) {
	a := args(f.Args)
	in := continuity.TextArgs{IDs: texts[string](a, "ids"), GroupBy: continuity.GroupBy(a.text("groupBy")), Matches: texts[continuity.Match](a, "matches")}
	ids := slices.Compact(slices.Sorted(slices.Values(in.IDs)))
	var t continuity.Table
	for _, id := range ids {
		t.Agreements = append(t.Agreements, continuity.Agreement{ID: id, Date: "2000"})
	}
	return in, &agreed{Observations: blank(t).Observations}
}

func (e *Engine) agreementSimilarity(f *plan.Field) *question {
	in, known := textArgs(f)
	return inquiry[*agreed, []continuity.Similarity]{
		field: f, source: e.agreements(), blank: known,
		compute: func(_ context.Context, t *agreed, _ func()) ([]continuity.Similarity, error) { return t.Similarity(in) },
		view:    func(_ *agreed, pairs []continuity.Similarity) any { return each(pairs, viewSimilarity) },
	}.question()
}

func viewSimilarity(s *continuity.Similarity) object {
	return func(f *plan.Field) any {
		switch f.Name {
		case "a":
			return node(s.A)
		case "b":
			return node(s.B)
		case "shared":
			return s.Shared
		case "jaccard":
			return s.Jaccard
		}
		return s.Overlap
	}
}

func (e *Engine) compareAgreements(f *plan.Field) *question {
	in, known := textArgs(f)
	return inquiry[*agreed, *continuity.Comparison]{
		field: f, source: e.agreements(), blank: known,
		compute: func(_ context.Context, t *agreed, _ func()) (*continuity.Comparison, error) { return t.Compare(in) },
		view: func(_ *agreed, c *continuity.Comparison) any {
			return object(func(f *plan.Field) any {
				if f.Name == "agreements" {
					return nodes(c.Agreements)
				}
				return each(c.Rows, viewComparison)
			})
		},
	}.question()
}

func viewComparison(r *continuity.ComparisonRow) object {
	return func(f *plan.Field) any {
		if f.Name != "cells" {
			return viewGroup(f, r.Group)
		}
		return each(r.Cells, func(c *continuity.ComparisonCell) object {
			return func(f *plan.Field) any {
				if f.Name == "agreement" {
					return c.Agreement
				}
				return each(c.Provisions, viewProvision)
			}
		})
	}
}

func viewProvision(p *continuity.StatedProvision) object {
	return func(f *plan.Field) any {
		switch f.Name {
		case "norm":
			return node(p.Norm)
		case "match":
			return optional(p.Match)
		case "locator":
			return optional(p.Locator)
		case "locatorChecked":
			return p.LocatorChecked
		}
		return string(p.Basis)
	}
}

// optional is a text that is null when it is empty.
func optional[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}
