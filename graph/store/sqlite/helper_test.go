package sqlite_test

import (
	"encoding/json"
	"testing"

	"normgraph/graph/plan"
	"normgraph/graph/store/sqlite"
)

func compileFor(f *fixture, sel *plan.Select) (string, []any) {
	return sqlite.Compile(&plan.Plan{Roots: []*plan.Select{sel}}, f.cat)
}

func decoded(t testing.TB, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

func encoded(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
