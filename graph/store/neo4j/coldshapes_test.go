package neo4j_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"normgraph/graph"
)

// shapes are documents at the limits: as many subqueries as are allowed, as many
// conditions, and trees of AND and OR.
func shapes() map[string]graph.Request {
	out := map[string]graph.Request{}
	repeat := func(n int, f func(i int) string) string {
		var s strings.Builder
		for i := range n {
			s.WriteString(f(i))
		}
		return s.String()
	}
	// Lists side by side: 1 + 39 × 2, with as many aliases as there may be.
	side := repeat(29, func(i int) string { return fmt.Sprintf("a%d: relatedTo(limit: 1) { id } ", i) }) +
		"agreements(limit: 1) { id } coreIdeas(limit: 1) { id } expressedBy(limit: 1) { id } relatedTo(limit: 1) { id } relatedFrom(limit: 1) { id } "
	out["side by side"] = graph.Request{Document: "{ norms(limit: 1) { id " + side + "} }"}
	// Lists in lists, 12 levels.
	out["nested"] = graph.Request{Document: "{ norms(limit: 1) { id " + repeat(11, func(int) string { return "relatedTo(limit: 1) { id " }) + strings.Repeat("}", 13)}
	// Conditions across relations.
	filter := func(width, depth int) string {
		inner := "{ id: { eq: \"x\" } }"
		for range depth {
			inner = "{ relatedTo: { some: " + inner + " } }"
		}
		return "{ OR: [" + repeat(width, func(int) string { return inner + " " }) + "] }"
	}
	out["filters side by side"] = graph.Request{Document: "{ norms(limit: 1, where: " + filter(35, 1) + ") { id } }"}
	out["filters of three levels"] = graph.Request{Document: "{ norms(limit: 1, where: " + filter(8, 3) + ") { id } }"}
	out["filters of six levels"] = graph.Request{Document: "{ norms(limit: 1, where: " + filter(2, 7) + ") { id } }"}

	text := func(i int) any {
		ops := []string{"contains", "eq", "startsWith", "endsWith"}
		names := []string{"name", "summary", "note", "source", "code", "scheme"}
		return map[string]any{names[i%len(names)]: map[string]any{ops[i%len(ops)]: fmt.Sprint("x", i)}}
	}
	list := func(n int) []any {
		l := make([]any, n)
		for i := range l {
			l[i] = text(i)
		}
		return l
	}
	// tree is AND and OR in turn, each of width parts.
	var tree func(depth, width, at int) map[string]any
	tree = func(depth, width, at int) map[string]any {
		parts := make([]any, width)
		for i := range parts {
			if parts[i] = text(at*width + i); depth > 1 {
				parts[i] = tree(depth-1, width, at*width+i)
			}
		}
		return map[string]any{[]string{"AND", "OR"}[depth%2]: parts}
	}
	// comb goes down one side alone.
	comb := func(depth int) any {
		w := text(0)
		for i := range depth {
			w = map[string]any{[]string{"AND", "OR"}[i%2]: []any{text(2 * i), text(2*i + 1), w}}
		}
		return w
	}
	const one = "query($w: NormWhere) { norms(limit: 1, where: $w) { id } }"
	pairs := make([]any, 80)
	for i := range pairs {
		pairs[i] = map[string]any{"AND": []any{text(2 * i), text(2*i + 1)}}
	}
	for name, w := range map[string]any{
		"OR of 240 conditions": map[string]any{"OR": list(240)},
		"AND of 240":           map[string]any{"AND": list(240)},
		"NOT OR of 240":        map[string]any{"NOT": map[string]any{"OR": list(240)}},
		"OR of 80 pairs":       map[string]any{"OR": pairs},
		"tree 2^7":             tree(7, 2, 0),
		"tree 3^4":             tree(4, 3, 0),
		"tree 5^3":             tree(3, 5, 0),
		"tree 8^2":             tree(2, 8, 0),
		"comb of 12":           comb(12),
	} {
		out[name] = graph.Request{Document: one, Variables: asJSON(map[string]any{"w": w})}
	}
	// Both: a filter of a connection stands in its rows, its total and its measures.
	const connection = "query($w: NormRelatedToConnectionWhere) { norms(limit: 1) { id %s } }"
	const all = "c%d: relatedToConnection(first: 1, where: $w) { edges { node { id } } totalCount aggregate { count { nodes } node { name { shortest longest } } } } "
	for n, conditions := range map[int]int{1: 95, 5: 12, 9: 3} {
		for kind, w := range map[string]any{"OR": map[string]any{"OR": list(conditions)}, "pairs": map[string]any{"OR": pairs[:conditions/3]}} {
			doc := fmt.Sprintf(connection, repeat(n, func(i int) string { return fmt.Sprintf(all, i) }))
			out[fmt.Sprintf("%d connections, %s of %d in each", n, kind, conditions)] = graph.Request{Document: doc, Variables: asJSON(map[string]any{"w": map[string]any{"node": w}})}
		}
	}
	return out
}

func asJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps, lists and texts
	}
	return b
}
