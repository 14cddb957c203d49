package load_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"normgraph/bench/load"
)

// server answers every request and remembers what was asked.
func server(t *testing.T, answer string) (string, func() map[string]int) {
	var mu sync.Mutex
	asked := map[string]int{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		asked[string(body)]++
		mu.Unlock()
		fmt.Fprint(w, answer)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() map[string]int { mu.Lock(); defer mu.Unlock(); return asked }
}

func TestRun(t *testing.T) {
	for name, rate := range map[string]float64{"closed": 0, "open": 200} {
		url, asked := server(t, `{"data":{}}`)
		out, err := load.Run(t.Context(), load.Attack{Client: load.Client(2), URL: url, Bodies: [][]byte{[]byte("a"), []byte("b")},
			Rate: rate, Connections: 2, Duration: 200 * time.Millisecond})
		if err != nil {
			t.Fatal(name, err)
		}
		got := asked()
		if out.Requests != got["a"]+got["b"] || got["a"]-got["b"] > 1 || got["b"]-got["a"] > 1 || out.P50 <= 0 || out.P99 < out.P50 || out.Bytes != 11 {
			t.Errorf("%s: %+v for %v", name, out, got)
		}
		if rate > 0 && out.Requests > int(rate/5)+2 {
			t.Errorf("%d requests in 200 ms at %g a second", out.Requests, rate)
		}
	}
}

// A server that fails now and then ends a closed loop and is counted in an open one.
func TestFailures(t *testing.T) {
	var asked atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1)%2 == 0 {
			http.Error(w, "busy", http.StatusServiceUnavailable)
		}
	}))
	defer s.Close()
	a := load.Attack{Client: load.Client(1), URL: s.URL, Bodies: [][]byte{nil}, Connections: 1, Duration: 200 * time.Millisecond}
	if _, err := load.Run(t.Context(), a); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("closed loop: %v", err)
	}
	a.Tolerant = true
	if out, err := load.Run(t.Context(), a); err != nil || out.Failed < out.Requests/2-1 || out.Requests < 3 {
		t.Errorf("tolerant closed loop: %+v, %v", out, err)
	}
	a.Tolerant, a.Rate = false, 100
	out, err := load.Run(t.Context(), a)
	if d := out.Requests - 2*out.Failed; err != nil || out.Failed == 0 || d < -1 || d > 1 || out.Failure == nil {
		t.Errorf("open loop: %+v, %v", out, err)
	}
}

func TestRunRefuses(t *testing.T) {
	failing, _ := server(t, `{"errors":[]}`)
	for _, c := range []struct{ url, says string }{
		{"http://example.org/graphql", "loopback"},
		{"http://192.0.2.1/graphql", "loopback"},
		{failing, "errors"},
		{"http://127.0.0.1:1/", "refused"},
	} {
		_, err := load.Run(t.Context(), load.Attack{Client: load.Client(1), URL: c.url, Bodies: [][]byte{nil}, Connections: 1, Duration: 50 * time.Millisecond})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.url, err)
		}
	}
	if _, err := load.Client(1).Get("http://192.0.2.1/"); err == nil || !strings.Contains(err.Error(), "not an address of this machine") {
		t.Errorf("the client dials any address: %v", err)
	}
}
