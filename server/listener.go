package main

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"normgraph/server/httpapi"
)

// guardedListener bounds the connections that are open, of all clients and of
// each. One too many is told so and closed at once, so that it neither waits nor
// takes a place. Clients are as in package httpapi; proxies that are trusted,
// and this machine, have no bound of their own.
type guardedListener struct {
	net.Listener
	all, each int
	trusted   []netip.Prefix

	mu   sync.Mutex
	open int
	of   map[netip.Prefix]int
}

func guarded(l net.Listener, all, each int, trusted []netip.Prefix) net.Listener {
	return &guardedListener{Listener: l, all: all, each: each, trusted: trusted, of: map[netip.Prefix]int{}}
}

// Accept gives the next connection within the bounds.
func (l *guardedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		peer, _ := netip.ParseAddrPort(conn.RemoteAddr().String())
		client := httpapi.Network(peer.Addr())
		free := peer.Addr().Unmap().IsLoopback() || httpapi.Within(peer.Addr(), l.trusted)
		if !l.take(client, free) {
			turnAway(conn)
			continue
		}
		return &guardedConn{Conn: conn, release: sync.OnceFunc(func() { l.give(client) })}, nil
	}
}

func (l *guardedListener) take(client netip.Prefix, free bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open >= l.all || !free && l.of[client] >= l.each {
		return false
	}
	l.open++
	l.of[client]++
	return true
}

func (l *guardedListener) give(client netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	if l.of[client]--; l.of[client] == 0 {
		delete(l.of, client)
	}
}

const full = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 31\r\n\r\ntoo many connections are open.\n"

// turnAway writes what fits into the system's buffer and does not wait.
func turnAway(conn net.Conn) {
	_ = conn.SetDeadline(time.Now().Add(10 * time.Millisecond))
	_, _ = conn.Write([]byte(full)) // a client that has gone cannot be told
	_ = conn.Close()
}

type guardedConn struct {
	net.Conn
	release func()
}

// Close closes the connection and gives its place back.
func (c *guardedConn) Close() error {
	c.release()
	return c.Conn.Close()
}
