package analysis_test

import (
	"bytes"
	"testing"

	"normgraph/graph"
)

// Every root field answers with every field selected, by the types of the
// schema, from one statement for the table and one for the nodes.
func TestEveryField(t *testing.T) {
	for _, q := range questions {
		s := corpus(t)
		r := ask(t, s, q.String())
		for alias, v := range data(t, r) {
			conforms(t, graph.Schema().Query.Fields.ForName(alias).Type, v, alias)
		}
		want := 2
		if q.field == "contributionRanking" { // nobody has ranked in the corpus
			want = 1
		}
		if r.Statements != want {
			t.Errorf("%s%s: %d statements, want %d", q.field, q.args, r.Statements, want)
		}
		if r.Extensions["revision"] != int64(1) {
			t.Errorf("%s: revision %v", q.field, r.Extensions["revision"])
		}
		again := ask(t, s, q.String())
		if again.Statements != want-1 || !bytes.Equal(again.Data, r.Data) {
			t.Errorf("%s%s: from the cache %d statements, same data %v", q.field, q.args, again.Statements, bytes.Equal(again.Data, r.Data))
		}
	}
}

// Both stores answer with the same bytes.
func TestSameDigitsOnNeo4j(t *testing.T) {
	theirs, ours := service(t, shared(t, bundled(t))), corpus(t)
	for _, q := range questions {
		a, b := ask(t, ours, q.String()), ask(t, theirs, q.String())
		if !bytes.Equal(a.Data, b.Data) {
			t.Errorf("%s%s\nSQLite %s\nNeo4j  %s", q.field, q.args, a.Data, b.Data)
		}
		if a.Statements != b.Statements {
			t.Errorf("%s%s: %d statements on SQLite, %d on Neo4j", q.field, q.args, a.Statements, b.Statements)
		}
	}
}
