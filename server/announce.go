package main

import (
	"context"
	"errors"
	"sync/atomic"

	"go.uber.org/zap"

	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// announced is a store whose being away, and coming back, is said in the log:
// once each, whoever notices.
type announced struct {
	store.Store
	log   *zap.Logger
	quiet func() bool // while somebody else says it
	said  atomic.Pointer[string]
}

func (s *announced) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	res, err := s.Store.Query(ctx, p)
	s.heed(err)
	return res, err
}

func (s *announced) Info(ctx context.Context) (*store.Info, error) {
	info, err := s.Store.Info(ctx)
	s.heed(err)
	return info, err
}

func (s *announced) heed(err error) {
	before := s.said.Load()
	var e *store.Error
	switch {
	case err == nil && before != nil:
		if s.said.CompareAndSwap(before, nil) {
			s.log.Info("the store answers again")
		}
	case errors.As(err, &e) && e.Code == store.Unavailable && (before == nil || *before != e.Message) && !s.quiet():
		if s.said.CompareAndSwap(before, &e.Message) {
			s.log.Warn("the store does not answer", zap.String("reason", e.Message), zap.Error(err))
		}
	}
}
