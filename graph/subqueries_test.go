package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"normgraph/documents"
	"normgraph/graph"
	"normgraph/graph/oracle/generate"
	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// counting notes how many subqueries the statements have that it is sent.
type counting struct {
	store.Store
	statements int
	most       int64
	stop       bool // before a statement that reads nodes
}

func (c *counting) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	if len(p.Roots) > 0 {
		c.statements++
		c.most = max(c.most, p.Subqueries())
		if c.stop {
			return nil, errors.New("seen")
		}
	}
	return c.Store.Query(ctx, p)
}

// TestSubqueries: documents within all other limits that took Neo4j seconds to plan
// are refused before a statement is sent; goldens and trusted documents have room,
// and few of the generated ones are refused for this.
func TestSubqueries(t *testing.T) {
	data := bundled(t)
	st := &counting{Store: loaded(t, data)}
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), Log: func(context.Context, error) {}})
	if err != nil {
		t.Fatal(err)
	}
	most := graph.DefaultLimits().Subqueries
	ask := func(document string, variables json.RawMessage) *graph.Response {
		st.statements, st.most = 0, 0
		return s.Execute(t.Context(), graph.Request{Document: document, Variables: variables})
	}
	for _, name := range []string{"slow-to-plan-1.json", "slow-to-plan-2.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		var body struct {
			Query     string
			Variables json.RawMessage
		}
		if err := json.Unmarshal(text, &body); err != nil {
			t.Fatal(err)
		}
		r := ask(body.Query, body.Variables)
		if r.Code() != graph.CodeLimit || r.Errors[0].Extensions["limit"] != "subqueries" || st.statements > 0 {
			t.Errorf("%s: %d statements, %v %v", name, st.statements, r.Errors, r.Errors[0].Extensions)
		}
	}

	// A filter is written as often as what it filters is read.
	conditions := strings.Repeat(`{ name: { contains: "x" } } `, 120)
	document := `{ norms(limit: 1) { relatedToConnection(first: 1, where: { node: { OR: [` + conditions + `] } }) { edges { node { id } } totalCount aggregate { count { nodes } node { name { longest } } } } } }`
	if r := ask(document, nil); r.Code() != graph.CodeLimit || r.Errors[0].Extensions["limit"] != "subqueries" || st.statements > 0 {
		t.Errorf("120 conditions three times: %d statements, %v", st.statements, r.Errors)
	}
	if r := ask(`{ norms(limit: 1, where: { OR: [`+conditions+`] }) { id } }`, nil); len(r.Errors) > 0 || st.most != 31 {
		t.Errorf("120 conditions once: %d subqueries, %v", st.most, r.Errors)
	}

	st.stop = true
	files, err := filepath.Glob("plan/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var variables json.RawMessage
		if archive.Files[1].Name == "variables" {
			variables = archive.Files[1].Data
		}
		if r := ask(string(archive.Files[0].Data), variables); r.Code() == graph.CodeLimit || st.most > most/2 {
			t.Errorf("%s has %d subqueries: %v", file, st.most, r.Errors)
		}
	}
	st.stop = false
	dearest := int64(0)
	for _, d := range documents.Bundled() {
		if r := ask(d.Text, d.Variables); r.Code() == graph.CodeLimit {
			t.Errorf("%s has %d subqueries: %v", d.Name, st.most, r.Errors)
		}
		dearest = max(dearest, st.most)
	}
	t.Logf("trusted documents have %d subqueries at most", dearest)

	st.stop = true
	ops := generate.Operations(graph.Schema(), graph.Catalog(), data)
	planned, refused := 0, 0
	for i := range 600 {
		op := ops.Example(i)
		r := ask(op.Document, op.JSON())
		switch {
		case r.Code() == graph.CodeLimit && r.Errors[0].Extensions["limit"] == "subqueries":
			refused++
		case st.statements > 0:
			planned++
		}
	}
	t.Logf("of %d generated operations %d are refused for their subqueries alone", planned+refused, refused)
	if planned < 100 || refused > planned/20 {
		t.Errorf("%d planned, %d refused", planned, refused)
	}
}
