// Package peer_test holds this service against the Neo4j GraphQL Library: both
// answer the same documents over the same data in the same Neo4j.
package peer_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j"
	"normgraph/graph/store/neo4j/devserver"
	"normgraph/graph/store/neo4j/devserver/devtest"
	"normgraph/seed"
)

// TestPeer loads the bundled corpus once and asks both sides everything.
func TestPeer(t *testing.T) {
	command := peerCommand(t)
	server := devtest.ForTest(t)
	s := sides{
		ours:   loadedService(t, server),
		theirs: startPeer(t, command, server),
	}
	t.Run("schema", s.testSchema)
	t.Run("documents", s.testDocuments)
	t.Run("generated", s.testGenerated)
	t.Run("paging", s.testPaging)
	t.Run("differences", s.testDifferences)
}

// sides are the two programs that must agree.
type sides struct {
	ours   *graph.Service
	theirs string // address
}

// question is one GraphQL request.
type question struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName,omitempty"`
	Variables     map[string]any `json:"variables,omitempty"`
}

// answer is what a client sees of a response.
type answer struct {
	Data   any `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
}

// failure is "" for an answer without errors.
func (a answer) failure() string {
	var all []string
	for _, e := range a.Errors {
		all = append(all, fmt.Sprintf("%v: %s", e.Extensions["code"], e.Message))
	}
	return strings.Join(all, "; ")
}

func (s sides) askOurs(t *testing.T, q question) answer {
	t.Helper()
	variables, err := json.Marshal(q.Variables)
	if err != nil {
		t.Fatal(err)
	}
	r := s.ours.Execute(t.Context(), graph.Request{Document: q.Query, OperationName: q.OperationName, Variables: variables})
	body, err := json.Marshal(map[string]any{"data": r.Data, "errors": r.Errors})
	if err != nil {
		t.Fatal(err)
	}
	return read(t, bytes.NewReader(body))
}

func (s sides) askTheirs(t *testing.T, q question) answer {
	t.Helper()
	body, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.theirs, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatalf("the peer does not answer: %v", err)
	}
	defer response.Body.Close()
	return read(t, response.Body)
}

func read(t *testing.T, body io.Reader) answer {
	t.Helper()
	var a answer
	if err := json.NewDecoder(body).Decode(&a); err != nil {
		t.Fatalf("not a GraphQL response: %v", err)
	}
	return a
}

func loadedService(t *testing.T, server *devserver.Server) *graph.Service {
	t.Helper()
	st, err := neo4j.Open(t.Context(), graph.Catalog(), neo4j.Config{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	corpus, err := seed.Read(seed.Bundled(), graph.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Load(t.Context(), corpus, store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	service, err := graph.New(st, graph.Options{
		Limits: graph.DefaultLimits(),
		Log:    func(_ context.Context, err error) { t.Log("our fault:", err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return service
}

// peerCommand is the command that starts the peer. Without Node or the peer's
// packages the test is skipped, or fails if devtest.RequireEnv names "node".
func peerCommand(t *testing.T) *exec.Cmd {
	t.Helper()
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat("node_modules/@neo4j/graphql/package.json")
	}
	if err == nil {
		return exec.Command(node, "server.js")
	}
	if slices.Contains(strings.Split(os.Getenv(devtest.RequireEnv), ","), "node") {
		t.Fatalf("the peer cannot run: %v; install Node 20 or later and run npm ci --prefix bench/peer", err)
	}
	t.Skipf("SKIPPED, NOT COMPARED WITH THE NEO4J GRAPHQL LIBRARY: %v; install Node 20 or later and run npm ci --prefix bench/peer", err)
	return nil
}

// startPeer starts the peer on the server and returns its address. The peer
// ends with the test.
func startPeer(t *testing.T, command *exec.Cmd, server *devserver.Server) string {
	t.Helper()
	command.Env = append(os.Environ(), "NODE_ENV=production", "PORT=0",
		"NEO4J_URI="+server.URI, "NEO4J_USER="+server.User, "NEO4J_PASSWORD="+server.Password)
	stderr := &bytes.Buffer{}
	command.Stderr = stderr
	command.WaitDelay = 10 * time.Second
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	line, readErr := bufio.NewReader(stdout).ReadString('\n')
	t.Cleanup(func() {
		err := errors.Join(stdin.Close(), command.Wait())
		if err != nil || readErr != nil {
			t.Errorf("the peer ended: %v\n%s", err, stderr)
		}
	})
	if readErr != nil {
		t.Fatalf("the peer did not start: %v", readErr)
	}
	return strings.TrimSpace(line)
}
