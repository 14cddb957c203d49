package neo4j_test

import (
	"context"
	"errors"
	"maps"
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

// BenchmarkColdPlan plans operations within all limits with nothing kept by the
// server: generated ones, the dearest of each few, of which it tells the longest and
// the time for a subquery, and documents at the limits.
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
	run := func(text string, params map[string]any) {
		if _, err := bolt.ExecuteQuery(b.Context(), driver, text, params, bolt.EagerResultTransformer); err != nil {
			b.Fatal(err)
		}
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
	worked := func() time.Duration { // by the server's process, in CPU
		const text = "CALL dbms.queryJmx('java.lang:type=OperatingSystem') YIELD attributes RETURN attributes.ProcessCpuTime.value AS ns"
		r, err := bolt.ExecuteQuery(b.Context(), driver, text, nil, bolt.EagerResultTransformer)
		if err != nil {
			b.Fatal(err)
		}
		return time.Duration(r.Records[0].Values[0].(int64))
	}
	plans := func(b *testing.B, next func() *plan.Plan) {
		var took []time.Duration
		var subqueries int64
		for b.Loop() {
			p := next()
			text, params := neo4j.Compile(p)
			run("CALL db.clearQueryCaches()", nil)
			worked() // is planned again too
			start := worked()
			run("EXPLAIN "+text, params)
			took = append(took, worked()-start)
			subqueries += p.Subqueries()
		}
		slices.Sort(took)
		var sum time.Duration
		for _, d := range took {
			sum += d
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(took[len(took)-1].Milliseconds()), "ms/longest")
		b.ReportMetric(float64(took[0].Milliseconds()), "ms/shortest")
		b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "ms/median")
		b.ReportMetric(float64(sum.Microseconds())/1000/float64(subqueries), "ms/subquery")
		b.ReportMetric(float64(subqueries)/float64(len(took)), "subqueries")
	}
	for range 20 { // the server's machine is warm then
		text, params := neo4j.Compile(next())
		run("EXPLAIN "+text, params)
	}
	b.Run("generated", func(b *testing.B) { plans(b, next) })
	at := shapes()
	for _, name := range slices.Sorted(maps.Keys(at)) {
		b.Run(name, func(b *testing.B) {
			caught.plan = nil
			r := service.Execute(b.Context(), at[name])
			if caught.plan == nil {
				b.Fatal(r.Errors)
			}
			plans(b, func() *plan.Plan { return caught.plan })
		})
	}
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
