package graph_test

import (
	"bytes"
	"context"
	"flag"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"pgregory.net/rapid"

	"normgraph/graph"
	"normgraph/graph/oracle"
	"normgraph/graph/oracle/generate"
	"normgraph/graph/scan"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j"
	"normgraph/graph/store/neo4j/devserver"
	"normgraph/graph/store/neo4j/devserver/devtest"
	"normgraph/graph/store/sqlite"
	"normgraph/seed"
)

// bundled is the corpus of the project.
func bundled(tb testing.TB) *store.Dataset {
	tb.Helper()
	d, err := seed.Read(seed.Bundled(), graph.Catalog())
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// loaded opens an SQLite store in memory that holds d.
func loaded(tb testing.TB, d *store.Dataset) store.Store {
	tb.Helper()
	st, err := sqlite.Open(tb.Context(), graph.Catalog(), sqlite.Memory)
	if err != nil {
		tb.Fatal(err)
	}
	return filled(tb, st, d)
}

func filled(tb testing.TB, st store.Store, d *store.Dataset) store.Store {
	tb.Helper()
	tb.Cleanup(func() {
		if err := st.Close(); err != nil {
			tb.Errorf("closing the store: %v", err)
		}
	})
	if _, err := st.Load(tb.Context(), d, store.LoadOptions{Mode: store.LoadReplace}); err != nil {
		tb.Fatal(err)
	}
	return st
}

// corpusService answers from the bundled corpus.
func corpusService(tb testing.TB) *graph.Service {
	tb.Helper()
	return service(tb, loaded(tb, bundled(tb)), false)
}

// service answers without limits on cost, which have tests of their own.
func service(tb testing.TB, st store.Store, typed bool) *graph.Service {
	tb.Helper()
	o := graph.Options{Limits: graph.DefaultLimits(), Typed: typed, Log: func(_ context.Context, err error) { tb.Logf("fault: %v", err) }}
	o.Limits.Fields, o.Limits.Selections, o.Limits.Rows, o.Limits.WorstRows = 1e6, 1e6, 1e12, 1e18
	o.Limits.Scan = scan.Limits{Tokens: 1e6, Nesting: 1e3, Aliases: 1e5, Directives: 1e5, Repeats: 1e5, RootFields: 1e3, Values: 1e6}
	o.Limits.Conditions, o.Limits.Visited, o.Limits.Points, o.Limits.Subqueries = 1e5, 1e18, 1e18, 1e6
	s, err := graph.New(st, o)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// judge holds a service's answers against the oracle's.
type judge struct {
	oracle        *oracle.Graph
	typed, direct *graph.Service
}

func newJudge(tb testing.TB, st store.Store, d *store.Dataset) *judge {
	return &judge{oracle.New(graph.Schema(), graph.Catalog(), d), service(tb, st, true), service(tb, st, false)}
}

// answer asks both paths, compares them with the oracle, and returns the data
// and the cursors in it. given are the oracle's values for the variables.
func (j *judge) answer(t *rapid.T, op generate.Operation, given map[string]any) ([]byte, oracle.Pairs) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	req := graph.Request{Document: op.Document, Variables: op.JSON()}
	direct, typed := j.direct.Execute(ctx, req), j.typed.Execute(ctx, req)
	for _, r := range []*graph.Response{direct, typed} {
		if len(r.Errors) > 0 {
			t.Fatalf("errors: %v\n%s\n%s", r.Errors, op.Document, op.JSON())
		}
	}
	if !bytes.Equal(direct.Data, typed.Data) {
		t.Fatalf("direct and typed differ\n%s\n%s\ndirect %s\ntyped  %s", op.Document, op.JSON(), direct.Data, typed.Data)
	}
	if !slices.Equal(truncated(direct), truncated(typed)) {
		t.Errorf("truncated: direct %v, typed %v\n%s", truncated(direct), truncated(typed), op.Document)
	}
	if direct.Rows != typed.Rows {
		t.Errorf("rows: direct %d, typed %d\n%s", direct.Rows, typed.Rows, op.Document)
	}
	doc, errs := gqlparser.LoadQueryWithRules(graph.Schema(), op.Document, nil)
	if errs != nil {
		t.Fatalf("the generator wrote an invalid document: %v\n%s", errs, op.Document)
	}
	want := j.oracle.Execute(doc, doc.Operations[0], given)
	pairs, err := want.Data.Equal(direct.Data)
	if err != nil {
		t.Fatalf("not what the API says: %v\n%s\n%s", err, op.Document, op.JSON())
	}
	cut := truncated(direct)
	for _, path := range want.Lists {
		if !slices.Contains(cut, path) {
			t.Errorf("list %s was cut by the default page and is not named in %v\n%s", path, cut, op.Document)
		}
	}
	for _, path := range cut {
		if !slices.Contains(want.Lists, path) && !slices.Contains(want.Connections, path) {
			t.Errorf("%s is named as cut and was not\n%s", path, op.Document)
		}
	}
	if n := nodeRoots(want.Data); direct.Statements != min(n, 1) || typed.Statements != min(n, 1) {
		t.Errorf("%d statements (typed: %d) for %d roots that read nodes\n%s", direct.Statements, typed.Statements, n, op.Document)
	}
	return direct.Data, pairs
}

// nodeRoots counts the root fields that read nodes: the generator names them.
func nodeRoots(data *oracle.Object) int {
	n := 0
	for i, k := range data.Keys {
		if o, ok := data.Values[i].(*oracle.Object); k == "__typename" || ok && o != nil && slices.Contains(o.Keys, "licence") {
			continue
		}
		n++
	}
	return n
}

func truncated(r *graph.Response) []string {
	list, _ := r.Extensions["truncated"].([]string)
	return list
}

// property draws an operation, asks it, and follows its cursors.
func (j *judge) property(t *rapid.T, ops *rapid.Generator[generate.Operation], also func(*rapid.T, generate.Operation, []byte)) {
	op := ops.Draw(t, "operation")
	given := maps.Clone(op.Variables)
	for page := range 3 {
		data, pairs := j.answer(t, op, given)
		also(t, op, data)
		if page == 2 || !j.next(t, &op, given, pairs) {
			return
		}
	}
}

// next continues each connection that can be behind one of its cursors.
func (j *judge) next(t *rapid.T, op *generate.Operation, given map[string]any, pairs oracle.Pairs) bool {
	any := false
	vars := maps.Clone(op.Variables)
	for _, c := range op.Cursors {
		of := regexp.MustCompile(`\.` + c.Key + `\.[^.]+\.[^.]+$`)
		var mine oracle.Pairs
		for _, p := range pairs {
			if of.MatchString(p.Path) {
				mine = append(mine, p)
			}
		}
		if len(mine) == 0 {
			continue
		}
		p := rapid.SampledFrom(mine).Draw(t, "cursor")
		vars[c.Variable], given[c.Variable] = p.Text, p.Value
		any = true
	}
	op.Variables = vars
	return any
}

func nothing(*rapid.T, generate.Operation, []byte) {}

// checks is the number of operations to draw: more with the environment
// variable NORMGRAPH_TEST_CHECKS, which multiplies.
func checks(tb testing.TB, n int) {
	tb.Helper()
	if s := os.Getenv("NORMGRAPH_TEST_CHECKS"); s != "" {
		factor, err := strconv.Atoi(s)
		if err != nil {
			tb.Fatalf("NORMGRAPH_TEST_CHECKS: %v", err)
		}
		n *= factor
	}
	before := flag.Lookup("rapid.checks").Value.String()
	tb.Cleanup(func() { _ = flag.Set("rapid.checks", before) })
	if err := flag.Set("rapid.checks", strconv.Itoa(n)); err != nil {
		tb.Fatal(err)
	}
}

// TestGenerated: typed = direct = oracle, on SQLite.
func TestGenerated(t *testing.T) {
	for name, d := range datasets(t) {
		t.Run(name, func(t *testing.T) {
			j := newJudge(t, loaded(t, d), d)
			ops := generate.Operations(graph.Schema(), graph.Catalog(), d)
			checks(t, 100)
			rapid.Check(t, func(t *rapid.T) { j.property(t, ops, nothing) })
		})
	}
}

// TestGeneratedNeo4j: the same on Neo4j, and the same bytes as SQLite's.
func TestGeneratedNeo4j(t *testing.T) {
	server := devtest.ForTest(t)
	for name, d := range datasets(t) {
		t.Run(name, func(t *testing.T) {
			graphs := filled(t, openNeo4j(t, server), d)
			j := newJudge(t, graphs, d)
			embedded := service(t, loaded(t, d), false)
			ops := generate.Operations(graph.Schema(), graph.Catalog(), d)
			checks(t, 20) // a new text takes the server long to plan
			rapid.Check(t, func(t *rapid.T) {
				j.property(t, ops, func(t *rapid.T, op generate.Operation, data []byte) {
					r := embedded.Execute(context.Background(), graph.Request{Document: op.Document, Variables: op.JSON()})
					if !bytes.Equal(r.Data, data) {
						t.Fatalf("the stores differ\n%s\n%s\nSQLite %s\nNeo4j  %s", op.Document, op.JSON(), r.Data, data)
					}
				})
			})
		})
	}
}

func openNeo4j(tb testing.TB, server *devserver.Server) store.Store {
	tb.Helper()
	st, err := neo4j.Open(tb.Context(), graph.Catalog(), neo4j.Config{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		tb.Fatal(err)
	}
	return st
}

func datasets(tb testing.TB) map[string]*store.Dataset {
	return map[string]*store.Dataset{"corpus": bundled(tb), "hostile": generate.Dataset(graph.Catalog(), 1)}
}
