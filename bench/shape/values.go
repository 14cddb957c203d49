package shape

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"normgraph/graph/store"
	"normgraph/graph/text"
)

// Values are what one request of a shape is asked with.
type Values struct {
	// Variables are those of the document. Keyset's cursor is not among them:
	// it differs from server to server.
	Variables map[string]any
	// Raw are the parameters of SQL and Cypher.
	Raw map[string]any
	// Position is the number of nodes before the page, for cursors that count.
	Position int
}

// variants is how many different requests of a shape there are.
const variants = 32

// For draws the values of a shape from a data set. Equal arguments give equal
// values.
func For(s *Shape, d *store.Dataset, seed uint64) ([]Values, error) {
	r := rand.New(rand.NewPCG(seed, 0))
	var out []Values
	add := func(raw map[string]any) { out = append(out, Values{Variables: raw, Raw: raw}) }
	switch s {
	case Point:
		ids := Column(d, "Agreement", "id")
		for range variants {
			add(map[string]any{"id": ids[r.IntN(len(ids))]})
		}
	case Connection:
		// Half of them among the agreements with most signatures.
		ids := byDegree(d, "SIGNED")
		for i := range variants {
			n := len(ids)
			if i%2 == 0 {
				n = min(n, 8)
			}
			add(map[string]any{"id": ids[r.IntN(n)]})
		}
	case Page, Small, Large:
		typ, size := "Agreement", map[*Shape]int{Small: 3, Large: 20, Page: 50}[s]
		if s == Page {
			typ = "Signatory"
		}
		last := min(len(Column(d, typ, "id"))-size, 200)
		if last < 1 {
			return nil, fmt.Errorf("the data set has too few nodes of type %s", typ)
		}
		for range variants {
			add(map[string]any{"offset": r.IntN(last)})
		}
	case Filter:
		countries := distinct(Column(d, "Signatory", "country"))
		for range variants {
			add(map[string]any{"country": countries[r.IntN(len(countries))]})
		}
	case Keyset:
		return deep(d, r), nil
	case Search:
		words := fewHits(d, "Incident", 2, 10)
		if len(words) == 0 {
			return nil, fmt.Errorf("the data set has no word that a few incidents hold")
		}
		for range variants {
			add(map[string]any{"query": words[r.IntN(len(words))]})
		}
	case Dashboard:
		group, ideas := "CORE_IDEA", 0
		for _, level := range Column(d, "Norm", "level") {
			if level == group {
				ideas++
			}
		}
		if ideas > maxRanked {
			group = "CATEGORY"
		}
		for from := 1998; from < 2014; from++ {
			var variables map[string]any
			if err := json.Unmarshal(recurring.With([]byte(fmt.Sprintf(`{"from": "%d", "groupBy": %q}`, from, group))), &variables); err != nil {
				return nil, err
			}
			add(variables)
		}
	default:
		return nil, fmt.Errorf("shape %s has no values", s.Name)
	}
	return out, nil
}

// deep gives positions in the second quarter and beyond, to nine tenths.
func deep(d *store.Dataset, r *rand.Rand) []Values {
	type incident struct {
		year int64
		id   string
	}
	years, ids := Column(d, "Incident", "year"), Column(d, "Incident", "id")
	all := make([]incident, len(ids))
	for i := range all {
		all[i] = incident{years[i].(int64), ids[i].(string)}
	}
	slices.SortFunc(all, func(a, b incident) int { return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.id, b.id)) })
	out := make([]Values, variants)
	for i := range out {
		at := len(all)/4 + r.IntN(len(all)*13/20)
		out[i] = Values{
			Variables: map[string]any{},
			Raw:       map[string]any{"year": all[at].year, "id": all[at].id},
			Position:  at + 1,
		}
	}
	return out
}

// maxRanked is how many groups the service ranks with an interval.
const maxRanked = 2000

// Column gives a property of all nodes of a type, in the order of the data.
func Column(d *store.Dataset, typ, property string) []any {
	for _, set := range d.Nodes {
		if set.Type.Name != typ {
			continue
		}
		i := slices.Index(set.Type.Properties, set.Type.Property(property))
		out := make([]any, len(set.Rows))
		for j, row := range set.Rows {
			out[j] = row[i]
		}
		return out
	}
	return nil
}

// distinct gives the texts of a column once each, sorted.
func distinct(column []any) []string {
	seen := map[string]bool{}
	for _, v := range column {
		if s, ok := v.(string); ok {
			seen[s] = true
		}
	}
	return sorted(seen)
}

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for s := range set {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// byDegree gives the nodes at the end of a relationship, most of it first.
func byDegree(d *store.Dataset, relationship string) []string {
	degree := map[string]int{}
	for _, set := range d.Edges {
		if set.Relationship.Type == relationship {
			for _, e := range set.Rows {
				degree[e.To]++
			}
		}
	}
	ids := make([]string, 0, len(degree))
	for id := range degree {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(degree[b], degree[a]), cmp.Compare(a, b)) })
	return ids
}

// fewHits gives the words that between least and most nodes of a type hold,
// sorted: only words of a to z that stand between spaces, because servers cut
// text at other marks in different ways.
func fewHits(d *store.Dataset, typ string, least, most int) []string {
	hits, plain := map[string]int{}, map[string]bool{}
	for _, set := range d.Nodes {
		if set.Type.Name != typ {
			continue
		}
		for _, row := range set.Rows {
			seen := map[string]bool{}
			for i, p := range set.Type.Properties {
				s, ok := row[i].(string)
				if !ok || p.Search == 0 {
					continue
				}
				alone := map[string]bool{}
				for _, w := range strings.Fields(s) {
					alone[strings.ToLower(w)] = true
				}
				for _, token := range text.Tokens(s) {
					if _, known := plain[token]; !known {
						plain[token] = true
					}
					plain[token] = plain[token] && alone[token] && len(token) > 3 && strings.Trim(token, "abcdefghijklmnoprstuvwxyz") == ""
					if !seen[token] {
						seen[token] = true
						hits[token]++
					}
				}
			}
		}
	}
	words := map[string]bool{}
	for w, n := range hits {
		if plain[w] && n >= least && n <= most {
			words[w] = true
		}
	}
	return sorted(words)
}
