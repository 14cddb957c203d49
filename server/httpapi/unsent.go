package httpapi

import (
	"net/http"
	"net/netip"
	"sync"

	"normgraph/graph"
)

// smallAnswer is the size in bytes up to which an answer is always sent: so many
// times the connections that are open at most.
const smallAnswer = 64 << 10

// unsent bounds the bytes of answers that clients have still to take: of all
// together, and to a quarter of that of each. Clients that read slowly would
// otherwise fill the memory.
type unsent struct {
	most    int64
	trusted []netip.Prefix

	mu    sync.Mutex
	bytes int64
	of    map[netip.Prefix]int64
}

func newUnsent(most int64, trusted []netip.Prefix) *unsent {
	return &unsent{most: most, trusted: trusted, of: map[netip.Prefix]int64{}}
}

// take reserves room for an answer to r, which give gives back; nil when there
// is none. One answer always has room. This machine, and proxies that are
// trusted, have no bound of their own.
func (u *unsent) take(r *http.Request, size int) (give func()) {
	n := int64(size)
	if n <= smallAnswer {
		return func() {}
	}
	client := Client(r, u.trusted)
	own := !client.Addr().IsLoopback() && !Within(client.Addr(), u.trusted)
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.bytes+n > max(u.most, n) || own && u.of[client]+n > max(u.most/4, n) {
		return nil
	}
	u.add(client, n)
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.add(client, -n)
	}
}

func (u *unsent) add(client netip.Prefix, n int64) {
	u.bytes += n
	if u.of[client] += n; u.of[client] == 0 {
		delete(u.of, client)
	}
}

// full refuses an answer for which there is no room.
func (a *api) full(w http.ResponseWriter, r *http.Request, media string) {
	w.Header().Del("ETag")
	w.Header().Del("Cache-Control")
	a.refuse(w, r, media, &refusal{code: graph.CodeUnavailable, message: "too many large answers are being sent; try again in a moment, or ask for less"})
}
