package main

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"normgraph/server/httpapi"
)

func TestRates(t *testing.T) {
	five := 5
	loopback, public := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, &net.TCPAddr{IP: net.IPv4zero}
	for _, c := range []struct {
		flags conductFlags
		at    net.Addr
		want  httpapi.Rate
	}{
		{conductFlags{RateBurst: 7}, loopback, httpapi.Rate{}},
		{conductFlags{RateBurst: 7}, public, httpapi.Rate{PerSecond: defaultRate, Burst: 7}},
		{conductFlags{RateBurst: 7, Rate: &five}, loopback, httpapi.Rate{PerSecond: 5, Burst: 7}},
		{conductFlags{RateBurst: 7, TrustedProxy: []string{"::1"}}, loopback, httpapi.Rate{PerSecond: defaultRate, Burst: 7}},
	} {
		if got := c.flags.rate(c.at); got != c.want {
			t.Errorf("%+v at %v: %+v, want %+v", c.flags, c.at, got, c.want)
		}
	}
	f := conductFlags{TrustedProxy: []string{"10.1.2.3/8", "::ffff:192.0.2.1", "2001:db8::1"}}
	got, err := f.proxies()
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::1/128")}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v", got, err)
	}
}

// A client of a limited server is told; the operator's own probes are not.
func TestServeLimitsClients(t *testing.T) {
	s := serve(t, t.TempDir(), "ready", "--rate", "50", "--rate-burst", "200")
	codes := map[int]int{}
	for range 30 {
		status, _ := fetch(t, s.url+"/graphql?query={__typename}")
		codes[status]++
		if status, _ := fetch(t, s.url+"/readyz"); status != 200 {
			t.Errorf("readyz: %d", status)
		}
	}
	if codes[200] == 0 || codes[429] == 0 || len(codes) != 2 {
		t.Errorf("statuses %v", codes)
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// Another process loads while the server runs: within a second the server
// answers from the new data, also what it has kept.
func TestLoadWhileServing(t *testing.T) {
	data, corpus := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{
		"corpus.json": `{"name":"mine","version":"1"}`,
		"norms.csv":   "id,name,level,scheme,category,basis\nn1,A,STATED,x,RESTRAINT,SOURCED\n",
	} {
		if err := os.WriteFile(filepath.Join(corpus, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := serve(t, data, "ready")
	ask := s.url + "/graphql?query={normsConnection{totalCount}}"
	_, before := fetch(t, ask)
	for range 3 {
		if _, again := fetch(t, ask); again != before {
			t.Fatal(again)
		}
	}
	if code, _, stderr := run(t, data, "", "load", corpus, "--replace", "--yes"); code != 0 {
		t.Fatal(stderr)
	}
	loaded := time.Now()
	for {
		_, now := fetch(t, ask)
		if strings.Contains(now, `"totalCount":1}`) {
			break
		}
		if now != before {
			t.Fatalf("neither the old nor the new data: %s", now)
		}
		if time.Since(loaded) > time.Second {
			t.Fatal("not noticed within a second")
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Log(fmt.Sprint("noticed after ", time.Since(loaded)))
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
