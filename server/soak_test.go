package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestSoak asks a running server all kinds of things for as long as
// NORMGRAPH_SOAK says: goroutines, open files and memory stay flat.
func TestSoak(t *testing.T) {
	text := os.Getenv("NORMGRAPH_SOAK")
	if text == "" {
		t.Skip("SKIPPED: set NORMGRAPH_SOAK to a time such as 1m to run the soak test")
	}
	lasts, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("NORMGRAPH_SOAK is %q; a time such as 1m is expected", text)
	}
	s := serve(t, t.TempDir(), "ready", "--cache-bytes", "4194304")
	var asked, refused atomic.Int64
	stop := make(chan struct{})
	var clients sync.WaitGroup
	attacks := killers()
	for range 4 {
		clients.Go(func() {
			client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConns: 4}}
			defer client.CloseIdleConnections()
			for {
				select {
				case <-stop:
					return
				default:
				}
				n := rand.N(10)
				if n == 0 {
					k := attacks[rand.N(len(attacks)-1)] // all but the largest
					if err := k.hit(s.url); err != nil {
						t.Errorf("%s: %v", k.name, err)
					}
					asked.Add(1)
					continue
				}
				target := [...]string{1: "/", 2: "/schema.graphqls", 3: "/readyz", 4: "/none", 5: query("{norms(limit:%d){id name agreements{title}}}"),
					6: query("{search(query:\"norm%d*\"){totalCount}}"), 7: query("{incidents{name assessments{relevance norm{name}}} a:norms(limit:%d){id}}"),
					8: query("{none%d}"), 9: query("{agreements(limit:%d){title signatories{name}}}")}[n]
				target = strings.Replace(target, "%25d", fmt.Sprint(rand.N(400)), 1)
				answer, err := client.Get(s.url + target)
				if err != nil {
					t.Error(err)
					return
				}
				if rand.N(20) > 0 { // now and then a client leaves in the middle
					_, _ = io.Copy(io.Discard, answer.Body)
				}
				_ = answer.Body.Close()
				asked.Add(1)
				if answer.StatusCode >= 500 {
					refused.Add(1)
				}
			}
		})
	}
	type reading struct{ goroutines, files, memory float64 }
	read := func() reading {
		return reading{s.metric(t, "go_goroutines"), s.metric(t, "process_open_fds"), float64(s.resident(t))}
	}
	time.Sleep(lasts / 3) // pools and caches fill
	early := read()
	for start := time.Now(); time.Since(start) < lasts/3; time.Sleep(lasts / 30) {
		now := read()
		early = reading{max(early.goroutines, now.goroutines), max(early.files, now.files), max(early.memory, now.memory)}
	}
	time.Sleep(lasts / 3)
	late := read()
	close(stop)
	clients.Wait()
	t.Logf("%d requests, %d answered with 5xx; at most %v in the second third, %v at the end", asked.Load(), refused.Load(), early, late)
	if late.goroutines > early.goroutines+10 || late.files > early.files+10 || late.memory > 1.25*early.memory+16<<20 {
		t.Errorf("%v at the end, at most %v before", late, early)
	}
	if refused.Load() > 0 {
		t.Errorf("%d answers with status 5xx", refused.Load())
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func query(document string) string { return "/graphql?query=" + url.QueryEscape(document) }
