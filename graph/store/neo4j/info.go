package neo4j

import (
	"context"
	"time"

	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// revisionTrusted is how long a revision that some read has seen is taken for
// the current one: a write by another process is noticed within it.
const revisionTrusted = 500 * time.Millisecond

// Info describes the current revision; see store.Store.
func (s *Store) Info(ctx context.Context) (*store.Info, error) {
	if err := ctx.Err(); err != nil {
		return nil, store.Ended(ctx, err)
	}
	if info := s.cachedInfo(); info != nil {
		return info, nil
	}
	if _, err := s.Query(ctx, &plan.Plan{}); err != nil { // tells the revision
		return nil, err
	}
	if info := s.cachedInfo(); info != nil {
		return info, nil
	}
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.work.Done()
	values, _, err := s.settled(ctx, infoStatement, nil)
	if err != nil {
		return nil, fault(ctx, err)
	}
	info, err := readInfo(values[fixedColumns])
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.info = info
	s.mu.Unlock()
	return info, nil
}

var infoStatement = readBefore + "MATCH (m:" + markerLabel + ") WITH before, m {.*} AS info" + readAfter + ", info"

// cachedInfo is the info at hand when it is known to be current.
func (s *Store) cachedInfo() *store.Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.info == nil || s.info.Revision != s.seen || time.Since(s.seenAt) > revisionTrusted {
		return nil
	}
	return s.info
}
