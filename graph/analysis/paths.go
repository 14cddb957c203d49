package analysis

import (
	"context"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/continuity"
	"normgraph/graph/plan"
)

func (e *Engine) paths(f *plan.Field) *question {
	a := args(f.Args)
	in := continuity.PathArgs{From: a.text("from"), To: a.text("to"), MaxLength: a.integer("maxLength"), Via: e.via(a), First: a.integer("first")}
	return inquiry[*continuity.Network, *continuity.PathResult]{
		field: f, source: e.network(), blank: islands(in.From, in.To),
		compute: func(ctx context.Context, n *continuity.Network, _ func()) (*continuity.PathResult, error) {
			return n.Paths(ctx, in)
		},
		view: func(_ *continuity.Network, p *continuity.PathResult) any {
			return view(p, own{"paths": func() any {
				return each(p.Paths, func(p *continuity.Path) object { return view(p, own{"edges": edgesOf(p.Edges)}) })
			}})
		},
	}.question()
}

func (e *Engine) neighborhood(f *plan.Field) *question {
	a := args(f.Args)
	in := continuity.NeighborhoodArgs{ID: a.text("id"), Depth: a.integer("depth"), Via: e.via(a), First: a.integer("first")}
	return inquiry[*continuity.Network, *continuity.Neighborhood]{
		field: f, source: e.network(), blank: islands(in.ID),
		compute: func(ctx context.Context, n *continuity.Network, _ func()) (*continuity.Neighborhood, error) {
			return n.Neighborhood(ctx, in)
		},
		view: func(_ *continuity.Network, n *continuity.Neighborhood) any {
			return view(n, own{"edges": edgesOf(n.Edges)})
		},
	}.question()
}

// via reads values of RelationshipType as steps, nil when all are meant.
func (e *Engine) via(a args) []continuity.Step {
	values := texts[string](a, "via")
	if values == nil {
		return nil
	}
	steps := make([]continuity.Step, len(values))
	for i, v := range values {
		steps[i] = continuity.Step{Type: v}
		if e.catalog.Relationship(v) != nil {
			continue
		}
		if typ, ok := strings.CutSuffix(v, catalog.OutSuffix); ok {
			steps[i] = continuity.Step{Type: typ, Direction: continuity.Outgoing}
		} else {
			steps[i] = continuity.Step{Type: strings.TrimSuffix(v, catalog.InSuffix), Direction: continuity.Incoming}
		}
	}
	return steps
}

// islands is a graph without relationships.
func islands(ids ...string) *continuity.Network {
	if len(ids) == 2 && ids[0] == ids[1] {
		ids = ids[:1]
	}
	n, err := continuity.NewNetwork(ids, nil)
	if err != nil {
		panic(err) // the ids differ
	}
	return n
}

// edgesOf shows relationships, each with what is stored with it.
func edgesOf(edges []continuity.Edge) func() any {
	return func() any {
		return each(edges, func(e *continuity.Edge) object {
			return view(e, own{"properties": func() any { return properties(*e) }})
		})
	}
}
