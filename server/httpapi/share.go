package httpapi

import (
	"net/netip"
	"sync"
)

// share bounds what all clients together have of something, and what each has.
type share struct {
	most, each int64
	trusted    []netip.Prefix // proxies

	mu    sync.Mutex
	taken int64
	of    map[netip.Prefix]int64
}

func newShare(most, each int64, trusted []netip.Prefix) *share {
	return &share{most: most, each: each, trusted: trusted, of: map[netip.Prefix]int64{}}
}

// take reserves n for a client, which give gives back; nil when there is no room.
// The first, of all or of a client, always has room. This machine, and proxies that
// are trusted, have no bound of their own.
func (s *share) take(client netip.Prefix, n int64) (give func()) {
	own := !client.Addr().IsLoopback() && !Within(client.Addr(), s.trusted)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken+n > max(s.most, n) || own && s.of[client]+n > max(s.each, n) {
		return nil
	}
	s.add(client, n)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.add(client, -n)
	}
}

func (s *share) add(client netip.Prefix, n int64) {
	s.taken += n
	if s.of[client] += n; s.of[client] == 0 {
		delete(s.of, client)
	}
}
