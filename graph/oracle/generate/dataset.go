package generate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// Texts that break engines: order by UTF-16 against order by code point,
// quotes and syntax of every language on the way, nothing, combining marks.
var texts = []string{
	"", " ", "a", "A", "b", "ab", "aB", "é", "q\u0301", "ß", "ﬁ", "İ", "日本", "\u00a0x",
	"\ue000", "\uf8ff", "\uffee", "\uffff", "\U00010000", "\U0001f600", "\U0010ffff",
	"x\ue000y", "x\U00010000y", "x\U0001f600", "x\uff21", "\ud7ff",
	`"`, `'`, "`", `\`, `\u0041`, "a\nb", "a\tb", "\r\n", "\x01", "\x7f", "\u2028",
	"'; DROP TABLE n; --", "$p0", "?1", "${x}", "%", "_", "a%b", "*", "AND", "NOT (", "{}", "[1]", "null", "0", "1",
	"Norm of state conduct", "norm norm", "conduct of states", "Ä norm", "cyber-norm", "q qq qsep", "ransomware 2017",
}

var dates = []string{"2017", "2017-01", "2017-01-01", "2017-01-02", "2017-06", "2017-12", "2017-12-31", "2018", "2018-01-01", "2016-02-29", "1999", "2016-12"}

// times are in the form in which they are stored.
var times = []string{"2016-12-31T23:59:59.999999999Z", "2017-01-01T00:00:00.000000000Z", "2017-01-01T00:00:00.123000000Z", "2017-06-30T12:00:00.000000000Z"}

// Dataset makes a small data set that satisfies cat and little else: equal and
// missing values everywhere, parallel relationships, nodes without any. Equal
// seeds give equal data.
func Dataset(cat *catalog.Catalog, seed uint64) *store.Dataset {
	g := &maker{rand.New(rand.NewPCG(seed, 0)), cat}
	d := &store.Dataset{Corpus: store.Corpus{Name: `hostile "data"`, Version: "0", Licence: "none"}}
	ids := map[*catalog.Node][]string{}
	for _, n := range cat.Nodes {
		set := store.NodeSet{Type: n}
		for i := range 3 + g.IntN(9) {
			id := fmt.Sprintf("%s%s-%d", g.text(), n.Name, i)
			ids[n] = append(ids[n], id)
			set.Rows = append(set.Rows, g.row(n.Properties, id))
		}
		d.Nodes = append(d.Nodes, set)
	}
	for _, rel := range cat.Relationships {
		for _, e := range rel.Ends {
			d.Edges = append(d.Edges, store.EdgeSet{Relationship: rel, Ends: e, Rows: g.edges(rel, e, ids[e.From], ids[e.To])})
		}
	}
	return d
}

type maker struct {
	*rand.Rand
	cat *catalog.Catalog
}

func (g *maker) text() string { return texts[g.IntN(len(texts))] }

// row makes the values of a node or relationship; id is the first of a node.
func (g *maker) row(props []*catalog.Property, id string) []any {
	row := make([]any, len(props))
	for i, p := range props {
		switch {
		case p.Name == "id" && p.Kind == catalog.ID:
			row[i] = id
		case !p.NonNull && g.IntN(3) == 0:
		case p.List:
			row[i] = g.list(p)
		default:
			row[i] = g.value(p)
		}
	}
	for i, p := range props {
		if p.YearOf == "" {
			continue
		}
		j := slices.IndexFunc(props, func(q *catalog.Property) bool { return q.Name == p.YearOf })
		if date, ok := row[j].(string); ok {
			year, err := strconv.ParseInt(date[:4], 10, 64)
			if err != nil {
				panic(err)
			}
			row[i] = year
		}
	}
	return row
}

func (g *maker) list(p *catalog.Property) any {
	switch p.Kind {
	case catalog.Int:
		return listOf[int64](g, p)
	case catalog.Float:
		return listOf[float64](g, p)
	case catalog.Boolean:
		return listOf[bool](g, p)
	}
	return listOf[string](g, p)
}

func listOf[T any](g *maker, p *catalog.Property) []T {
	list := []T{}
	for range g.IntN(4) {
		list = append(list, g.value(p).(T))
	}
	return list
}

func (g *maker) value(p *catalog.Property) any {
	switch p.Kind {
	case catalog.Int:
		return []int64{0, 1, 2, -1, 2147483647, -2147483648, 2017}[g.IntN(7)]
	case catalog.Float:
		return []float64{0, 0.1, 0.2, 0.5, -1, 1e10, -1e16}[g.IntN(7)]
	case catalog.Boolean:
		return g.IntN(2) == 0
	case catalog.Date:
		return dates[g.IntN(len(dates))]
	case catalog.DateTime:
		return times[g.IntN(len(times))]
	case catalog.URL:
		return []string{"https://example.org/", "http://example.org/?a='b'&c=%22", "https://example.org/\ue000"}[g.IntN(3)]
	case catalog.Country:
		return []string{"FR", "DE", "KE"}[g.IntN(3)]
	case catalog.Enum_:
		return p.Enum.Values[g.IntN(min(3, len(p.Enum.Values)))]
	}
	if g.IntN(3) == 0 {
		return g.text() + " " + g.text()
	}
	return g.text()
}

// edges joins nodes at random, within what single relations allow.
func (g *maker) edges(rel *catalog.Relationship, e catalog.Ends, from, to []string) []store.Edge {
	var rows []store.Edge
	add := func(from, to, key string) {
		rows = append(rows, store.Edge{From: from, To: to, Key: key, Values: g.row(rel.Properties, "")})
	}
	if one, needed := single(rel, e.From, e.To, true); one {
		for _, f := range from {
			if needed || g.IntN(3) > 0 {
				add(f, to[g.IntN(len(to))], "")
			}
		}
		return rows
	}
	if one, needed := single(rel, e.To, e.From, false); one {
		for _, t := range to {
			if needed || g.IntN(3) > 0 {
				add(from[g.IntN(len(from))], t, "")
			}
		}
		return rows
	}
	for _, f := range from {
		for _, t := range to {
			if g.IntN(3) > 0 {
				continue
			}
			if !rel.Parallel() {
				add(f, t, "")
				continue
			}
			used := map[string]bool{}
			for range 1 + g.IntN(3) {
				if key := g.text(); !used[key] {
					used[key] = true
					add(f, t, key)
				}
			}
		}
	}
	return rows
}

// single reports whether nodes of the owner reach at most one node by rel, and
// whether they must.
func single(rel *catalog.Relationship, owner, target *catalog.Node, out bool) (one, needed bool) {
	for _, r := range owner.Relations {
		if r.Relationship == rel && r.Target == target && r.Out == out && !r.List {
			return true, r.NonNull
		}
	}
	return false, false
}
