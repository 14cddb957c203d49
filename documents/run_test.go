package documents_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"normgraph/documents"
	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j"
	"normgraph/graph/store/neo4j/devserver/devtest"
	"normgraph/graph/store/sqlite"
	"normgraph/seed"
)

func service(t *testing.T, st store.Store) *graph.Service {
	t.Helper()
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	data, err := seed.Read(seed.Bundled(), graph.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Load(t.Context(), data, store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), Log: func(_ context.Context, err error) { t.Log(err) }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func embedded(t *testing.T) *graph.Service {
	t.Helper()
	st, err := sqlite.Open(t.Context(), graph.Catalog(), sqlite.Memory)
	if err != nil {
		t.Fatal(err)
	}
	return service(t, st)
}

// empty documents ask about what the bundled corpus does not hold yet.
var empty = map[string]bool{"ranked-elements": true}

// Each document is answered with its default variables, whole and with something in it.
func TestRun(t *testing.T) {
	s := embedded(t)
	for _, d := range documents.Default().All() {
		t.Run(d.Name, func(t *testing.T) {
			res := s.Execute(t.Context(), graph.Request{Document: d.Text, Variables: d.Variables, ReadOnly: true})
			if len(res.Errors) > 0 {
				t.Fatal(res.Errors)
			}
			if cut := res.Extensions["truncated"]; cut != nil {
				t.Errorf("cut by default pages: %v", cut)
			}
			var data map[string]json.RawMessage
			if err := json.Unmarshal(res.Data, &data); err != nil {
				t.Fatal(err)
			}
			found := false
			for _, part := range data {
				found = found || !bytes.Equal(part, []byte("[]")) && !bytes.Equal(part, []byte("null")) && !bytes.HasSuffix(part, []byte(`"edges":[]}`))
			}
			if found == empty[d.Name] {
				t.Errorf("answered with %.300s", res.Data)
			}
		})
	}
}

// Both stores answer every document with the same bytes.
func TestRunOnNeo4j(t *testing.T) {
	server := devtest.ForTest(t)
	theirs, err := neo4j.Open(t.Context(), graph.Catalog(), neo4j.Config{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		t.Fatal(err)
	}
	s, there := embedded(t), service(t, theirs)
	for _, d := range documents.Default().All() {
		t.Run(d.Name, func(t *testing.T) {
			if d.Name == "about-the-corpus" {
				t.Skip("tells when the corpus was loaded, which differs")
			}
			r := graph.Request{Document: d.Text, Variables: d.Variables, ReadOnly: true}
			ours, got := s.Execute(t.Context(), r), there.Execute(t.Context(), r)
			if len(got.Errors) > 0 || !bytes.Equal(ours.Data, got.Data) {
				t.Errorf("errors %v; data differ: %t", got.Errors, !bytes.Equal(ours.Data, got.Data))
			}
		})
	}
}

// Every root field stands in at least one document, so that each has an example.
func TestEachRootFieldIsCovered(t *testing.T) {
	covered := map[string]bool{}
	for _, d := range documents.Default().All() {
		parsed, err := parser.ParseQuery(&ast.Source{Input: d.Text})
		if err != nil {
			t.Fatal(err)
		}
		for _, selection := range parsed.Operations[0].SelectionSet {
			if f, ok := selection.(*ast.Field); ok {
				covered[f.Name] = true
			}
		}
	}
	for _, f := range graph.Schema().Query.Fields {
		if len(f.Name) > 2 && f.Name[:2] != "__" && !covered[f.Name] {
			t.Errorf("no document asks for %s", f.Name)
		}
	}
}

func TestFindAndWith(t *testing.T) {
	set := documents.Default()
	d, ok := set.Find("who-stands-behind")
	if !ok {
		t.Fatal("not found by name")
	}
	for _, id := range []string{d.Hash(), "sha256:" + d.Hash()} {
		if same, ok := set.Find(id); !ok || same.Name != d.Name {
			t.Errorf("%s: found %q", id, same.Name)
		}
	}
	if _, ok := set.Find("none"); ok {
		t.Error("found what is not there")
	}
	for given, want := range map[string]string{
		``:                        `{"idea":"core-ci-restraint"}`,
		`null`:                    `{"idea":"core-ci-restraint"}`,
		`{"idea":"core-hygiene"}`: `{"idea":"core-hygiene"}`,
		`{"more":1}`:              `{"idea":"core-ci-restraint","more":1}`,
		`[1]`:                     `[1]`,
	} {
		if got := string(d.With(json.RawMessage(given))); got != want {
			t.Errorf("With(%s) = %s, want %s", given, got, want)
		}
	}
}
