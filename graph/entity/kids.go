// Package entity is what generated models are made of: leaves that are set from
// rows, and composite values that gqlgen's executor finds by response key. It
// stands apart from package row so that stores, which read rows, do not depend
// on gqlgen.
package entity

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"normgraph/graph/row"
)

// Kid is one composite value of an entity: a row.Entity, a []row.Entity, or nil.
type Kid struct {
	Alias string // response key
	Value any
}

// Kids are the composite values of one entity. Generated models embed them, so
// that one field asked for under several aliases has a value for each.
type Kids []Kid

// Bind keeps a value under its response key.
func (k *Kids) Bind(alias string, value any) { *k = append(*k, Kid{alias, value}) }

// Many returns the list bound to the response key of the field being resolved;
// nil elements stay nil. It is an error when nothing was bound to it.
func Many[T any](ctx context.Context, kids Kids) ([]T, error) {
	value, err := kids.find(ctx)
	if err != nil || value == nil {
		return nil, err
	}
	list, ok := value.([]row.Entity)
	if !ok {
		return nil, fmt.Errorf("a list was planned as %T", value)
	}
	out := make([]T, len(list))
	for i, e := range list {
		if out[i], err = as[T](e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// One returns the entity bound to the response key of the field being
// resolved, or the zero value for null. It is an error when nothing was bound.
func One[T any](ctx context.Context, kids Kids) (T, error) {
	value, err := kids.find(ctx)
	if err != nil {
		var zero T
		return zero, err
	}
	return as[T](value)
}

func (k Kids) find(ctx context.Context) (any, error) {
	alias := graphql.GetFieldContext(ctx).Field.Alias
	for i := range k {
		if k[i].Alias == alias {
			return k[i].Value, nil
		}
	}
	return nil, fmt.Errorf("field %q was not planned", alias)
}

func as[T any](value any) (T, error) {
	t, ok := value.(T)
	if !ok && value != nil {
		return t, fmt.Errorf("a %T was planned as %T", t, value)
	}
	return t, nil
}
