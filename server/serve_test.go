package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestServe(t *testing.T) {
	data := t.TempDir()
	for _, start := range []string{"empty", "loaded"} {
		s := serve(t, data, "ready")
		if loaded := strings.Contains(s.said(), "loaded the bundled corpus"); loaded != (start == "empty") {
			t.Errorf("start on %s store: loaded %t", start, loaded)
		}
		if !strings.Contains(s.said(), filepath.Join(data, "normgraph", "normgraph.db")) {
			t.Errorf("the store's place is not said: %s", s.said())
		}
		for path, has := range map[string]string{
			"/readyz": "ready",
			"/graphql?query={incidentsConnection(first:0){totalCount}}": `"totalCount":74`,
			"/":           "Automated reading",
			"/playground": "<html",
		} {
			if status, body := fetch(t, s.url+path); status != 200 || !strings.Contains(strings.ToLower(body), strings.ToLower(has)) {
				t.Errorf("%s: %d without %q", path, status, has)
			}
		}
		if code, _, stderr := run(t, data, "", "health", s.url+"/readyz"); code != 0 {
			t.Errorf("health: %s", stderr)
		}
		if code, _, stderr := run(t, t.TempDir(), "", "serve", "--listen", strings.TrimPrefix(s.url, "http://")); code != exitFault || !strings.Contains(stderr, "another program listens") || !strings.Contains(stderr, "--listen") {
			t.Errorf("port in use: %d %s", code, stderr)
		}
		if code := s.stop(t); code != 0 {
			t.Errorf("exit code %d after SIGTERM: %s", code, s.said())
		}
		if code, _, _ := run(t, data, "", "health", s.url+"/readyz"); code != exitFault {
			t.Errorf("health of a stopped server: %d", code)
		}
	}
}

// TestStopFinishesRequests holds a request at its body while the server stops.
func TestStopFinishesRequests(t *testing.T) {
	s := serve(t, t.TempDir(), "ready")
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const body = `{"query":"{__typename}"}`
	fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", len(body))
	answers := bufio.NewReader(conn)
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q %v", line, err)
	}
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for !strings.Contains(s.said(), "stopping") {
		time.Sleep(5 * time.Millisecond)
	}
	if _, err := conn.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(answers)
	if err != nil || !strings.Contains(string(rest), "200 OK") || !strings.Contains(string(rest), "Query") {
		t.Errorf("the request in flight got %q %v", rest, err)
	}
	<-s.eof
	_ = s.Wait() // the exit code tells
	if code := s.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestStoreAway(t *testing.T) {
	for _, store := range []string{"bolt://127.0.0.1:1", "neo4j://127.0.0.1:1"} { // no server, no router
		s := serve(t, t.TempDir(), "not ready, trying again", "--store", store)
		for _, path := range []string{"/readyz", "/graphql?query={norms{id}}"} {
			status, body := fetch(t, s.url+path)
			if status != 503 || strings.Contains(body, "127.0.0.1") {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
		if status, _ := fetch(t, s.url+"/livez"); status != 200 {
			t.Errorf("livez: %d", status)
		}
		if code := s.stop(t); code != 0 {
			t.Errorf("exit code %d: %s", code, s.said())
		}
	}
}

func TestSecondSignalStopsAtOnce(t *testing.T) {
	s := serve(t, t.TempDir(), "ready")
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
	if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		for !strings.Contains(s.said(), "stopping") {
			time.Sleep(5 * time.Millisecond)
		}
	}
	<-s.eof
	_ = s.Wait() // the state tells
	if s.ProcessState.Exited() {
		t.Errorf("it ended by itself, with %d", s.ProcessState.ExitCode())
	}
}

// TestMetricsAreApart: what all clients ask for is told at an address of its own.
func TestMetricsAreApart(t *testing.T) {
	s := serve(t, t.TempDir(), "ready")
	if status, _ := fetch(t, s.url+"/metrics"); status != 404 {
		t.Errorf("the public address: %d", status)
	}
	if s.metric(t, "normgraph_revision") < 0 {
		t.Error("no revision")
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d: %s", code, s.said())
	}
}

// TestLoopbackIsLocal: a page of another name does not reach a loopback address, nor
// read it by script.
func TestLoopbackIsLocal(t *testing.T) {
	s := serve(t, t.TempDir(), "ready")
	for _, c := range []struct {
		host, origin string
		status       int
		shared       string
	}{
		{"evil.example", "", 421, ""},
		{"localhost", "http://localhost:3000", 200, "http://localhost:3000"},
		{"localhost", "http://localhost.evil.example", 200, ""},
		{"localhost", "https://evil.example", 200, ""},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/graphql?query={__typename}", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = c.host
		r.Header.Set("Origin", c.origin)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if got := answer.Header.Get("Access-Control-Allow-Origin"); answer.StatusCode != c.status || got != c.shared {
			t.Errorf("%v: %d, shared with %q", c, answer.StatusCode, got)
		}
	}
}
