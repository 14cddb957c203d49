package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"normgraph/server/httpapi"
)

// slowReader takes an answer only when it is told to.
type slowReader struct {
	*httptest.ResponseRecorder
	writing, read chan struct{}
}

func (w *slowReader) Write(p []byte) (int, error) {
	select {
	case w.writing <- struct{}{}:
	default:
	}
	<-w.read
	return w.ResponseRecorder.Write(p)
}

// TestUnsent: answers that are not taken are bounded, for each client and for
// all; small ones are sent all the same.
func TestUnsent(t *testing.T) {
	large := "/graphql?query=" + url.QueryEscape("{assessments(limit:500){id rationale incident{id name summary}}}")
	const small = "/graphql?query={norms(limit:3){id}}"
	o := options(real)
	size := send(httpapi.New(o), "GET", large, "", header{"Accept-Encoding": "identity"}).Body.Len()
	if size < 100_000 {
		t.Fatalf("only %d bytes", size)
	}
	o.Unsent, o.InFlight = int64(size)*9, 64 // two for each client, nine for all
	h := httpapi.New(o)
	request := func(client, target string) *http.Request {
		r := httptest.NewRequest("GET", target, nil)
		r.Header.Set("Accept-Encoding", "identity")
		r.RemoteAddr = client + ":1"
		return r
	}
	ask := func(client, target string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, request(client, target))
		return w
	}
	read := make(chan struct{})
	done := make(chan int, 16)
	hold := func(client string) {
		w := &slowReader{httptest.NewRecorder(), make(chan struct{}, 1), read}
		go func() {
			h.ServeHTTP(w, request(client, large))
			done <- w.Code
		}()
		<-w.writing
	}
	refused := func(client string) {
		t.Helper()
		w := ask(client, large)
		if w.Code != 503 || !strings.Contains(w.Body.String(), "UNAVAILABLE") || w.Header().Get("Retry-After") == "" || w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v %.200s", client, w.Code, w.Header(), w.Body)
		}
		if w := ask(client, small); w.Code != 200 {
			t.Errorf("%s, a small answer: %d %s", client, w.Code, w.Body)
		}
	}
	hold("192.0.2.1")
	hold("192.0.2.1")
	refused("192.0.2.1")
	if w := ask("192.0.2.2", large); w.Code != 200 || w.Body.Len() != size {
		t.Errorf("another client: %d", w.Code)
	}
	for range 7 { // this machine has no bound of its own
		hold("127.0.0.1")
	}
	refused("127.0.0.1")
	refused("192.0.2.2")
	close(read)
	for range 9 {
		if code := <-done; code != 200 {
			t.Errorf("status %d", code)
		}
	}
	for _, client := range []string{"127.0.0.1", "192.0.2.1"} {
		if w := ask(client, large); w.Code != 200 {
			t.Errorf("%s, afterwards: %d", client, w.Code)
		}
	}
}

// TestPlacesOfOneClient: it has half of the places, so that others find one.
func TestPlacesOfOneClient(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	o := options(occupied(entered, leave))
	o.InFlight = 6
	h := httpapi.New(o)
	codes := make(chan int, 10)
	ask := func(client string) {
		r := httptest.NewRequest("POST", "/graphql", strings.NewReader(typename))
		r.Header.Set("Content-Type", plainJSON)
		r.RemoteAddr = client + ":1"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		codes <- w.Code
	}
	enter := func(client string) {
		t.Helper()
		go ask(client)
		select {
		case <-entered:
		case code := <-codes:
			t.Fatalf("%s: %d", client, code)
		}
	}
	const one, other, here = "192.0.2.1", "192.0.2.2", "127.0.0.1"
	for range 3 {
		enter(one)
	}
	if ask(one); <-codes != 503 {
		t.Error("a fourth request of one client was admitted")
	}
	enter(other)
	enter(here)
	enter(here)
	if ask(other); <-codes != 503 {
		t.Error("a seventh request was admitted")
	}
	close(leave)
	for range 6 {
		if code := <-codes; code != 200 {
			t.Errorf("an admitted request: %d", code)
		}
	}
	go func() { <-entered }()
	if ask(one); <-codes != 200 {
		t.Error("a request was refused when all had left")
	}
}
