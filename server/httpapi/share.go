package httpapi

import (
	"sync"

	"normgraph/graph/gate"
)

// share bounds what all clients together have of something, and what each has: a
// third of what is left. So one client has a quarter at most, eight clients have an
// eleventh each, and there is always some for another.
type share struct {
	most int64

	mu    sync.Mutex
	taken int64
	of    map[gate.Client]int64
}

// take reserves n for a client, which give gives back; nil when there is no room.
// The first, of all or of a client, always has room. The client "" has no bound of
// its own.
func (s *share) take(client gate.Client, n int64) (give func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	own, taken := s.of[client]+n, s.taken+n
	if taken > max(s.most, n) || client != "" && own > max((s.most-taken)/3, n) {
		return nil
	}
	s.add(client, n)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.add(client, -n)
	}
}

func (s *share) add(client gate.Client, n int64) {
	s.taken += n
	if s.of[client] += n; s.of[client] == 0 {
		delete(s.of, client)
	}
}
