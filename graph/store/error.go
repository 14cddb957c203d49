package store

import (
	"context"
	"errors"
	"fmt"
)

// Code classifies an error for the outside.
type Code string

// The codes a store gives.
const (
	Unavailable Code = "UNAVAILABLE" // away, loading, or empty: try again later
	Timeout     Code = "TIMEOUT"     // the deadline passed or the caller left
	Conflict    Code = "CONFLICT"    // a load or an open that would destroy what is there
)

// ErrTooLong says that a root of a plan is longer than the plan's MaxBytes.
var ErrTooLong = errors.New("a root is longer than the plan allows")

// Error is a fault with a code and a message fit for clients: a sentence that
// names no statement, path or host. Cause is for the log alone.
type Error struct {
	Code    Code
	Message string
	Cause   error
}

func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Message
	}
	return fmt.Sprintf("%s (%v)", e.Message, e.Cause)
}

func (e *Error) Unwrap() error { return e.Cause }

// CodeOf returns the code of the first Error in err's chain, or "".
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Ended turns the end of ctx into a Timeout error; other errors pass unchanged.
func Ended(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return &Error{Code: Timeout, Message: "the request took too long and was stopped; ask for less, or filter more", Cause: err}
}
