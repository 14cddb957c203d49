package neo4j

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	bolt "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j/devserver"
	"normgraph/graph/store/neo4j/devserver/devtest"
)

// proxies leave goroutines of their own behind.
var proxies = goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2/toxics.(*ToxicStub).Run")

// network is the way between the store and the server, which can be hurt.
type network struct {
	testing.TB
	proxy *toxiproxy.Proxy
	uri   string
}

func networkTo(tb testing.TB, server *devserver.Server) *network {
	tb.Helper()
	u, err := url.Parse(server.URI)
	if err != nil {
		tb.Fatal(err)
	}
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	proxy := toxiproxy.NewProxy(api, "neo4j", "127.0.0.1:0", u.Host)
	if err := proxy.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(proxy.Stop)
	return &network{tb, proxy, "bolt://" + proxy.Listen}
}

// hurt adds a toxic until heal is called.
func (n *network) hurt(kind, stream string, attributes map[string]any) (heal func()) {
	n.Helper()
	text, err := json.Marshal(map[string]any{"name": "hurt", "type": kind, "stream": stream, "attributes": attributes})
	if err != nil {
		n.Fatal(err)
	}
	if _, err := n.proxy.Toxics.AddToxicJson(bytes.NewReader(text)); err != nil {
		n.Fatal(err)
	}
	return func() {
		n.Helper()
		if err := n.proxy.Toxics.RemoveToxic(context.Background(), "hurt"); err != nil {
			n.Fatal(err)
		}
	}
}

func (n *network) open(server *devserver.Server) *Store {
	n.Helper()
	s, err := Open(n.Context(), fixtureCatalog(n), Config{URI: n.uri, User: server.User, Password: server.Password})
	if err != nil {
		n.Fatal(err)
	}
	return s
}

func (n *network) close(s *Store) {
	n.Helper()
	if err := s.Close(); err != nil {
		n.Error(err)
	}
}

// within runs a query that may take some time.
func within(tb testing.TB, s *Store, limit time.Duration) (things int64, took time.Duration, err error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), limit)
	defer cancel()
	start := time.Now()
	res, err := s.Query(ctx, total(s))
	if err == nil {
		r := res.Roots[0].Reader()
		r.Enter()
		r.More()
		r.Skip()
		r.More()
		things, err = r.Scalar(catalog.Int).Int, r.Err()
	}
	return things, time.Since(start), err
}

// TestNetwork hurts the network in many ways, on fresh and on used
// connections: a query is answered right, or refused with a code in time, and
// answered right when the network is well again.
func TestNetwork(t *testing.T) {
	server := devtest.ForTest(t)
	direct := open(t, server, fixtureCatalog(t))
	if _, err := direct.Load(t.Context(), small(direct.cat), store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent(), proxies)
	const limit = time.Second
	for _, c := range []struct {
		name, kind, stream string
		attributes         map[string]any
		code               store.Code // "": it is answered all the same
	}{
		{"slow", "latency", "downstream", map[string]any{"latency": 20, "jitter": 10}, ""},
		{"too slow", "latency", "downstream", map[string]any{"latency": 5000}, store.Timeout},
		{"too slow to the server", "latency", "upstream", map[string]any{"latency": 5000}, store.Timeout},
		{"in small pieces", "slicer", "downstream", map[string]any{"average_size": 7, "size_variation": 3, "delay": 10}, ""},
		{"black hole", "timeout", "downstream", map[string]any{"timeout": 0}, store.Timeout},
		{"black hole to the server", "timeout", "upstream", map[string]any{"timeout": 0}, store.Timeout},
		{"reset", "reset_peer", "downstream", map[string]any{"timeout": 0}, store.Unavailable},
		{"slow close", "slow_close", "downstream", map[string]any{"delay": 3000}, ""},
	} {
		for _, used := range []bool{false, true} {
			name := c.name + ", fresh connection"
			if used {
				name = c.name + ", used connection"
			}
			t.Run(name, func(t *testing.T) {
				n := networkTo(t, server)
				s := n.open(server)
				defer n.close(s)
				if used {
					if things, _, err := within(t, s, 10*time.Second); things != 10 || err != nil {
						t.Fatal(things, err)
					}
				}
				heal := n.hurt(c.kind, c.stream, c.attributes)
				things, took, err := within(t, s, limit)
				if store.CodeOf(err) != c.code || (err == nil) != (c.code == "") || err == nil && things != 10 {
					t.Errorf("%d things, %v, want code %q", things, err, c.code)
				}
				if took > limit+2*time.Second { // the server is told to end, if it can be
					t.Errorf("it took %v", took)
				}
				heal()
				if things, took, err := within(t, s, 10*time.Second); things != 10 || err != nil || took > 5*time.Second {
					t.Errorf("when the network is well: %d things after %v, %v", things, took, err)
				}
			})
		}
	}
}

// TestNetworkEndsAnywhere cuts every connection after so many bytes, in either
// direction, until the query succeeds.
func TestNetworkEndsAnywhere(t *testing.T) {
	server := devtest.ForTest(t)
	direct := open(t, server, fixtureCatalog(t))
	if _, err := direct.Load(t.Context(), small(direct.cat), store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent(), proxies)
	for _, stream := range []string{"upstream", "downstream"} {
		cuts := 0
		for bytes := 0; ; bytes += 1 + bytes/12 {
			n := networkTo(t, server)
			s := n.open(server)
			heal := n.hurt("limit_data", stream, map[string]any{"bytes": bytes})
			things, took, err := within(t, s, 3*time.Second)
			if err == nil && things != 10 || err != nil && store.CodeOf(err) == "" || took > 4*time.Second {
				t.Errorf("%s ends after %d bytes: %d things after %v, %v", stream, bytes, things, took, err)
			}
			heal()
			if things, _, err := within(t, s, 10*time.Second); things != 10 || err != nil {
				t.Errorf("after %s ended at %d bytes: %d things, %v", stream, bytes, things, err)
			}
			n.close(s)
			n.proxy.Stop()
			if err == nil {
				break
			}
			if cuts++; cuts > 200 {
				t.Fatal("no number of bytes is enough")
			}
		}
		t.Logf("%s was cut at %d places", stream, cuts)
	}
}

// TestLoadEndsAnywhere cuts every connection of a load after so many bytes, in
// either direction, until the load succeeds: the store holds one of the two data
// sets whole, and takes the next load.
func TestLoadEndsAnywhere(t *testing.T) {
	server := devtest.ForTest(t)
	direct := open(t, server, fixtureCatalog(t))
	few := func(cat *catalog.Catalog) *store.Dataset {
		return dataset{version: "2", things: []map[string]any{{"id": "t1", "title": "alpha"}, {"id": "t99", "n": int64(1)}}}.build(cat)
	}
	replace := store.LoadOptions{Mode: store.LoadReplace}
	for _, stream := range []string{"upstream", "downstream"} {
		cuts, done := 0, 0
		for bytes := 100; ; bytes += 100 + bytes/4 {
			if _, err := direct.Load(t.Context(), small(direct.cat), replace); err != nil {
				t.Fatalf("%d bytes: the next load: %v", bytes, err)
			}
			n := networkTo(t, server)
			s := n.open(server)
			heal := n.hurt("limit_data", stream, map[string]any{"bytes": bytes})
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			_, err := s.Load(ctx, few(s.cat), replace)
			cancel()
			heal()
			if err != nil && store.CodeOf(err) == "" {
				t.Errorf("%s ends after %d bytes: %v", stream, bytes, err)
			}
			have := storedContent(t, direct)
			before, after := small(direct.cat), few(direct.cat)
			switch {
			case have.Hex(after.Corpus) == store.ContentHash(after):
				done++
			case err == nil || have.Hex(before.Corpus) != store.ContentHash(before):
				t.Errorf("%s ends after %d bytes: the load gave %v, and the store holds neither data set whole", stream, bytes, err)
			}
			n.close(s)
			n.proxy.Stop()
			if err == nil {
				break
			}
			if err := direct.write(t.Context(), func(ctx context.Context, tx bolt.ManagedTransaction) error {
				_, err := single(ctx, tx, "MATCH (m:"+markerLabel+") REMOVE m.owner RETURN 1", nil) // else the next load waits until the lease is over
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if cuts++; cuts > 60 {
				t.Fatal("no number of bytes is enough")
			}
		}
		t.Logf("%s was cut at %d places; %d loads were done", stream, cuts, done)
	}
}

// TestKilledUnderLoad kills the server while many ask, and starts it again:
// refusals have a code and come in time, and then all is as before.
func TestKilledUnderLoad(t *testing.T) {
	server := devtest.Own(t, devserver.Options{DataDir: t.TempDir()})
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent(),
		goleak.IgnoreAnyFunction("normgraph/graph/store/neo4j/devserver.spawn.func1"), goleak.IgnoreAnyFunction("os/exec.(*Cmd).writerDescriptor.func1"))
	s, err := Open(t.Context(), fixtureCatalog(t), Config{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var mu sync.Mutex
	outcomes := map[store.Code]int{}
	var longest time.Duration
	var load sync.WaitGroup
	for range 8 {
		load.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				things, took, err := within(t, s, 10*time.Second)
				code := store.CodeOf(err)
				if err == nil && things != 10 || err != nil && code == "" {
					t.Errorf("%d things, %v", things, err)
				}
				mu.Lock()
				outcomes[code]++
				longest = max(longest, took)
				mu.Unlock()
			}
		})
	}
	time.Sleep(300 * time.Millisecond)
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second)
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for {
		things, _, err := within(t, s, 10*time.Second)
		if err == nil && things == 10 {
			break
		}
		if time.Since(start) > 20*time.Second {
			t.Fatalf("20 s after the return: %d things, %v", things, err)
		}
	}
	close(stop)
	load.Wait()
	t.Logf("outcomes %v, the longest call %v, answered %v after the return", outcomes, longest, time.Since(start))
	if outcomes[""] == 0 || outcomes[store.Unavailable] == 0 {
		t.Errorf("outcomes %v", outcomes)
	}
	if longest > 15*time.Second {
		t.Errorf("a call took %v", longest)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
