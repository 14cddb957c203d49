package neo4j

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/graph/store"
)

// Only one load at a time writes to a database, whichever process runs it: it
// holds a lease, written on the marker. Every write transaction of a load takes
// the marker's lock and checks the lease first, so that a loader which lost it
// (its process was stopped for a while, say) cannot write any more.
const (
	leaseTime = 10 * time.Second
	leaseBeat = 2 * time.Second
	leasePoll = 250 * time.Millisecond
)

var errLeaseLost = &store.Error{Code: store.Unavailable, Message: "another load took over; run load again"}

// errForeign keeps a load from mixing with somebody's data.
var errForeign = &store.Error{Code: store.Conflict, Message: "the database holds data that is not ours; use an empty database, or empty this one first"}

// isForeign finds a node without a label of ours.
const isForeign = "RETURN NOT EXISTS { (:" + markerLabel + ") } AND EXISTS { MATCH (n) WHERE none(l IN labels(n) WHERE l STARTS WITH 'Normgraph') }"

// held is the marker as the holder of the lease found it.
type held struct {
	owner   string
	number  int64
	content string
	format  int64
	search  string
	loading string
	store   string
	loaded  string
	corpus  store.Corpus
}

// lease takes the lease for owner, waiting until another holder is done. It
// makes the marker of an empty database.
func (s *Store) lease(ctx context.Context, owner string) (held, error) {
	const text = "MERGE (m:" + markerLabel + " {name: 'current'})" +
		" ON CREATE SET m.number = 0, m.store = $store, m.format = $format" +
		" SET m.lock = $owner" + // takes the node's lock; what follows reads what is committed
		" WITH m WHERE m.owner IS NULL OR m.owner = $owner OR coalesce(m.lease, 0) < timestamp()" +
		" SET m.owner = $owner, m.lease = timestamp() + $ms RETURN m {.*}"
	params := map[string]any{"owner": owner, "store": randomID(), "format": int64(formatVersion), "ms": leaseTime.Milliseconds()}
	for {
		var m map[string]any
		err := s.write(ctx, func(ctx context.Context, tx neo4j.ManagedTransaction) error {
			record, err := single(ctx, tx, text, params)
			if err != nil || record == nil {
				return err
			}
			m = record[0].(map[string]any)
			_, err = single(ctx, tx, "MATCH (f:"+flagLabel+") DELETE f", nil) // their commits held the lock
			return err
		})
		if err != nil {
			return held{}, err
		}
		if m != nil {
			h := held{owner: owner}
			h.number, _ = m["number"].(int64)
			h.format, _ = m["format"].(int64)
			h.search, _ = m["search"].(string)
			h.content, _ = m["content"].(string)
			h.loading, _ = m["loading"].(string)
			h.store, _ = m["store"].(string)
			h.loaded, _ = m["loaded"].(string)
			if text, _ := m["corpus"].(string); text != "" {
				if err := json.Unmarshal([]byte(text), &h.corpus); err != nil {
					return held{}, fmt.Errorf("neo4j: the marker's corpus: %w", err)
				}
			}
			return h, nil
		}
		if err := pause(ctx, leasePoll); err != nil {
			return held{}, err
		}
	}
}

// release gives the lease back; a lost one is left to its holder.
func (s *Store) release(ctx context.Context, owner string) error {
	return s.write(ctx, func(ctx context.Context, tx neo4j.ManagedTransaction) error {
		_, err := single(ctx, tx, "MATCH (m:"+markerLabel+" {owner: $owner}) REMOVE m.owner, m.lease, m.lock", map[string]any{"owner": owner})
		return err
	})
}

// beat prolongs the lease until ctx ends. Beats wait while a transaction of the
// load holds the marker.
func (s *Store) beat(ctx context.Context, owner string) {
	tick := time.NewTicker(leaseBeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.beatOnce(ctx, owner)
		}
	}
}

// beatOnce prolongs the lease. A failed beat is no fault: the transactions of
// the load check. One that is under way when the load ends is let finish.
func (s *Store) beatOnce(ctx context.Context, owner string) {
	last, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(leaseBeat, cancel) })
	defer stop()
	_ = s.write(last, func(ctx context.Context, tx neo4j.ManagedTransaction) error { return owned(ctx, tx, owner) })
}

// owned begins a write transaction of a load: it locks the marker, checks the
// lease and prolongs it. m.by is the owner when the final transaction is
// repeated because the answer to its commit was lost.
func owned(ctx context.Context, tx neo4j.ManagedTransaction, owner string) error {
	record, err := single(ctx, tx, "MATCH (m:"+markerLabel+") SET m.lock = $owner WITH m WHERE m.owner = $owner OR m.by = $owner"+
		" SET m.lease = timestamp() + $ms RETURN m.number", map[string]any{"owner": owner, "ms": leaseTime.Milliseconds()})
	if err == nil && record == nil {
		err = errLeaseLost
	}
	return err
}

// write runs one write transaction; the driver repeats it after transient
// errors, so do must be fit to run twice. do uses the context it is given.
func (s *Store) write(ctx context.Context, do func(context.Context, neo4j.ManagedTransaction) error) error {
	return s.writeAs(ctx, randomID(), do)
}

// writeAs is write with the name by which others can end the transaction.
func (s *Store) writeAs(ctx context.Context, id string, do func(context.Context, neo4j.ManagedTransaction) error) error {
	err := s.runAs(ctx, id, neo4j.AccessModeWrite, func(lasting context.Context, session neo4j.SessionWithContext, options ...txOption) error {
		_, err := session.ExecuteWrite(lasting, func(tx neo4j.ManagedTransaction) (any, error) {
			if err := ctx.Err(); err != nil { // no further try
				return nil, err
			}
			return nil, do(lasting, tx)
		}, options...)
		return err
	})
	var limit *neo4j.TransactionExecutionLimit
	if errors.As(err, &limit) && len(limit.Errors) > 0 {
		return limit.Errors[len(limit.Errors)-1]
	}
	return err
}

// single runs a statement and gives the values of its first record, nil when
// there is none.
func single(ctx context.Context, tx neo4j.ManagedTransaction, text string, params map[string]any) ([]any, error) {
	result, err := tx.Run(ctx, text, params)
	if err != nil {
		return nil, err
	}
	var values []any
	if result.Next(ctx) {
		values = result.Record().Values
	}
	_, err = result.Consume(ctx)
	return values, err
}
