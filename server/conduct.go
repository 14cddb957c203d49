package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"normgraph/graph/cores"
	"normgraph/server/httpapi"
)

// conductFlags bound what all clients together, and each of them, may take.
type conductFlags struct {
	MaxInFlight             int           `group:"Limits of the server" default:"64" help:"GraphQL requests answered at the same time; one client has half of them."`
	MaxStatements           *int          `group:"Limits of the server" placeholder:"N" help:"Statements that the store runs at the same time. Default: 16; with SQLite two for each processor, 4 to 16."`
	MaxHeavy                int           `group:"Limits of the server" default:"2" help:"Long statements, and computations, that run at the same time."`
	MaxConnections          int           `group:"Limits of the server" default:"1024" help:"Connections that are open."`
	MaxConnectionsPerClient int           `group:"Limits of the server" default:"64" help:"Connections that are open to one client, but this machine and trusted proxies."`
	MaxUnsent               int64         `group:"Limits of the server" default:"268435456" help:"Bytes of answers that clients have still to take."`
	Rate                    *int          `group:"Limits of the server" placeholder:"POINTS" help:"Points per second that each client has; docs/limits.md says what costs how many. Default: 10000; none when listening on a loopback address, unless --trusted-proxy is given."`
	RateBurst               int           `group:"Limits of the server" default:"200000" help:"Points that a client can save."`
	TrustedProxy            []string      `group:"Limits of the server" env:"NORMGRAPH_TRUSTED_PROXY" placeholder:"CIDR" help:"Addresses of proxies whose X-Forwarded-For says who the client is, such as 10.0.0.0/8."`
	CacheBytes              int64         `group:"Limits of the server" default:"67108864" help:"Bytes of answers that are kept for equal queries."`
	HeaderTimeout           time.Duration `group:"Limits of the server" default:"5s" help:"Time for the header of a request to arrive."`
	BodyTimeout             time.Duration `group:"Limits of the server" default:"15s" help:"Time for a whole request to arrive."`
	SendTimeout             time.Duration `group:"Limits of the server" default:"30s" help:"Time for an answer to be taken, beyond the time to make it."`
	IdleTimeout             time.Duration `group:"Limits of the server" default:"60s" help:"Time that a connection stays open between requests."`
}

const (
	defaultRate       = 10_000
	defaultStatements = 16
)

// statements is how many a store runs at the same time. SQLite runs them in this
// process: more than keep its processors busy make all else wait.
func (f *conductFlags) statements(remote bool) int {
	switch {
	case f.MaxStatements != nil:
		return *f.MaxStatements
	case remote:
		return defaultStatements
	}
	return min(max(4, 2*cores.Count), defaultStatements)
}

func (f *conductFlags) check() error {
	limits := []limit{
		{"--max-in-flight", int64(f.MaxInFlight)},
		{"--max-heavy", int64(f.MaxHeavy)}, {"--max-connections", int64(f.MaxConnections)}, {"--max-connections-per-client", int64(f.MaxConnectionsPerClient)},
		{"--rate-burst", int64(f.RateBurst)}, {"--cache-bytes", f.CacheBytes}, {"--max-unsent", f.MaxUnsent},
		{"--header-timeout", int64(f.HeaderTimeout)}, {"--body-timeout", int64(f.BodyTimeout)},
		{"--send-timeout", int64(f.SendTimeout)}, {"--idle-timeout", int64(f.IdleTimeout)},
	}
	if f.MaxStatements != nil {
		limits = append(limits, limit{"--max-statements", int64(*f.MaxStatements)})
	}
	if f.Rate != nil {
		limits = append(limits, limit{"--rate", int64(*f.Rate)})
	}
	_, err := f.proxies()
	return errors.Join(positive(limits), err)
}

// proxies reads addresses and networks.
func (f *conductFlags) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range f.TrustedProxy {
		if !strings.Contains(text, "/") {
			if at, err := netip.ParseAddr(text); err == nil {
				out = append(out, netip.PrefixFrom(at.Unmap(), at.Unmap().BitLen()))
				continue
			}
		}
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxy %q is no network: give an address or a CIDR, such as 10.0.0.0/8", text)
		}
		out = append(out, network.Masked())
	}
	return out, nil
}

// rate is that of each client of a listener. Only this machine reaches a
// loopback address; with a proxy before it, everyone does.
func (f *conductFlags) rate(at net.Addr) httpapi.Rate {
	r := httpapi.Rate{PerSecond: defaultRate, Burst: f.RateBurst}
	if f.Rate != nil {
		r.PerSecond = *f.Rate
	} else if isLoopback(at) && len(f.TrustedProxy) == 0 {
		return httpapi.Rate{}
	}
	return r
}

// headerBytes bounds the header of a request; net/http adds 4 KiB.
const headerBytes = 64 << 10

// apply sets the times of server. answer is the time that an answer may take.
func (f *conductFlags) apply(server *http.Server, answer time.Duration) {
	server.ReadHeaderTimeout = f.HeaderTimeout
	server.ReadTimeout = max(f.BodyTimeout, f.HeaderTimeout)
	server.WriteTimeout = answer + f.SendTimeout
	server.IdleTimeout = f.IdleTimeout
	server.MaxHeaderBytes = headerBytes
}
