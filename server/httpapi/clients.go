package httpapi

import (
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"golang.org/x/time/rate"

	"normgraph/graph"
	"normgraph/graph/gate"
)

// What a request costs one client, in points.
const (
	requestPoints     = 20 // at its start
	rowPoints         = 1  // per row that it is expected to read, before it reads them
	millisecondPoints = 10 // of the time for which it was worked, afterwards
)

// trackedClients bounds how many clients are remembered: beyond it those seen
// longest ago begin anew.
const trackedClients = 10_000

// Rate says how many points each client has per second, and at most at once.
type Rate struct {
	PerSecond, Burst int
}

// clients holds the points of each.
type clients struct {
	Rate
	seen   *lru.Cache[netip.Prefix, *rate.Limiter]
	policy string
}

func newClients(r Rate) *clients {
	seen, err := lru.New[netip.Prefix, *rate.Limiter](trackedClients)
	if err != nil {
		panic(err) // only for a size below 1
	}
	window := max(1, r.Burst/r.PerSecond) // seconds from nothing to all
	return &clients{Rate: r, seen: seen, policy: fmt.Sprintf(`"points";q=%d;w=%d`, r.Burst, window)}
}

// Client is the network that a request comes from: an IPv4 address, or the 64
// bits of IPv6 that one subscriber has. X-Forwarded-For is believed as far as
// trusted proxies wrote it: the client is the last address in it that is none of
// theirs.
func Client(r *http.Request, trusted []netip.Prefix) netip.Prefix {
	peer, _ := netip.ParseAddrPort(r.RemoteAddr)
	at := peer.Addr()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && Within(at, trusted); i-- {
		hop, ok := hopAddr(strings.TrimSpace(hops[i]))
		if !ok {
			break // the proxy before it vouches for no more
		}
		at = hop
	}
	return Network(at)
}

// hopAddr reads an address of X-Forwarded-For. Some proxies write its port behind it,
// or brackets around it.
func hopAddr(text string) (netip.Addr, bool) {
	if at, err := netip.ParseAddrPort(text); err == nil {
		return at.Addr(), true
	}
	at, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	return at, err == nil
}

// Network is the part of an address that stands for one client.
func Network(at netip.Addr) netip.Prefix {
	at = at.Unmap().WithZone("")
	bits := at.BitLen()
	if at.Is6() {
		bits = 64
	}
	p, _ := at.Prefix(bits) // the zero address gives the zero prefix
	return p
}

// Within reports whether an address is in one of the networks.
func Within(at netip.Addr, networks []netip.Prefix) bool {
	at = at.Unmap().WithZone("")
	for _, n := range networks {
		if n.Contains(at) {
			return true
		}
	}
	return false
}

func (c *clients) limiter(client netip.Prefix) *rate.Limiter {
	if l, ok := c.seen.Get(client); ok {
		return l
	}
	l := rate.NewLimiter(rate.Limit(c.PerSecond), c.Burst)
	if old, ok, _ := c.seen.PeekOrAdd(client, l); ok {
		return old
	}
	return l
}

// tell sets the fields of draft-ietf-httpapi-ratelimit-headers.
func (c *clients) tell(h http.Header, l *rate.Limiter) {
	left := max(0, l.Tokens())
	full := (float64(c.Burst) - left) / float64(c.PerSecond)
	h.Set("RateLimit-Policy", c.policy)
	h.Set("RateLimit", fmt.Sprintf(`"points";r=%d;t=%d`, int(left), int(math.Ceil(full))))
}

// take spends points, or says how many seconds later it could.
func (c *clients) take(l *rate.Limiter, points float64) (wait int, ok bool) {
	n := int(math.Min(math.Ceil(points), float64(c.Burst))) // so that a full purse pays for anything
	if l.AllowN(time.Now(), n) {
		return 0, true
	}
	return max(1, int(math.Ceil((float64(n)-l.Tokens())/float64(c.PerSecond)))), false
}

// fair refuses clients that have spent their points.
func (a *api) fair(next http.Handler) http.Handler {
	if a.Rate.PerSecond == 0 {
		return next
	}
	c := newClients(a.Rate)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case path == "/livez", path == "/readyz", strings.HasPrefix(path, "/assets/"):
			next.ServeHTTP(w, r)
			return
		}
		l := c.limiter(recordOf(r).client)
		wait, ok := c.take(l, requestPoints)
		c.tell(w.Header(), l)
		if !ok {
			e := tooMuch(wait)
			a.refuse(w, r, plainJSON, &refusal{code: graph.CodeRateLimited, message: e.Message, extensions: e.Extensions})
			return
		}
		meter := a.clock.Start()
		defer func() {
			spent := meter.Stop().Seconds() * 1000 * millisecondPoints
			l.ReserveN(time.Now(), int(math.Min(spent, float64(c.Burst)))) // a debt is paid by waiting
		}()
		admit := func(rows float64) error {
			wait, ok := c.take(l, rows*rowPoints)
			c.tell(w.Header(), l)
			if !ok {
				return tooMuch(wait)
			}
			return nil
		}
		r = r.WithContext(gate.WithMeter(graph.WithAdmission(r.Context(), admit), meter))
		r.Body = &slowBody{r.Body, meter}
		next.ServeHTTP(&slowWriter{w, meter}, r)
	})
}

const retryAfter = "retryAfter" // seconds, in extensions

func tooMuch(wait int) *gqlerror.Error {
	return &gqlerror.Error{Message: "this client has asked for too much in a short time; try again in " + strconv.Itoa(wait) + " s",
		Extensions: map[string]any{"code": graph.CodeRateLimited, retryAfter: wait}}
}
