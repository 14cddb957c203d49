package httpapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"normgraph/graph"
	"normgraph/server/httpapi"
)

func TestClient(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct {
		peer      string
		forwarded []string
		want      string
	}{
		{"192.0.2.1:80", nil, "192.0.2.1/32"},
		{"192.0.2.1:80", []string{"198.51.100.1"}, "192.0.2.1/32"}, // nobody vouches for it
		{"10.0.0.1:80", []string{"198.51.100.1"}, "198.51.100.1/32"},
		{"10.0.0.1:80", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.1/32"}, // what the client wrote itself
		{"10.0.0.1:80", []string{"203.0.113.9", "198.51.100.1,10.9.9.9"}, "198.51.100.1/32"},
		{"10.0.0.1:80", []string{"10.2.2.2"}, "10.2.2.2/32"},
		{"10.0.0.1:80", []string{"198.51.100.1, unknown"}, "10.0.0.1/32"},
		{"10.0.0.1:80", []string{"198.51.100.1:4711"}, "198.51.100.1/32"},
		{"10.0.0.1:80", []string{"[2001:db8:1:2::7]:4711"}, "2001:db8:1:2::/64"},
		{"10.0.0.1:80", []string{"[2001:db8:1:2::7]"}, "2001:db8:1:2::/64"},
		{"10.0.0.1:80", nil, "10.0.0.1/32"},
		{"[::1]:80", []string{"2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::/64"},
		{"[::ffff:10.0.0.1]:80", []string{"::ffff:198.51.100.1"}, "198.51.100.1/32"},
		{"[fe80::1%eth0]:80", nil, "fe80::/64"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		r.Header["X-Forwarded-For"] = c.forwarded
		if got := httpapi.Client(r, trusted); got.String() != c.want {
			t.Errorf("%s %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

func TestRateLimit(t *testing.T) {
	o := options(real)
	o.Rate = httpapi.Rate{PerSecond: 100, Burst: 1000}
	o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")} // httptest's client
	h := httpapi.New(o)
	ask := func(client, document string) *httptest.ResponseRecorder {
		return send(h, "GET", "/graphql?query="+document, "", header{"X-Forwarded-For": client})
	}
	left := func(w *httptest.ResponseRecorder) int {
		_, rest, _ := strings.Cut(w.Header().Get("RateLimit"), `"points";r=`)
		text, _, _ := strings.Cut(rest, ";t=")
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("RateLimit %q", w.Header().Get("RateLimit"))
		}
		return n
	}
	w := ask("198.51.100.1", "{__typename}")
	if w.Header().Get("RateLimit-Policy") != `"points";q=1000;w=10` || left(w) < 970 || left(w) > 980 {
		t.Errorf("%v", w.Header())
	}
	// What an operation is expected to read counts, and is told before it is read.
	w = ask("198.51.100.1", "{norms(limit:20){id}}")
	if w.Code != 200 || left(w) > 960 {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	var limited *httptest.ResponseRecorder
	for range 100 {
		if w := ask("198.51.100.1", "{norms(limit:20){id}}"); w.Code != 200 {
			limited = w
			break
		}
	}
	if limited == nil {
		t.Fatal("a client may ask for everything")
	}
	seconds, err := strconv.Atoi(limited.Header().Get("Retry-After"))
	if limited.Code != 429 || err != nil || seconds < 1 || seconds > 10 || !strings.Contains(limited.Body.String(), `"code":"RATE_LIMITED"`) || strings.Contains(limited.Body.String(), `"data"`) {
		t.Errorf("%d %v %s", limited.Code, limited.Header(), limited.Body)
	}
	if w := ask("198.51.100.2", "{norms(limit:20){id}}"); w.Code != 200 {
		t.Errorf("another client pays for it: %d", w.Code)
	}
	for _, path := range []string{"/livez", "/readyz"} {
		if w := send(h, "GET", path, "", header{"X-Forwarded-For": "198.51.100.1"}); w.Code != 200 || w.Header().Get("RateLimit") != "" {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// The time that an answer took is paid afterwards.
func TestRateLimitByTime(t *testing.T) {
	o := options(scripted(func(context.Context, graph.Request) *graph.Response {
		time.Sleep(30 * time.Millisecond)
		return &graph.Response{Data: json.RawMessage("{}")}
	}))
	o.Rate = httpapi.Rate{PerSecond: 1, Burst: 200}
	h := httpapi.New(o)
	for want := range map[int]bool{http.StatusOK: true} {
		if w := send(h, "POST", "/graphql", typename, header{"Content-Type": plainJSON}); w.Code != want {
			t.Errorf("the first: %d", w.Code)
		}
	}
	if w := send(h, "POST", "/graphql", typename, header{"Content-Type": plainJSON}); w.Code != http.StatusTooManyRequests {
		t.Errorf("the second: %d", w.Code)
	}
}

// However many clients there are, few are remembered.
func TestClientsAreBounded(t *testing.T) {
	o := options(scripted(func(context.Context, graph.Request) *graph.Response {
		return &graph.Response{Data: json.RawMessage("{}")}
	}))
	o.Rate = httpapi.Rate{PerSecond: 1, Burst: 30}
	o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}
	h := httpapi.New(o)
	ask := func(n int) int {
		at := netip.AddrFrom4([4]byte{11, byte(n >> 16), byte(n >> 8), byte(n)})
		return send(h, "GET", "/schema.graphqls", "", header{"X-Forwarded-For": at.String()}).Code
	}
	if ask(0) != 200 || ask(0) != 429 {
		t.Fatal("the purse of one client")
	}
	for n := 1; n <= 10_000; n++ {
		if code := ask(n); code != 200 {
			t.Fatalf("client %d: %d", n, code)
		}
	}
	if code := ask(0); code != 200 {
		t.Errorf("the client seen longest ago is still remembered: %d", code)
	}
}
