package plan

import (
	"fmt"

	"normgraph/graph/input"
)

// InputError is a mistake in an argument; it refuses the whole request.
type InputError = input.Error

// LimitError says that an operation asks for more than it may.
type LimitError struct {
	Limit              string // "depth", "selections", "rows", "worst-case rows"
	Requested, Maximum int64
	Advice             string
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("the operation asks for %d %s; at most %d are allowed; %s", e.Requested, e.Limit, e.Maximum, e.Advice)
}
