package graph

import (
	"context"

	"normgraph/graph/introspection"
	"normgraph/graph/plan"
)

// What is answered from the schema costs a row for so many values, and is heavy
// from so many values on.
const (
	valuesPerRow = 200
	heavyValues  = 100_000
)

// introspect writes the root fields that the schema answers, by response key,
// when their size is known and admitted. It tells their length.
func (s *Service) introspect(ctx context.Context, fields []*plan.Field) (map[string][]byte, int64, error) {
	direct := map[string][]byte{}
	if len(fields) == 0 {
		return direct, 0, nil
	}
	limits := introspection.Limits{Values: s.limits.Introspection, Bytes: s.limits.Answer}
	size, err := s.described.Measure(ctx, fields, limits)
	if err != nil {
		return nil, 0, err
	}
	if err := admit(ctx, float64(size.Values)/valuesPerRow); err != nil {
		return nil, 0, err
	}
	leave, err := s.store.enter(ctx, size.Values >= heavyValues)
	if err != nil {
		return nil, 0, err
	}
	defer leave()
	buf := make([]byte, 0, size.Bytes)
	for _, f := range fields {
		start := len(buf)
		if buf, err = s.described.Append(ctx, buf, f, limits); err != nil {
			return nil, 0, err
		}
		direct[f.Alias] = buf[start:]
	}
	return direct, size.Bytes, nil
}
