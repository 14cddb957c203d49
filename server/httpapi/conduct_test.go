package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/server/httpapi"
)

func TestDeadlineReachesTheService(t *testing.T) {
	o := options(scripted(func(ctx context.Context, r graph.Request) *graph.Response {
		<-ctx.Done()
		return failing("TIMEOUT")(ctx, r)
	}))
	o.Deadline = time.Millisecond
	if w := send(httpapi.New(o), "POST", "/graphql", typename, header{"Content-Type": plainJSON}); w.Code != 504 {
		t.Errorf("status %d", w.Code)
	}
}

func TestPanic(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	o := options(scripted(func(context.Context, graph.Request) *graph.Response { panic("secret") }))
	o.Log = zap.New(core)
	h := httpapi.New(o)
	for range 2 {
		w := send(h, "POST", "/graphql", typename, header{"Content-Type": plainJSON, "X-Request-Id": "abc-1"})
		if body := w.Body.String(); w.Code != 500 || strings.Contains(body, "secret") || strings.Contains(body, ".go") || !strings.Contains(body, `"requestId":"abc-1"`) {
			t.Fatalf("%d %s", w.Code, body)
		}
	}
	if logs.FilterMessage("panic").FilterFieldKey("stack").Len() == 0 {
		t.Error("the stack is not in the log")
	}
}

func TestAnswersAreBounded(t *testing.T) {
	h := httpapi.New(options(scripted(func(context.Context, graph.Request) *graph.Response {
		res := &graph.Response{}
		for range 50 {
			res.Errors = append(res.Errors, &gqlerror.Error{Message: strings.Repeat("é", 5000), Extensions: map[string]any{"code": "GRAPHQL_VALIDATION_FAILED"}})
		}
		return res
	})))
	w := send(h, "POST", "/graphql", typename, header{"Content-Type": plainJSON})
	if n := strings.Count(w.Body.String(), "message"); n != 10 || w.Body.Len() > 12_000 {
		t.Errorf("%d errors in %d bytes", n, w.Body.Len())
	}
}

func TestLogTellsNoData(t *testing.T) {
	core, logs := observer.New(zapcore.InfoLevel)
	o := options(real)
	o.Log = zap.New(core)
	h := httpapi.New(o)
	w := send(h, "POST", "/graphql", `{"query":"query Mine($id:ID!){node(id:$id){id}}","variables":{"id":"secret"}}`, header{"Content-Type": plainJSON, "X-Request-Id": "mine.1"})
	send(h, "GET", "/graphql?query={secret}", "", header{"X-Request-Id": "not sane\n"})
	if w.Header().Get("X-Request-Id") != "mine.1" {
		t.Errorf("request id %q", w.Header().Get("X-Request-Id"))
	}
	lines := logs.All()
	if len(lines) != 2 {
		t.Fatalf("%d lines for two requests", len(lines))
	}
	first := lines[0].ContextMap()
	for key, want := range map[string]any{"id": "mine.1", "method": "POST", "path": "/graphql", "status": int64(200), "operation": "Mine", "statements": int64(1)} {
		if first[key] != want {
			t.Errorf("%s is %v, want %v", key, first[key], want)
		}
	}
	if id := lines[1].ContextMap()["id"]; id == "not sane\n" || id == "" {
		t.Errorf("request id %q", id)
	}
	if all := fmt.Sprint(first, lines[1].ContextMap()); strings.Contains(all, "secret") {
		t.Errorf("the log repeats data: %s", all)
	}
}

func TestHealth(t *testing.T) {
	for _, c := range []struct {
		busy   bool
		err    error
		status int
		has    string
	}{
		{false, nil, 200, "ready"},
		{true, nil, 200, "busy"},
		{true, &store.Error{Code: store.Unavailable, Message: "the corpus is being loaded", Cause: errors.New("secret")}, 503, "the corpus is being loaded"},
		{false, errors.New("secret"), 503, "internal"},
	} {
		o := options(real)
		o.Ready = func(context.Context) (bool, error) { return c.busy, c.err }
		h := httpapi.New(o)
		w := send(h, "GET", "/readyz", "", nil)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.has) || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%v: %d %s", c.err, w.Code, w.Body)
		}
		if w := send(h, "GET", "/livez", "", nil); w.Code != 200 {
			t.Errorf("livez %d", w.Code)
		}
	}
}

func TestCORS(t *testing.T) {
	for _, c := range []struct {
		name    string
		origins []string
		want    string // for https://a.example
	}{
		{"none", nil, ""},
		{"any", []string{"*"}, "*"},
		{"listed", []string{"https://a.example"}, "https://a.example"},
		{"another", []string{"https://b.example"}, ""},
	} {
		o := options(real)
		o.CORSOrigins = c.origins
		h := httpapi.New(o)
		ask := header{"Origin": "https://a.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "apollo-require-preflight,apollographql-client-name,baggage,content-type,sentry-trace,traceparent,tracestate,x-apollo-operation-name"}
		for _, w := range []*httptest.ResponseRecorder{
			send(h, "OPTIONS", "/graphql", "", ask),
			send(h, "GET", "/graphql?query={__typename}", "", header{"Origin": "https://a.example"}),
		} {
			if got := w.Header().Get("Access-Control-Allow-Origin"); got != c.want || w.Code >= 300 {
				t.Errorf("%s: %d %q, want %q", c.name, w.Code, got, c.want)
			}
			if w.Header().Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s: credentials are allowed", c.name)
			}
		}
	}
}

func TestPages(t *testing.T) {
	h := httpapi.New(options(real))
	for _, c := range []struct {
		method, path string
		status       int
		has          string
	}{
		{"GET", "/", 200, "a corpus"},
		{"GET", "/playground", 200, "<html"},
		{"GET", "/playground/", 308, ""},
		{"POST", "/playground", 405, ""},
		{"GET", "/schema.graphqls", 200, "type Query"},
		{"HEAD", "/schema.graphqls", 200, ""},
		{"PUT", "/schema.graphqls", 405, ""},
		{"POST", "/readyz", 405, ""},
		{"GET", "/assets/none.js", 404, ""},
		{"GET", "/secret", 404, "/graphql"},
		{"POST", "/secret/", 404, ""},
	} {
		w := send(h, c.method, c.path, "", nil)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.has) || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s %s: %d, want %d with %q", c.method, c.path, w.Code, c.status, c.has)
		}
		for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Request-Id"} {
			if w.Header().Get(name) == "" {
				t.Errorf("%s %s: no %s", c.method, c.path, name)
			}
		}
		if w.Code == 405 && w.Header().Get("Allow") == "" {
			t.Errorf("%s %s: no Allow", c.method, c.path)
		}
	}
}

func TestMetrics(t *testing.T) {
	h := httpapi.New(options(real))
	send(h, "POST", "/graphql", `{"query":"{norms(limit:3){id}}"}`, header{"Content-Type": plainJSON})
	send(h, "POST", "/graphql", `{"query":"{none}"}`, header{"Content-Type": plainJSON})
	send(h, "GET", "/secret", "", nil)
	if w := send(h, "GET", "/metrics", "", nil); w.Code != 404 {
		t.Errorf("the public address tells metrics: %d", w.Code)
	}
	body := send(h.Metrics(), "GET", "/metrics", "", nil).Body.String()
	for _, line := range []string{
		`normgraph_http_requests_total{route="/graphql",status="200"} 2`,
		`normgraph_http_requests_total{route="unknown",status="404"} 2`,
		`normgraph_http_request_duration_seconds_count{route="/graphql"} 2`,
		`normgraph_graphql_requests_total{code="OK"} 1`,
		`normgraph_graphql_requests_total{code="GRAPHQL_VALIDATION_FAILED"} 1`,
		"normgraph_store_statements_total 1",
		"normgraph_graphql_rows_sum 3",
		"normgraph_http_requests_in_flight 0",
		"normgraph_revision 1",
		"go_goroutines ",
	} {
		if !strings.Contains(body, line) {
			t.Errorf("no %s", line)
		}
	}
}
