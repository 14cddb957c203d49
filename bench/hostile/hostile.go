// Package hostile draws documents that are aimed at the estimate of cost: each
// makes much of one thing that a store does and that its answer does not show.
package hostile

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// Document is one request.
type Document struct {
	Shape, Text string
	Variables   json.RawMessage
}

// Source draws documents.
type Source struct {
	*rand.Rand
	cat *catalog.Catalog
	ids map[string][]string // by type
}

// New makes a Source over the data that will be asked.
func New(cat *catalog.Catalog, d *store.Dataset, seed uint64) *Source {
	s := &Source{rand.New(rand.NewPCG(seed, 0)), cat, map[string][]string{}}
	for _, set := range d.Nodes {
		for _, r := range set.Rows {
			s.ids[set.Type.Name] = append(s.ids[set.Type.Name], r[0].(string))
		}
	}
	return s
}

// shapes are the kinds of documents, each drawn as often as the others.
var shapes = []struct {
	name string
	text func(*Source) string
}{
	{"rows", (*Source).rows},
	{"long texts", (*Source).texts},
	{"pages with cursors", (*Source).cursors},
	{"counts below rows", func(s *Source) string { return s.below("totalCount") }},
	{"aggregates below rows", func(s *Source) string { return s.below("aggregate") }},
	{"sorts below rows", (*Source).sorts},
	{"offsets", (*Source).offsets},
	{"many conditions", (*Source).conditions},
	{"conditions below rows", (*Source).conditionsBelow},
	{"values of a condition", (*Source).among},
	{"filters in filters", (*Source).filters},
	{"searches", (*Source).searches},
	{"nodes by id", (*Source).lookups},
}

// Next draws a document.
func (s *Source) Next() Document {
	x := shapes[s.IntN(len(shapes))]
	return Document{Shape: x.name, Text: x.text(s)}
}

func pick[T any](s *Source, list []T) T { return list[s.IntN(len(list))] }

// between draws evenly from the orders of magnitude.
func (s *Source) between(least, most int) int {
	n := most
	for n > least && s.IntN(3) > 0 {
		n = least + (n-least)/2
	}
	return n
}

// node draws a type that has nodes and relations.
func (s *Source) node() *catalog.Node {
	for {
		if n := pick(s, s.cat.Nodes); len(n.Relations) > 0 && len(s.ids[n.Name]) > 0 {
			return n
		}
	}
}

// list draws a list relation of n, nil if it has none.
func (s *Source) list(n *catalog.Node) *catalog.Relation {
	for _, i := range s.Perm(len(n.Relations)) {
		if n.Relations[i].List {
			return n.Relations[i]
		}
	}
	return nil
}

// repeat writes a text up to most times, # standing for the number.
func (s *Source) repeat(most int, text func() string) string {
	var b strings.Builder
	for i := range s.between(1, most) {
		b.WriteString(strings.ReplaceAll(text(), "#", fmt.Sprint(i)) + " ")
	}
	return b.String()
}

// nested writes levels of lists around what is inside, which is asked of a type.
func (s *Source) nested(levels int, inside func(*catalog.Node) string) string {
	n := s.node()
	head, tail := fmt.Sprintf("{ %s(limit: %d) { ", n.Plural, s.between(1, 500)), "} }"
	for range levels {
		r := s.list(n)
		if r == nil {
			break
		}
		head += fmt.Sprintf("%s(limit: %d) { ", r.Field, s.between(1, 100))
		tail += " }"
		n = r.Target
	}
	return head + inside(n) + tail
}

func (s *Source) rows() string {
	return s.nested(s.IntN(4), func(n *catalog.Node) string {
		return "id " + s.repeat(10, func() string { return "a#: " + pick(s, n.Properties).Name })
	})
}

func (s *Source) texts() string {
	return s.nested(s.IntN(3), func(n *catalog.Node) string {
		out := "id"
		for _, p := range n.Properties {
			if p.Kind == catalog.String && !p.List {
				out += " " + p.Name
			}
		}
		return out
	})
}

func (s *Source) cursors() string {
	return s.nested(s.IntN(2), func(n *catalog.Node) string {
		r := s.list(n)
		if r == nil {
			return "id"
		}
		return fmt.Sprintf("%sConnection(first: %d) { pageInfo { hasNextPage } edges { cursor node { id } } }", r.Field, s.between(1, 200))
	})
}

func (s *Source) below(what string) string {
	return s.nested(s.IntN(3), func(n *catalog.Node) string {
		return "id " + s.repeat(25, func() string {
			r := s.list(n)
			if r == nil {
				return "id"
			}
			inside := "totalCount"
			if what == "aggregate" {
				inside = "aggregate { node { "
				for range s.between(1, 4) {
					inside += s.measure(r.Target)
				}
				inside += "} }"
			}
			return fmt.Sprintf("a#: %sConnection(first: 0) { %s }", r.Field, inside)
		})
	})
}

func (s *Source) measure(n *catalog.Node) string {
	for {
		p := pick(s, n.Properties)
		switch {
		case p.List:
		case p.Kind == catalog.String:
			return p.Name + " { shortest longest } "
		case p.Kind == catalog.Int:
			return p.Name + " { min max sum average } "
		case p.Kind == catalog.Date:
			return p.Name + " { min max } "
		}
	}
}

// key draws a property to sort by.
func (s *Source) key(n *catalog.Node) string {
	for {
		if p := pick(s, n.Properties); !p.List && (p.Kind == catalog.String || p.Kind == catalog.Int) {
			return p.Name
		}
	}
}

func (s *Source) sorts() string {
	return s.nested(s.IntN(3), func(n *catalog.Node) string {
		return "id " + s.repeat(25, func() string {
			r := s.list(n)
			if r == nil {
				return "id"
			}
			return fmt.Sprintf("a#: %s(limit: 1, sort: [{%s: DESC}, {%s: ASC}]) { id }", r.Field, s.key(r.Target), s.key(r.Target))
		})
	})
}

func (s *Source) offsets() string {
	if s.IntN(2) == 0 {
		return "{ " + s.repeat(20, func() string {
			return fmt.Sprintf("a#: %s(limit: 1, offset: %d) { id }", s.node().Plural, s.between(1, 100_000))
		}) + "}"
	}
	return s.nested(s.IntN(3), func(n *catalog.Node) string {
		return "id " + s.repeat(25, func() string {
			r := s.list(n)
			if r == nil {
				return "id"
			}
			return fmt.Sprintf("a#: %s(limit: 1, offset: %d) { id }", r.Field, s.between(1, 10_000))
		})
	})
}

// condition draws a condition that most nodes fail, on a text or a list.
func (s *Source) condition(n *catalog.Node) string {
	for {
		p := pick(s, n.Properties)
		word := fmt.Sprintf("%q", fmt.Sprintf("zz%d", s.IntN(1_000_000)))
		switch {
		case p.Kind == catalog.String && !p.List:
			return fmt.Sprintf("{%s: {%s: %s}}", p.Name, pick(s, []string{"contains", "endsWith", "startsWith", "eq"}), word)
		case p.Kind == catalog.Int && !p.List:
			return fmt.Sprintf("{%s: {gt: %d}}", p.Name, 10_000+s.IntN(1_000_000))
		}
	}
}

func (s *Source) conditions() string {
	n := s.node()
	return fmt.Sprintf("{ %s(limit: %d, where: {OR: [%s]}) { id } }", n.Plural, s.between(1, 500), s.repeat(200, func() string { return s.condition(n) }))
}

func (s *Source) conditionsBelow() string {
	return s.nested(s.IntN(3), func(n *catalog.Node) string {
		r := s.list(n)
		if r == nil {
			return "id"
		}
		return fmt.Sprintf("id %s(limit: 1, where: {OR: [%s]}) { id }", r.Field, s.repeat(60, func() string { return s.condition(r.Target) }))
	})
}

func (s *Source) among() string {
	n := s.node()
	ids := ""
	for range s.between(1, 900) {
		ids += fmt.Sprintf("%q ", fmt.Sprintf("none-%d", s.IntN(1_000_000)))
	}
	if r := s.list(n); r != nil && s.IntN(2) == 0 {
		return fmt.Sprintf("{ %s(limit: %d) { %s(limit: 1, where: {id: {in: [%s]}}) { id } } }", n.Plural, s.between(1, 500), r.Field, ids)
	}
	return fmt.Sprintf("{ %s(where: {%s: {in: [%s]}}) { id } }", n.Plural, pick(s, []string{"id", "source"}), ids)
}

func (s *Source) filters() string {
	n := s.node()
	head, tail := "", ""
	at := n
	for range 1 + s.IntN(3) {
		r := s.list(at)
		if r == nil {
			break
		}
		head += fmt.Sprintf("{%s: {%s: ", r.Field, pick(s, []string{"some", "all", "none", "single"}))
		tail += "}}"
		at = r.Target
	}
	return fmt.Sprintf("{ %s(limit: %d, where: %s%s%s) { id } }", n.Plural, s.between(1, 500), head, s.condition(at), tail)
}

func (s *Source) searches() string {
	word := func() string {
		if s.IntN(2) == 0 {
			return string(rune('a'+s.IntN(26))) + "*"
		}
		return pick(s, []string{"cyber", "state*", "norm*", "the", "security", "critical infrastructure", "of", "zero-day", "information and communications technologies"})
	}
	return "{ " + s.repeat(15, func() string {
		words := ""
		for range s.between(1, 4) {
			words += word() + " "
		}
		return fmt.Sprintf("a#: search(query: %q, first: %d) { %s }", strings.TrimSpace(words), s.between(1, 100),
			pick(s, []string{"totalCount", "edges { score node { id } }", "edges { snippet }", "totalCount edges { snippet node { id } }"}))
	}) + "}"
}

func (s *Source) lookups() string {
	n := s.node()
	ids := ""
	for range s.between(1, 500) {
		ids += fmt.Sprintf("%q ", pick(s, s.ids[n.Name]))
	}
	return fmt.Sprintf("{ nodes(ids: [%s]) { __typename id ... on %s { %s } } }", ids, n.Name, s.repeat(10, func() string { return "a#: " + pick(s, n.Properties).Name }))
}
