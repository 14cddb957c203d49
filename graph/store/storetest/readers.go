package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"normgraph/graph"
	"normgraph/graph/store"
)

// ReadersEnv lengthens Readers, as "90s".
const ReadersEnv = "NORMGRAPH_TEST_READERS"

// breath is a client's pause, so that loads come through.
const breath = 20 * time.Millisecond

// Readers holds a backend to its promise under loads: every answer is that of its
// revision at rest, be it made or kept. Two services over stores of their own, as
// in two processes, answer 16 clients, while a third store loads 5,000 rows every
// second. open gives one more store over the same data, which is none at first.
func Readers(t *testing.T, open func(tb testing.TB) store.Store) {
	length := 5 * time.Second
	if text := os.Getenv(ReadersEnv); text != "" {
		var err error
		if length, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	writer := opened(t, open)
	services := make([]*graph.Service, 2)
	for i := range services {
		services[i] = keeping(t, opened(t, open))
	}
	versions := [...]*store.Dataset{moving(0), moving(1)}
	rest := map[string]string{} // by revision's parity and shape
	var first int64
	for i, d := range versions {
		first = must(t, writer, d, store.LoadReplace).Revision.Number
		calm := service(t, writer)
		for _, shape := range movingShapes {
			r := calm.Execute(t.Context(), graph.Request{Document: shape})
			if len(r.Errors) > 0 {
				t.Fatalf("%s: %v", shape, r.Errors)
			}
			rest[fmt.Sprint(i, shape)] = said(t, r)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	start := time.Now()
	var wg sync.WaitGroup
	var answers, wrong, refused, number atomic.Int64
	for client := range 16 {
		wg.Go(func() {
			svc := services[client%len(services)]
			for ctx.Err() == nil {
				n := int(number.Add(1))
				shape := movingShapes[n%len(movingShapes)]
				// The document is a new one, so that it is neither kept nor shared; then
				// again, as it is kept.
				document := "# " + strconv.Itoa(n) + "\n" + shape
				time.Sleep(breath)
				for range 2 {
					r := svc.Execute(t.Context(), graph.Request{Document: document})
					if r.Code() == graph.CodeUnavailable {
						refused.Add(1)
						continue
					}
					answers.Add(1)
					version := (r.Revision.Number - first + 1) % 2 // the last one at rest was 1
					if want, got := rest[fmt.Sprint(version, shape)], said(t, r); got != want {
						if wrong.Add(1) <= 5 {
							t.Errorf("revision %d (%s) answers %s with\n%s %v\nwant\n%s", r.Revision.Number, r.Cache, shape, got, r.Errors, want)
						}
					}
				}
			}
		})
	}
	loads := 0
	for next := 0; time.Since(start) < length || loads < 2; next = 1 - next {
		must(t, writer, versions[next], store.LoadReplace)
		loads++
		time.Sleep(time.Second)
	}
	stop()
	wg.Wait()
	t.Logf("%d answers at %d revisions, %d wrong, %d refused", answers.Load(), loads, wrong.Load(), refused.Load())
	if answers.Load() == 0 || loads < 2 {
		t.Error("too little was answered to tell")
	}
}

// keeping is a service that keeps answers.
func keeping(tb testing.TB, st store.Store) *graph.Service {
	tb.Helper()
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), CacheBytes: 16 << 20, Build: "test",
		Log: func(_ context.Context, err error) { tb.Logf("fault: %v", err) }})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// said is what an answer says, less what differs between equal revisions.
func said(tb testing.TB, r *graph.Response) string {
	tb.Helper()
	var data map[string]json.RawMessage
	if err := json.Unmarshal(r.Data, &data); err != nil {
		return string(r.Data)
	}
	var corpus struct{ Revision int64 }
	if text, ok := data["corpus"]; ok {
		if err := json.Unmarshal(text, &corpus); err != nil || corpus.Revision != r.Revision.Number {
			return fmt.Sprintf("revision %d in an answer of revision %d", corpus.Revision, r.Revision.Number)
		}
	}
	return strings.Replace(string(r.Data), `"revision":`+strconv.FormatInt(corpus.Revision, 10), `"revision":_`, 1)
}

// movingShapes read the same things in several ways: nodes, relationships, indexes,
// counts, the corpus's own, tables of analyses.
var movingShapes = []string{
	`{ agreementsConnection(first: 3) { totalCount edges { node { id year title } } } agreements(limit: 400, where: {year: {gte: 2001}}) { id } }`,
	`{ processes { id agreementsConnection(first: 0) { totalCount aggregate { node { year { min max sum } } } } } }`,
	`{ search(query: "version", first: 5) { totalCount edges { node { id } score } } }`,
	`{ norms(limit: 50) { id note assessmentsConnection(first: 0) { totalCount } } }`,
	`{ corpus { revision name version counts { kind count } } agreementsConnection(first: 0) { totalCount } }`,
	`{ normContinuity(groupBy: NORM, first: 5, resamples: 1) { assessedIncidents edges { node { key incidentCount norm { id note } } } } assessmentsConnection(first: 0) { totalCount } }`,
	`{ incidents(limit: 20, sort: [{year: DESC}, {id: ASC}], where: {assessments: {some: {relevance: {eq: RELEVANT}}}}) { id year assessments { id relevance norm { note } } } }`,
}

// moving is one of two data sets that differ in 5,000 rows.
func moving(version int) *store.Dataset {
	b := build()
	text := []string{"a version", "another version"}[version]
	b.data.Corpus.Version = text
	b.node("Coder", "c", nil)
	for i := range 7 {
		b.node("Process", fmt.Sprintf("p%d", i), nil)
	}
	for i := range 30 {
		b.node("Norm", fmt.Sprintf("n%02d", i), values{"note": text})
	}
	for i := range 900 - 100*version {
		id := fmt.Sprintf("a%03d", i)
		b.node("Agreement", id, values{"title": text, "year": 2000 + version, "date": strconv.Itoa(2000 + version)})
		b.edge("PART_OF", "Agreement", id, "Process", fmt.Sprintf("p%d", (i+version)%7), "", nil)
		b.edge("CONTAINS", "Agreement", id, "Norm", fmt.Sprintf("n%02d", (i+version)%30), "k", values{"locator": text})
	}
	relevance := []string{"RELEVANT", "NOT_RELEVANT"}
	for i := range 400 - 50*version {
		incident, id := fmt.Sprintf("i%03d", i), fmt.Sprintf("s%03d", i)
		b.node("Incident", incident, values{"startDate": strconv.Itoa(2000 + version), "year": 2000 + version})
		b.node("Assessment", id, values{"relevance": relevance[(i+version)%2]})
		b.edge("ASSESSES", "Assessment", id, "Norm", fmt.Sprintf("n%02d", (i+version)%30), "", nil)
		b.edge("CONCERNS", "Assessment", id, "Incident", incident, "", nil)
		b.edge("MADE_BY", "Assessment", id, "Coder", "c", "", nil)
	}
	return b.dataset()
}
