package neo4j

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"normgraph/graph/store"
	"normgraph/graph/store/neo4j/devserver/devtest"
)

const childEnv = "NORMGRAPH_TEST_LOAD_CHILD"

// TestMain is also the process that TestKilledLoad kills.
func TestMain(m *testing.M) {
	if uri := os.Getenv(childEnv); uri != "" {
		loadChild(uri)
		return
	}
	os.Exit(m.Run())
}

func loadChild(uri string) {
	ctx, cat := context.Background(), fixtureCatalog(&testing.T{})
	s, err := Open(ctx, cat, Config{URI: uri, User: os.Getenv("NEO4J_USER"), Password: os.Getenv("NEO4J_PASSWORD")})
	if err != nil {
		panic(err)
	}
	_, err = s.Load(ctx, large(cat, "2"), store.LoadOptions{Mode: store.LoadReplace, Progress: func(done, total int) {
		if done > total/3 {
			fmt.Println("in the middle")
			select {} // holds the transaction until the kill
		}
	}})
	panic(fmt.Sprint("the load came to an end: ", err))
}

func TestKilledLoad(t *testing.T) {
	server := devtest.ForTest(t)
	s := open(t, server, fixtureCatalog(t))
	if _, err := s.Load(t.Context(), small(s.cat), store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+server.URI)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("%q %v", line, err)
	}
	_, err = things(t, s)
	wantCode(t, err, store.Unavailable)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()

	fresh := open(t, server, fixtureCatalog(t))
	for _, x := range []*Store{s, fresh} {
		_, err = things(t, x)
		wantCode(t, err, store.Unavailable)
		_, err = x.Info(t.Context())
		wantCode(t, err, store.Unavailable)
	}
	_, err = fresh.Load(t.Context(), small(fresh.cat), store.LoadOptions{Mode: store.LoadMerge})
	wantCode(t, err, store.Conflict)
	r, err := fresh.Load(t.Context(), large(fresh.cat, "2"), store.LoadOptions{Mode: store.LoadReplace})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Changed || r.Revision.Number != 2 || r.NodesUpdated > 0 || r.EdgesCreated == 0 || r.NodesCreated+r.EdgesCreated > 9000 {
		t.Errorf("report %+v", r)
	}
	if n, err := things(t, s); n != 4000 || err != nil {
		t.Errorf("%d things, %v", n, err)
	}
	content := storedContent(t, s)
	if content.Hex(large(s.cat, "2").Corpus) != r.Revision.Content {
		t.Error("what is stored is not what was loaded")
	}
}

// A cancelled load of any size leaves the old revision or is refused.
func TestCancelledLoad(t *testing.T) {
	s, _ := loaded(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Load(ctx, dataset{version: "9", things: []map[string]any{{"id": "t1"}, {"id": "t99"}}}.build(s.cat), store.LoadOptions{Mode: store.LoadReplace,
		Progress: func(done, total int) {
			if done > 0 {
				cancel()
			}
		}})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	wantCode(t, err, store.Timeout)
	if n, err := things(t, s); n != 10 || err != nil {
		t.Errorf("%d things, %v", n, err)
	}
}
