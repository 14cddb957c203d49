package main

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// from is a listener whose peers claim to be elsewhere.
type from struct {
	net.Listener
	mu    sync.Mutex
	peers []string
}

type fromConn struct {
	net.Conn
	peer net.Addr
}

func (c fromConn) RemoteAddr() net.Addr { return c.peer }

func (l *from) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	peer := l.peers[0]
	l.peers = l.peers[1:]
	return fromConn{conn, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(peer))}, nil
}

func TestConnectionsAreBounded(t *testing.T) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		peer string
		ok   bool
		// end closes an open connection of that peer before.
		end string
	}{
		{"192.0.2.1:1", true, ""},
		{"192.0.2.1:2", true, ""},
		{"192.0.2.1:3", false, ""},
		{"[::ffff:192.0.2.1]:4", false, ""},
		{"192.0.2.1:5", true, "192.0.2.1:1"},
		{"[2001:db8::1]:1", true, ""},
		{"[2001:db8::2]:1", true, ""},
		{"[2001:db8::ffff:3]:1", false, ""}, // one subscriber
		{"[2001:db8:0:1::1]:1", true, ""},
		{"10.1.2.3:1", true, ""}, // a trusted proxy
		{"10.1.2.3:2", true, ""},
		{"10.1.2.3:3", true, ""},
		{"203.0.113.1:1", false, ""}, // all places are taken
		{"127.0.0.1:1", false, ""},
		{"127.0.0.1:1", true, "10.1.2.3:1"},
	}
	l := &from{Listener: tcp}
	for _, s := range steps {
		l.peers = append(l.peers, s.peer)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "served") })}
	closed := make(chan string, len(steps))
	server.ConnState = func(c net.Conn, s http.ConnState) {
		if s == http.StateClosed {
			closed <- c.RemoteAddr().String()
		}
	}
	go func() { _ = server.Serve(guarded(l, 8, 2, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})) }()
	defer server.Close()
	open := map[string]net.Conn{}
	for _, s := range steps {
		if s.end != "" {
			_ = open[s.end].Close()
			select {
			case <-closed:
			case <-time.After(5 * time.Second):
				t.Fatal("a closed connection was not noticed")
			}
		}
		conn, err := net.Dial("tcp", tcp.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") // one turned away may be closed already
		answer := make([]byte, 400)
		n, _ := io.ReadAtLeast(conn, answer, 12)
		got := string(answer[:n])
		if ok := strings.HasPrefix(got, "HTTP/1.1 200"); ok != s.ok || !ok && got != "" && !strings.HasPrefix(got, "HTTP/1.1 503") {
			t.Errorf("%s: %q, want it served: %t", s.peer, got, s.ok)
		}
		open[s.peer] = conn
	}
}
