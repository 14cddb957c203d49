package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"normgraph/graph/row"
)

// root is what the request's statement gave for the root field being resolved.
func root(ctx context.Context) (any, error) {
	st, ok := ctx.Value(stateKey{}).(*state)
	if !ok {
		return nil, fmt.Errorf("the operation was not planned")
	}
	alias := graphql.GetFieldContext(ctx).Field.Alias
	v, planned := st.values[alias]
	if !planned {
		return nil, fmt.Errorf("root field %q was not planned", alias)
	}
	return v, st.errs[alias]
}

// rootMany returns the planned list of a root field; unknown ids are nil.
func rootMany[T any](ctx context.Context) ([]T, error) {
	v, err := root(ctx)
	if err != nil {
		return nil, err
	}
	list, _ := v.([]row.Entity)
	out := make([]T, len(list))
	for i, e := range list {
		if e != nil {
			out[i] = e.(T)
		}
	}
	return out, nil
}

// rootOne returns the planned value of a root field, or the zero value.
func rootOne[T any](ctx context.Context) (T, error) {
	var zero T
	v, err := root(ctx)
	if err != nil || v == nil {
		return zero, err
	}
	return v.(T), nil
}
