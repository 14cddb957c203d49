package input

import "fmt"

// Error is a mistake in a variable or an argument: where it stands and what
// was expected there.
type Error struct {
	Path    string // "agreements(where:).date.gte", "$first"
	Message string
}

func (e *Error) Error() string { return e.Path + ": " + e.Message }

// Errorf makes an Error.
func Errorf(path, format string, args ...any) *Error {
	return &Error{Path: path, Message: fmt.Sprintf(format, args...)}
}
