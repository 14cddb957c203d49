package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	gqlgen "github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph"
	"normgraph/graph/internal/exec"
)

// getIntrospectionQuery is graphql-js 16's with all options, and 9 levels of ofType.
const getIntrospectionQuery = `query IntrospectionQuery { __schema {
	description
	queryType { name kind } mutationType { name kind } subscriptionType { name kind }
	types { ...FullType }
	directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
} }
fragment FullType on __Type {
	kind name description specifiedByURL isOneOf
	fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
	inputFields(includeDeprecated: true) { ...InputValue }
	interfaces { ...TypeRef }
	enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
	possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
	kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`

// describes names the kinds of type that have a value for a field of __Type.
// The specification wants null for all others, where gqlgen gives an empty list
// or false.
var describes = map[string][]ast.DefinitionKind{
	"fields":        {ast.Object, ast.Interface},
	"interfaces":    {ast.Object, ast.Interface},
	"possibleTypes": {ast.Interface, ast.Union},
	"enumValues":    {ast.Enum},
	"inputFields":   {ast.InputObject},
	"isOneOf":       {ast.InputObject},
}

// byGqlgen is gqlgen's answer to a query of introspection alone.
func byGqlgen(t *testing.T, document string, variables map[string]any) string {
	t.Helper()
	doc, errs := gqlparser.LoadQueryWithRules(graph.Schema(), document, nil)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	none := func(ctx context.Context, next graphql.Resolver) (any, error) {
		fc := graphql.GetFieldContext(ctx)
		if typ, ok := fc.Parent.Result.(*gqlgen.Type); ok {
			kinds, some := describes[fc.Field.Name]
			if some && !slices.Contains(kinds, ast.DefinitionKind(typ.Kind())) {
				return nil, nil
			}
		}
		return next(ctx)
	}
	ctx := graphql.WithOperationContext(t.Context(), &graphql.OperationContext{RawQuery: document, Variables: variables, Doc: doc, Operation: doc.Operations[0],
		RecoverFunc: graphql.DefaultRecover, ResolverMiddleware: none,
		RootResolverMiddleware: func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) }})
	ctx = graphql.WithResponseContext(ctx, graphql.DefaultErrorPresenter, graphql.DefaultRecover)
	return string(exec.NewExecutableSchema(exec.Config{Schema: graph.Schema()}).Exec(ctx)(ctx).Data)
}

// TestIntrospectionIsGqlgens: what is written from the schema is what gqlgen
// gives, byte by byte.
func TestIntrospectionIsGqlgens(t *testing.T) {
	s := service(t, untouched{tb: t}, false)
	for name, c := range map[string]struct {
		document  string
		variables map[string]any
	}{
		"getIntrospectionQuery": {getIntrospectionQuery, nil},
		"gqlgen's":              {gqlgen.Query, nil},
		"every field": {`{ s: __schema { __typename directives { __typename name args { __typename name type { __typename kind } defaultValue } } }
			i: __type(name: "NormWhere") { ...T } o: __type(name: "Query") { ...T } f: __type(name: "Node") { ...T } s1: __type(name: "PartialDate") { ...T } e: __type(name: "NodeKind") { ...T } n: __type(name: "None") { ...T } __typename }
			fragment T on __Type { __typename kind name description specifiedByURL isOneOf ofType { name } interfaces { name } possibleTypes { ...U }
				fields { __typename name isDeprecated deprecationReason type { ...U possibleTypes { name } } args { ...V } } inputFields { ...V } enumValues { __typename name description isDeprecated deprecationReason } }
			fragment U on __Type { kind name description ofType { kind name fields { name } enumValues { name } ofType { kind name ofType { kind name interfaces { name } } } } }
			fragment V on __InputValue { __typename name description defaultValue isDeprecated deprecationReason type { ...U inputFields { name } } }`, nil},
		"merged, in order":    {`{ b: __schema { queryType { name } } a: __type(name: "Norm") { name } b: __schema { queryType { kind name } types { name } } b: __schema { types { kind } } }`, nil},
		"by variables":        {`query ($n: String!, $s: Boolean!, $d: Boolean = true) { __type(name: $n) { name @skip(if: $s) kind fields(includeDeprecated: $d) { name @include(if: $s) } } }`, map[string]any{"n": "Norm", "s": true, "d": true}},
		"types of the corpus": {`{ __schema { types { fields { name type { name fields { name } ofType { name fields { name type { kind } } } } } } } }`, nil},
	} {
		variables, err := json.Marshal(c.variables)
		if err != nil {
			t.Fatal(err)
		}
		r := s.Execute(t.Context(), graph.Request{Document: c.document, Variables: variables})
		if len(r.Errors) > 0 {
			t.Errorf("%s: %v", name, r.Errors)
			continue
		}
		got, want := string(r.Data), byGqlgen(t, c.document, c.variables)
		if got != want {
			at := 0
			for at < min(len(got), len(want)) && got[at] == want[at] {
				at++
			}
			from := max(0, at-100)
			t.Errorf("%s: at byte %d of %d and %d:\n%s\n%s", name, at, len(got), len(want), got[from:min(len(got), at+100)], want[from:min(len(want), at+100)])
		}
	}
}

// TestIntrospectionOfClients: half of the limit is enough for the standard query,
// so that the schema may grow.
func TestIntrospectionOfClients(t *testing.T) {
	o := graph.Options{Limits: graph.DefaultLimits()}
	o.Limits.Introspection /= 2
	s, err := graph.New(untouched{tb: t}, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range []string{getIntrospectionQuery, gqlgen.Query} {
		if r := s.Execute(t.Context(), graph.Request{Document: document}); len(r.Errors) > 0 {
			t.Error(r.Errors)
		}
	}
}

// TestIntrospectionIsBounded: what asks for too much of the schema is refused
// before it is made, and before the store is asked.
func TestIntrospectionIsBounded(t *testing.T) {
	deep, err := os.ReadFile("testdata/introspection.graphql")
	if err != nil {
		t.Fatal(err)
	}
	o := graph.Options{Limits: graph.DefaultLimits()}
	s, err := graph.New(untouched{tb: t}, o)
	if err != nil {
		t.Fatal(err)
	}
	const types = `{ __schema { a: types { ...T } b: types { ...T } c: types { ...T } d: types { ...T } e: types { ...T } f: types { ...T } } norms { id } }
		fragment T on __Type { fields { type { ...U } a: type { ...U } args { type { ...U } a: type { ...U } } } }
		fragment U on __Type { kind name fields { name } ofType { kind name fields { name } inputFields { name } ofType { kind name inputFields { name } } } }`
	roots := "fragment T on __Type { name inputFields { ...I } fields { name description args { ...I } } } fragment I on __InputValue { name defaultValue type { name ofType { name } } } {"
	for i := range 20 {
		roots += fmt.Sprintf(" r%d: __schema { types { ...T } }", i)
	}
	for name, document := range map[string]string{
		"aliases below aliases": string(deep),
		"types of types":        types,
		"many roots":            roots + "}",
	} {
		var before, after runtime.MemStats
		var r *graph.Response
		for range 2 { // the first fills caches
			runtime.ReadMemStats(&before)
			r = s.Execute(t.Context(), graph.Request{Document: document})
			runtime.ReadMemStats(&after)
		}
		if r.Code() != graph.CodeLimit || r.Errors[0].Extensions["limit"] != "introspectionValues" {
			t.Errorf("%s: code %q, %v", name, r.Code(), r.Errors)
		}
		if made := after.TotalAlloc - before.TotalAlloc; made > 16<<20 {
			t.Errorf("%s: %d bytes were allocated", name, made)
		}
	}
}

// TestIntrospectionIsAdmitted: the schema's answers cost points like any other,
// and see that their time is over.
func TestIntrospectionIsAdmitted(t *testing.T) {
	s := service(t, untouched{tb: t}, false)
	var asked float64
	refuse := fmt.Errorf("no")
	ctx := graph.WithAdmission(t.Context(), func(rows float64) error { asked = rows; return refuse })
	if r := s.Execute(ctx, graph.Request{Document: getIntrospectionQuery}); len(r.Errors) == 0 || asked < 100 {
		t.Errorf("asked for %g rows: %v", asked, r.Errors)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if r := s.Execute(ended, graph.Request{Document: getIntrospectionQuery}); r.Code() != graph.CodeTimeout {
		t.Errorf("code %q", r.Code())
	}
}
