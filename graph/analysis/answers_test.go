package analysis_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// Relationships are those that the graph's own relation gives, with what is
// stored with them, parallel ones too.
func TestRelationships(t *testing.T) {
	s := corpus(t)
	d := data(t, ask(t, s, `{
		neighborhood(id: "budapest", via: [SIGNED_IN], first: 500) { nodes { id } truncated edges { type from to properties { name value } } }
		agreements(where: {id: {eq: "budapest"}}) { signatoriesConnection(first: 500) { edges { node { id } properties { role date basis source note } } } }
	}`))
	got := map[string]int{}
	for _, e := range at(t, d, "neighborhood", "edges").([]any) {
		values := map[string]any{"role": nil, "date": nil, "basis": nil, "source": nil, "note": nil}
		for _, p := range at(t, e, "properties").([]any) {
			values[at(t, p, "name").(string)] = at(t, p, "value")
		}
		if at(t, e, "type") != "SIGNED" || at(t, e, "to") != "budapest" {
			t.Errorf("not a signature: %v", e)
		}
		got[fmt.Sprint(at(t, e, "from"), values)]++
	}
	want := map[string]int{}
	for _, e := range at(t, d, "agreements", 0, "signatoriesConnection", "edges").([]any) {
		want[fmt.Sprint(at(t, e, "node", "id"), at(t, e, "properties"))]++
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 50 {
		t.Errorf("%d relationships: %s", len(got), diff)
	}
	if at(t, d, "neighborhood", "nodes", 0, "id") != "budapest" {
		t.Error("the centre is not the first node")
	}
}

// Directions of steps, the length asked for, and a hub of 1,200 neighbours.
func TestPathsAndDirections(t *testing.T) {
	s := corpus(t)
	d := data(t, ask(t, s, `{
		out: paths(from: "gge-2015", to: "gge-13a", via: [CONTAINS_OUT]) { length truncated paths { nodes { id } edges { type from to } } }
		in: paths(from: "gge-2015", to: "gge-13a", via: [CONTAINS_IN]) { length paths { nodes { id } } }
		either: paths(from: "gge-13a", to: "gge-2015", via: [CONTAINS]) { length }
		none: paths(from: "gge-13a", to: "gge-2015", via: []) { length truncated }
		self: paths(from: "gge-13a", to: "gge-13a") { length paths { nodes { id } edges { type } } }
		far: paths(from: "state-fr", to: "estonia-2007", maxLength: 3) { length paths { nodes { id } } }
		hub: neighborhood(id: "paris-call", depth: 2, first: 500) { truncated nodes { id } }
		pair: paths(from: "org-microsoft", to: "state-fr", first: 50) { length paths { nodes { id } } }
	}`))
	for key, want := range map[string]string{
		"out":    `map[length:1 paths:[map[edges:[map[from:gge-2015 to:gge-13a type:CONTAINS]] nodes:[map[id:gge-2015] map[id:gge-13a]]]] truncated:false]`,
		"in":     `map[length:<nil> paths:[]]`,
		"either": `map[length:1]`,
		"none":   `map[length:<nil> truncated:false]`,
		"self":   `map[length:0 paths:[map[edges:[] nodes:[map[id:gge-13a]]]]]`,
		"far":    `map[length:<nil> paths:[]]`,
	} {
		if got := fmt.Sprint(d[key]); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
	if at(t, d, "hub", "truncated") != true || len(at(t, d, "hub", "nodes").([]any)) != 500 {
		t.Error("the hub's neighbourhood is not cut at 500, or does not say so")
	}
	if fmt.Sprint(at(t, d, "pair", "length")) != "2" {
		t.Errorf("two signatories of one agreement are %v apart", at(t, d, "pair", "length"))
	}
}
