package neo4j_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	bolt "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/graph"
	"normgraph/graph/oracle/generate"
	"normgraph/graph/plan"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j"
	"normgraph/graph/store/neo4j/devserver/devtest"
	"normgraph/seed"
)

// BenchmarkColdPlan plans generated operations within all limits, the dearest of
// each few, with nothing kept by the server, and tells the longest of them and the
// time for a subquery.
func BenchmarkColdPlan(b *testing.B) {
	server := devtest.ForTest(b)
	data, err := seed.Read(seed.Bundled(), graph.Catalog())
	if err != nil {
		b.Fatal(err)
	}
	st, err := neo4j.Open(b.Context(), graph.Catalog(), neo4j.Config{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	if _, err := st.Load(b.Context(), data, store.LoadOptions{}); err != nil {
		b.Fatal(err)
	}
	caught := &catching{Store: st}
	service, err := graph.New(caught, graph.Options{Limits: graph.DefaultLimits()})
	if err != nil {
		b.Fatal(err)
	}
	driver, err := server.Driver()
	if err != nil {
		b.Fatal(err)
	}
	defer driver.Close(context.WithoutCancel(b.Context()))
	run := func(text string, params map[string]any) time.Duration {
		start := time.Now()
		if _, err := bolt.ExecuteQuery(b.Context(), driver, text, params, bolt.EagerResultTransformer); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	ops := generate.Operations(graph.Schema(), graph.Catalog(), data)
	seed := 0
	next := func() *plan.Plan {
		var dearest *plan.Plan
		for range 30 {
			op := ops.Example(seed)
			seed++
			caught.plan = nil
			service.Execute(b.Context(), graph.Request{Document: op.Document, Variables: op.JSON()})
			if p := caught.plan; p != nil && (dearest == nil || p.Subqueries() > dearest.Subqueries()) {
				dearest = p
			}
		}
		return dearest
	}
	var took []time.Duration
	var subqueries int64
	for b.Loop() {
		p := next()
		text, params := neo4j.Compile(p)
		run("CALL db.clearQueryCaches()", nil)
		took = append(took, run("EXPLAIN "+text, params))
		subqueries += p.Subqueries()
	}
	slices.Sort(took)
	var sum time.Duration
	for _, d := range took {
		sum += d
	}
	b.ReportMetric(float64(took[len(took)-1].Milliseconds()), "ms/longest")
	b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "ms/median")
	b.ReportMetric(float64(sum.Microseconds())/1000/float64(subqueries), "ms/subquery")
}

// catching keeps the plan of a statement instead of running it.
type catching struct {
	store.Store
	plan *plan.Plan
}

func (c *catching) Query(ctx context.Context, p *plan.Plan) (*store.Result, error) {
	if len(p.Roots) == 0 {
		return c.Store.Query(ctx, p)
	}
	c.plan = p
	return nil, errors.New("not run")
}
