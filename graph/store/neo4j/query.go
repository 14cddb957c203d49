package neo4j

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"go.uber.org/zap"

	"normgraph/graph/plan"
	"normgraph/graph/row"
	"normgraph/graph/store"
)

// How long a read tries. A write that is under way passes within
// milliseconds; a server that returns may have left dead connections behind.
const (
	maxRetries     = 2
	maxUnsettled   = 5 * time.Second
	unsettledPause = 2 * time.Millisecond // doubled up to the next
	longestPause   = 64 * time.Millisecond
)

// Query answers p with one statement; see store.Store. A statement is sent
// again when the server is briefly away, or when a write went on meanwhile.
func (s *Store) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.work.Done()
	if err := s.contact(ctx); err != nil {
		return nil, fault(ctx, err)
	}
	text, params := Compile(p)
	values, now, err := s.settled(ctx, text, params)
	if err != nil {
		return nil, fault(ctx, err)
	}
	res := &store.Result{Revision: now.revision, Roots: make([]row.Rows, len(p.Roots))}
	for i := range p.Roots {
		res.Roots[i] = row.Values(values[fixedColumns+i])
	}
	return res, nil
}

// settled runs a statement of readBefore and readAfter until all of its reading
// is of one revision.
func (s *Store) settled(ctx context.Context, text string, params map[string]any) ([]any, state, error) {
	start := time.Now()
	for wait := unsettledPause; ; wait = min(2*wait, longestPause) {
		values, now, err := s.attempt(ctx, text, params)
		var moving *unsettled
		if !errors.As(err, &moving) {
			return values, now, err
		}
		if time.Since(start) > maxUnsettled {
			return nil, now, errMoving
		}
		if moving.abandoned != "" {
			s.clear(ctx, moving.abandoned)
		}
		if err := pause(ctx, wait); err != nil {
			return nil, now, err
		}
	}
}

func (s *Store) attempt(ctx context.Context, text string, params map[string]any) ([]any, state, error) {
	record, err := s.read(ctx, text, params)
	if err != nil {
		return nil, state{}, err
	}
	if record == nil {
		return nil, state{}, errEmpty
	}
	after, err := readState(record[2])
	if err != nil {
		return nil, after, err
	}
	if err := after.refusal(); err != nil {
		return nil, after, err
	}
	if err := oneRevision(record[0], record[1], after.revision.Number); err != nil {
		return nil, after, err
	}
	s.mu.Lock()
	s.seen, s.seenAt = after.revision, time.Now()
	s.mu.Unlock()
	return record, after, nil
}

// read runs one statement in a read session and gives its only record, nil when
// there is none.
func (s *Store) read(ctx context.Context, text string, params map[string]any) ([]any, error) {
	for try := 0; ; try++ {
		record, err := s.readOnce(ctx, text, params)
		if err == nil || try == maxRetries || ctx.Err() != nil || !away(err) {
			return record, err
		}
		s.log.Debug("read tried again", zap.Int("try", try+1), zap.Error(err))
		if pause(ctx, time.Duration(50<<try)*time.Millisecond) != nil {
			return nil, err
		}
	}
}

func (s *Store) readOnce(ctx context.Context, text string, params map[string]any) (values []any, err error) {
	err = s.run(ctx, neo4j.AccessModeRead, func(ctx context.Context, session neo4j.SessionWithContext, options ...txOption) error {
		result, err := session.Run(ctx, text, params, options...)
		if err != nil {
			return err
		}
		for result.Next(ctx) {
			if values != nil {
				return errors.New("neo4j: more than one marker node")
			}
			values = result.Record().Values
		}
		return result.Err()
	})
	return values, err
}

// pause waits for d, more or less, or for the end of ctx.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d/2 + rand.N(d))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
