package analysis_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
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

// BenchmarkLarge is the same over 20,000 assessments of 5,000 incidents and 200
// core ideas, and its growth at half the size.
func BenchmarkLarge(b *testing.B) {
	for _, assessments := range []int{10_000, 20_000} {
		st := embedded(b, read(b, synthetic(assessments/4, assessments, 200)))
		size := fmt.Sprint(assessments, "/")
		b.Run(size+"table", func(b *testing.B) {
			for b.Loop() {
				ask(b, service(b, st), ofContinuity("first: 50", "key"))
			}
		})
		s := service(b, st)
		seed := 1
		for _, c := range []struct{ name, row string }{{"computed", cheapRow}, {"computed/all1000", cheapRow + dearRow}} {
			b.Run(size+c.name, func(b *testing.B) {
				ask(b, s, ofContinuity("first: 50", "key"))
				b.ReportAllocs()
				for b.Loop() {
					seed++
					ask(b, s, ofContinuity(fmt.Sprint("first: 50, seed: ", seed), c.row))
				}
			})
		}
	}
}

// synthetic is a corpus folder. Ideas differ in frequency: the k-th is coded about
// 1/√k as often as the first.
func synthetic(incidents, assessments, ideas int) fstest.MapFS {
	random := rand.New(rand.NewPCG(1, 2))
	var i, n, a strings.Builder
	i.WriteString("id,name,start_date,kinds,sectors,countries,basis\n")
	n.WriteString("id,name,level,scheme,category,basis\n")
	a.WriteString("id,incident,norm,coder,method,relevance,conduct,mitigation,basis\n")
	for k := range incidents {
		fmt.Fprintf(&i, "i%05d,Incident,%04d-%02d-%02d,DDOS,,US,SOURCED\n", k, 1998+random.IntN(27), 1+random.IntN(12), 1+random.IntN(28))
	}
	for k := range ideas {
		fmt.Fprintf(&n, "n%03d,Idea,CORE_IDEA,core,RESTRAINT,SOURCED\n", k)
	}
	for k := range assessments {
		u := random.Float64()
		fmt.Fprintf(&a, "a%06d,i%05d,n%03d,coder,PUBLISHED,%s,VIOLATED,PARTLY,SOURCED\n", k, random.IntN(incidents), int(u*u*float64(ideas)),
			[]string{"RELEVANT", "PARTLY_RELEVANT", "NOT_RELEVANT"}[random.IntN(3)])
	}
	files := worked()
	for name, text := range map[string]string{"incidents.csv": i.String(), "norms.csv": n.String(), "assessments.csv": a.String(), "rankings.csv": "contribution,norm,rank\n"} {
		files[name].Data = []byte(text)
	}
	return files
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
