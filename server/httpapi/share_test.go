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
	o.Unsent = int64(size) * 9 // two for each client, nine for all
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
