// Package store says what a backend is: it answers a plan with one statement,
// loads a data set as one revision, and says whether it is ready.
package store

import (
	"context"
	"fmt"
	"time"

	"normgraph/graph/plan"
	"normgraph/graph/row"
)

// Store is a backend. All methods are safe for concurrent use. Errors are
// *Error values with a Code; anything else is an internal fault.
type Store interface {
	// Query answers p with exactly one statement, which reads the revision too.
	// p may have no roots: then only the revision is read. ctx ends the
	// statement in the store. Errors: Unavailable (store away, loading, empty),
	// Timeout (ctx done); ErrTooLong where the backend minds p.MaxBytes.
	Query(ctx context.Context, p *plan.Plan) (*Result, error)
	// Info describes the current revision: corpus, counts, degrees. It is read
	// again only when the revision has moved. Errors as Query.
	Info(ctx context.Context) (*Info, error)
	// Load writes d as one new revision. See LoadOptions. A load that changes
	// nothing makes no revision and says so in its report. Beside d it keeps a
	// few bytes of memory for a row. After a failed or
	// killed load the store answers from the old revision or is Unavailable,
	// never from a part of d. Errors: Conflict (not an empty store and no mode
	// given, or a store that is not ours), Unavailable, Timeout.
	Load(ctx context.Context, d *Dataset, o LoadOptions) (*LoadReport, error)
	// Read calls f once with the rows of the current revision, which has the
	// number 0 and no rows while nothing was loaded. Errors: Unavailable (also
	// when a load has ended meanwhile, after f), Timeout, and those of f.
	Read(ctx context.Context, f func(Revision, Rows) error) error
	// Close waits for running statements and frees everything.
	Close() error
}

// Result is the answer to one plan.
type Result struct {
	Revision Revision
	Roots    []row.Rows // one per plan root, same order
}

// Revision names one state of the data.
type Revision struct {
	Number  int64     // 1, 2, …
	Content string    // hex SHA-256 of the data set; equal data, equal content
	Store   string    // random id of this store, made when it was created
	Loaded  time.Time // when the revision was made
}

// LoadMode says what happens to nodes and relationships the store has already.
type LoadMode uint8

// The modes.
const (
	LoadEmpty   LoadMode = iota // only into a store that holds nothing; else Conflict
	LoadMerge                   // add and update; see Merge
	LoadReplace                 // afterwards the store holds exactly the data set
)

// LoadOptions steer Load.
type LoadOptions struct {
	Mode LoadMode
	// Rename lets a merge give the store the name of the data set's corpus; else
	// that becomes a source of the store's. See Corpus.Merged.
	Rename bool
	// Base, unless 0, is the number of the revision that the data was checked
	// against: Conflict when another one is current.
	Base int64
	// Approve, if set, is asked before a replacing load deletes nodes, with their
	// number and that of all nodes stored. Its error ends the load, which has then
	// changed nothing.
	Approve func(deleted, stored int) error
	// Progress, if set, is called with the rows written so far and the total.
	Progress func(done, total int)
}

// CheckBase refuses data that was checked against another revision than the
// current one.
func (o LoadOptions) CheckBase(current int64) error {
	if o.Base == 0 || o.Base == current {
		return nil
	}
	return &Error{Code: Conflict, Message: fmt.Sprintf("the data was checked against revision %d and the store is at %d; run load again", o.Base, current)}
}

// LoadReport tells what a load did.
type LoadReport struct {
	Changed                                  bool // false: the store held exactly this already
	NodesCreated, NodesUpdated, NodesDeleted int
	EdgesCreated, EdgesUpdated, EdgesDeleted int
	Revision                                 Revision
}

// Wrote reports whether some row was written or deleted.
func (r *LoadReport) Wrote() bool {
	return r.NodesCreated+r.NodesUpdated+r.NodesDeleted+r.EdgesCreated+r.EdgesUpdated+r.EdgesDeleted > 0
}
