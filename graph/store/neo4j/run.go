package neo4j

import (
	"context"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// txOption is an option of a transaction or of an auto-commit statement.
type txOption = func(*neo4j.TransactionConfig)

const (
	idKey         = "normgraph"            // of the transaction's metadata
	terminatePoll = 200 * time.Millisecond // between two tries to end a transaction
	terminateTime = time.Second            // until its connection is given up
)

// run does work in a session of its own and closes it. When ctx ends first, the
// server is told to end the work's transaction.
//
// The driver never sees the end of ctx: it would drop the connection in the
// middle of an answer, take the server for away, close all idle connections to
// it, and (5.28.4) write to its routing table without a lock. So work gets a
// context that ends only when the server does not obey.
func (s *Store) run(ctx context.Context, mode neo4j.AccessMode, work func(context.Context, neo4j.SessionWithContext, ...txOption) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	lasting, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	defer giveUp()
	id := randomID()
	options := []txOption{neo4j.WithTxMetadata(map[string]any{idKey: id})}
	if d, ok := ctx.Deadline(); ok { // in case that our word does not reach the server
		options = append(options, neo4j.WithTxTimeout(max(time.Until(d), time.Millisecond)))
	}
	session := s.session(lasting, mode)
	ended := make(chan error, 1)
	go func() { ended <- work(lasting, session, options...) }()

	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		err = s.terminate(lasting, id, ended, giveUp)
	}
	if mode == neo4j.AccessModeWrite {
		s.mu.Lock()
		if b := session.LastBookmarks(); len(b) > 0 {
			s.bookmarks = b
		}
		s.mu.Unlock()
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if e := session.Close(closing); err == nil {
		err = e
	}
	return err
}

// terminate ends the transaction with the id in the server and waits for the
// end of its work. Work that is not in the server yet is met by a later try.
func (s *Store) terminate(ctx context.Context, id string, ended <-chan error, giveUp func()) error {
	const text = "SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData." + idKey + " = $id" +
		" TERMINATE TRANSACTIONS id YIELD message RETURN message"
	limit := time.Now().Add(terminateTime)
	for time.Now().Before(limit) {
		short, cancel := context.WithDeadline(ctx, limit)
		session := s.session(short, neo4j.AccessModeRead)
		// An error is seen by the work not ending.
		if result, err := session.Run(short, text, map[string]any{"id": id}); err == nil {
			_, _ = result.Consume(short)
		}
		_ = session.Close(short)
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(terminatePoll):
		}
	}
	giveUp()
	return <-ended
}

func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: mode, DatabaseName: s.database, Bookmarks: s.bookmarks})
}
