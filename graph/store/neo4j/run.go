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
	answerTime    = 4 * time.Second        // for the server to answer such a try

	bookmarkTime = 30 * time.Second // after a write; by then all members have it
)

// run does work in a session of its own and closes it. When ctx ends first, the
// server is told to end the work's transaction.
//
// The driver never sees the end of ctx: it would drop the connection in the
// middle of an answer, take the server for away, close all idle connections to
// it, and (5.28.4) write to its routing table without a lock. So work gets a
// context that ends only when the server does not obey.
func (s *Store) run(ctx context.Context, mode neo4j.AccessMode, work func(context.Context, neo4j.SessionWithContext, ...txOption) error) error {
	return s.runAs(ctx, randomID(), mode, work)
}

// runAs is run with the name of the work's transactions.
func (s *Store) runAs(ctx context.Context, id string, mode neo4j.AccessMode, work func(context.Context, neo4j.SessionWithContext, ...txOption) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	lasting, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	defer giveUp()
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
		err = s.terminate(lasting, mode, id, ended, giveUp)
	}
	if mode == neo4j.AccessModeWrite {
		s.mu.Lock()
		s.wroteAt = time.Now()
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
func (s *Store) terminate(ctx context.Context, mode neo4j.AccessMode, id string, ended <-chan error, giveUp func()) error {
	over := make(chan struct{})
	defer close(over)
	s.work.Add(1)
	go func() {
		defer s.work.Done()
		for {
			s.tellToEnd(ctx, mode, id)
			select {
			case <-over:
				return
			case <-time.After(terminatePoll):
			}
		}
	}()
	select {
	case err := <-ended:
		return err
	case <-time.After(terminateTime):
		giveUp()
		return <-ended
	}
}

// tellToEnd asks a member of the transaction's kind to end it. In a cluster a
// member knows its own transactions alone: a write is met at the leader, a read
// by chance, and otherwise ends with its connection.
//
// It is the server that ends a try that takes long: a connection that is cut
// here would take its member out of the driver's routing table.
func (s *Store) tellToEnd(ctx context.Context, mode neo4j.AccessMode, id string) {
	const text = "SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData." + idKey + " = $id" +
		" TERMINATE TRANSACTIONS id YIELD message RETURN message"
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	session := s.session(ctx, mode)
	// An error is seen by the work not ending.
	if result, err := session.Run(ctx, text, map[string]any{"id": id}, neo4j.WithTxTimeout(terminateTime)); err == nil {
		_, _ = result.Consume(ctx)
	}
	_ = session.Close(ctx)
}

// session begins with the bookmarks of our writes, so that no member answers
// from before them. They are carried for a while only: a server that was put
// back to a backup never reaches them.
func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	c := neo4j.SessionConfig{AccessMode: mode, DatabaseName: s.database}
	s.mu.Lock()
	past := time.Since(s.wroteAt) > bookmarkTime
	if mode == neo4j.AccessModeWrite {
		if past {
			s.bookmarks = neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{})
		}
		s.wroteAt = time.Now()
		c.BookmarkManager = s.bookmarks // which keeps those of this session
	} else if !past {
		c.Bookmarks, _ = s.bookmarks.GetBookmarks(ctx) // fails only with a supplier
	}
	s.mu.Unlock()
	return s.driver.NewSession(ctx, c)
}
