package sqlite

import (
	"context"
	"errors"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"normgraph/graph/store"
)

var (
	errEmpty  = &store.Error{Code: store.Unavailable, Message: "the store holds no corpus yet; run load"}
	errClosed = &store.Error{Code: store.Unavailable, Message: "the store is closed"}
	errStale  = &store.Error{Code: store.Unavailable, Message: "the store was made for another version of the schema or of search; run load --replace to rebuild it"}
)

// code is the engine's primary result code, 0 for other errors.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func busy(err error) bool {
	c := code(err)
	return c == lib.SQLITE_BUSY || c == lib.SQLITE_LOCKED
}

// fault gives an error of the engine its code and a sentence for clients.
// Errors that can only be mistakes in this package stay as they are.
func fault(ctx context.Context, err error) error {
	if err == nil || store.CodeOf(err) != "" {
		return err
	}
	if ctx.Err() != nil {
		return store.Ended(ctx, err)
	}
	away := func(message string) error {
		return &store.Error{Code: store.Unavailable, Message: message, Cause: err}
	}
	switch code(err) {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return away("the store is being written to; try again")
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return away("the store file is damaged; restore it from a copy, or load into a new one")
	case lib.SQLITE_FULL:
		return away("the disk of the store is full")
	case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_PERM, lib.SQLITE_IOERR, lib.SQLITE_AUTH:
		return away("the store file cannot be read or written")
	case lib.SQLITE_NOMEM:
		return away("the store ran out of memory")
	}
	return err
}
