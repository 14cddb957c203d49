package storetest

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"normgraph/graph"
	"normgraph/graph/catalog"
	"normgraph/graph/oracle"
	"normgraph/graph/oracle/generate"
	"normgraph/graph/store"
)

func oracleOf(d *store.Dataset) *oracle.Graph { return oracle.New(graph.Schema(), graph.Catalog(), d) }

// everything reads every property of every node and relationship.
func everything(s *subject) {
	s.Helper()
	for _, n := range graph.Catalog().Nodes {
		var b strings.Builder
		fmt.Fprintf(&b, "{ %s(limit: 500) { %s", n.Plural, names(n.Properties))
		for _, r := range n.Relations {
			switch {
			case !r.List:
				fmt.Fprintf(&b, " %s { id }", r.Field)
			case r.Relationship.Parallel():
				fmt.Fprintf(&b, " %sConnection(first: 500) { totalCount edges { node { id } properties { %s } } }", r.Field, names(r.Relationship.Properties))
			default:
				fmt.Fprintf(&b, " %s(limit: 500) { id }", r.Field)
			}
		}
		b.WriteString(" } }")
		s.agrees(b.String(), nil)
	}
}

func names(props []*catalog.Property) string {
	var out []string
	for _, p := range props {
		out = append(out, p.Name)
	}
	return strings.Join(out, " ")
}

// hostile reads everything of random data sets.
func hostile(t *testing.T, open func(testing.TB) store.Store) {
	for seed := range uint64(2) {
		everything(newSubject(t, open, generate.Dataset(graph.Catalog(), 10+seed)))
	}
}

// representatives are properties of every kind, list or not, nullable or not.
func representatives() map[string]*catalog.Property {
	out := map[string]*catalog.Property{}
	seen := map[string]bool{}
	for _, n := range graph.Catalog().Nodes {
		for _, p := range n.Properties {
			key := fmt.Sprint(p.Kind, p.List, p.NonNull)
			if !seen[key] {
				seen[key] = true
				out[n.Name+"."+p.Name] = p
			}
		}
	}
	return out
}

// operators asks every operator of every kind of property, and its opposite,
// over values and missing ones.
func operators(t *testing.T, open func(testing.TB) store.Store) {
	d := generate.Dataset(graph.Catalog(), 3)
	s := newSubject(t, open, d)
	asked := 0
	for name, p := range representatives() {
		n := graph.Catalog().Node(strings.Split(name, ".")[0])
		typ := graph.Schema().Types[n.Name+"Where"].Fields.ForName(p.Name).Type.Name()
		var doc, head strings.Builder
		vars := map[string]any{}
		for _, op := range graph.Schema().Types[typ].Fields {
			for i, x := range operands(d, n, p, op.Name) {
				v := fmt.Sprintf("%s%d", op.Name, i)
				vars[v] = x
				fmt.Fprintf(&head, "$%s: %s ", v, op.Type)
				fmt.Fprintf(&doc, "\n yes_%[1]s: %[2]s(limit: 500, where: {%[3]s: {%[4]s: $%[1]s}}) { id }", v, n.Plural, p.Name, op.Name)
				fmt.Fprintf(&doc, "\n no_%[1]s: %[2]s(limit: 500, where: {NOT: {%[3]s: {%[4]s: $%[1]s}}}) { id }", v, n.Plural, p.Name, op.Name)
				asked++
			}
		}
		s.agrees("query("+head.String()+") {"+doc.String()+"\n}", vars)
	}
	if asked < 100 {
		t.Errorf("only %d conditions asked", asked)
	}
}

// operands are values for an operator, as JSON: some stored, some not.
func operands(d *store.Dataset, n *catalog.Node, p *catalog.Property, op string) []any {
	var stored []any
	i := 0
	for i = range n.Properties {
		if n.Properties[i] == p {
			break
		}
	}
	for _, r := range d.Nodes[n.Index].Rows {
		if r[i] != nil && len(stored) < 3 {
			stored = append(stored, r[i])
		}
	}
	var out []any
	switch {
	case op == "in":
		out = append(out, []any{}, stored)
	case op == "includes":
		for _, v := range stored {
			list := reflect.ValueOf(v) // of any scalar
			for e := range list.Len() {
				out = append(out, list.Index(e).Interface())
			}
		}
	case op == "contains" || op == "startsWith" || op == "endsWith":
		out = append(out, "", "%", "_", "x")
		for _, v := range stored {
			r := []rune(v.(string))
			out = append(out, string(r[:len(r)/2]), string(r[len(r)/2:]))
		}
	case p.Kind == catalog.Date && op != "eq":
		out = append(out, "2017", "2017-01", "2017-12", "2017-01-01", "2016-02", "2017-12-31")
	default:
		out = append(out, stored...)
	}
	if op == "eq" {
		out = append(out, nil)
		if p.List {
			out = append(out, []any{})
		}
	}
	return out
}

// logic: AND, OR, NOT and the quantifiers where values are missing.
func logic(t *testing.T, open func(testing.TB) store.Store) {
	d := build().
		node("Agreement", "none", nil).
		node("Agreement", "known", nil).
		node("Agreement", "missing", nil).
		node("Agreement", "both", nil).
		node("Agreement", "other", nil).
		node("Signatory", "fr", values{"country": "FR"}).
		node("Signatory", "de", values{"country": "DE"}).
		node("Signatory", "xx", nil)
	for agreement, signatories := range map[string][]string{"known": {"fr"}, "missing": {"xx"}, "both": {"fr", "xx"}, "other": {"fr", "de"}} {
		for _, id := range signatories {
			d.edge("SIGNED", "Signatory", id, "Agreement", agreement, id, nil)
		}
	}
	s := newSubject(t, open, d.dataset())
	for where, want := range map[string]string{
		`{}`:                                  "both known missing none other",
		`{AND: []}`:                           "both known missing none other",
		`{OR: []}`:                            "",
		`{NOT: {}}`:                           "",
		`{NOT: {OR: []}}`:                     "both known missing none other",
		`{id: {in: []}}`:                      "",
		`{NOT: {id: {in: []}}}`:               "both known missing none other",
		`{NOT: {convener: {in: []}}}`:         "both known missing none other",
		`{convener: {eq: "x"}}`:               "",
		`{NOT: {convener: {eq: "x"}}}`:        "",
		`{NOT: {NOT: {convener: {eq: "x"}}}}`: "",
		`{OR: [{convener: {eq: "x"}}, {id: {eq: "none"}}]}`:                "none",
		`{NOT: {AND: [{convener: {eq: "x"}}, {id: {eq: "none"}}]}}`:        "both known missing other",
		`{convener: {eq: null}}`:                                           "both known missing none other",
		`{NOT: {convener: {eq: null}}}`:                                    "",
		`{process: null}`:                                                  "both known missing none other",
		`{NOT: {process: null}}`:                                           "",
		`{NOT: {process: {name: {eq: "x"}}}}`:                              "both known missing none other",
		`{signatories: {some: {country: {eq: "FR"}}}}`:                     "both known other",
		`{signatories: {all: {country: {eq: "FR"}}}}`:                      "both known missing none",
		`{signatories: {none: {country: {eq: "FR"}}}}`:                     "missing none",
		`{signatories: {single: {country: {eq: "FR"}}}}`:                   "both known other",
		`{signatories: {single: {}}}`:                                      "known missing",
		`{signatories: {some: {}}}`:                                        "both known missing other",
		`{signatories: {none: {}}}`:                                        "none",
		`{signatories: {all: {NOT: {}}}}`:                                  "none",
		`{signatories: {}}`:                                                "both known missing none other",
		`{signatories: {some: {country: {eq: null}}}}`:                     "both missing",
		`{NOT: {signatories: {all: {country: {eq: "FR"}}}}}`:               "other",
		`{signatoriesConnection: {aggregate: {count: {edges: {eq: 0}}}}}`:  "none",
		`{signatoriesConnection: {aggregate: {count: {nodes: {gte: 2}}}}}`: "both other",
	} {
		var ids []string
		for _, id := range strings.Fields(want) {
			ids = append(ids, fmt.Sprintf("{%q:%q}", "id", id))
		}
		s.says("{ agreements(where: "+where+") { id } }", `{"agreements":[`+strings.Join(ids, ",")+`]}`)
	}
}

// walk follows a connection by pages of a size and checks each page; key is
// the response key of the connection.
func (s *subject) walk(document string) {
	s.Helper()
	vars, given := map[string]any{}, map[string]any{}
	for range 1000 {
		pairs := s.agreesAs(document, vars, given)
		var end *oracle.Pair
		for _, p := range pairs {
			if strings.HasSuffix(p.Path, ".endCursor") {
				end = &p
			}
		}
		if end == nil {
			return
		}
		vars, given = maps.Clone(vars), maps.Clone(given)
		vars["after"], given["after"] = end.Text, end.Value
	}
	s.Errorf("the pages do not end\n%s", document)
}

// pages follows cursors in every order: the oracle's pages hold every row once.
func pages(t *testing.T, open func(testing.TB) store.Store) {
	s := newSubject(t, open, generate.Dataset(graph.Catalog(), 4))
	for name, p := range representatives() {
		n := graph.Catalog().Node(strings.Split(name, ".")[0])
		if p.List {
			continue
		}
		for _, direction := range []string{"ASC", "DESC"} {
			s.walk(fmt.Sprintf(`query($after: String) { %sConnection(first: 3, after: $after, sort: [{%s: %s}]) { totalCount edges { node { id %[2]s } } pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }`,
				n.Plural, p.Name, direction))
		}
	}
}

// edgePages: the same over relationships, by a field of them, ties by their key.
func edgePages(t *testing.T, open func(testing.TB) store.Store) {
	d := build().node("Agreement", "a", nil)
	for i, x := range awkward {
		id := fmt.Sprintf("s%d", i%5)
		d.node("Signatory", id, values{"name": awkward[i%5]})
		v := values{"note": awkward[i%3*5]}
		if i%4 == 0 {
			v = nil
		}
		d.edge("SIGNED", "Signatory", id, "Agreement", "a", x, v)
	}
	s := newSubject(t, open, d.dataset())
	for _, sort := range []string{``, `{edge: {note: ASC}}`, `{edge: {note: DESC}}`, `{node: {name: DESC}}, {edge: {role: ASC}}`, `{edge: {date: ASC}}, {node: {id: DESC}}`} {
		s.walk(`query($after: String) { agreements { signatoriesConnection(first: 4, after: $after, sort: [` + sort + `]) { edges { properties { note } node { id name } } pageInfo { endCursor hasNextPage } } } }`)
	}
}

// parallelRelationships: a list has each node once, a connection each
// relationship.
func parallelRelationships(t *testing.T, open func(testing.TB) store.Store) {
	s := newSubject(t, open, small().dataset())
	s.says(`{ agreements(where: {id: {eq: "a1"}}) { signatories { id } signatoriesConnection { totalCount edges { node { id } properties { role } } aggregate { count { nodes edges } } } } }`,
		`{"agreements":[{"signatories":[{"id":"s1"},{"id":"s2"}],"signatoriesConnection":{"totalCount":3,"edges":[`+
			`{"node":{"id":"s1"},"properties":{"role":"PARTY"}},{"node":{"id":"s1"},"properties":{"role":"SIGNATORY"}},{"node":{"id":"s2"},"properties":{"role":"ENDORSER"}}],`+
			`"aggregate":{"count":{"nodes":2,"edges":3}}}}]}`)
	s.says(`{ agreements { signatories(limit: 1, offset: 1) { id } } }`, `{"agreements":[{"signatories":[{"id":"s2"}]},{"signatories":[]}]}`)
	s.says(`{ agreements(where: {signatories: {single: {id: {eq: "s1"}}}}) { id } }`, `{"agreements":[]}`)
	s.says(`{ agreements(where: {signatoriesConnection: {aggregate: {count: {nodes: {eq: 2}, edges: {eq: 3}}}}}) { id } }`, `{"agreements":[{"id":"a1"}]}`)
	s.says(`{ agreements(where: {signatoriesConnection: {single: {node: {id: {eq: "s1"}}, edge: {role: {eq: PARTY}}}}}) { id } }`, `{"agreements":[{"id":"a1"}]}`)
}

func aggregates(t *testing.T, open func(testing.TB) store.Store) {
	s := newSubject(t, open, build().
		node("Agreement", "a1", values{"year": 2001, "date": "2001-02", "title": "\U00010000\U00010000", "convener": "\ue000"}).
		node("Agreement", "a2", values{"year": 2002, "date": "2001", "title": "\ufffd\ufffd\ufffd", "convener": "\U00010000"}).
		node("Agreement", "a3", values{"year": 2004, "date": "2001-02-01", "title": "zz"}).
		node("Process", "p1", values{"startYear": 2004}).
		node("Process", "p2", nil).dataset())
	const all = `{ count { nodes } node { year { min max average sum } date { min max } title { shortest longest } convener { shortest longest } } }`
	s.says(`{ agreementsConnection { aggregate `+all+` } }`,
		`{"agreementsConnection":{"aggregate":{"count":{"nodes":3},"node":{"year":{"min":2001,"max":2004,"average":2002.3333333333333,"sum":6007},`+
			`"date":{"min":"2001","max":"2001-02-01"},"title":{"shortest":"zz","longest":"`+"\ufffd\ufffd\ufffd"+`"},"convener":{"shortest":"`+"\ue000"+`","longest":"`+"\ue000"+`"}}}}}`)
	s.says(`{ agreementsConnection(where: {id: {eq: "nothing"}}, first: 0) { totalCount edges { cursor } aggregate `+all+` } }`,
		`{"agreementsConnection":{"totalCount":0,"edges":[],"aggregate":{"count":{"nodes":0},"node":{"year":{"min":null,"max":null,"average":null,"sum":0},`+
			`"date":{"min":null,"max":null},"title":{"shortest":null,"longest":null},"convener":{"shortest":null,"longest":null}}}}}`)
	s.says(`{ processesConnection(first: 0) { totalCount edges { cursor } aggregate { node { startYear { average sum min } endYear { average sum max } } } } }`,
		`{"processesConnection":{"totalCount":2,"edges":[],"aggregate":{"node":{"startYear":{"average":2004,"sum":2004,"min":2004},"endYear":{"average":null,"sum":0,"max":null}}}}}`)
	s.says(`{ agreements(limit: 1) { signatoriesConnection { aggregate { count { nodes edges } node { name { longest } } edge { date { min } note { shortest } } } } } }`,
		`{"agreements":[{"signatoriesConnection":{"aggregate":{"count":{"nodes":0,"edges":0},"node":{"name":{"longest":null}},"edge":{"date":{"min":null},"note":{"shortest":null}}}}}]}`)
}
