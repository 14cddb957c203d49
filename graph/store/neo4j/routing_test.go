// Not under the race detector: the driver (5.28.4) hands out the lists of its
// routing table, and takes servers from them while they are read.

//go:build !race

package neo4j

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/graph/store"
	"normgraph/graph/store/neo4j/devserver/devtest"
)

// ask counts the things, from several callers at once, and gives the members
// that were asked.
func ask(t *testing.T, c *cluster, s *Store, want int64) map[int]int {
	t.Helper()
	c.statements()
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			for range 5 {
				if n, took, err := within(t, s, 10*time.Second); n != want || err != nil {
					t.Errorf("%d things, %v after %v, want %d", n, err, took, want)
				}
			}
		})
	}
	callers.Wait()
	asked := map[int]int{}
	for _, x := range c.statements() {
		if x.write {
			t.Errorf("a read went out as a write: %s", x.text)
		}
		asked[x.to.number()]++
	}
	return asked
}

func TestRouting(t *testing.T) {
	server := devtest.ForTest(t)
	c := clusterOf(t, server, 4)
	s := c.open()
	if _, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}

	writes := 0
	for _, x := range c.statements() {
		if x.write != (x.to.number() == 0) {
			t.Errorf("write %v went to member %d: %s", x.write, x.to.number(), x.text)
		}
		if x.write {
			writes++
		}
	}
	if writes == 0 {
		t.Error("the load wrote nothing")
	}

	t.Run("reads are spread", func(t *testing.T) {
		if asked := ask(t, c, s, 10); asked[0] > 0 || asked[1] == 0 || asked[2] == 0 || asked[3] == 0 {
			t.Errorf("asked %v", asked)
		}
	})
	t.Run("a read follows the load", func(t *testing.T) {
		if _, err := things(t, s); err != nil {
			t.Fatal(err)
		}
		for _, x := range c.statements() {
			if len(x.bookmarks) == 0 {
				t.Errorf("no bookmark with %s", x.text)
			}
		}
	})
	t.Run("a member goes", func(t *testing.T) {
		c.members[2].stop()
		if asked := ask(t, c, s, 10); asked[0] > 0 || asked[1] == 0 || asked[2] > 0 || asked[3] == 0 {
			t.Errorf("asked %v", asked)
		}
		c.members[2].start()
	})
	t.Run("the leader moves", func(t *testing.T) {
		s := c.open()
		if _, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{}); err != nil { // it knows the leader of before
			t.Fatal(err)
		}
		c.statements()
		c.route(func() {
			c.members[0].follows, c.members[1].follows = true, false
			c.writers, c.readers = c.members[1:2], c.members[2:]
		})
		d := dataset{version: "moved", things: []map[string]any{{"id": "t1"}}}
		if _, err := s.Load(t.Context(), d.build(s.cat), store.LoadOptions{Mode: store.LoadReplace}); err != nil {
			t.Fatal(err)
		}
		refused, done := 0, 0
		for _, x := range c.statements() {
			if x.write && x.to.number() == 0 {
				refused++
			}
			if x.write && x.to.number() == 1 {
				done++
			}
		}
		if refused == 0 || done == 0 {
			t.Errorf("%d writes went to the old leader, %d to the new one", refused, done)
		}
		ask(t, c, s, 1)
	})
	t.Run("the table runs out", func(t *testing.T) {
		c.route(func() { c.ttl = time.Second })
		s := c.open()
		if asked := ask(t, c, s, 1); asked[3] == 0 {
			t.Errorf("asked %v", asked)
		}
		c.route(func() { c.readers = c.members[2:3] })
		time.Sleep(1100 * time.Millisecond)
		if asked := ask(t, c, s, 1); len(asked) != 1 || asked[2] == 0 {
			t.Errorf("asked %v", asked)
		}
	})
	t.Run("nobody leads", func(t *testing.T) {
		c.route(func() { c.writers = nil })
		s := c.open()
		ask(t, c, s, 1)
		_, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{Mode: store.LoadReplace})
		wantCode(t, err, store.Unavailable)
		c.route(func() { c.writers = c.members[1:2] })
		if _, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{Mode: store.LoadReplace}); err != nil {
			t.Error(err)
		}
		ask(t, c, s, 10)
	})
	t.Run("a caller leaves", func(t *testing.T) {
		c.route(func() { c.readers, c.ttl = c.members[1:], 5*time.Minute })
		s := c.open()
		if _, err := s.Load(t.Context(), dense(s.cat, 20), store.LoadOptions{Mode: store.LoadReplace}); err != nil {
			t.Fatal(err)
		}
		endsInServer(t, server, s, time.Minute, true)
		ask(t, c, s, 20)
	})
	t.Run("a load is given up", func(t *testing.T) {
		driver, err := server.Driver()
		if err != nil {
			t.Fatal(err)
		}
		defer driver.Close(t.Context())
		session := driver.NewSession(t.Context(), neo4j.SessionConfig{})
		defer session.Close(t.Context())
		tx, err := session.BeginTransaction(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := single(t.Context(), tx.(neo4j.ManagedTransaction), "MATCH (m:"+markerLabel+") SET m.lock = 'test' RETURN 1", nil); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		c.statements()
		_, err = s.Load(ctx, small(s.cat), store.LoadOptions{Mode: store.LoadReplace}) // waits for the lock
		wantCode(t, err, store.Timeout)
		told := 0
		for _, x := range c.statements() {
			if strings.Contains(x.text, "TERMINATE") {
				told++
				if !x.write || x.to.follows {
					t.Errorf("member %d, which does not lead, was told to end a write", x.to.number())
				}
			}
		}
		if told == 0 {
			t.Error("nobody was told to end the write")
		}
	})
	t.Run("nobody answers", func(t *testing.T) {
		for _, m := range c.members {
			m.stop()
		}
		_, err := things(t, s)
		wantCode(t, err, store.Unavailable)
		for _, m := range c.members {
			m.start()
		}
		ask(t, c, s, 20)
	})
}
