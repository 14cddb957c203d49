package graph_test

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"normgraph/graph"
	"normgraph/graph/store/neo4j/devserver/devtest"
	"normgraph/seed"
)

// record is one row of a CSV file, by column.
type record map[string]string

// table reads a file of the corpus, apart from the loader.
func table(t *testing.T, name string) []record {
	t.Helper()
	f, err := seed.Bundled().Open(name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []record
	for _, row := range rows[1:] {
		r := record{}
		for i, column := range rows[0] {
			r[column] = row[i]
		}
		out = append(out, r)
	}
	return out
}

// index gives the rows of a table by id.
func index(t *testing.T, name string) map[string]record {
	t.Helper()
	out := map[string]record{}
	for _, r := range table(t, name) {
		out[r["id"]] = r
	}
	return out
}

// at is the value at a path of keys in decoded JSON; a list gives the value of
// each of its elements.
func at(v any, path string) any {
	for _, key := range strings.Fields(path) {
		if list, ok := v.([]any); ok {
			out := []any{}
			for _, e := range list {
				out = append(out, at(e, key))
			}
			v = out
			continue
		}
		v = v.(map[string]any)[key]
	}
	return v
}

// question is asked of the service and answered from the CSV files.
type question struct {
	name, document string
	got            func(data any) any
	want           func(t *testing.T) any
}

var questions = []question{
	{
		"How many actors of each kind signed the Paris Call?",
		`{ agreements(where: {id: {eq: "paris-call"}}) {
			COMPANY: signatoriesConnection(where: {node: {kind: {eq: COMPANY}}}, first: 0) { totalCount }
			CIVIL_SOCIETY: signatoriesConnection(where: {node: {kind: {eq: CIVIL_SOCIETY}}}, first: 0) { totalCount }
			STATE: signatoriesConnection(where: {node: {kind: {eq: STATE}}}, first: 0) { totalCount }
			PUBLIC_AUTHORITY: signatoriesConnection(where: {node: {kind: {eq: PUBLIC_AUTHORITY}}}, first: 0) { totalCount }
			ACADEMIA: signatoriesConnection(where: {node: {kind: {eq: ACADEMIA}}}, first: 0) { totalCount }
		} }`,
		func(data any) any {
			out := map[string]any{}
			for kind, c := range data.(map[string]any)["agreements"].([]any)[0].(map[string]any) {
				out[kind] = at(c, "totalCount")
			}
			return out
		},
		func(t *testing.T) any {
			out := map[string]any{"COMPANY": 0.0, "CIVIL_SOCIETY": 0.0, "STATE": 0.0, "PUBLIC_AUTHORITY": 0.0, "ACADEMIA": 0.0}
			signatories := index(t, "signatories")
			for _, s := range table(t, "signatures") {
				if n, ok := out[signatories[s["signatory"]]["kind"]].(float64); ok && s["agreement"] == "paris-call" {
					out[signatories[s["signatory"]]["kind"]] = n + 1
				}
			}
			return out
		},
	},
	{
		"Which states both signed the Budapest Convention and became a party to it?",
		`{ signatories(limit: 500, sort: [{id: ASC}], where: {kind: {eq: STATE}, AND: [
			{agreementsConnection: {some: {node: {id: {eq: "budapest"}}, edge: {role: {eq: SIGNATORY}}}}},
			{agreementsConnection: {some: {node: {id: {eq: "budapest"}}, edge: {role: {eq: PARTY}}}}}]}) { id } }`,
		func(data any) any { return at(data, "signatories id") },
		func(t *testing.T) any {
			roles := map[string]map[string]bool{}
			for _, s := range table(t, "signatures") {
				if s["agreement"] == "budapest" {
					if roles[s["signatory"]] == nil {
						roles[s["signatory"]] = map[string]bool{}
					}
					roles[s["signatory"]][s["role"]] = true
				}
			}
			signatories := index(t, "signatories")
			var ids []string
			for id, r := range roles {
				if r["SIGNATORY"] && r["PARTY"] && signatories[id]["kind"] == "STATE" {
					ids = append(ids, id)
				}
			}
			slices.Sort(ids)
			return list(ids)
		},
	},
	{
		"Which norms does the report of the UN GGE of 2015 state, by place in its text?",
		`{ agreements(where: {id: {eq: "gge-2015"}}) { normsConnection(first: 500, sort: [{edge: {locator: ASC}}, {node: {name: ASC}}]) { edges { properties { locator } node { name } } } } }`,
		func(data any) any {
			var out []any
			for _, e := range at(data, "agreements normsConnection edges").([]any)[0].([]any) {
				out = append(out, fmt.Sprint(at(e, "properties locator"), " ", at(e, "node name")))
			}
			return out
		},
		func(t *testing.T) any {
			norms := index(t, "norms")
			type provision struct{ locator, name, id string }
			var list []provision
			for _, r := range table(t, "agreement_norms") {
				if r["agreement"] == "gge-2015" {
					list = append(list, provision{r["locator"], norms[r["norm"]]["name"], r["norm"]})
				}
			}
			slices.SortFunc(list, func(a, b provision) int {
				if (a.locator == "") != (b.locator == "") {
					return cmp.Compare(b.locator, a.locator) // without a place: last
				}
				return cmp.Or(strings.Compare(a.locator, b.locator), strings.Compare(a.name, b.name), strings.Compare(a.id, b.id))
			})
			var out []any
			for _, p := range list {
				locator := p.locator
				if locator == "" {
					locator = "<nil>"
				}
				out = append(out, locator+" "+p.name)
			}
			return out
		},
	},
	{
		"Which incidents began in 2017, in order?",
		`{ incidents(limit: 500, sort: [{startDate: ASC}], where: {startDate: {gte: "2017", lte: "2017"}}) { id startDate } }`,
		func(data any) any { return at(data, "incidents id") },
		func(t *testing.T) any {
			var rows []record
			for _, r := range table(t, "incidents") {
				if strings.HasPrefix(r["start_date"], "2017") { // known to the year, the month or the day
					rows = append(rows, r)
				}
			}
			slices.SortFunc(rows, func(a, b record) int {
				return cmp.Or(strings.Compare(a["start_date"], b["start_date"]), strings.Compare(a["id"], b["id"]))
			})
			return ids(rows)
		},
	},
	{
		"Which core ideas do norms of at least five agreements express?",
		`{ norms(limit: 500, where: {level: {eq: CORE_IDEA}}) { id expressedBy(limit: 500) { agreements(limit: 500) { id } } } }`,
		func(data any) any {
			out := map[string]any{}
			for _, n := range at(data, "norms").([]any) {
				agreements := map[any]bool{}
				for _, e := range at(n, "expressedBy agreements").([]any) {
					for _, a := range e.([]any) {
						agreements[at(a, "id")] = true
					}
				}
				if len(agreements) >= 5 {
					out[at(n, "id").(string)] = len(agreements)
				}
			}
			return out
		},
		func(t *testing.T) any {
			norms, agreements := index(t, "norms"), map[string]map[string]bool{}
			for _, m := range table(t, "norm_mappings") {
				for _, p := range table(t, "agreement_norms") {
					if idea := m["to_norm"]; norms[idea]["level"] == "CORE_IDEA" && p["norm"] == m["from_norm"] {
						if agreements[idea] == nil {
							agreements[idea] = map[string]bool{}
						}
						agreements[idea][p["agreement"]] = true
					}
				}
			}
			out := map[string]any{}
			for idea, a := range agreements {
				if len(a) >= 5 {
					out[idea] = len(a)
				}
			}
			return out
		},
	},
	{
		"How do the two automated readings judge mitigation, and over how many incidents?",
		`{ WOULD_HAVE_MITIGATED: assessmentsConnection(first: 0, where: {method: {eq: AUTOMATED_READING}, mitigation: {eq: WOULD_HAVE_MITIGATED}}) { totalCount }
		   PARTLY: assessmentsConnection(first: 0, where: {method: {eq: AUTOMATED_READING}, mitigation: {eq: PARTLY}}) { totalCount }
		   WOULD_NOT: assessmentsConnection(first: 0, where: {method: {eq: AUTOMATED_READING}, mitigation: {eq: WOULD_NOT}}) { totalCount }
		   incidents: incidentsConnection(first: 0, where: {assessments: {some: {method: {eq: AUTOMATED_READING}}}}) { totalCount } }`,
		func(data any) any {
			out := map[string]any{}
			for k, v := range data.(map[string]any) {
				out[k] = at(v, "totalCount")
			}
			return out
		},
		func(t *testing.T) any {
			out := map[string]any{}
			seen := map[string]bool{}
			for _, k := range []string{"WOULD_HAVE_MITIGATED", "PARTLY", "WOULD_NOT"} {
				n := 0.0
				for _, r := range table(t, "assessments") {
					if r["method"] != "AUTOMATED_READING" {
						continue
					}
					seen[r["incident"]] = true
					if r["mitigation"] == k {
						n++
					}
				}
				out[k] = n
			}
			out["incidents"] = float64(len(seen))
			return out
		},
	},
	{
		"Which binding agreements are there, newest first, and what is the mean of their years?",
		`{ agreementsConnection(first: 500, sort: [{date: DESC}], where: {legalStatus: {eq: BINDING}}) { edges { node { id } } aggregate { count { nodes } node { year { average min max } date { max } } } } }`,
		func(data any) any {
			return []any{at(data, "agreementsConnection edges node id"), at(data, "agreementsConnection aggregate")}
		},
		func(t *testing.T) any {
			var rows []record
			sum, low, high := 0.0, 9999.0, 0.0
			for _, r := range table(t, "agreements") {
				if r["legal_status"] == "BINDING" {
					rows = append(rows, r)
					var year float64
					if _, err := fmt.Sscanf(r["date"][:4], "%g", &year); err != nil {
						t.Fatal(err)
					}
					sum, low, high = sum+year, min(low, year), max(high, year)
				}
			}
			slices.SortFunc(rows, func(a, b record) int {
				return cmp.Or(strings.Compare(b["date"], a["date"]), strings.Compare(a["id"], b["id"]))
			})
			return []any{ids(rows), map[string]any{"count": map[string]any{"nodes": float64(len(rows))}, "node": map[string]any{
				"year": map[string]any{"average": sum / float64(len(rows)), "min": low, "max": high}, "date": map[string]any{"max": rows[0]["date"]}}}}
		},
	},
	{
		"Which incidents that hit Ukraine has no published or derived assessment linked to a norm?",
		`{ incidents(limit: 500, where: {countries: {includes: "UA"}, assessments: {none: {method: {in: [PUBLISHED, DATASET_DERIVED]}}}}) { id } }`,
		func(data any) any { return at(data, "incidents id") },
		func(t *testing.T) any {
			linked := map[string]bool{}
			for _, r := range table(t, "assessments") {
				if r["method"] == "PUBLISHED" || r["method"] == "DATASET_DERIVED" {
					linked[r["incident"]] = true
				}
			}
			var rows []record
			for _, r := range table(t, "incidents") {
				if slices.Contains(strings.Split(r["countries"], ";"), "UA") && !linked[r["id"]] {
					rows = append(rows, r)
				}
			}
			slices.SortFunc(rows, func(a, b record) int { return strings.Compare(a["id"], b["id"]) })
			return ids(rows)
		},
	},
	{
		"Which states committed to the most agreements?",
		`{ signatoriesConnection(first: 500, where: {kind: {eq: STATE}}) { edges { node { id agreementsConnection(first: 0) { aggregate { count { nodes } } } } } } }`,
		func(data any) any {
			best, out := 0.0, []any{}
			for _, n := range at(data, "signatoriesConnection edges node").([]any) {
				switch c := at(n, "agreementsConnection aggregate count nodes").(float64); {
				case c > best:
					best, out = c, []any{at(n, "id")}
				case c == best:
					out = append(out, at(n, "id"))
				}
			}
			return []any{best, out}
		},
		func(t *testing.T) any {
			signatories, agreements := index(t, "signatories"), map[string]map[string]bool{}
			for _, s := range table(t, "signatures") {
				if signatories[s["signatory"]]["kind"] == "STATE" {
					if agreements[s["signatory"]] == nil {
						agreements[s["signatory"]] = map[string]bool{}
					}
					agreements[s["signatory"]][s["agreement"]] = true
				}
			}
			best, out := 0, []string{}
			for id, a := range agreements {
				switch {
				case len(a) > best:
					best, out = len(a), []string{id}
				case len(a) == best:
					out = append(out, id)
				}
			}
			slices.Sort(out)
			return []any{float64(best), list(out)}
		},
	},
	{
		"Which agreements of which process name the word botnet or have a norm that does?",
		`{ agreements: search(query: "botnet*", kinds: [Agreement], first: 500) { edges { node { id } } }
		   norms: search(query: "botnet*", kinds: [Norm], first: 500) { edges { score node { id } } } }`,
		func(data any) any {
			return []any{at(data, "agreements edges node id"), at(data, "norms edges node id")}
		},
		func(t *testing.T) any {
			named := func(texts ...string) bool {
				for _, w := range strings.FieldsFunc(strings.ToLower(strings.Join(texts, " . ")), func(r rune) bool { return r < 'a' || r > 'z' }) {
					if strings.HasPrefix(w, "botnet") {
						return true
					}
				}
				return false
			}
			var agreements, first, rest []string
			for _, r := range table(t, "agreements") {
				if named(r["title"], r["short_title"]) {
					agreements = append(agreements, r["id"])
				}
			}
			for _, r := range table(t, "norms") {
				switch {
				case named(r["name"]):
					first = append(first, r["id"])
				case named(r["summary"]):
					rest = append(rest, r["id"])
				}
			}
			slices.Sort(agreements)
			slices.Sort(first)
			slices.Sort(rest)
			return []any{list(agreements), list(append(first, rest...))}
		},
	},
}

func list(ss []string) any {
	out := []any{}
	for _, s := range ss {
		out = append(out, s)
	}
	return out
}

func ids(rows []record) any {
	out := []any{}
	for _, r := range rows {
		out = append(out, r["id"])
	}
	return out
}

// TestQuestions: what a researcher would ask, counted apart over the CSV files.
func TestQuestions(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { ask(t, corpusService(t)) })
	t.Run("Neo4j", func(t *testing.T) {
		ask(t, service(t, filled(t, openNeo4j(t, devtest.ForTest(t)), bundled(t)), false))
	})
}

func ask(t *testing.T, s *graph.Service) {
	for _, q := range questions {
		t.Run(q.name, func(t *testing.T) {
			var data any
			answer(t, s, q.document, &data)
			want := q.want(t)
			if b, _ := json.Marshal(want); len(b) < 8 {
				t.Fatalf("the question has no answer to speak of: %s", b)
			}
			if diff := gocmp.Diff(want, q.got(data)); diff != "" {
				t.Errorf("(-CSV +service):\n%s", diff)
			}
		})
	}
}
