package graph_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"normgraph/graph"
	"normgraph/graph/plan"
	"normgraph/graph/store"
)

// TestAnswerBytes: an answer may have exactly the bytes allowed; one with a byte
// more is refused, whichever way it is written.
func TestAnswerBytes(t *testing.T) {
	st := loaded(t, bundled(t))
	answer := func(document string, typed bool, most int64) *graph.Response {
		o := graph.Options{Limits: graph.DefaultLimits(), Typed: typed, Log: logged(t)}
		o.Limits.Answer = most
		s, err := graph.New(st, o)
		if err != nil {
			t.Fatal(err)
		}
		return s.Execute(t.Context(), graph.Request{Document: document})
	}
	for _, document := range []string{
		`{ norms(limit: 40) { id name text: summary agreements(limit: 5) { title } } }`,
		`{ a: normsConnection(first: 100) { totalCount edges { cursor node { name } } again: edges { node { id } } pageInfo { endCursor } aggregate { count { nodes } } } }`,
		`{ search(query: "norm*", first: 100) { edges { snippet score node { id } } } }`,
		`{ nodes(ids: [` + strings.Repeat(`"paris-call", "none", `, 100) + `]) { __typename id ... on Agreement { title } } }`,
		`{ x: agreements(limit: 300) { id } y: agreements(limit: 300) { title } }`,
		`{ agreements { signatories { id } } }`,
		`{ normContinuity(groupBy: NORM, first: 100) { caveats edges { node { share norm { name } evidence(first: 3) { edges { node { rationale } } } } } } }`,
		`{ normMatrix(rows: CORE_IDEA, columns: YEAR) { rows { label } columns { label } cells { count assessments { edges { node { id coder { name } } } } } } }`,
		`{ norms(limit: 30) { name } normCoOccurrence(groupBy: NORM) { edges { cursor node { a { norm { name } } b { label } count } } } }`,
		`{ __schema { types { name description fields { name description } } } }`,
	} {
		for _, typed := range []bool{false, true} {
			whole := answer(document, typed, math.MaxInt64/8)
			if len(whole.Errors) > 0 || len(whole.Data) < 1000 {
				t.Fatalf("%s: %d bytes, %v", document, len(whole.Data), whole.Errors)
			}
			length := int64(len(whole.Data))
			for _, path := range truncated(whole) {
				length += int64(len(path))
			}
			if r := answer(document, typed, length); len(r.Errors) > 0 || !bytes.Equal(r.Data, whole.Data) {
				t.Errorf("typed %t: exactly %d bytes: %v\n%s", typed, length, r.Errors, document)
			}
			for _, most := range []int64{length - 1, length / 2, 10} {
				r := answer(document, typed, most)
				if r.Code() != graph.CodeLimit || r.Data != nil {
					t.Fatalf("typed %t: %d bytes of %d: code %q, %v\n%s", typed, most, length, r.Code(), r.Errors, document)
				}
				x := r.Errors[0].Extensions
				if x["limit"] != "answerBytes" || x["maximum"] != most || x["requested"].(int64) <= most {
					t.Errorf("typed %t: %d bytes of %d: %v\n%s", typed, most, length, x, document)
				}
			}
		}
	}
}

// TestLongAnswersAreNotMade: what would be too long is neither made by the store
// nor written to its end.
func TestLongAnswersAreNotMade(t *testing.T) {
	var long strings.Builder
	for i := range 26 {
		fmt.Fprintf(&long, "r%d: rationale ", i)
	}
	document := "{ assessments(limit: 500) { rationale incident { assessments(limit: 90) { " + long.String() + "} } } }"
	computed := "{ normContinuity(groupBy: NORM, first: 100) { edges { node { evidence(first: 100) { edges { node { " + long.String() + "} } } } } } }"
	for _, typed := range []bool{false, true} {
		o := graph.Options{Limits: graph.DefaultLimits(), Typed: typed, Log: logged(t)}
		o.Limits.Answer = 100_000
		s, err := graph.New(loaded(t, bundled(t)), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, document := range []string{document, computed} {
			var before, after runtime.MemStats
			for range 2 { // the first fills caches
				runtime.ReadMemStats(&before)
				r := s.Execute(t.Context(), graph.Request{Document: document})
				runtime.ReadMemStats(&after)
				if r.Code() != graph.CodeLimit {
					t.Fatalf("code %q, %v", r.Code(), r.Errors)
				}
			}
			if made := after.TotalAlloc - before.TotalAlloc; made > 4<<20 {
				t.Errorf("typed %t: %d bytes were allocated for an answer of which 100,000 are allowed\n%s", typed, made, document)
			}
		}
	}
}

// TestLimitsAreNamed: every limit that the engine may name is a plain name, in
// the documentation too.
func TestLimitsAreNamed(t *testing.T) {
	doc, err := os.ReadFile("../docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?:LimitError\{|checkLimit\(|tooLarge\([\w.]+, |over\()(?:Limit: )?"([^"]*)"`)
	found := 0
	for _, dir := range []string{"plan", "scan", "row", "analysis", "continuity", ".", "../server/httpapi"} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
				continue
			}
			text, err := os.ReadFile(dir + "/" + f.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range named.FindAllSubmatch(text, -1) {
				found++
				if !regexp.MustCompile(`^[a-z]+([A-Z][a-z]+)*$`).Match(m[1]) {
					t.Errorf("%s/%s: %q is not a name such as worstRows", dir, f.Name(), m[1])
				}
				if !bytes.Contains(doc, append(append([]byte("`"), m[1]...), '`')) {
					t.Errorf("docs/limits.md does not name `%s`", m[1])
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d limits found", found)
	}
}

// TestTooLongInTheStore: the word of a store that counts by itself is the same
// limit.
func TestTooLongInTheStore(t *testing.T) {
	s, err := graph.New(&tooLong{loaded(t, bundled(t))}, graph.Options{Limits: graph.DefaultLimits(), Log: logged(t)})
	if err != nil {
		t.Fatal(err)
	}
	r := s.Execute(t.Context(), graph.Request{Document: "{ norms { id } }"})
	if r.Code() != graph.CodeLimit || r.Errors[0].Extensions["maximum"] != graph.DefaultLimits().Answer {
		t.Errorf("%v %v", r.Errors, r.Errors[0].Extensions)
	}
}

type tooLong struct{ store.Store }

func (tooLong) Query(context.Context, *plan.Plan) (*store.Result, error) {
	return nil, errors.Join(store.ErrTooLong)
}
