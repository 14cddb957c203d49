package devserver_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/graph/store/neo4j/devserver"
	"normgraph/graph/store/neo4j/devserver/devtest"
)

// childEnv makes the test binary start a server over this folder, say its URI
// and wait to be killed.
const childEnv = "DEVSERVER_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		server, err := devserver.Start(context.Background(), devserver.Options{Own: true, DataDir: dir, HeapMB: 512})
		if err != nil {
			fmt.Println("error:", strings.ReplaceAll(err.Error(), "\n", " | "))
			os.Exit(1)
		}
		fmt.Println(server.URI)
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with the parent
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestLife is one server's life with the faults in between: each start takes
// about ten seconds, so the steps share it.
func TestLife(t *testing.T) {
	dir := t.TempDir()
	server := devtest.Own(t, devserver.Options{DataDir: dir, HeapMB: 512})
	if server.How != devserver.HowDocker && server.How != devserver.HowMaven {
		t.Fatalf("How = %q", server.How)
	}
	if got := ask(t, server, "RETURN 1"); got != int64(1) {
		t.Fatalf("RETURN 1 gave %v", got)
	}

	t.Run("folder in use", func(t *testing.T) {
		_, err := devserver.Start(t.Context(), devserver.Options{Own: true, DataDir: dir})
		expectError(t, err, "in use by another server")
		if errors.Is(err, devserver.ErrUnavailable) {
			t.Error("a folder in use must not look like a missing Neo4j")
		}
	})

	t.Run("kill and restart keep data and port", func(t *testing.T) {
		ask(t, server, "CREATE (n:Kept {id: 'a'}) RETURN n.id")
		uri, running := server.URI, server.Done()
		if err := server.Kill(); err != nil {
			t.Fatal(err)
		}
		<-running
		if answers(server.URI) {
			t.Fatal("the killed server still listens")
		}
		if err := server.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		if server.URI != uri {
			t.Errorf("URI was %s, is %s", uri, server.URI)
		}
		if got := ask(t, server, "MATCH (n:Kept) RETURN n.id"); got != "a" {
			t.Errorf("after the restart: %v", got)
		}
	})

	t.Run("NEO4J_URI", func(t *testing.T) {
		t.Setenv("NEO4J_URI", server.URI)
		named, err := devserver.Start(t.Context(), devserver.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if named.How != devserver.HowEnvironment || named.URI != server.URI {
			t.Errorf("got %+v", named)
		}
		if err := named.Kill(); !errors.Is(err, devserver.ErrNotOwned) {
			t.Errorf("Kill: %v", err)
		}
		if err := named.Restart(t.Context()); !errors.Is(err, devserver.ErrNotOwned) {
			t.Errorf("Restart: %v", err)
		}
		if err := named.Stop(); err != nil {
			t.Errorf("Stop: %v", err)
		}
		if got := ask(t, server, "RETURN 1"); got != int64(1) {
			t.Error("Stop reached a server that is not ours")
		}
	})

	t.Run("claim and wipe", func(t *testing.T) { claimAndWipe(t, server) })

	t.Run("stop", func(t *testing.T) {
		if err := server.Stop(); err != nil {
			t.Fatal(err)
		}
		<-server.Done()
		if answers(server.URI) {
			t.Error("the stopped server still listens")
		}
		if err := server.Stop(); err != nil {
			t.Errorf("second Stop: %v", err)
		}
		expectError(t, server.Restart(t.Context()), "stopped for good")
	})
}

// TestParentKilled covers a crash of the process that started the server: on
// Linux the server goes with it, and the folder is free and sound.
func TestParentKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: only Linux ends a child with its parent")
	}
	dir := t.TempDir()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := child.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	uri, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	uri = strings.TrimSpace(uri)
	if text, failed := strings.CutPrefix(uri, "error: "); failed {
		_ = child.Wait()
		if strings.Contains(text, devserver.ErrUnavailable.Error()) {
			devtest.Own(t, devserver.Options{}) // skips or fails, with the reason
		}
		t.Fatal(text)
	}
	ask(t, &devserver.Server{URI: uri}, "CREATE (n:Kept {id: 'b'}) RETURN n.id")
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()

	server := devtest.Own(t, devserver.Options{DataDir: dir, HeapMB: 512})
	if got := ask(t, server, "MATCH (n:Kept) RETURN n.id"); got != "b" {
		t.Errorf("after the crash: %v", got)
	}
	if server.How == devserver.HowMaven && server.URI != uri && answers(uri) {
		t.Error("the server of the killed process still listens")
	}
}

// ask runs a statement and returns the value of its one row, or nil without rows.
func ask(t *testing.T, server *devserver.Server, statement string) any {
	t.Helper()
	driver, err := server.Driver()
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	return askDriver(t, driver, statement)
}

func askDriver(t *testing.T, driver neo4j.DriverWithContext, statement string) any {
	t.Helper()
	session := driver.NewSession(t.Context(), neo4j.SessionConfig{})
	defer session.Close(t.Context())
	result, err := session.Run(t.Context(), statement, nil)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	records, err := result.Collect(t.Context())
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	if len(records) == 0 {
		return nil
	}
	return records[0].Values[0]
}

func answers(uri string) bool {
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(uri, "neo4j://"), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

func expectError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; expected one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q lacks %q", err, part)
		}
	}
}
