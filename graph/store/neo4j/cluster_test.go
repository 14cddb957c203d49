// Not under the race detector: the driver (5.28.4) hands out the lists of its
// routing table, and takes servers from them while they are read.

//go:build !race

package neo4j

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"normgraph/graph/store/neo4j/devserver"
)

// cluster is what a driver sees of a Neo4j cluster: members with addresses of
// their own, and a routing table that tells what each is for. Behind all of
// them stands one real server, which gives every answer. Scripted are only the
// routing tables and what a member refuses.
type cluster struct {
	testing.TB
	server  *devserver.Server
	members []*member

	mu                        sync.Mutex
	readers, writers, routers []*member
	ttl                       time.Duration
	seen                      []sent
}

// member is one address of a cluster.
type member struct {
	cluster  *cluster
	address  string
	listener net.Listener
	links    map[*link]bool
	follows  bool            // it refuses writes
	running  map[string]bool // transactions begun here, by our id
}

// sent is a statement that reached a member.
type sent struct {
	to        *member
	text      string
	write     bool
	bookmarks []any
}

// clusterOf makes a cluster of n members before a server. The first is the
// leader; all route, and all others answer reads.
func clusterOf(tb testing.TB, server *devserver.Server, n int) *cluster {
	tb.Helper()
	c := &cluster{TB: tb, server: server, ttl: 5 * time.Minute}
	for range n {
		m := &member{cluster: c, address: "127.0.0.1:0", follows: len(c.members) > 0, running: map[string]bool{}}
		m.start()
		c.members = append(c.members, m)
		tb.Cleanup(m.stop)
	}
	c.routers, c.writers, c.readers = c.members, c.members[:1], c.members[1:]
	return c
}

// route changes the routing table.
func (c *cluster) route(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

// open is a store that begins with the first member.
func (c *cluster) open() *Store {
	c.Helper()
	s, err := Open(c.Context(), fixtureCatalog(c), Config{URI: "neo4j://" + c.members[0].address, User: c.server.User, Password: c.server.Password})
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() {
		if err := s.Close(); err != nil {
			c.Error(err)
		}
	})
	return s
}

// statements are those that came since the last call.
func (c *cluster) statements() []sent {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.seen
	c.seen = nil
	return out
}

// number is a member's place, for messages of tests.
func (m *member) number() int { return slices.Index(m.cluster.members, m) }

// start listens, at the address of before if there was one.
func (m *member) start() {
	m.cluster.Helper()
	listener, err := net.Listen("tcp", m.address)
	if err != nil {
		m.cluster.Fatal(err)
	}
	m.cluster.mu.Lock()
	defer m.cluster.mu.Unlock()
	m.address, m.listener, m.links = listener.Addr().String(), listener, map[*link]bool{}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go m.serve(listener, client)
		}
	}()
}

// stop ends the member as a crash of its machine would.
func (m *member) stop() {
	m.cluster.mu.Lock()
	defer m.cluster.mu.Unlock()
	_ = m.listener.Close()
	m.listener = nil
	for l := range m.links {
		l.close()
	}
}

// link is one connection through a member to the server.
type link struct {
	member         *member
	client, server net.Conn
	write          bool // the mode of the transaction
	refused        bool // the server's next failure is the member's refusal
}

func (l *link) close() { _, _ = l.client.Close(), l.server.Close() }

func (m *member) serve(listener net.Listener, client net.Conn) {
	u, err := url.Parse(m.cluster.server.URI)
	if err != nil {
		panic(err)
	}
	server, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", u.Host)
	if err != nil {
		_ = client.Close()
		return
	}
	l := &link{member: m, client: client, server: server}
	defer l.close()
	m.cluster.mu.Lock()
	alive := m.listener == listener
	if alive {
		m.links[l] = true
	}
	m.cluster.mu.Unlock()
	if !alive || l.handshake() != nil {
		return
	}
	go func() {
		defer l.close()
		l.pump(l.client, l.server, l.answered)
	}()
	l.pump(l.server, l.client, l.asked)
}

// handshake lets both ends agree on a version, but not by way of a manifest,
// which is longer.
func (l *link) handshake() error {
	proposals := make([]byte, 20)
	if _, err := io.ReadFull(l.client, proposals); err != nil {
		return err
	}
	for i := 4; i < len(proposals); i += 4 {
		if proposals[i+3] == 0xff {
			clear(proposals[i : i+4])
		}
	}
	if _, err := l.server.Write(proposals); err != nil {
		return err
	}
	version := make([]byte, 4)
	if _, err := io.ReadFull(l.server, version); err != nil {
		return err
	}
	_, err := l.client.Write(version)
	return err
}

// pump passes messages on, as change leaves them.
func (l *link) pump(to, from net.Conn, change func(message) (message, bool)) {
	for {
		body, err := readChunks(from)
		if err != nil {
			return
		}
		if len(body) > 0 && body[1] != bRecord { // records are as they are
			v, _ := unpack(body)
			if m, changed := change(v.(message)); changed {
				body = pack(nil, m)
			}
		}
		if err := writeChunks(to, body); err != nil {
			return
		}
	}
}

// The messages of Bolt that a member looks at.
const (
	bRun     = 0x10
	bBegin   = 0x11
	bSuccess = 0x70
	bRecord  = 0x71
	bFailure = 0x7f
)

// asked sees a request to the server.
func (l *link) asked(m message) (message, bool) {
	c := l.member.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.tag != bRun && m.tag != bBegin {
		return m, false
	}
	extra := m.fields[len(m.fields)-1].(map[string]any)
	metadata, _ := extra["tx_metadata"].(map[string]any)
	if id, ok := metadata[idKey].(string); ok { // none within a transaction
		l.member.running[id] = true
		l.write = extra["mode"] != "r"
	} else if m.tag == bRun && len(extra) > 0 {
		l.write = extra["mode"] != "r"
	}
	if m.tag == bBegin {
		c.seen = append(c.seen, sent{l.member, "BEGIN", l.write, list(extra["bookmarks"])})
		return m, false
	}
	text := m.fields[0].(string)
	c.seen = append(c.seen, sent{l.member, text, l.write, list(extra["bookmarks"])})
	params := m.fields[1].(map[string]any)
	switch id, _ := params["id"].(string); {
	case l.write && l.member.follows:
		// The server fails by itself, so that its state is right.
		m.fields[0], l.refused = "a follower does not write", true
		return m, true
	case strings.Contains(text, "TERMINATE") && !l.member.running[id]:
		params["id"] = "of another member" // a member sees its own transactions alone
		return m, true
	}
	return m, false
}

func list(v any) []any {
	out, _ := v.([]any)
	return out
}

// answered sees an answer of the server.
func (l *link) answered(m message) (message, bool) {
	c := l.member.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(m.fields) == 0 {
		return m, false
	}
	metadata := m.fields[0].(map[string]any)
	switch {
	case m.tag == bFailure && l.refused:
		l.refused = false
		key := "code"
		if metadata["neo4j_code"] != nil { // its name since Bolt 5.7
			key = "neo4j_code"
		}
		metadata[key] = "Neo.ClientError.Cluster.NotALeader"
		metadata["message"] = "No write operations are allowed directly on this database. Writes must pass through the leader."
		return m, true
	case m.tag == bSuccess && metadata["rt"] != nil:
		table := metadata["rt"].(map[string]any)
		table["ttl"] = int64(c.ttl / time.Second)
		table["servers"] = []any{role("ROUTE", c.routers), role("READ", c.readers), role("WRITE", c.writers)}
		return m, true
	}
	return m, false
}

func role(name string, members []*member) any {
	addresses := make([]any, len(members))
	for i, m := range members {
		addresses[i] = m.address
	}
	return map[string]any{"role": name, "addresses": addresses}
}

// readChunks reads the body of one message; none for a sign of life.
func readChunks(from io.Reader) (body []byte, err error) {
	for {
		var size [2]byte
		if _, err := io.ReadFull(from, size[:]); err != nil {
			return nil, err
		}
		n := int(binary.BigEndian.Uint16(size[:]))
		if n == 0 {
			return body, nil
		}
		start := len(body)
		body = append(body, make([]byte, n)...)
		if _, err := io.ReadFull(from, body[start:]); err != nil {
			return nil, errors.Join(errors.New("in a chunk"), err)
		}
	}
}

func writeChunks(to io.Writer, body []byte) error {
	var out []byte
	for chunk := range slices.Chunk(body, 0xffff) {
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(chunk))), chunk...)
	}
	_, err := to.Write(append(out, 0, 0))
	return err
}
