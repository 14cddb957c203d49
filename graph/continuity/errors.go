package continuity

import (
	"context"
	"fmt"
)

// InputError says that an argument makes no sense. Argument is its GraphQL
// name, Message a plain sentence for the client.
type InputError struct{ Argument, Message string }

func (e *InputError) Error() string { return e.Argument + ": " + e.Message }

func badInput(argument, format string, args ...any) error {
	return &InputError{argument, fmt.Sprintf(format, args...)}
}

// LimitError says that a request needs more work or room than is allowed.
type LimitError struct {
	Limit              string // its name, such as rankedGroups
	What               string // is counted, in words
	Requested, Maximum int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%s: %d asked, at most %d allowed", e.What, e.Requested, e.Maximum)
}

func checkLimit(limit, what string, requested, maximum int) error {
	if requested > maximum {
		return &LimitError{limit, what, int64(requested), int64(maximum)}
	}
	return nil
}

// maxSteps bounds the elementary steps of one computation: tens of seconds on
// one core at the very most.
const maxSteps = 20_000_000_000

// stopped reports a cancelled context as an error that keeps the cause.
func stopped(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}
