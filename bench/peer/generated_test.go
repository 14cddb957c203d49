package peer_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"normgraph/graph"
	"normgraph/graph/catalog"
	"normgraph/seed"
)

// generated is the number of documents. Each takes about half a second, most of
// it the server's planning.
const generated = 40

// testGenerated compares the answers to generated documents: random filters
// and sorts over all types, with values that occur in the corpus. What differs
// on purpose (differences_test.go) is not generated. The documents are the same
// in every run.
func (s sides) testGenerated(t *testing.T) {
	values := corpusValues(t)
	document := rapid.Custom(func(r *rapid.T) string { return generator{r, values}.document() })
	for n := range generated {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			query := document.Example(n)
			if wrong := s.disagreement(t, question{Query: query}); wrong != "" {
				t.Errorf("%s\n%s", query, wrong)
			}
		})
	}
}

// corpusValues are the GraphQL literals of each property of the corpus.
func corpusValues(t *testing.T) map[*catalog.Property][]string {
	t.Helper()
	d, err := seed.Read(seed.Bundled(), graph.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	distinct := map[*catalog.Property]map[string]bool{}
	add := func(p *catalog.Property, v any) {
		list, ok := v.([]string)
		if !ok {
			list = []string{fmt.Sprint(v)}
		}
		for _, text := range list {
			if distinct[p] == nil {
				distinct[p] = map[string]bool{}
			}
			distinct[p][text] = v != nil
		}
	}
	for _, set := range d.Nodes {
		for _, row := range set.Rows {
			for i, p := range set.Type.Properties {
				add(p, row[i])
			}
		}
	}
	for _, set := range d.Edges {
		for _, e := range set.Rows {
			for i, p := range set.Relationship.Properties {
				add(p, e.Values[i])
			}
		}
	}
	values := map[*catalog.Property][]string{}
	for p, texts := range distinct {
		for _, text := range slices.Sorted(maps.Keys(texts)) {
			if texts[text] {
				values[p] = append(values[p], text)
			}
		}
	}
	return values
}

type generator struct {
	*rapid.T
	values map[*catalog.Property][]string
}

func pick[T any](g generator, from []T) T { return rapid.SampledFrom(from).Draw(g.T, "") }
func (g generator) upTo(n int) int        { return rapid.IntRange(0, n).Draw(g.T, "") }

// document reads one type, with one of its relations below.
func (g generator) document() string {
	node := pick(g, graph.Catalog().Nodes)
	return fmt.Sprintf("{ %s(where: %s, sort: [%s], limit: 20, offset: %d) { %s %s } %sConnection(where: %s, sort: [%s], first: %d) { totalCount %s edges { node { id } } } }",
		node.Plural, g.where(node, 2), g.sort(node, ""), g.upTo(3), g.fields(node), g.below(node),
		node.Plural, g.where(node, 2), g.sort(node, ""), 1+g.upTo(10), g.aggregate(node, "nodes"))
}

func (g generator) fields(node *catalog.Node) string {
	return "id " + pick(g, node.Properties).Name + " a: " + pick(g, node.Properties).Name
}

// below selects one relation of the node.
func (g generator) below(node *catalog.Node) string {
	if len(node.Relations) == 0 {
		return ""
	}
	r := pick(g, node.Relations)
	if !r.List {
		return fmt.Sprintf("%s { %s }", r.Field, g.fields(r.Target))
	}
	edges := "edges { node { id } }"
	keys := g.sort(r.Target, "node")
	if properties := r.Relationship.Properties; len(properties) > 0 {
		edges = fmt.Sprintf("edges { node { id } properties { %s } }", pick(g, properties).Name)
		first := pick(g, properties)
		if g.upTo(1) == 0 {
			keys = fmt.Sprintf("{ edge: { %s: %s } }, ", first.Name, pick(g, []string{"ASC", "DESC"})) + keys
		}
		for _, p := range properties { // edges that tie here are alike
			keys += fmt.Sprintf(", { edge: { %s: ASC } }", p.Name)
		}
	}
	where, aggregate := g.edgeWhere(r, 1), g.aggregate(r.Target, "nodes edges")
	if strings.Contains(where, "edge:") && (strings.Contains(where, "OR:") || strings.Contains(where, "NOT:")) {
		aggregate = ""
	}
	return fmt.Sprintf("%s(where: %s, sort: [%s], limit: %d) { %s } %sConnection(where: %s, sort: [%s], first: %d) { totalCount pageInfo { hasNextPage } %s %s }",
		r.Field, g.where(r.Target, 1), g.sort(r.Target, ""), 1+g.upTo(5), g.fields(r.Target),
		r.Field, where, keys, 1+g.upTo(5), aggregate, edges)
}

// aggregate selects what has no ties.
func (g generator) aggregate(node *catalog.Node, count string) string {
	for _, p := range node.Properties {
		if p.Kind == catalog.Int {
			return fmt.Sprintf("aggregate { count { %s } node { %s { min max average sum } } }", count, p.Name)
		}
	}
	return fmt.Sprintf("aggregate { count { %s } }", count)
}

// sort ends with the id. Within a connection of a relation each key is wrapped.
func (g generator) sort(node *catalog.Node, wrap string) string {
	scalars := slices.DeleteFunc(slices.Clone(node.Properties), func(p *catalog.Property) bool { return p.List })
	var keys []string
	for range g.upTo(2) {
		keys = append(keys, fmt.Sprintf("{ %s: %s }", pick(g, scalars).Name, pick(g, []string{"ASC", "DESC"})))
	}
	keys = append(keys, "{ id: ASC }")
	if wrap != "" {
		for i := range keys {
			keys[i] = fmt.Sprintf("{ %s: %s }", wrap, keys[i])
		}
	}
	return strings.Join(keys, ", ")
}

// where is a filter that is not empty; deep bounds relations and logic.
func (g generator) where(node *catalog.Node, deep int) string {
	return g.logic(deep, func(deep int) string {
		if deep == 0 || len(node.Relations) == 0 || g.upTo(2) == 0 {
			return g.property(node.Properties)
		}
		r := pick(g, node.Relations)
		switch {
		case !r.List && g.upTo(5) == 0:
			return r.Field + ": null"
		case !r.List:
			return r.Field + ": " + g.where(r.Target, deep-1)
		case g.upTo(3) == 0:
			return fmt.Sprintf("%sConnection: { aggregate: { count: { %s: { %s: %d } } } }", r.Field,
				pick(g, []string{"nodes", "edges"}), pick(g, []string{"eq", "lt", "lte", "gt", "gte"}), g.upTo(6))
		case g.upTo(1) == 0:
			return fmt.Sprintf("%sConnection: { %s }", r.Field, g.quantified(g.edgeWhere(r, deep-1)))
		}
		return fmt.Sprintf("%s: { %s }", r.Field, g.quantified(g.where(r.Target, deep-1)))
	})
}

func (g generator) edgeWhere(r *catalog.Relation, deep int) string {
	return g.logic(deep, func(deep int) string {
		if len(r.Relationship.Properties) > 0 && g.upTo(1) == 0 {
			return fmt.Sprintf("edge: { %s }", g.property(r.Relationship.Properties))
		}
		return "node: " + g.where(r.Target, deep)
	})
}

// quantified: the library's `all` holds only with `some`.
func (g generator) quantified(where string) string {
	switch q := pick(g, []string{"some", "none", "single", "all"}); q {
	case "all":
		return fmt.Sprintf("some: %s, all: %s", where, where)
	default:
		return q + ": " + where
	}
}

func (g generator) logic(deep int, condition func(deep int) string) string {
	if deep > 0 {
		switch g.upTo(5) {
		case 0:
			return fmt.Sprintf("{ NOT: %s }", g.logic(deep-1, condition))
		case 1, 2:
			return fmt.Sprintf("{ %s: [%s, %s] }", pick(g, []string{"AND", "OR"}), g.logic(deep-1, condition), g.logic(deep-1, condition))
		}
	}
	return "{ " + condition(deep) + " }"
}

func (g generator) property(from []*catalog.Property) string {
	p := pick(g, from)
	if !p.NonNull && g.upTo(5) == 0 {
		return p.Name + ": { eq: null }"
	}
	one := func() string { return g.literal(p, false) }
	list := func() string { return "[" + one() + ", " + one() + "]" }
	if p.List {
		if g.upTo(2) == 0 {
			return fmt.Sprintf("%s: { eq: %s }", p.Name, list())
		}
		return fmt.Sprintf("%s: { includes: %s }", p.Name, one())
	}
	op := "eq"
	switch p.Kind {
	case catalog.ID, catalog.String:
		op = pick(g, []string{"eq", "in", "contains", "startsWith", "endsWith"})
	case catalog.Int:
		op = pick(g, []string{"eq", "in", "lt", "lte", "gt", "gte"})
	case catalog.Boolean:
	default:
		op = pick(g, []string{"eq", "in"})
	}
	value := ""
	switch op {
	case "in":
		value = list()
	case "contains", "startsWith", "endsWith":
		value = g.literal(p, true)
	default:
		value = one()
	}
	return fmt.Sprintf("%s: { %s: %s }", p.Name, op, value)
}

// literal is a value of p in the corpus, or a piece of one.
func (g generator) literal(p *catalog.Property, piece bool) string {
	text := ""
	switch values := g.values[p]; {
	case len(values) > 0:
		text = pick(g, values)
	case p.Kind == catalog.Int:
		text = "1"
	case p.Kind == catalog.Boolean:
		text = "true"
	case p.Enum != nil:
		text = p.Enum.Values[0]
	case p.Kind == catalog.Date:
		text = "2020"
	case p.Kind == catalog.URL:
		text = "https://example.org/"
	case p.Kind == catalog.Country:
		text = "FR"
	}
	if p.Kind == catalog.Int || p.Kind == catalog.Boolean || p.Enum != nil {
		return text
	}
	if runes := []rune(text); piece && len(runes) > 0 {
		from := g.upTo(len(runes) - 1)
		text = string(runes[from:min(len(runes), from+1+g.upTo(3))])
	}
	quoted, _ := json.Marshal(text)
	return string(quoted)
}
