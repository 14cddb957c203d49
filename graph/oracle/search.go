package oracle

import (
	"regexp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/catalog"
	"normgraph/graph/text"
)

// A match in a name or title scores 3, in any other searched text 1.
const (
	nameScore = 3
	bodyScore = 1
)

var termPattern = regexp.MustCompile(`"([^"]*)("\*?|$)|[^\s\pZ\x0b\x{85}"]+`)

// terms are the words, "phrases" and prefixes* of a query, in tokens.
func terms(query string) []text.Term {
	var out []text.Term
	for _, m := range termPattern.FindAllStringSubmatch(query, -1) {
		word, prefix := m[0], strings.HasSuffix(m[0], "*")
		if word[0] == '"' {
			word, prefix = m[1], m[2] == `"*`
		}
		if t := text.NewTerm(word, prefix); len(t.Tokens) > 0 {
			out = append(out, t)
		}
	}
	return out
}

func (r *run) search(f *field, args map[string]any, def *ast.Definition) any {
	query := terms(args["query"].(string))
	kinds := map[string]bool{}
	if list, ok := args["kinds"]; ok && list != nil {
		for _, k := range asList(list) {
			kinds[k.(string)] = true
		}
	} else {
		for _, n := range r.catalog.Nodes {
			kinds[n.Name] = true
		}
	}
	var p page
	for _, n := range r.catalog.Nodes {
		if !kinds[n.Name] || len(query) == 0 {
			continue
		}
		for _, x := range r.all(n) {
			if score, ok := match(x.node, query); ok {
				p.rows = append(p.rows, ranked{row: x, score: score, keys: []any{-score, n.Name, x.node.id()}, snippet: snippet(x.node, query)})
			}
		}
	}
	p.total = len(p.rows)
	p.cut(args, func(a, b []any) int { return compareRows(nil, a, b) })
	return r.page(f, def, &p, nil)
}

// match: every term must occur in some searched field; the best field counts.
func match(n *node, query []text.Term) (score int64, ok bool) {
	for _, t := range query {
		found := false
		for _, p := range searched(n) {
			if !slices.ContainsFunc(texts(p, n), func(s string) bool { return occurs(text.Tokens(s), t) }) {
				continue
			}
			found = true
			if p.Search > 1 {
				score = nameScore
			} else {
				score = max(score, bodyScore)
			}
		}
		if !found {
			return 0, false
		}
	}
	return score, true
}

func searched(n *node) []*catalog.Property {
	return slices.DeleteFunc(slices.Clone(n.typ.Properties), func(p *catalog.Property) bool { return p.Search == 0 })
}

func occurs(tokens []string, t text.Term) bool {
	for i := range tokens {
		if len(tokens)-i < len(t.Tokens) {
			return false
		}
		last := len(t.Tokens) - 1
		here := slices.Equal(tokens[i:i+last], t.Tokens[:last])
		end := tokens[i+last]
		if here && (end == t.Tokens[last] || t.Prefix && strings.HasPrefix(end, t.Tokens[last])) {
			return true
		}
	}
	return false
}

// texts are the values of a field, as they are written in words.
func texts(p *catalog.Property, n *node) []string {
	var out []string
	switch v := n.values[p.Name].(type) {
	case string:
		out = append(out, p.Words(v))
	case []any:
		for _, s := range v {
			out = append(out, p.Words(s.(string)))
		}
	}
	return out
}

// snippet looks at running text first, then at lists and classes.
func snippet(n *node, query []text.Term) string {
	var running, others []string
	for _, p := range searched(n) {
		switch list := texts(p, n); {
		case p.Kind == catalog.String && !p.List:
			running = append(running, list...)
		case len(list) > 0 || p.List:
			others = append(others, strings.Join(list, ", "))
		}
	}
	return text.Snippet(append(running, others...), query)
}
