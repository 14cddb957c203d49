package analysis_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j"
	"normgraph/graph/store/neo4j/devserver/devtest"
	"normgraph/graph/store/sqlite"
	"normgraph/seed"
)

func read(tb testing.TB, files fstest.MapFS) *store.Dataset {
	tb.Helper()
	d, err := seed.Read(files, graph.Catalog())
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func bundled(tb testing.TB) *store.Dataset {
	tb.Helper()
	d, err := seed.Read(seed.Bundled(), graph.Catalog())
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// embedded is a store in a file that holds d.
func embedded(tb testing.TB, d *store.Dataset) store.Store {
	tb.Helper()
	st, err := sqlite.Open(tb.Context(), graph.Catalog(), filepath.Join(tb.TempDir(), "graph.db"))
	if err != nil {
		tb.Fatal(err)
	}
	closing(tb, st)
	fill(tb, st, d)
	return st
}

// shared is a Neo4j that holds d.
func shared(tb testing.TB, d *store.Dataset) store.Store {
	tb.Helper()
	server := devtest.ForTest(tb)
	st, err := neo4j.Open(tb.Context(), graph.Catalog(), neo4j.Config{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		tb.Fatal(err)
	}
	closing(tb, st)
	fill(tb, st, d)
	return st
}

// fill makes st hold exactly d.
func fill(tb testing.TB, st store.Store, d *store.Dataset) {
	tb.Helper()
	if _, err := st.Load(tb.Context(), d, store.LoadOptions{Mode: store.LoadReplace}); err != nil {
		tb.Fatal(err)
	}
}

func closing(tb testing.TB, st store.Store) {
	tb.Cleanup(func() {
		if err := st.Close(); err != nil {
			tb.Errorf("closing the store: %v", err)
		}
	})
}

// service has the limits of production.
func service(tb testing.TB, st store.Store) *graph.Service {
	tb.Helper()
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), Log: func(_ context.Context, err error) { tb.Errorf("fault: %v", err) }})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// corpusStore holds the bundled corpus, for tests that do not write.
var corpusStore = sync.OnceValue(func() store.Store {
	d, err := seed.Read(seed.Bundled(), graph.Catalog())
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	st, err := sqlite.Open(ctx, graph.Catalog(), sqlite.Memory)
	if err != nil {
		panic(err)
	}
	if _, err := st.Load(ctx, d, store.LoadOptions{}); err != nil {
		panic(err)
	}
	return st
})

// corpus answers from the bundled corpus, with empty caches.
func corpus(tb testing.TB) *graph.Service {
	tb.Helper()
	return service(tb, corpusStore())
}

// ask expects an answer without errors.
func ask(tb testing.TB, s *graph.Service, document string) *graph.Response {
	tb.Helper()
	r := s.Execute(tb.Context(), graph.Request{Document: document})
	if len(r.Errors) > 0 {
		tb.Fatalf("%v\n%s", r.Errors, document)
	}
	return r
}

// data is the response as JSON values; numbers stay text.
func data(tb testing.TB, r *graph.Response) map[string]any {
	tb.Helper()
	d := json.NewDecoder(bytes.NewReader(r.Data))
	d.UseNumber()
	var out map[string]any
	if err := d.Decode(&out); err != nil {
		tb.Fatalf("%v\n%s", err, r.Data)
	}
	return out
}

// at follows keys and list positions.
func at(tb testing.TB, v any, path ...any) any {
	tb.Helper()
	for i, p := range path {
		switch p := p.(type) {
		case string:
			m, ok := v.(map[string]any)
			if !ok {
				tb.Fatalf("no object at %v", path[:i])
			}
			v = m[p]
		case int:
			l, ok := v.([]any)
			if !ok || p >= len(l) {
				tb.Fatalf("no element at %v", path[:i+1])
			}
			v = l[p]
		}
	}
	return v
}

// pluck gives the values of a path below each element of a list.
func pluck(tb testing.TB, list any, path ...any) []any {
	tb.Helper()
	var out []any
	for _, e := range list.([]any) {
		out = append(out, at(tb, e, path...))
	}
	return out
}

// whole selects every field of a computed type, and below stored nodes a few
// that take another table each.
func whole(typ string) string {
	def := graph.Schema().Types[typ]
	if def.Kind == ast.Interface || graph.Catalog().Node(typ) != nil {
		return "{ __typename id basis source note }"
	}
	var out strings.Builder
	out.WriteString("{ __typename")
	for _, f := range def.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		out.WriteString(" " + f.Name)
		if t := graph.Schema().Types[f.Type.Name()]; t.IsCompositeType() {
			if f.Name == "evidence" || f.Name == "assessments" || f.Name == "pairs" {
				out.WriteString("(first: 2)")
			}
			out.WriteString(" " + whole(t.Name))
		}
	}
	out.WriteString(" }")
	return out.String()
}

// question is a root field with arguments.
type question struct{ field, args string }

func (q question) String() string {
	typ := graph.Schema().Query.Fields.ForName(q.field).Type.Name()
	return fmt.Sprintf("{ %s%s %s }", q.field, q.args, whole(typ))
}

// questions are every root field, with arguments that have answers in the
// bundled corpus.
var questions = []question{
	{"normContinuity", ``},
	{"normContinuity", `(groupBy: NORM, first: 20)`},
	{"normContinuity", `(groupBy: CATEGORY, includeUnobserved: true, periodYears: 5, from: "2010", weights: {share: 1, persistence: 1, evenness: 1})`},
	{"normContinuity", `(groupBy: SCHEME, assessments: {method: {eq: PUBLISHED}}, assessed: {}, relevance: [RELEVANT], matches: [], to: "2020-06", asOf: "2021")`},
	{"normMatrix", `(rows: CATEGORY, columns: CORE_IDEA)`},
	{"normMatrix", `(rows: CORE_IDEA, columns: PERIOD, incidents: {countries: {includes: "US"}})`},
	{"normMatrix", `(rows: CATEGORY, columns: CODER)`},
	{"normDrivers", `(groupBy: CORE_IDEA, first: 5)`},
	{"normCoOccurrence", `(groupBy: CORE_IDEA, minCount: 10)`},
	{"agreementSimilarity", `(ids: ["paris-call", "gge-2015", "oewg-2021"])`},
	{"compareAgreements", `(ids: ["paris-call", "gge-2015"])`},
	{"commitments", `(signatory: "state-fr", first: 5)`},
	{"coderAgreement", `(variable: RELEVANCE, coders: ["coder-reading-a", "coder-reading-b"], missingIsNotRelevant: true)`},
	{"coderAgreement", `(variable: CONDUCT)`},
	{"paths", `(from: "state-fr", to: "estonia-2007")`},
	{"neighborhood", `(id: "paris-call", first: 60)`},
	{"neighborhood", `(id: "gge-2015", depth: 2, via: [CONTAINS_OUT, EXPRESSES])`},
	{"contributionRanking", ``},
}

// conforms holds a value against its type in the schema.
func conforms(tb testing.TB, t *ast.Type, v any, path string) {
	tb.Helper()
	if v == nil {
		if t.NonNull {
			tb.Errorf("%s is null", path)
		}
		return
	}
	if t.Elem != nil {
		list, ok := v.([]any)
		if !ok {
			tb.Errorf("%s is no list", path)
		}
		for _, e := range list {
			conforms(tb, t.Elem, e, path)
		}
		return
	}
	def := graph.Schema().Types[t.NamedType]
	number, isNumber := v.(json.Number)
	text, isText := v.(string)
	_, isBool := v.(bool)
	switch {
	case def.IsCompositeType():
		m, ok := v.(map[string]any)
		if !ok {
			tb.Errorf("%s is no object", path)
			return
		}
		own := graph.Schema().Types[m["__typename"].(string)]
		if !slices.Contains(graph.Schema().GetPossibleTypes(def), own) {
			tb.Errorf("%s is a %s, not a %s", path, own.Name, def.Name)
		}
		for name, x := range m {
			if name != "__typename" {
				conforms(tb, own.Fields.ForName(name).Type, x, path+"."+name)
			}
		}
	case def.Kind == ast.Enum:
		if def.EnumValues.ForName(text) == nil {
			tb.Errorf("%s: %v is no %s", path, v, def.Name)
		}
	case def.Name == "Boolean":
		if !isBool {
			tb.Errorf("%s: %v is no Boolean", path, v)
		}
	case def.Name == "Int":
		if _, err := number.Int64(); err != nil || !isNumber {
			tb.Errorf("%s: %v is no Int", path, v)
		}
	case def.Name == "Float":
		if f, err := number.Float64(); err != nil || !isNumber || f == 0 && strings.HasPrefix(number.String(), "-") {
			tb.Errorf("%s: %v is no Float", path, v)
		}
	default:
		if !isText {
			tb.Errorf("%s: %v is no %s", path, v, def.Name)
		}
	}
}
