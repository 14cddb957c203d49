package sqlite

import (
	"errors"
	"io/fs"
	"os"

	"normgraph/graph/store"
)

// place is where the store's file was opened. The engine goes on with a file
// whose name was given to another, and would read and write the other's log.
type place struct {
	path string // "" for a store in memory
	file os.FileInfo
}

// settle notes the file that stands at path now.
func (p *place) settle(path string) error {
	file, err := os.Stat(path)
	if err != nil {
		return unopened(err)
	}
	p.path, p.file = path, file
	return nil
}

// check says when the path leads to another file, or to none.
func (p *place) check() error {
	if p.path == "" {
		return nil
	}
	now, err := os.Stat(p.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errRemoved
	case err == nil && !os.SameFile(p.file, now):
		return errReplaced
	}
	return nil // what else is wrong, a statement will say
}

var (
	errReplaced = &store.Error{Code: store.Unavailable, Message: "the store's file was replaced by another while it was open; restart the service"}
	errRemoved  = &store.Error{Code: store.Unavailable, Message: "the store's file was removed while it was open; put it back, or restart the service to begin a new one"}
)
