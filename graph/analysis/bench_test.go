package analysis_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"normgraph/graph"
)

const (
	cheapRow = `key label norm { id name } incidentCount share shareInterval { low high } first { id name } last { id name } spanYears
		activePeriods persistence expectedActivePeriods longestGap evenness burstiness agreementCount agreementShare firstAgreement { id shortTitle }
		score rank series { period assessed incidents share } mitigation { value count } mitigated mitigatedInterval { low high }
		methods { method basis count } coders evidence(first: 5) { totalCount edges { node { id } } }`
	dearRow = ` pValue qValue scoreInterval { low high } rankInterval { low high }`
)

func ofContinuity(args, row string) string {
	return `{ normContinuity(` + args + `) { assessedIncidents observablePeriods burstinessOfAssessed caveats totalCount edges { node { ` + row + ` } } } }`
}

// BenchmarkContinuity is normContinuity over the corpus, end to end, with the
// table in memory: all fields but those that resample or test; the figures of
// the same alone; everything with 1,000 resamples, computed anew each time.
func BenchmarkContinuity(b *testing.B) {
	s := corpus(b)
	for _, c := range []struct{ name, document string }{
		{"kept", ofContinuity("first: 50", cheapRow)},
		{"kept/figures", ofContinuity("first: 50", "key score share rank")},
	} {
		b.Run(c.name, func(b *testing.B) {
			ask(b, s, c.document)
			b.ReportAllocs()
			for b.Loop() {
				ask(b, s, c.document)
			}
		})
	}
	seed := 1
	for _, c := range []struct{ name, row string }{{"computed", cheapRow}, {"computed/all1000", cheapRow + dearRow}} {
		b.Run(c.name, func(b *testing.B) {
			ask(b, s, ofContinuity("first: 50", "key"))
			b.ReportAllocs()
			for b.Loop() {
				seed++ // another result, of the same table
				ask(b, s, ofContinuity(fmt.Sprint("first: 50, seed: ", seed), c.row))
			}
		})
	}
	b.Run("table", func(b *testing.B) {
		for b.Loop() {
			ask(b, corpus(b), ofContinuity("first: 50", "key"))
		}
	})
}

// BenchmarkPaths asks for paths between random nodes of the corpus and reports
// the 99th percentile. The graph is in memory; the search is new each time.
func BenchmarkPaths(b *testing.B) {
	s := corpus(b)
	var ids []string
	for _, kind := range []string{"agreements", "norms", "incidents", "signatories", "assessments", "contributions"} {
		for _, id := range pluck(b, at(b, data(b, ask(b, s, `{ `+kind+`(limit: 500) { id } }`)), kind), "id") {
			ids = append(ids, id.(string))
		}
	}
	ask(b, s, `{ paths(from: "state-fr", to: "gge-2015") { length } }`) // the graph in memory
	random := rand.New(rand.NewPCG(1, 2))
	var times []time.Duration
	for b.Loop() {
		document := fmt.Sprintf(`{ paths(from: %q, to: %q, maxLength: 8) { length truncated paths { nodes { id } edges { type from to properties { name value } } } } }`,
			ids[random.IntN(len(ids))], ids[random.IntN(len(ids))])
		began := time.Now()
		r := s.Execute(b.Context(), graph.Request{Document: document})
		times = append(times, time.Since(began))
		if len(r.Errors) > 0 {
			b.Fatal(r.Errors)
		}
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(times[len(times)-1].Microseconds())/1000, "max-ms")
}
