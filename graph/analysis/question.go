package analysis

import (
	"context"
	"encoding/json"
	"errors"

	"normgraph/graph/continuity"
	"normgraph/graph/plan"
)

// question is one root field with its arguments read.
type question struct {
	field *plan.Field
	// try computes over a table without data: whatever is wrong then is wrong
	// with the arguments.
	try    func() error
	answer func(ctx context.Context, r *run) (any, error) // a value for the writer
}

// inquiry says how a root field comes from a table T by way of a result R.
type inquiry[T, R any] struct {
	field  *plan.Field
	source source[T]
	// variant tells apart results that differ by more than the arguments: by
	// what is selected.
	variant []bool
	blank   T // a table without data, to try the arguments on
	compute func(ctx context.Context, table T, progress func()) (R, error)
	view    func(table T, result R) any
}

func (i inquiry[T, R]) question() *question {
	key := i.key()
	return &question{
		field: i.field,
		try: func() error {
			_, err := i.compute(context.Background(), i.blank, nil)
			return err
		},
		answer: func(ctx context.Context, r *run) (any, error) {
			table, err := load(ctx, r, i.source)
			if err != nil {
				return nil, err
			}
			result, err := get(ctx, r.results, r.scope()+key, func(ctx context.Context) (R, error) {
				leave, err := r.heavy.Enter(ctx)
				if err != nil {
					var none R
					return none, err
				}
				defer leave()
				return i.compute(ctx, table, r.progress)
			})
			if err != nil {
				return nil, err
			}
			return i.view(table, result), nil
		},
	}
}

// key is canonical: arguments in order, without those that only choose a page
// and those that are null.
func (i inquiry[T, R]) key() string {
	args := map[string]any{}
	for name, v := range i.field.Args {
		if v != nil && !(paged(i.field) && (name == "first" || name == "after")) {
			args[name] = v
		}
	}
	text, err := json.Marshal([]any{i.field.Name, args, i.variant, i.source.key})
	if err != nil {
		panic(err) // coerced arguments are JSON
	}
	return string(text)
}

// named turns what package continuity says about an argument into an error of
// the request.
func named(f *plan.Field, err error) error {
	var input *continuity.InputError
	if errors.As(err, &input) {
		return &plan.InputError{Path: f.Path + "(" + input.Argument + ":)", Message: input.Message}
	}
	var limit *continuity.LimitError
	if errors.As(err, &limit) {
		return &plan.LimitError{Limit: limit.Limit, What: limit.What, Requested: limit.Requested, Maximum: limit.Maximum, Advice: "ask for less, or filter more"}
	}
	return err
}
