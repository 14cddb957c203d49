package neo4j

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"go.uber.org/zap"

	"normgraph/graph/store"
)

// The server isolates statements no further than to committed data, and a commit
// becomes visible piece by piece: the marker's number may show before a node, a
// node before an index. So a commit that makes a revision stands between two
// transactions of its own: one makes a flag, a node (:NormgraphCommit), when all
// statements of the commit are through; the other deletes it when the commit is
// over. A reader looks for a flag before it reads and after. Without one, and with
// the same number both times, no commit was under way meanwhile. What it looks at
// in which order matters:
//
//   - before: first the number, then the flag. A number that shows too soon is met
//     with its flag.
//   - after: first the flag, then the number. A flag that is gone has left the new
//     number.
//
// A flag is trusted for two seconds: its writer may have died. Whoever finds an
// older one ends the writer's transaction, unless it commits already, and takes
// the marker's lock, which that transaction holds: then the commit is over or will
// never be, and the flag goes.
const (
	flagLabel   = "NormgraphCommit" // by: the write; since: milliseconds of the server's clock
	flagTrusted = 2 * time.Second
	settleTime  = 2 * time.Second // for a writer to take its flag away
	clearTime   = 5 * time.Second // for a reader to take it away
)

var flags = "COLLECT { MATCH (f:" + flagLabel + ") RETURN [f.by, f.since < timestamp() - " + strconv.FormatInt(flagTrusted.Milliseconds(), 10) + "] }"

// Between these two stands what is read, in one WITH or several that keep before.
// Each WITH is read through before the next begins. The record begins with
// fixedColumns columns: before, flags, after.
var (
	readBefore = "MATCH (" + marker + ":" + markerLabel + ") WITH " + marker + ".number AS number WITH [number, EXISTS { (:" + flagLabel + ") }] AS before "
	readAfter  = " WITH *, " + flags + " AS flags MATCH (" + marker + ":" + markerLabel + ") RETURN before, flags, " + marker + " {" + markerState + "} AS after"
)

const fixedColumns = 3

// unsettled says that a commit may have been under way while something was read.
type unsettled struct {
	abandoned string // the write whose flag is too old, if any
}

func (*unsettled) Error() string { return "the data changed while it was read" }

// errMoving is an unsettled that lasts.
var errMoving = &store.Error{Code: store.Unavailable, Message: "the data is being changed; try again"}

// oneRevision gives an unsettled unless all reading was of the revision number.
func oneRevision(before, after any, number int64) error {
	start, _ := before.([]any)
	found, ok := after.([]any)
	if !ok || len(start) != 2 {
		return fmt.Errorf("neo4j: the flags are %T and %T", before, after)
	}
	for _, v := range found {
		if flag := v.([]any); flag[1] == true {
			by, _ := flag[0].(string)
			return &unsettled{abandoned: by}
		}
	}
	if len(found) > 0 || start[0] != number || start[1] != false {
		return &unsettled{}
	}
	return nil
}

// publish writes what makes a revision in one transaction, which readers see as a
// whole or not at all. do may run twice.
func (s *Store) publish(ctx context.Context, owner string, do func(context.Context, neo4j.ManagedTransaction) error) error {
	err := s.writeAs(ctx, owner, func(lasting context.Context, tx neo4j.ManagedTransaction) error {
		if err := owned(lasting, tx, owner); err != nil {
			return err
		}
		if err := do(lasting, tx); err != nil {
			return err
		}
		return s.write(lasting, func(lasting context.Context, tx neo4j.ManagedTransaction) error {
			_, err := single(lasting, tx, "CREATE (:"+flagLabel+" {by: $by, since: timestamp()})", map[string]any{"by": owner})
			return err
		})
	})
	settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if e := s.settle(settling, owner); e != nil {
		s.log.Debug("the flag of a commit stays for readers to clear", zap.Error(e))
	}
	return err
}

// settle deletes the flags of a write once its transaction is over.
func (s *Store) settle(ctx context.Context, by string) error {
	return s.write(ctx, func(ctx context.Context, tx neo4j.ManagedTransaction) error {
		_, err := single(ctx, tx, "MATCH (m:"+markerLabel+") SET m.lock = $by REMOVE m.lock WITH m MATCH (f:"+flagLabel+" {by: $by}) DELETE f", map[string]any{"by": by})
		return err
	})
}

// clear lets one goroutine at a time take an abandoned flag away. It does not wait
// for it.
func (s *Store) clear(ctx context.Context, by string) {
	if !s.clearing.CompareAndSwap(false, true) {
		return
	}
	s.work.Add(1) // within the call of the reader, so that the store is open
	go func() {
		defer s.work.Done()
		defer s.clearing.Store(false)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearTime)
		defer cancel()
		s.log.Warn("a write was abandoned in its commit", zap.String("write", by))
		s.tellToEnd(ctx, neo4j.AccessModeWrite, by)
		if err := s.settle(ctx, by); err != nil {
			s.log.Warn("the flag of an abandoned commit is not cleared", zap.Error(err))
		}
	}()
}
