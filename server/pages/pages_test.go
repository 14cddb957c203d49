package pages_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"normgraph/documents"
	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j"
	"normgraph/graph/store/neo4j/devserver/devtest"
	"normgraph/graph/store/sqlite"
	"normgraph/seed"
	"normgraph/server/pages"
	"normgraph/web"
)

var (
	service *graph.Service
	held    store.Store // that it answers from
)

func TestMain(m *testing.M) {
	ctx := context.Background()
	st, err := sqlite.Open(ctx, graph.Catalog(), sqlite.Memory)
	must(err)
	data, err := seed.Read(seed.Bundled(), graph.Catalog())
	must(err)
	_, err = st.Load(ctx, data, store.LoadOptions{})
	must(err)
	service, err = graph.New(st, graph.Options{Limits: graph.DefaultLimits(), CacheBytes: 32 << 20})
	must(err)
	held = st
	code := m.Run()
	must(st.Close())
	os.Exit(code)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

var corpus = web.Corpus{
	Name: "A corpus <b>", Version: "2026.11", Licences: []string{"CC BY 4.0", "ODbL-1.0"}, Revision: 1,
	LoadedAt: time.Date(2026, 11, 22, 10, 30, 0, 0, time.FixedZone("", 3600)),
	Sources:  []string{"First source", "<script>alert(1)</script>", "Third, version 2 (ODbL-1.0)", "Fourth"},
	Counts:   []web.Count{{Name: "Agreement", Count: 60}, {Name: "Signatory", Count: 1299}, {Name: "WorkPackage", Count: 8}, {Name: "Answer"}},
	Methods:  []web.Count{{Name: "AUTOMATED_READING", Count: 781}, {Name: "PUBLISHED", Count: 13}},
}

func handler(change func(*pages.Options)) http.Handler {
	o := pages.Options{Execute: service.Execute, Documents: documents.Default(),
		Corpus: func(context.Context) (web.Corpus, error) { return corpus, nil },
		Shared: func(h http.Handler) http.Handler { return h },
		Log:    func(r *http.Request, err error) { panic(fmt.Sprintf("%s: %v", r.URL, err)) }}
	if change != nil {
		change(&o)
	}
	mux := http.NewServeMux()
	pages.Register(mux, o)
	return mux
}

// get asks; headers are name and value by turns.
func get(t *testing.T, h http.Handler, path string, headers ...string) (int, string, http.Header) {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(body), w.Header()
}

// What pages show, and what they say of addresses that make no sense.
func TestPages(t *testing.T) {
	h := handler(nil)
	for _, c := range []struct {
		path   string
		status int
		has    []string
	}{
		{"/", 200, []string{"<dt>Agreements</dt><dd>60</dd>", "<dt>Signatories</dt><dd>1\u202f299</dd>", "<dt>Work packages</dt><dd>8</dd>",
			"automated reading <strong>781</strong>", "A corpus &lt;b&gt;, version 2026.11", "22 November 2026, 09:30 UTC", `href="/playground?example=who-stands-behind"`}},
		{"/?q=ransomware", 200, []string{"Colonial Pipeline ransomware", `id="Incident"`, `href="/node/colonial-2021"`}},
		{"/?q=the&kind=Norm", 200, []string{"Norms for “the”"}},
		{"/?q=zzzz", 200, []string{"Nothing found for “zzzz”"}},
		{"/?q=a&kind=Planet", 400, []string{"“Planet” is no kind of node"}},
		{"/node/budapest", 200, []string{"Council of Europe Convention on Cybercrime (CETS 185)", "binding", `"@type":"CreativeWork"`, "@misc{normgraph:budapest", `rel="next"`}},
		{"/node/core-ci-restraint", 200, []string{"skos:Concept", "skos:prefLabel", "Do not damage critical infrastructure", "Unverified"}},
		{"/node/notpetya-2017", 200, []string{`"@type":"Event"`, `"startDate":"2017-06-27"`, "wiper"}},
		{"/node/state-fr", 200, []string{`"@type":"Organization"`, "Paris Call"}},
		{"/node/none", 404, []string{"No node has the identifier “none”"}},
		{"/node/budapest?signatories=bogus", 400, []string{"The address does not make sense"}},
		{"/compare?ids=paris-call,gge-2015", 200, []string{"Paris Call and UN GGE 2015", "para 13(f)"}},
		{"/compare", 200, []string{"Compare agreements", `value="budapest"`}},
		{"/compare?ids=none", 400, nil},
		{"/continuity", 200, []string{"These 781 assessments are", "automated readings", "α&nbsp;=&nbsp;0.76", "Baseline cyber hygiene", "74 assessed incidents", "1998–2024", "Download CSV"}},
		{"/continuity?period=5&method=DATASET_DERIVED", 200, []string{"assessments are <strong>dataset derived</strong>"}},
		{"/continuity?period=10", 200, []string{"incidents, 1998–2024. Each row"}}, // not to the end of the block, 2027
		{"/?q=kaseya", 200, []string{"<h1>1 result for"}},
		{"/continuity?method=PUBLISHED&method=AUTOMATED_READING", 200, []string{"These 794 assessments are", "published"}},
		{"/continuity?from=1950&to=1951", 200, []string{"so there is nothing to show"}},
		{"/continuity?group=PLANET", 400, []string{"group is “PLANET”; a value of NormGroup was expected"}},
		{"/continuity?from=soon", 400, []string{"from is “soon”; a year of four digits was expected"}},
		{"/continuity?share=0&persistence=0", 400, []string{"a weight above 0"}},
		{"/continuity?cell=core-supply-chain~soon", 400, []string{"names the period “soon”"}},
		{"/continuity?cell=core-supply-chain~2021", 200, []string{"Kaseya VSA ransomware", "3 of 11 incidents", "6 assessments", `aria-current="true"`,
			"A management tool", "would have mitigated", `href="/node/`}},
		{"/continuity?group=CATEGORY&cell=RESTRAINT", 200, []string{"RESTRAINT"}},
		{"/continuity?part=evidence&cell=core-supply-chain~2021", 200, []string{"Kaseya VSA ransomware"}},
		{"/continuity/method", 200, []string{"<h1>Norm continuity</h1>", "<td>of the observable periods", "What must not be concluded"}},
		{"/continuity", 200, []string{`href="/continuity/method"`}},
		{"/node/gge-2015", 200, []string{"UN report"}},
		{"/compare?ids=paris-call,gge-2015,budapest", 200, []string{"Paris Call, UN GGE 2015 and Budapest Convention"}},
		{"/embed/what-recurs?view=table", 200, []string{"<dt>assessedIncidents</dt><dd>74</dd>", "unverified. Every assessed"}},
		{"/continuity?part=svg", 200, []string{"<svg", "Not findings of the Best Practice Forum"}},
		{"/playground", 200, []string{`<script type="module" src="/assets/`}},
		{"/embed", 200, []string{"Figures for other sites", `href="/embed?document=what-recurs"`}},
		{"/embed?document=what-recurs", 200, []string{`&lt;norm-graph document="what-recurs"&gt;`, `href="/data/what-recurs.csv"`, `src="/embed/what-recurs?view=chart"`}},
		{"/embed?document=signed-and-party&agreement=malabo&view=graph", 200, []string{`variables='{&#34;agreement&#34;:&#34;malabo&#34;}'&gt;`, `href="/data/signed-and-party.csv?variables=%7B%22agreement%22%3A%22malabo%22%7D"`,
			`href="/graphql?documentId=signed-and-party&amp;variables=%7b%22agreement%22%3a%22malabo%22%7d"`, `src="/embed/signed-and-party?variables=`}},
		{"/embed/signed-and-party?agreement=budapest", 200, []string{"Albania", "revision 1"}},
		{"/embed/what-recurs", 200, []string{"not findings of the Best Practice Forum", "automated reading 781", "The same as a table"}},
		{"/embed/what-recurs?view=map", 400, []string{"view is “map”; one of table, graph, chart was expected"}},
		{"/embed/what-recurs?theme=pink", 400, []string{"theme is “pink”"}},
		{"/embed/none", 404, []string{"No trusted document is called “none”"}},
		{"/embed.js", 200, []string{"norm-graph", "normgraph:height"}},
		{"/cite?title=T&address=/playground%23query=x", 200, []string{"http://example.com/playground?revision=1#query=x",
			"Third, version 2 (ODbL-1.0); and 1 more: http://example.com/#sources.", "note = {Sources: First source; ", "Third, version 2 (ODbL-1.0); Fourth}", "; sources: First source; "}},
		{"/embed/signed-and-party?agreement=budapest", 200, []string{"Third, version 2 (ODbL-1.0) and <a href=\"/#sources\"", "1 more</a>"}},
		{"/oembed?url=http://example.com/embed/what-recurs", 200, []string{`"author_name":"A corpus`, `"Fourth"]`, `"licences":["CC BY 4.0","ODbL-1.0"]`}},
		{"/continuity?part=svg", 200, []string{"CC BY 4.0; and 1 more: http://example.com/#sources"}},
		{"/", 200, []string{`id="sources"`, "ODbL-1.0", "Fourth"}},
		{"/cite?title=T&address=//evil.example", 400, nil},
		{"/data/none.csv", 404, []string{"No trusted document"}},
		{"/data/signed-and-party.txt", 404, nil},
		{"/data/signed-and-party.csv?planet=1", 400, []string{"has no variable “planet”; it takes agreement"}},
		{"/data/what-recurs.csv?periodYears=many", 400, []string{"periodYears is “many”; a number was expected"}},
		{"/data/what-recurs.csv?periodYears=0", 400, []string{"periodYears"}},
	} {
		status, body, header := get(t, h, c.path)
		if status != c.status {
			t.Errorf("%s: status %d, want %d: %.300s", c.path, status, c.status, body)
			continue
		}
		for _, want := range c.has {
			if !strings.Contains(body, want) {
				t.Errorf("%s: lacks %q", c.path, want)
			}
		}
		if strings.HasPrefix(header.Get("Content-Type"), "text/html") {
			policy := header.Get("Content-Security-Policy")
			if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe-eval") || strings.Contains(policy, "http") {
				t.Errorf("%s: policy %q", c.path, policy)
			}
			if framed := strings.HasPrefix(c.path, "/embed/"); framed == strings.Contains(policy, "frame-ancestors 'none'") {
				t.Errorf("%s: policy %q", c.path, policy)
			}
		}
		if header.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", c.path)
		}
	}
}

// Each page is revalidated by its tag, answers HEAD without a body and refuses to be written to.
func TestPagesAsResources(t *testing.T) {
	h := handler(nil)
	for _, path := range []string{"/", "/?q=norm", "/node/budapest", "/compare?ids=budapest", "/playground", "/embed", "/embed.js", "/embed/signed-and-party"} {
		_, body, header := get(t, h, path)
		if status, rest, _ := get(t, h, path, "If-None-Match", header.Get("ETag")); status != http.StatusNotModified || rest != "" {
			t.Errorf("%s: If-None-Match got %d", path, status)
		}
		if status, whole, got := get(t, h, path, "Range", "bytes=0-0,1-1,2-2"); status != 200 || whole != body || got.Get("Accept-Ranges") != "none" {
			t.Errorf("%s: ranges got %d", path, status)
		}
		for method, want := range map[string]int{"HEAD": 200, "POST": 405} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
			if w.Code != want || method == "HEAD" && w.Body.Len() != 0 {
				t.Errorf("%s %s: %d with %d bytes", method, path, w.Code, w.Body.Len())
			}
		}
		for _, match := range regexp.MustCompile(`<(?:link rel="(?:icon|stylesheet|modulepreload)"|script|img)[^>]*? (?:href|src)="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			if status, _, _ := get(t, h, match[1]); status != 200 {
				t.Errorf("%s loads %s, which is answered with %d", path, match[1], status)
			}
		}
	}
}

// A page on the way to readiness says so, without the reason's inside.
func TestUnavailable(t *testing.T) {
	h := handler(func(o *pages.Options) {
		o.Corpus = func(context.Context) (web.Corpus, error) {
			return web.Corpus{}, errors.New("dial bolt://10.0.0.7:7687: refused")
		}
	})
	for _, path := range []string{"/", "/node/budapest", "/compare?ids=budapest", "/continuity", "/embed/signed-and-party"} {
		status, body, header := get(t, h, path)
		if status != 503 || header.Get("Cache-Control") != "no-store" || strings.Contains(body, "bolt") {
			t.Errorf("%s: %d %v", path, status, header)
		}
	}
}

// The oEmbed specification (https://oembed.com, sections 2.2 to 2.3 and 4), as
// consumers use it: they find the address in the page, or know it, as WordPress
// does by the line in docs/embedding.md.
func TestOEmbed(t *testing.T) {
	h := handler(func(o *pages.Options) { o.PublicURL = "https://norms.example.org" })
	ask := func(query string) (int, map[string]any, http.Header) {
		status, body, header := get(t, h, "/oembed?"+query)
		var answer map[string]any
		if status == http.StatusOK {
			must(json.Unmarshal([]byte(body), &answer))
		}
		return status, answer, header
	}
	discovery := regexp.MustCompile(`<link rel="alternate" type="application/json\+oembed" href="([^"]+)" title="[^"]+">`)
	for _, path := range []string{"/embed/what-recurs?view=chart", "/embed/signed-and-party?agreement=malabo&view=table", "/node/budapest", "/continuity?from=2010"} {
		_, page, _ := get(t, h, path)
		link := discovery.FindStringSubmatch(page)
		if link == nil {
			t.Errorf("%s has no discovery link", path)
			continue
		}
		status, answer, header := ask(strings.TrimPrefix(html.UnescapeString(link[1]), "https://norms.example.org/oembed?"))
		if status != 200 || header.Get("Content-Type") != "application/json" || answer["version"] != "1.0" || answer["title"] == "" {
			t.Errorf("%s: %d %v", path, status, answer)
		}
		if want := map[bool]string{true: "rich", false: "link"}[strings.HasPrefix(path, "/embed/")]; answer["type"] != want {
			t.Errorf("%s: type is %v, want %s", path, answer["type"], want)
		}
	}

	text, err := os.ReadFile("../../docs/embedding.md")
	must(err)
	line := regexp.MustCompile(`wp_oembed_add_provider\( '([^']+)\*', '([^']+)' \);`).FindStringSubmatch(string(text))
	if line == nil || line[2] != "https://norms.example.org/oembed" {
		t.Fatalf("docs/embedding.md names no provider: %q", line)
	}
	for _, c := range []struct {
		maximum       string
		width, height float64
	}{{"", 720, 800}, {"&maxwidth=500&maxheight=750&dnt=1&format=json", 500, 750}, {"&maxwidth=4000&maxheight=4000", 720, 800}, {"&maxwidth=0&maxheight=none", 720, 800}} {
		address := line[1] + "what-recurs?view=chart&theme=light"
		status, answer, _ := ask("url=" + url.QueryEscape(address) + c.maximum)
		frame := fmt.Sprintf(`<iframe src="%s" title="Which core ideas keep coming back through incidents?" width="%v" height="%v"`, html.EscapeString(address), c.width, c.height)
		if status != 200 || answer["type"] != "rich" || answer["width"] != c.width || answer["height"] != c.height || !strings.HasPrefix(fmt.Sprint(answer["html"]), frame) {
			t.Errorf("%q: %d %v", c.maximum, status, answer)
		}
	}

	for query, want := range map[string]int{
		"": 404, "url=": 404, "url=https://evil.example/embed/what-recurs": 404, "url=ftp://norms.example.org/embed/what-recurs": 404,
		"url=https://norms.example.org/embed/none": 404, "url=https://norms.example.org/node/none": 404, "url=https://norms.example.org/playground": 404,
		"url=https://norms.example.org/embed/what-recurs&format=xml": 501,
	} {
		if status, _, header := ask(query); status != want || header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, want %d", query, status, want)
		}
	}
}

// Where nothing is served, people get a page and programs a line.
func TestNothing(t *testing.T) {
	mux := http.NewServeMux()
	nothing := pages.Register(mux, pages.Options{Execute: service.Execute, Documents: documents.Default(), Shared: func(h http.Handler) http.Handler { return h }})
	for accept, want := range map[string]string{"": "nothing is served at this path", "text/html,*/*;q=0.8": "No page has the address “/no&lt;where”"} {
		status, body, header := get(t, nothing, "/no%3Cwhere", "Accept", accept)
		if status != 404 || !strings.Contains(body, want) || header.Get("Vary") != "Accept" {
			t.Errorf("Accept %q: %d %v %.300s", accept, status, header, body)
		}
	}
}

// What the drill-down shows of a cell is what the analysis counts there.
func TestEvidenceIsWhatIsCounted(t *testing.T) {
	h := handler(nil)
	var answer struct {
		NormContinuity struct {
			Edges []struct {
				Node struct {
					Key    string
					Series []struct {
						Period    string
						Incidents int
					}
					Evidence struct{ TotalCount int }
				}
			}
		}
	}
	res := service.Execute(t.Context(), graph.Request{Document: `{ normContinuity(periodYears: 5, assessments: {method: {in: [AUTOMATED_READING]}}, first: 5) {
		edges { node { key series { period incidents } evidence(first: 0) { totalCount } } } } }`})
	if len(res.Errors) > 0 {
		t.Fatal(res.Errors)
	}
	must(json.Unmarshal(res.Data, &answer))
	for _, e := range answer.NormContinuity.Edges {
		_, body, _ := get(t, h, "/continuity?period=5&part=evidence&cell="+e.Node.Key)
		if want := fmt.Sprintf("%d assessments", e.Node.Evidence.TotalCount); !strings.Contains(body, want) {
			t.Errorf("%s: lacks %q", e.Node.Key, want)
		}
		for _, p := range e.Node.Series {
			_, body, _ := get(t, h, "/continuity?period=5&part=evidence&cell="+e.Node.Key+"~"+p.Period)
			if n := strings.Count(body, "<h3>"); n != p.Incidents {
				t.Errorf("%s in %s: %d incidents, want %d", e.Node.Key, p.Period, n, p.Incidents)
			}
		}
	}
}

// CSV and JSON hold the same rows, and each value of the answer stands in them.
func TestDataIsTheAnswer(t *testing.T) {
	h := handler(nil)
	for _, d := range documents.Default().All() {
		t.Run(d.Name, func(t *testing.T) {
			status, text, header := get(t, h, "/data/"+d.Name+".csv")
			if status != 200 || header.Get("ETag") == "" || header.Get("Cache-Control") != "public, max-age=60" {
				t.Fatalf("%d %v %.200s", status, header, text)
			}
			if status, _, _ := get(t, h, "/data/"+d.Name+".csv", "If-None-Match", header.Get("ETag")); status != 304 {
				t.Errorf("If-None-Match got %d", status)
			}
			table, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			_, text, _ = get(t, h, "/data/"+d.Name+".json")
			decoder := json.NewDecoder(strings.NewReader(text))
			decoder.UseNumber()
			var rows []map[string]any
			if err := decoder.Decode(&rows); err != nil {
				t.Fatal(err)
			}
			if len(table) == 0 {
				table = [][]string{nil}
			}
			if len(table)-1 != len(rows) {
				t.Fatalf("%d rows of CSV, %d of JSON", len(table)-1, len(rows))
			}
			if slices.Contains(table[0], "") {
				t.Errorf("a column without a name in %q", table[0])
			}
			if at := slices.Index(table[0], "caveats"); at >= 0 && at != len(table[0])-1 {
				t.Errorf("caveats are not the last of %q", table[0])
			}
			inTable := map[string]bool{}
			for i, row := range rows {
				for j, column := range table[0] {
					text := ""
					if value := row[column]; value != nil {
						text = fmt.Sprint(value)
						inTable[text] = true
					}
					if got := strings.TrimPrefix(table[i+1][j], "'"); got != text {
						t.Fatalf("row %d, %s: CSV has %q, JSON %q", i, column, got, text)
					}
				}
			}
			res := service.Execute(t.Context(), graph.Request{Document: d.Text, Variables: d.Variables})
			each(t, res.Data, func(text string) {
				if !inTable[text] && !slices.ContainsFunc(rows, func(r map[string]any) bool {
					for _, v := range r { // lists of plain values are joined
						if s, ok := v.(string); ok && strings.Contains(s, text) {
							return true
						}
					}
					return false
				}) {
					t.Fatalf("%q of the answer is in no row", text)
				}
			})
		})
	}
}

// each visits the values of an answer that a reader sees.
func each(t *testing.T, data []byte, visit func(string)) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	var root any
	if err := decoder.Decode(&root); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				if name != "__typename" {
					walk(inner)
				}
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case nil:
		default:
			visit(fmt.Sprint(v))
		}
	}
	walk(root)
}

// Frames are allowed to those who are named.
func TestFrameAncestors(t *testing.T) {
	for given, want := range map[string]string{"": "frame-ancestors 'self'", "https://a.example": "frame-ancestors 'self' https://a.example"} {
		h := handler(func(o *pages.Options) {
			if given != "" {
				o.FrameAncestors = []string{given}
			}
		})
		_, _, header := get(t, h, "/embed/signed-and-party")
		if policy := header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, want) {
			t.Errorf("policy %q", policy)
		}
	}
}

// Pages on Neo4j are those on SQLite.
func TestPagesOnNeo4j(t *testing.T) {
	server := devtest.ForTest(t)
	st, err := neo4j.Open(t.Context(), graph.Catalog(), neo4j.Config{URI: server.URI, User: server.User, Password: server.Password})
	must(err)
	t.Cleanup(func() { must(st.Close()) })
	data := everyType(t)
	theirs := serviceOver(t, st, data)
	memory, err := sqlite.Open(t.Context(), graph.Catalog(), sqlite.Memory)
	must(err)
	t.Cleanup(func() { must(memory.Close()) })
	mine := serviceOver(t, memory, data)
	ours, there := handler(func(o *pages.Options) { o.Execute = mine.Execute }), handler(func(o *pages.Options) { o.Execute = theirs.Execute })
	paths := []string{"/?q=ransomware", "/compare?ids=paris-call,gge-2015", "/continuity?cell=core-supply-chain~2021", "/embed/signed-and-party",
		"/data/what-recurs.csv", "/data/who-stands-behind.json"}
	for _, n := range graph.Catalog().Nodes {
		paths = append(paths, "/node/"+fmt.Sprint(firstOf(t, mine, n)["id"]))
	}
	for _, path := range paths {
		_, want, _ := get(t, ours, path)
		if status, got, _ := get(t, there, path); status != 200 || got != want {
			t.Errorf("%s: status %d, same %t", path, status, got == want)
		}
	}
}

// What a page cannot make sense of is told to the log and not to the reader.
func TestOwnFaultIsLogged(t *testing.T) {
	var logged error
	h := handler(func(o *pages.Options) {
		o.Execute = func(context.Context, graph.Request) *graph.Response {
			return &graph.Response{Data: []byte(`{"node": "a secret of the inside"}`)}
		}
		o.Log = func(_ *http.Request, err error) { logged = err }
	})
	status, body, _ := get(t, h, "/node/paris-call")
	if status != http.StatusInternalServerError || strings.Contains(body, "secret") || logged == nil {
		t.Errorf("%d, logged %v\n%s", status, logged, body)
	}
}
