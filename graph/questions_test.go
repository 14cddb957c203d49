package graph_test

import (
	"context"
	"strings"
	"testing"

	"normgraph/graph"
)

// TestResearchQuestions: what a researcher would really ask, deep and with the
// default pages, passes the default limits and is answered.
func TestResearchQuestions(t *testing.T) {
	s, err := graph.New(loaded(t, bundled(t)), graph.Options{Limits: graph.DefaultLimits(), Log: logged(t)})
	if err != nil {
		t.Fatal(err)
	}
	for name, document := range map[string]string{
		"every agreement with its norms, parties and process":       `{ agreements { title year kind norms { name category } signatories { name kind country } process { name status } } }`,
		"what the norms of an agreement share with others":          `{ agreements(limit: 3) { title norms { name coreIdeas { name agreements { title year } expressedBy { name agreements { title } } } } } }`,
		"core ideas, their wordings, and the texts of these":        `{ norms(where: {level: {eq: CORE_IDEA}}) { name expressedByConnection { edges { properties { match } node { name agreementsConnection { edges { properties { locator } node { title year } } } } } } } }`,
		"incidents with all readings, their norms and coders":       `{ incidents { name year kinds sectors assessments { method relevance mitigation rationale coder { name kind } norm { name category } } } }`,
		"the norms that an incident's readings rest on, and texts":  `{ incidents(limit: 10) { name assessments { relevance norm { name agreements { title process { name } } } } } }`,
		"who signed what, with the norms they took on":              `{ signatories(where: {kind: {eq: STATE}}) { name country agreementsConnection { edges { properties { role date } node { title norms { name } } } } } }`,
		"parties that two agreements have in common":                `{ agreements(where: {signatories: {some: {agreements: {some: {year: {gt: 2015}}}}}}) { title signatories(where: {agreements: {some: {year: {gt: 2015}}}}) { name agreements { title } } } }`,
		"processes through their agreements to norms and incidents": `{ processes { name agreements { title norms { name assessments { relevance incident { name year } } } } } }`,
		"contributions with their answers and questions":            `{ contributions { contributor stakeholderGroup agreements { title } answers { text question { number text } } call { name } } }`,
		"calls with questions and all answers":                      `{ calls { name year questions { number text answers { text contribution { contributor stakeholderGroup } } } } }`,
		"what contributors ranked, and where it is written":         `{ contributions { contributor rankedNormsConnection(sort: [{edge: {rank: ASC}}]) { edges { properties { rank } node { name agreements { title } } } } } }`,
		"coders with everything they judged":                        `{ coders { name kind assessments { relevance confidence incident { name kinds } norm { name coreIdeas { name } } } } }`,
		"norms related to norms, two steps":                         `{ norms { name relatedTo { name relatedTo { name } relatedFrom { name } } relatedFrom { name } } }`,
		"the forum's work by year":                                  `{ workstreams { year name deliverable workPackages { number name description } documents { title kind date url } } }`,
		"search, then around each find":                             `{ search(query: "critical infrastructure") { edges { score snippet node { __typename id ... on Norm { name agreements { title signatories { name } } } ... on Incident { name assessments { norm { name } } } ... on Agreement { title norms { name } } } } } }`,
		"incidents by kind with counts only":                        `{ incidents { name assessmentsConnection { totalCount aggregate { count { nodes } } } } incidentsConnection { aggregate { node { year { min max average } } } } }`,
		"a table of agreements and how many norms each kind has":    `{ agreements { title a: normsConnection(where: {node: {category: {eq: RESTRAINT}}}) { totalCount } b: normsConnection(where: {node: {category: {eq: COOPERATION_ASSISTANCE}}}) { totalCount } signatoriesConnection { totalCount } } }`,
		"three pages at once, each deep":                            `{ agreements(limit: 20) { title norms { name } } incidents(limit: 20) { name assessments { norm { name } } } signatories(limit: 20) { name agreements { title process { name } } } }`,
		"signatories' contributions and what they discuss":          `{ signatories { name contributions { contributor date agreements { title norms { name } } answers { text } } } }`,
		"one norm in depth":                                         `{ norms(limit: 1, sort: [{name: ASC}]) { name summary agreements { title signatories { name agreements { title } } } assessments { rationale incident { name summary } coder { name } } coreIdeas { name expressedBy { name agreements { title } } } rankedBy { contributor answers { text } } } }`,
	} {
		r := s.Execute(t.Context(), graph.Request{Document: document})
		if len(r.Errors) > 0 {
			t.Errorf("%s: %v", name, r.Errors)
		}
		if r.Rows < 5 {
			t.Errorf("%s: %d rows; the question asks for nothing", name, r.Rows)
		}
	}
}

// TestExplosions: what grows without end is refused, by name and number.
func TestExplosions(t *testing.T) {
	st := &watched{Store: loaded(t, bundled(t))}
	s, err := graph.New(st, graph.Options{Limits: graph.DefaultLimits(), Log: logged(t)})
	if err != nil {
		t.Fatal(err)
	}
	nest := func(open string, levels int) string {
		return "{ agreements(limit: 500) { id " + strings.Repeat(open, levels) + strings.Repeat(" }", levels*strings.Count(open, "{")) + " } }"
	}
	for document, limit := range map[string]string{
		strings.Replace(nest("signatories(limit: 500) { id agreements(limit: 500) { id ", 2), "500", "1", 1):                                                 "worstRows",
		nest("norms(limit: 500) { id assessments(limit: 500) { id incident { assessments(limit: 500) { id norm { assessments(limit: 500) { id ", 1):          "rows",
		nest("norms(limit: 1) { id agreements(limit: 1) { id ", 6):                                                                                           "depth",
		"{ agreements(limit: 500) { " + strings.Repeat("signatories(limit: 500) { agreements(limit: 500) { ", 3) + "id" + strings.Repeat(" } }", 3) + " } }": "rows",
	} {
		r := s.Execute(t.Context(), graph.Request{Document: document})
		if r.Code() != graph.CodeLimit {
			t.Errorf("%s: code %q, %d rows", document, r.Code(), r.Rows)
			continue
		}
		x := r.Errors[0].Extensions
		if x["limit"] != limit || x["requested"].(int64) <= x["maximum"].(int64) {
			t.Errorf("%s: %v, want %s", document, x, limit)
		}
	}
	if n := st.statements.Load(); n > 0 {
		t.Errorf("%d statements were sent", n)
	}
}

func logged(t *testing.T) func(context.Context, error) {
	return func(_ context.Context, err error) { t.Logf("fault: %v", err) }
}
