package entity

import (
	"context"
	"errors"
	"io"
	"math"

	"github.com/99designs/gqlgen/graphql"

	"normgraph/graph/row"
)

// MarshalFloat writes the scalar Float in the form that package row has for it.
func MarshalFloat(f float64) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(_ context.Context, w io.Writer) error {
		if math.IsInf(f, 0) || math.IsNaN(f) {
			return errors.New("the value is too great for a Float")
		}
		_, err := w.Write(row.AppendFloat(nil, f))
		return err
	})
}

// UnmarshalFloat reads an argument.
func UnmarshalFloat(ctx context.Context, v any) (float64, error) {
	return graphql.UnmarshalFloatContext(ctx, v)
}
