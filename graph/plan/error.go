package plan

import (
	"fmt"

	"normgraph/graph/input"
)

// InputError is a mistake in an argument; it refuses the whole request.
type InputError = input.Error

// LimitError says that an operation asks for more than it may.
type LimitError struct {
	Limit              string // the name that clients know it by: docs/limits.md
	What               string // is counted, in words
	Requested, Maximum int64
	Advice             string
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("the operation asks for %d %s; at most %d are allowed; %s", e.Requested, e.What, e.Maximum, e.Advice)
}
