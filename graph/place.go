package graph

import (
	"context"

	"normgraph/graph/gate"
)

// place is one request's among those that are answered. It is taken when the first
// work is to be done: what is kept is answered when all are taken, too.
type place struct {
	gate  *gate.Gate
	given func() // nil: not taken
}

// take waits for the place, once. Errors: those of Gate.Enter.
func (p *place) take(ctx context.Context) (err error) {
	if p.given == nil {
		p.given, err = p.gate.Enter(ctx)
	}
	return err
}

func (p *place) leave() {
	if p.given != nil {
		p.given()
	}
}
