// Package load sends requests to a server on this machine and measures the
// answers. It is bounded in time, in number and in where it sends to.
package load

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"syscall"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// Attack is one measurement.
type Attack struct {
	Client *http.Client
	URL    string   // on a loopback address
	Bodies [][]byte // sent in turn, over and over
	// From are addresses in turn, for a server that believes X-Forwarded-For; nil
	// for none.
	From []string
	// Rate is the number of requests started per second, whatever the answers
	// take (an open loop). 0 keeps Connections requests under way all the time
	// (a closed loop).
	Rate        float64
	Connections int
	Duration    time.Duration
	// Tolerant counts failures in a closed loop too, and be it all requests.
	Tolerant bool
	// First is the body to begin with, so that repeated short measurements do
	// not always ask the same.
	First int
}

// Outcome is what a measurement gave.
type Outcome struct {
	Requests int
	Rate     float64 // answers per second
	P50, P99 time.Duration
	Bytes    float64 // of an answer, mean
	// Failed is the number of requests without an answer, or with errors in it,
	// and Failure the first of them. Only an open loop goes on after one.
	Failed  int
	Failure error
}

const (
	maxRequests = 1_000_000
	maxDuration = 5 * time.Minute
	maxWaiting  = 256             // requests under way in an open loop
	idle        = 2 * time.Second // less than any server's, lest a request meet a closing connection
)

// Run makes one measurement. In a closed loop a request that fails, or an answer
// with errors, is an error: the figures of a server that fails mean nothing. An
// open loop, or a tolerant one, counts them: a server may refuse what it cannot do
// in time.
func Run(ctx context.Context, a Attack) (Outcome, error) {
	if err := loopback(a.URL); err != nil {
		return Outcome{}, err
	}
	if a.Duration <= 0 || a.Duration > maxDuration {
		return Outcome{}, fmt.Errorf("a measurement of %v: expected up to %v", a.Duration, maxDuration)
	}
	workers := uint64(a.Connections)
	pacer := vegeta.ConstantPacer{Per: time.Second} // no wait
	most := workers
	if a.Rate > 0 {
		pacer = vegeta.ConstantPacer{Freq: int(a.Rate * 1000), Per: 1000 * time.Second}
		most = maxWaiting
		if pacer.Freq == 0 {
			return Outcome{}, fmt.Errorf("a rate of %g requests a second is too small", a.Rate)
		}
	}
	attacker := vegeta.NewAttacker(vegeta.Client(a.Client), vegeta.Workers(workers), vegeta.MaxWorkers(most))
	stop := context.AfterFunc(ctx, func() { attacker.Stop() })
	defer stop()
	var metrics vegeta.Metrics
	// What was idle for long may be closed at the other end.
	a.Client.CloseIdleConnections()
	var out Outcome
	for result := range attacker.Attack(a.targeter(), pacer, a.Duration, "") {
		metrics.Add(result)
		if err := check(result); err != nil {
			out.Failed++
			if out.Failure == nil {
				out.Failure = err
			}
			if a.Rate == 0 && !a.Tolerant {
				attacker.Stop()
			}
		}
	}
	metrics.Close()
	switch {
	case ctx.Err() != nil:
		return Outcome{}, ctx.Err()
	case metrics.Requests == 0:
		return Outcome{}, fmt.Errorf("no request was sent within %v", a.Duration)
	case out.Failed > 0 && !a.Tolerant && (a.Rate == 0 || out.Failed == int(metrics.Requests)):
		return Outcome{}, out.Failure
	}
	out.Requests, out.Rate = int(metrics.Requests), metrics.Throughput
	out.P50, out.P99, out.Bytes = metrics.Latencies.P50, metrics.Latencies.P99, metrics.BytesIn.Mean
	return out, nil
}

func (a *Attack) targeter() vegeta.Targeter {
	header := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}}
	headers := []http.Header{header}
	if len(a.From) > 0 {
		headers = nil
	}
	for _, from := range a.From {
		of := header.Clone()
		of.Set("X-Forwarded-For", from)
		headers = append(headers, of)
	}
	var sent atomic.Int64
	sent.Store(int64(a.First))
	return func(t *vegeta.Target) error {
		n := sent.Add(1)
		if n-int64(a.First) > maxRequests {
			return vegeta.ErrNoTargets
		}
		t.Method, t.URL, t.Header = http.MethodPost, a.URL, headers[n%int64(len(headers))]
		t.Body = a.Bodies[n%int64(len(a.Bodies))]
		return nil
	}
}

func check(r *vegeta.Result) error {
	switch {
	case r.Error != "":
		return fmt.Errorf("a request failed: %s", r.Error)
	case r.Code != http.StatusOK:
		return fmt.Errorf("a request was answered with status %d: %.200s", r.Code, r.Body)
	case bytes.HasPrefix(r.Body, []byte(`{"errors"`)):
		return fmt.Errorf("an answer has errors: %.200s", r.Body)
	}
	return nil
}

// Client keeps connections open, and opens them to loopback addresses only.
func Client(connections int) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !to.Addr().IsLoopback() {
			return fmt.Errorf("%s is not an address of this machine", address)
		}
		return nil
	}}
	most := max(connections, maxWaiting)
	return &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, MaxIdleConns: most, MaxIdleConnsPerHost: most, DisableCompression: true,
			IdleConnTimeout: idle,
		},
	}
}

func loopback(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("%q is not a URL", address)
	}
	host, err := netip.ParseAddr(u.Hostname())
	if err != nil || !host.IsLoopback() {
		return fmt.Errorf("load is sent to loopback addresses such as 127.0.0.1 only, not to %q", u.Hostname())
	}
	return nil
}
