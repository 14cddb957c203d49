package pages_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"normgraph/graph"
	"normgraph/graph/catalog"
	"normgraph/graph/store"
	"normgraph/graph/store/sqlite"
	"normgraph/seed"
	"normgraph/server/pages"
	"normgraph/web"
)

// rowsOfNoFile are those of types that the bundled corpus has no rows of.
var rowsOfNoFile = map[string]string{
	"answers.csv": "id,question,contribution,text,basis,source\n" +
		"an-1,q-2019n-g1,con-2019-jpcert,\"Yes, in <2019>; see https://example.org/a_(b).\",SOURCED,\"https://example.org/list (page 3, of 2019)\"\n",
	"rankings.csv": "contribution,norm,rank\ncon-2019-jpcert,core-hygiene,1\n",
}

// everyType is the bundled corpus with a node of every type.
func everyType(t *testing.T) *store.Dataset {
	t.Helper()
	files := fstest.MapFS{}
	must(fs.WalkDir(seed.Bundled(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(seed.Bundled(), name)
		files[name] = &fstest.MapFile{Data: content}
		return err
	}))
	for name, rows := range rowsOfNoFile {
		files[name] = &fstest.MapFile{Data: []byte(rows)}
	}
	data, err := seed.Read(files, graph.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// serviceOver loads data into a store and answers from it.
func serviceOver(t *testing.T, st store.Store, data *store.Dataset) *graph.Service {
	t.Helper()
	if _, err := st.Load(t.Context(), data, store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A page opens for a node of every type of the schema, and shows all that is stored.
func TestPageOfEveryType(t *testing.T) {
	st, err := sqlite.Open(t.Context(), graph.Catalog(), sqlite.Memory)
	must(err)
	t.Cleanup(func() { must(st.Close()) })
	s := serviceOver(t, st, everyType(t))
	h := handler(func(o *pages.Options) { o.Execute = s.Execute })
	for _, n := range graph.Catalog().Nodes {
		values := firstOf(t, s, n)
		status, body, _ := get(t, h, "/node/"+fmt.Sprint(values["id"]))
		if status != 200 {
			t.Errorf("%s %s: status %d", n.Name, values["id"], status)
			continue
		}
		shown := html.UnescapeString(strings.NewReplacer("</a>", "", `" rel="noopener">`, `">`).Replace(body))
		for _, p := range n.Properties {
			for _, text := range shownTexts(p, values[p.Name]) {
				if !strings.Contains(shown, text) {
					t.Errorf("%s %s: %s is %q, which the page lacks", n.Name, values["id"], p.Name, text)
				}
			}
		}
		for _, path := range []string{"/?q=" + fmt.Sprint(values["id"]) + "&kind=" + n.Name, "/?q=the&kind=" + n.Name} {
			if status, _, _ := get(t, h, path); status != 200 {
				t.Errorf("%s: status %d", path, status)
			}
		}
	}
}

// firstOf reads the stored values of the first node of a type.
func firstOf(t *testing.T, s *graph.Service, n *catalog.Node) map[string]any {
	t.Helper()
	var names []string
	for _, p := range n.Properties {
		names = append(names, p.Name)
	}
	res := s.Execute(t.Context(), graph.Request{Document: fmt.Sprintf("{ %s(limit: 1) { %s } }", n.Plural, strings.Join(names, " "))})
	var read map[string][]map[string]any
	if len(res.Errors) > 0 || json.Unmarshal(res.Data, &read) != nil || len(read[n.Plural]) != 1 {
		t.Fatalf("%s: no node of the type: %v %s", n.Name, res.Errors, res.Data)
	}
	return read[n.Plural][0]
}

// shownTexts are parts of a value that a page must show; addresses are linked, so only
// what stands before one.
func shownTexts(p *catalog.Property, value any) []string {
	switch value := value.(type) {
	case string:
		if p.Name == "basis" || p.YearOf != "" {
			return nil // shown as a note, or with the date
		}
		if p.Kind == catalog.Enum_ {
			value = web.Words(value)
		}
		before, _, _ := strings.Cut(value, "https://")
		return []string{before}
	case []any:
		var all []string
		for _, item := range value {
			all = append(all, shownTexts(p, item)...)
		}
		return all
	case float64:
		if p.YearOf == "" {
			return []string{fmt.Sprint(value)}
		}
	}
	return nil
}

// An address within words is linked, and the words are not.
func TestAddressesInSources(t *testing.T) {
	st, err := sqlite.Open(t.Context(), graph.Catalog(), sqlite.Memory)
	must(err)
	t.Cleanup(func() { must(st.Close()) })
	s := serviceOver(t, st, everyType(t))
	h := handler(func(o *pages.Options) { o.Execute = s.Execute })
	const link = `<a href="https://github.com/ambanum/pariscall.international" rel="noopener">https://github.com/ambanum/pariscall.international</a> (_supporters/, commit `
	for path, want := range map[string][]string{
		"/node/paris-call": {link},
		"/node/an-1": {`<a href="https://example.org/list" rel="noopener">https://example.org/list</a> (page 3, of 2019)`,
			"Yes, in &lt;2019&gt;"},
	} {
		_, body, _ := get(t, h, path)
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("%s lacks %q", path, text)
			}
		}
		if strings.Contains(body, "%20(") || strings.Contains(body, `international%20`) {
			t.Errorf("%s links words", path)
		}
	}
}

// A document of a page's own that is refused is the program's fault, not the reader's.
func TestOwnDocumentRefused(t *testing.T) {
	refusing := func(code string) func(context.Context, graph.Request) *graph.Response {
		return func(context.Context, graph.Request) *graph.Response {
			return &graph.Response{Errors: gqlerror.List{{Message: "a secret of the inside", Extensions: map[string]any{"code": code}}}}
		}
	}
	for _, code := range []string{graph.CodeValidation, graph.CodeParse, graph.CodeInternal, "NEW_CODE"} {
		for _, path := range []string{"/node/paris-call", "/?q=norm", "/compare", "/compare?ids=budapest", "/continuity", "/continuity?part=svg",
			"/embed/what-recurs", "/data/what-recurs.csv", "/data/what-recurs.json"} {
			var logged error
			h := handler(func(o *pages.Options) {
				o.Execute = refusing(code)
				o.Log = func(_ *http.Request, err error) { logged = errors.Join(logged, err) }
			})
			status, body, _ := get(t, h, path)
			if status != http.StatusInternalServerError || strings.Contains(body, "secret") || logged == nil || !strings.Contains(logged.Error(), "secret") {
				t.Errorf("%s, %s: status %d, logged %v", code, path, status, logged)
			}
		}
	}
	// What the reader gave no part of cannot be the reader's mistake.
	var logged error
	h := handler(func(o *pages.Options) {
		o.Execute = refusing(graph.CodeInput)
		o.Log = func(_ *http.Request, err error) { logged = err }
	})
	if status, _, _ := get(t, h, "/compare"); status != http.StatusInternalServerError || logged == nil {
		t.Errorf("/compare: status %d, logged %v", status, logged)
	}
	if status, body, _ := get(t, h, "/node/x"); status != http.StatusBadRequest || !strings.Contains(body, "does not make sense") {
		t.Errorf("/node/x: status %d", status)
	}
}
