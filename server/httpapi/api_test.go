package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
	"normgraph/seed"
	"normgraph/server/httpapi"
	"normgraph/web"
)

// real and keeping answer from the bundled corpus; keeping keeps its answers.
var real, keeping *graph.Service

func TestMain(m *testing.M) {
	ctx := context.Background()
	st, err := sqlite.Open(ctx, graph.Catalog(), sqlite.Memory)
	must(err)
	data, err := seed.Read(seed.Bundled(), graph.Catalog())
	must(err)
	_, err = st.Load(ctx, data, store.LoadOptions{})
	must(err)
	real, err = graph.New(st, graph.Options{Limits: graph.DefaultLimits()})
	must(err)
	keeping, err = graph.New(st, graph.Options{Limits: graph.DefaultLimits(), CacheBytes: 1 << 22})
	must(err)
	code := m.Run()
	must(st.Close())
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// scripted is a Service that does what a test says.
type scripted func(ctx context.Context, r graph.Request) *graph.Response

func (s scripted) Execute(ctx context.Context, r graph.Request) *graph.Response { return s(ctx, r) }

func failing(code string) scripted {
	return func(context.Context, graph.Request) *graph.Response {
		return &graph.Response{Errors: gqlerror.List{{Message: "no", Extensions: map[string]any{"code": code}}}}
	}
}

func options(s httpapi.Service) httpapi.Options {
	return httpapi.Options{Service: s, SDL: graph.SDL, Log: zap.NewNop(),
		Ready:     func(context.Context) (bool, error) { return false, nil },
		Corpus:    func(context.Context) (web.Corpus, error) { return web.Corpus{Name: "a corpus", Revision: 1}, nil },
		BodyBytes: 4096, URLBytes: 2048, Unsent: 8 << 20, Deadline: 5 * time.Second}
}

type header map[string]string

func send(h http.Handler, method, target, body string, fields header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for name, value := range fields {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const (
	graphqlJSON = "application/graphql-response+json"
	plainJSON   = "application/json"
	browser     = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	typename    = `{"query":"{__typename}"}`
)

func TestGraphQL(t *testing.T) {
	h := httpapi.New(options(real))
	get := func(parameters ...string) string {
		v := url.Values{}
		for i := 0; i < len(parameters); i += 2 {
			v.Add(parameters[i], parameters[i+1])
		}
		return "/graphql?" + v.Encode()
	}
	asJSON := header{"Content-Type": plainJSON}
	with := func(more header) header {
		out := header{"Content-Type": plainJSON}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	for _, c := range []struct {
		name, method, target, body string
		header                     header
		status                     int
		code                       string // of the first error
		want                       header // of the answer
		has                        string // in the body
	}{
		{"post", "POST", "/graphql", `{"query":"query Q($n:Int){norms(limit:$n){id}}","variables":{"n":0},"operationName":"Q"}`, asJSON, 200, "", header{"Content-Type": plainJSON + "; charset=utf-8", "Vary": "Accept-Encoding, Accept", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}, `{"data":{"norms":[]}`},
		{"post, charset", "POST", "/graphql", typename, header{"Content-Type": "application/json; charset=UTF-8"}, 200, "", nil, "Query"},
		{"post, unknown members", "POST", "/graphql", `{"query":"{__typename}","more":[1],"extensions":{},"variables":null,"operationName":null,"documentId":null}`, asJSON, 200, "", nil, "Query"},
		{"get", "GET", get("query", "query($n:Int){norms(limit:$n){id}}", "variables", `{"n":0}`, "extensions", "{}"), "", nil, 200, "", nil, `{"data":{"norms":[]}`},
		{"get by a browser", "GET", get("query", "{__typename}"), "", header{"Accept": browser}, 200, "", header{"Content-Type": plainJSON + "; charset=utf-8"}, "Query"},
		{"head", "HEAD", get("query", "{__typename}"), "", nil, 200, "", nil, ""},
		{"options", "OPTIONS", "/graphql", "", nil, 204, "", header{"Allow": "GET, HEAD, POST, OPTIONS"}, ""},
		{"other method", "DELETE", "/graphql", "", nil, 405, "BAD_REQUEST", header{"Allow": "GET, HEAD, POST, OPTIONS"}, ""},
		{"browser without query", "GET", "/graphql", "", header{"Accept": browser}, 303, "", header{"Location": "/playground"}, ""},
		{"browser with documentId", "GET", "/graphql?documentId=x", "", header{"Accept": browser}, 404, "PERSISTED_QUERY_NOT_FOUND", nil, ""},
		{"get without query", "GET", "/graphql", "", nil, 400, "BAD_REQUEST", nil, "query"},
		{"get, mutation", "GET", get("query", "mutation{a}"), "", nil, 405, "BAD_REQUEST", header{"Allow": "POST"}, "POST"},
		{"get, one mutation of two operations", "GET", get("query", "query A{__typename} mutation B{a}", "operationName", "B"), "", nil, 405, "BAD_REQUEST", header{"Allow": "POST"}, "POST"},
		{"get, bad encoding", "GET", "/graphql?query=%zz", "", nil, 400, "BAD_REQUEST", nil, ""},
		{"get, query twice", "GET", get("query", "{a}", "query", "{b}"), "", nil, 400, "BAD_REQUEST", nil, "2 times"},
		{"get, not UTF-8", "GET", "/graphql?query=%ff", "", nil, 400, "BAD_REQUEST", nil, ""},
		{"get, variables no JSON", "GET", get("query", "{a}", "variables", "{"), "", nil, 400, "BAD_REQUEST", nil, "variables"},
		{"get, variables a list", "GET", get("query", "{a}", "variables", "[]"), "", nil, 400, "BAD_REQUEST", nil, "variables"},
		{"get, URL too long", "GET", get("query", strings.Repeat(" ", 2048)), "", nil, 414, "LIMIT_EXCEEDED", nil, "2048"},
		{"not acceptable", "POST", "/graphql", typename, with(header{"Accept": "text/plain"}), 406, "BAD_REQUEST", nil, graphqlJSON},
		{"not acceptable, other charset", "POST", "/graphql", typename, with(header{"Accept": "application/json;charset=latin1"}), 406, "BAD_REQUEST", nil, ""},
		{"no content type", "POST", "/graphql", typename, nil, 415, "BAD_REQUEST", header{"Accept-Post": plainJSON}, ""},
		{"form", "POST", "/graphql", "query={__typename}", header{"Content-Type": "application/x-www-form-urlencoded"}, 415, "BAD_REQUEST", nil, ""},
		{"multipart", "POST", "/graphql", typename, header{"Content-Type": "multipart/form-data; boundary=x"}, 415, "BAD_REQUEST", nil, ""},
		{"plain text", "POST", "/graphql", typename, header{"Content-Type": "text/plain"}, 415, "BAD_REQUEST", nil, ""},
		{"other charset", "POST", "/graphql", typename, header{"Content-Type": "application/json; charset=latin1"}, 415, "BAD_REQUEST", nil, ""},
		{"compressed", "POST", "/graphql", typename, with(header{"Content-Encoding": "gzip"}), 415, "BAD_REQUEST", header{"Accept-Encoding": "identity"}, ""},
		{"too large", "POST", "/graphql", strings.Repeat(" ", 4097), asJSON, 413, "LIMIT_EXCEEDED", nil, "4096"},
		{"empty", "POST", "/graphql", "", asJSON, 400, "BAD_REQUEST", nil, "empty"},
		{"no JSON", "POST", "/graphql", `{"secret`, asJSON, 400, "BAD_REQUEST", nil, "byte 8"},
		{"two values", "POST", "/graphql", typename + typename, asJSON, 400, "BAD_REQUEST", nil, ""},
		{"batch", "POST", "/graphql", "[" + typename + "]", asJSON, 400, "BAD_REQUEST", nil, "batches"},
		{"a string", "POST", "/graphql", `"secret"`, asJSON, 400, "BAD_REQUEST", nil, "object is expected"},
		{"null", "POST", "/graphql", "null", asJSON, 400, "BAD_REQUEST", nil, ""},
		{"not UTF-8", "POST", "/graphql", "{\"query\":\"\xff\"}", asJSON, 400, "BAD_REQUEST", nil, "UTF-8"},
		{"member in another case", "POST", "/graphql", `{"Query":"{__typename}"}`, asJSON, 400, "BAD_REQUEST", nil, ""},
		{"query twice, once escaped, behind brackets in a string", "POST", "/graphql", `{"variables":{"a":"}\\\":{"},"query":"{__typename}","qu\u0065ry":"{secret}"}`, asJSON, 400, "BAD_REQUEST", nil, "query is given twice"},
		{"query once, doubles elsewhere", "POST", "/graphql", `{"variables":{"query":1},"query":"{__typename}","x":":","x":{"y":2}}`, asJSON, 200, "", nil, ""},
		{"query twice", "POST", "/graphql", `{"query":"{__typename}","query":"{secret}"}`, asJSON, 400, "BAD_REQUEST", nil, "query is given twice"},
		{"unknown member twice", "POST", "/graphql", `{"x":1,"x":2,"query":"{__typename}"}`, asJSON, 200, "", nil, "Query"},
		{"variable twice", "POST", "/graphql", `{"query":"query($n:Int){norms(limit:$n){id}}","variables":{"n":0,"\u006e":1}}`, asJSON, 400, "BAD_REQUEST", nil, "twice in variables"},
		{"get, variable twice", "GET", get("query", "query($n:Int){norms(limit:$n){id}}", "variables", `{"n":0,"n":1}`), "", nil, 400, "BAD_REQUEST", nil, "twice in variables"},
		{"query a list", "POST", "/graphql", `{"query":["secret"]}`, asJSON, 400, "BAD_REQUEST", nil, "an array"},
		{"operationName a number", "POST", "/graphql", `{"query":"{a}","operationName":1}`, asJSON, 400, "BAD_REQUEST", nil, "a number"},
		{"variables a string", "POST", "/graphql", `{"query":"{a}","variables":"secret"}`, asJSON, 400, "BAD_REQUEST", nil, "a string"},
		{"extensions true", "POST", "/graphql", `{"query":"{a}","extensions":true}`, asJSON, 400, "BAD_REQUEST", nil, "a boolean"},
		{"deep variables", "POST", "/graphql", `{"query":"{a}","variables":` + strings.Repeat("[", 4000), asJSON, 400, "LIMIT_EXCEEDED", nil, "levels"},
		{"query and documentId", "POST", "/graphql", `{"query":"{a}","documentId":"x"}`, asJSON, 400, "BAD_REQUEST", nil, "not both"},
		{"unknown documentId", "POST", "/graphql", `{"documentId":"x"}`, asJSON, 404, "PERSISTED_QUERY_NOT_FOUND", nil, ""},
		{"lone surrogate in the document", "POST", "/graphql", `{"query":"{a(x:\"\\uD800\")}"}`, asJSON, 200, "GRAPHQL_PARSE_FAILED", nil, ""},
		{"lone surrogate in JSON", "POST", "/graphql", `{"query":"{a(x:\"\uD800\")}"}`, with(header{"Accept": graphqlJSON}), 400, "GRAPHQL_PARSE_FAILED", nil, ""},
		{"parse failure", "POST", "/graphql", `{"query":"{"}`, with(header{"Accept": graphqlJSON}), 400, "GRAPHQL_PARSE_FAILED", header{"Content-Type": graphqlJSON + "; charset=utf-8"}, "locations"},
		{"limit", "POST", "/graphql", `{"query":"{` + strings.Repeat("n{", 31) + `"}`, asJSON, 400, "LIMIT_EXCEEDED", nil, `"maximum":30`},
		{"trailing slash", "POST", "/graphql/?a=b", typename, asJSON, 308, "", header{"Location": "/graphql?a=b"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := send(h, c.method, c.target, c.body, c.header)
			if w.Code != c.status {
				t.Errorf("status %d, want %d: %s", w.Code, c.status, w.Body)
			}
			for name, value := range c.want {
				if got := strings.Join(w.Header().Values(name), ", "); got != value {
					t.Errorf("%s: %q, want %q", name, got, value)
				}
			}
			if !strings.Contains(w.Body.String(), c.has) {
				t.Errorf("the body lacks %q: %s", c.has, w.Body)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("the body repeats the request: %s", w.Body)
			}
			if c.code == "" {
				return
			}
			var answer struct {
				Errors []struct{ Extensions struct{ Code string } }
				Data   json.RawMessage
			}
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || len(answer.Errors) == 0 {
				t.Fatalf("no errors in %s", w.Body)
			}
			if got := answer.Errors[0].Extensions.Code; got != c.code || answer.Data != nil {
				t.Errorf("code %s, want %s, without data: %s", got, c.code, w.Body)
			}
		})
	}
}

func TestStatusOfCodes(t *testing.T) {
	for _, c := range []struct {
		code            string
		strict, lenient int // by graphqlJSON and by plainJSON
	}{
		{"GRAPHQL_PARSE_FAILED", 400, 200},
		{"GRAPHQL_VALIDATION_FAILED", 400, 200},
		{"BAD_USER_INPUT", 400, 200},
		{"LIMIT_EXCEEDED", 400, 400},
		{"BAD_REQUEST", 400, 400},
		{"UNAVAILABLE", 503, 503},
		{"TIMEOUT", 504, 504},
		{"INTERNAL_SERVER_ERROR", 500, 500},
		{"SOMETHING_NEW", 500, 500},
	} {
		h := httpapi.New(options(failing(c.code)))
		for accept, want := range map[string]int{graphqlJSON: c.strict, plainJSON: c.lenient} {
			w := send(h, "POST", "/graphql", typename, header{"Content-Type": plainJSON, "Accept": accept})
			if w.Code != want {
				t.Errorf("%s as %s: status %d, want %d", c.code, accept, w.Code, want)
			}
			if (w.Header().Get("Retry-After") != "") != (want == 503) {
				t.Errorf("%s: Retry-After %q", c.code, w.Header().Get("Retry-After"))
			}
			if strings.Contains(w.Body.String(), "data") {
				t.Errorf("%s: data in %s", c.code, w.Body)
			}
		}
	}
}

func TestNegotiation(t *testing.T) {
	h := httpapi.New(options(real))
	for accept, want := range map[string]string{
		"":                                   plainJSON,
		"*/*":                                plainJSON,
		"application/*":                      plainJSON,
		plainJSON:                            plainJSON,
		graphqlJSON:                          graphqlJSON,
		graphqlJSON + ", " + plainJSON:       graphqlJSON,
		plainJSON + "," + graphqlJSON:        graphqlJSON,
		graphqlJSON + ";q=0.5, " + plainJSON: plainJSON,
		graphqlJSON + ", " + plainJSON + ";q=0.9":                   graphqlJSON,
		"*/*;q=0.1, " + graphqlJSON + ";q=0.2":                      graphqlJSON,
		"application/json;q=0, */*":                                 graphqlJSON,
		"*/*;q=0":                                                   "",
		"text/html":                                                 "",
		"text/html, " + graphqlJSON + ";q=0.3":                      graphqlJSON,
		"Application/JSON; Charset=UTF-8":                           plainJSON,
		"application/json;q=2, " + graphqlJSON + ";q=0.001":         graphqlJSON,
		"text/event-stream, multipart/mixed, " + plainJSON + ";q=1": plainJSON,
	} {
		fields := header{"Content-Type": plainJSON}
		if accept != "" {
			fields["Accept"] = accept
		}
		w := send(h, "POST", "/graphql", typename, fields)
		got, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
		if want == "" && w.Code != 406 || want != "" && (got != want || w.Code != 200) {
			t.Errorf("Accept %q: %d %s, want %q", accept, w.Code, got, want)
		}
	}
}

func TestMutationOverGET(t *testing.T) {
	asked := false
	h := httpapi.New(options(scripted(func(_ context.Context, r graph.Request) *graph.Response {
		asked = r.ReadOnly
		res := failing("BAD_REQUEST")(nil, r)
		res.Mutation = true
		return res
	})))
	w := send(h, "GET", "/graphql?query=mutation{a}", "", nil)
	if !asked || w.Code != 405 || w.Header().Get("Allow") != "POST" {
		t.Errorf("read-only %t, status %d, Allow %q", asked, w.Code, w.Header().Get("Allow"))
	}
}
