package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"normgraph/graph"
	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
	"normgraph/seed"
	"normgraph/server/httpapi"
)

// held tells the alias of each statement's first root, and ends it when it may go on.
type held struct {
	store.Store
	begun  chan string
	goesOn chan struct{}
}

func (h *held) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	if h.begun != nil {
		h.begun <- p.Roots[0].Alias
		<-h.goesOn
	}
	return h.Store.Query(ctx, p)
}

// TestBystander: eight clients, one of them a /64 of many addresses, keep all places
// and the queue full. Another that asks a hundred times is never refused, is next
// whenever a place is free, and is not charged for waiting; what is kept it gets
// without waiting.
func TestBystander(t *testing.T) {
	st, err := sqlite.Open(t.Context(), graph.Catalog(), sqlite.Memory)
	must(err)
	defer func() { must(st.Close()) }()
	data, err := seed.Read(seed.Bundled(), graph.Catalog())
	must(err)
	_, err = st.Load(t.Context(), data, store.LoadOptions{})
	must(err)
	synctest.Test(t, func(t *testing.T) {
		slow := &held{Store: st}
		service, err := graph.New(slow, graph.Options{Limits: graph.DefaultLimits(), CacheBytes: 1 << 20, Requests: 8, Statements: 1})
		must(err)
		o := options(service)
		o.Rate = httpapi.Rate{PerSecond: 1, Burst: 1_000_000}
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")} // httptest's client
		h := httpapi.New(o)
		ask := func(client, document string) *httptest.ResponseRecorder {
			return send(h, "POST", "/graphql", `{"query":"{`+document+`}"}`, header{"Content-Type": plainJSON, "X-Forwarded-For": client})
		}
		const stranger, kept = "198.51.100.1", "kept: norms(limit: 1) { id }"
		if w := ask(stranger, kept); w.Code != http.StatusOK {
			t.Fatal(w.Body)
		}
		slow.begun, slow.goesOn = make(chan string), make(chan struct{})
		asked := 0
		flood := func(n int) {
			for range n {
				asked++
				from := fmt.Sprintf("203.0.113.%d", asked%8)
				if asked%8 == 0 {
					from = fmt.Sprintf("2001:db8:1:2::%x", asked)
				}
				go ask(from, fmt.Sprintf("flood%d: norms(limit: 1) { id }", asked))
			}
			synctest.Wait()
		}
		next := func() string {
			slow.goesOn <- struct{}{}
			return <-slow.begun
		}
		flood(200)
		<-slow.begun
		for range 32 { // each has its turns
			time.Sleep(100 * time.Millisecond)
			next()
			flood(8)
		}
		done := make(chan *httptest.ResponseRecorder)
		for n := range 100 {
			go func() { done <- ask(stranger, fmt.Sprintf("stranger%d: norms(limit: 1) { id }", n)) }()
			time.Sleep(600 * time.Millisecond)
			if w := ask(stranger, kept); w.Code != http.StatusOK {
				t.Fatalf("what is kept: %d %s", w.Code, w.Body)
			}
			turns := 0
			for ; !strings.HasPrefix(next(), "stranger"); turns++ {
				flood(8)
			}
			if turns > 1 { // one may hold the request's place, the next the statement's
				t.Fatalf("request %d came after %d others", n, turns)
			}
			slow.goesOn <- struct{}{}
			if w := <-done; w.Code != http.StatusOK {
				t.Fatalf("request %d: %d %s", n, w.Code, w.Body)
			}
			<-slow.begun
			flood(16)
		}
		var left, full int
		_, err = fmt.Sscanf(ask(stranger, kept).Header().Get("RateLimit"), `"points";r=%d;t=%d`, &left, &full)
		must(err)
		// 202 requests for 20 points, and some 23 for the statement and the row of each
		// that is not kept; a point comes back in a second.
		if spent := 1_000_000 - left; spent < 6000 || spent > 6500 {
			t.Errorf("the stranger has spent %d points", spent)
		}
		over := make(chan struct{})
		go func() {
			for {
				select {
				case <-slow.begun:
					slow.goesOn <- struct{}{}
				case <-over:
					return
				}
			}
		}()
		slow.goesOn <- struct{}{}
		time.Sleep(5 * time.Second)
		close(over)
	})
}
