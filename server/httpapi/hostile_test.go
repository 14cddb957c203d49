package httpapi_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"normgraph/server/httpapi"
)

// Texts that are syntax somewhere on the way: JSON, GraphQL, SQL, FTS5, Cypher,
// Lucene, HTML, HTTP, logs, terminals.
var hostile = []string{
	`"`, `'`, "`", `\`, `\"`, `"}`, `"}}`, `{"`, "'; DROP TABLE node; --", "' OR '1'='1", "x' UNION SELECT sql FROM sqlite_schema --", "%' ESCAPE 'x", "?1", ":p0", "@p0", "$1",
	"}) DETACH DELETE n //", "` SET n.id = 1 //", "$p0", "{p0}", "\\u0027 OR 1=1", "CALL db.labels()", "norm*", "NEAR(a b)", "a AND NOT b", "body:a", "^a", "a + b", "-a", "{name body}:a",
	"name:a", "a~2", "a^4", "[a TO b]", "/re.*/", "(a OR", "a && b || !c", "*:*", `"a b"~3`, "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "%s%n%x", "../../etc/passwd",
	"a\x00b", "\x00", "\x01\x02\x1b[31m", "a\r\nSet-Cookie: x=y", "\u202etxt.exe", "\u200f\u200e\u2067abc\u2069", "\u2028\u2029", "\ufeff", "\ufffd", "\uffff", "\U000e0001", "e\u0301\u0301\u0301",
	"__proto__", "constructor", "null", "true", "NaN", "1e999", strings.Repeat("a", 1000),
}

// TestHostileStrings: such a text is data wherever a client may put it. It
// finds nothing, breaks nothing, and comes back nowhere but as what it is.
func TestHostileStrings(t *testing.T) {
	o := options(real)
	o.URLBytes, o.BodyBytes = 1<<16, 1<<16
	h := httpapi.New(o)
	whole := send(h, "POST", "/graphql", `{"query":"{corpus{counts{kind count}} norms{id name}}"}`, header{"Content-Type": plainJSON}).Body.String()
	const document = `query Q($x: String!, $id: ID!, $list: [String!]!) {
		eq: norms(where: {name: {eq: $x}}) { id }
		in: norms(where: {name: {in: $list}}) { id }
		edge: agreements(where: {normsConnection: {some: {edge: {locator: {eq: $x}}}}}) { id }
		tags: incidents(where: {sectors: {includes: $x}}) { id }
		node(id: $id) { id }
		nodes(ids: [$id]) { id }
	}`
	const nothing = `{"data":{"eq":[],"in":[],"edge":[],"tags":[],"node":null,"nodes":[null]}`
	quote := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	post := func(members map[string]any, fields header) *httptest.ResponseRecorder {
		all := header{"Content-Type": plainJSON}
		for name, value := range fields {
			all[name] = value
		}
		return send(h, "POST", "/graphql", quote(members), all)
	}
	for _, x := range hostile {
		vars := map[string]any{"x": x, "id": x, "list": []string{x, x}}
		literal := strings.NewReplacer("$x: String!, $id: ID!, $list: [String!]!", "$unused: Int", "$x", quote(x), "$id", quote(x), "$list", "["+quote(x)+"]").Replace(document)
		literal = strings.Replace(literal, "query Q($unused: Int)", "query Q", 1)
		for name, w := range map[string]*httptest.ResponseRecorder{
			"variables":   post(map[string]any{"query": document, "variables": vars}, nil),
			"literals":    post(map[string]any{"query": literal}, nil),
			"URL":         send(h, "GET", "/graphql?query="+url.QueryEscape(document)+"&variables="+url.QueryEscape(quote(vars)), "", nil),
			"other names": post(map[string]any{"query": document, "variables": map[string]any{"x": x, "id": x, "list": []string{}, x: x}, x: x, "extensions": map[string]any{x: x}}, nil),
		} {
			if !strings.HasPrefix(w.Body.String(), nothing) {
				t.Errorf("%q in %s: %d %s", x, name, w.Code, w.Body)
			}
		}
		for name, w := range map[string]*httptest.ResponseRecorder{
			"text":       post(map[string]any{"query": `query($x: String!) { norms(where: {OR: [{name: {contains: $x}}, {name: {startsWith: $x}}, {name: {endsWith: $x}}]}) { id } search(query: $x) { totalCount edges { snippet } } }`, "variables": vars}, nil),
			"cursor":     post(map[string]any{"query": `query($x: String!) { normsConnection(after: $x) { totalCount } }`, "variables": vars}, nil),
			"operation":  post(map[string]any{"query": document, "variables": vars, "operationName": x}, nil),
			"documentId": post(map[string]any{"documentId": x}, nil),
			"document":   post(map[string]any{"query": x}, nil),
			"enum":       post(map[string]any{"query": `query($x: NormLevel!) { norms(where: {level: {eq: $x}}) { id } }`, "variables": vars}, nil),
			"header":     post(map[string]any{"query": "{__typename}"}, header{"X-Request-Id": x, "If-None-Match": x, "Accept-Encoding": x, "Origin": x, "X-Forwarded-For": x}),
			"parameters": send(h, "GET", "/graphql?"+url.QueryEscape(x)+"="+url.QueryEscape(x)+"&query={__typename}", "", nil),
			"path":       send(h, "GET", "/"+url.PathEscape(x), "", nil),
		} {
			if w.Code >= 500 {
				t.Errorf("%q as %s: %d %s", x, name, w.Code, w.Body)
			}
			if kind := w.Header().Get("Content-Type"); strings.Contains(kind, "json") && !json.Valid(w.Body.Bytes()) {
				t.Errorf("%q as %s: no JSON: %s", x, name, w.Body)
			}
			for field, values := range w.Header() {
				if all := strings.Join(values, ""); strings.ContainsAny(all, "\r\n\x00") || field == "Set-Cookie" {
					t.Errorf("%q as %s: header %s: %q", x, name, field, all)
				}
			}
			if body := w.Body.String(); strings.Contains(body, "<script>alert") && !strings.Contains(w.Header().Get("Content-Type"), "json") {
				t.Errorf("%q as %s: it comes back: %s", x, name, body)
			}
		}
	}
	if now := send(h, "POST", "/graphql", `{"query":"{corpus{counts{kind count}} norms{id name}}"}`, header{"Content-Type": plainJSON}).Body.String(); now != whole {
		t.Error("the data has changed")
	}
}

// TestMethodsAndPaths: every route and method, with what HTTP asks for.
func TestMethodsAndPaths(t *testing.T) {
	h := httpapi.New(options(real))
	for path, kind := range map[string]string{
		"/graphql?query={__typename}": "application/json", "/schema.graphqls": "text/plain", "/livez": "text/plain", "/readyz": "text/plain",
		"/": "text/html", "/playground": "text/html",
	} {
		get := send(h, "GET", path, "", header{"Accept-Encoding": "identity"})
		if get.Code != 200 || !strings.HasPrefix(get.Header().Get("Content-Type"), kind) {
			t.Errorf("GET %s: %d %s", path, get.Code, get.Header().Get("Content-Type"))
		}
		head := send(h, "HEAD", path, "", header{"Accept-Encoding": "identity"})
		for _, field := range []string{"Content-Type", "Content-Security-Policy", "Cache-Control", "ETag"} {
			if get.Header().Get(field) != head.Header().Get(field) || head.Code != 200 {
				t.Errorf("HEAD %s: %d, %s %q, GET %q", path, head.Code, field, head.Header().Get(field), get.Header().Get(field))
			}
		}
		for _, method := range []string{"PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get"} {
			w := send(h, method, path, "", nil)
			if w.Code != 405 || !strings.Contains(w.Header().Get("Allow"), "GET, HEAD") {
				t.Errorf("%s %s: %d, Allow %q", method, path, w.Code, w.Header().Get("Allow"))
			}
		}
		bare, query, _ := strings.Cut(path, "?")
		if bare != "/" {
			w := send(h, "GET", bare+"/?"+query, "", nil)
			if want := strings.TrimSuffix(bare+"?"+query, "?"); w.Code != 308 || w.Header().Get("Location") != want {
				t.Errorf("GET %s/: %d to %q, want %q", bare, w.Code, w.Header().Get("Location"), want)
			}
		}
	}
	for _, path := range []string{"/none", "/graphql/x", "/GraphQL", "/livez/x", "/.env", "/assets/", "/assets/../x", "/%00", "/playground/x", "/metrics.json"} {
		for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
			w := send(h, method, path, "", nil)
			if w.Code != 404 && w.Code != 405 && w.Code/100 != 3 {
				t.Errorf("%s %s: %d", method, path, w.Code)
			}
			for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Request-Id"} {
				if w.Header().Get(name) == "" {
					t.Errorf("%s %s: no %s", method, path, name)
				}
			}
		}
	}
}

// TestForeignPages: a page of another origin can write nothing and reads only
// where it may.
func TestForeignPages(t *testing.T) {
	for _, origins := range [][]string{nil, {"*"}, {"https://a.example"}} {
		o := options(real)
		o.CORSOrigins = origins
		h := httpapi.New(o)
		for _, kind := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/plain; charset=application/json", ""} {
			fields := header{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
			if kind != "" {
				fields["Content-Type"] = kind
			}
			if w := send(h, "POST", "/graphql", typename, fields); w.Code != 415 {
				t.Errorf("%v: a form of type %q: %d", origins, kind, w.Code)
			}
		}
		ask := header{"Origin": "https://evil.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
		w := send(h, "OPTIONS", "/graphql", "", ask)
		if allowed := w.Header().Get("Access-Control-Allow-Origin") != ""; allowed != (len(origins) == 1 && origins[0] == "*") {
			t.Errorf("%v: allowed %t", origins, allowed)
		}
	}
}
