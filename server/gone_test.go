package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"normgraph/graph/store/neo4j/devserver/devtest"
)

// lasting takes a store minutes: each level looks at all that the one before
// leads to.
func lasting() string {
	w := `{id:{contains:"zz"}}`
	for i := range 8 {
		w = "{" + []string{"agreements", "signatories"}[i%2] + ":{single:" + w + "}}"
	}
	return "{agreements(where:" + w + "){id}}"
}

// TestClientGone: the store's statement ends within a second after the client
// has left, or its time is over.
func TestClientGone(t *testing.T) {
	for name, store := range map[string]func(t *testing.T) string{
		"sqlite": func(t *testing.T) string { return "sqlite:" + t.TempDir() + "/x.db" },
		"neo4j":  func(t *testing.T) string { return devtest.ForTest(t).URI },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, t.TempDir(), "ready", "--store", store(t), "--max-visited", "1000000000000000000", "--max-points", "1000000000000000000", "--timeout", "3s")
			ask := "/graphql?query=" + url.QueryEscape(lasting())
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", ask)
			time.Sleep(time.Second)
			if n := s.metric(t, `normgraph_http_requests_in_flight`); n != 1 {
				t.Fatalf("%v requests in flight; the query is too quick for this test", n)
			}
			_ = conn.Close()
			left := time.Now()
			for s.metric(t, `normgraph_http_requests_in_flight`) > 0 {
				if time.Since(left) > 2*time.Second {
					t.Fatal("the request goes on for a client that has left")
				}
				time.Sleep(20 * time.Millisecond)
			}
			t.Logf("ended %v after the client left", time.Since(left))
			if name == "sqlite" { // the engine works in this process
				before := s.cpu(t)
				time.Sleep(500 * time.Millisecond)
				if used := s.cpu(t) - before; used > 300*time.Millisecond {
					t.Errorf("the statement goes on: %v of CPU in 500 ms", used)
				}
			}
			start := time.Now()
			status, body := fetch(t, s.url+ask)
			if took := time.Since(start); status != 504 || !strings.Contains(body, "TIMEOUT") || took > 5*time.Second {
				t.Errorf("over its time: %d %s after %v", status, body, took)
			}
			goroutines := s.metric(t, "go_goroutines")
			for range 5 {
				conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(conn, "GET %s%%23%d HTTP/1.1\r\nHost: localhost\r\n\r\n", ask, time.Now().UnixNano())
				time.Sleep(50 * time.Millisecond)
				_ = conn.Close()
			}
			for start := time.Now(); s.metric(t, "go_goroutines") > goroutines+5; time.Sleep(100 * time.Millisecond) {
				if time.Since(start) > 10*time.Second {
					t.Fatalf("%v goroutines, %v before", s.metric(t, "go_goroutines"), goroutines)
				}
			}
			if status, _ := fetch(t, s.url+"/graphql?query={norms{id}}"); status != 200 {
				t.Errorf("a normal query afterwards: %d", status)
			}
			if code := s.stop(t); code != 0 {
				t.Errorf("exit code %d: %s", code, s.said())
			}
		})
	}
}

// metric is a value without labels that /metrics tells.
func (s *served) metric(t testing.TB, name string) float64 {
	t.Helper()
	address := regexp.MustCompile(`"metrics":"http://([^/]+)/metrics"`).FindStringSubmatch(s.said())
	if address == nil {
		t.Fatalf("no address of the metrics: %s", s.said())
	}
	conn, err := net.Dial("tcp", address[1]) // one of its own, which does not stay
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			v, err := strconv.ParseFloat(rest, 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("no metric %s", name)
	return 0
}
