package plan

import (
	"slices"
	"strings"
	"unicode"

	"normgraph/graph/catalog"
	"normgraph/graph/input"
	"normgraph/graph/text"
)

// Pseudo-properties that search results are ordered by and cursors carry.
var (
	scoreKey = &catalog.Property{Name: "score", Type: "Int", Kind: catalog.Int, NonNull: true}
	kindKey  = &catalog.Property{Name: "kind", Type: "NodeKind", Kind: catalog.String, NonNull: true}
	idKey    = &catalog.Property{Name: "id", Type: "ID", Kind: catalog.ID, NonNull: true}
)

// Scores of a search result: the best column in which a term was found.
const (
	ScoreName = 3 // names and titles
	ScoreBody = 1 // all other searched text
)

// search plans search(query:, kinds:, first:, after:).
func (b *builder) search(f *field, args map[string]any) (*Select, error) {
	sel := &Select{Alias: f.Alias, Form: Connection, Sort: []Key{{Prop: scoreKey, Desc: true}, {Prop: kindKey}, {Prop: idKey}}}
	query, _ := args["query"].(string)
	if n := len(query); n > maxQuery {
		return nil, input.Errorf(f.Alias+"(query:)", "at most %d bytes, got %d", maxQuery, n)
	}
	sel.Search = &Search{Terms: Terms(query)}
	kinds, restricted := args["kinds"].([]any)
	for _, n := range b.op.Catalog.Nodes {
		if !restricted || slices.Contains(kinds, any(n.Name)) {
			sel.Nodes = append(sel.Nodes, n)
		}
	}
	if err := b.page(sel, args, f.Alias); err != nil {
		return nil, err
	}
	def := b.op.Schema.Types[f.Definition.Type.Name()]
	c := &Conn{Type: def.Name, Fingerprint: fingerprint(def.Name, sel.Sort)}
	sel.Connection = c
	if cur, ok := args["after"].(string); ok {
		v, err := cursorValues(cur, c.Fingerprint, f.Alias+"(after:)", []*catalog.Property{scoreKey, kindKey, idKey})
		if err != nil {
			return nil, err
		}
		c.Continued = true
		sel.Search.After = &SearchPosition{Score: int(v[0].(int64)), Kind: v[1].(string), ID: v[2].(string)}
	}
	if len(sel.Nodes) == 0 || len(sel.Search.Terms) == 0 {
		sel.Search.Terms = nil // finds nothing
	}
	if n := len(sel.Search.Terms); n > maxTerms {
		return nil, input.Errorf(f.Alias+"(query:)", "at most %d words or phrases, got %d", maxTerms, n)
	}
	tokens := 0
	for _, t := range sel.Search.Terms {
		tokens += len(t.Tokens)
	}
	if tokens > maxTokens {
		return nil, input.Errorf(f.Alias+"(query:)", "at most %d words, those of phrases counted, got %d", maxTokens, tokens)
	}
	return sel, b.connectionItems(c, sel, def, f.sets, f.Alias, 1)
}

// Bounds of one search.
const (
	maxTerms  = 32 // words and phrases
	maxTokens = 128
	maxQuery  = 4000 // bytes
)

// Terms parses what a user types: words, "phrases", and prefixes with a final
// star. Nothing in it is syntax to an engine: only tokens leave.
func Terms(query string) []text.Term {
	var out []text.Term
	add := func(s string, prefix bool) {
		if t := text.NewTerm(s, prefix); len(t.Tokens) > 0 {
			out = append(out, t)
		}
	}
	ends := func(r rune) bool { return r == '"' || unicode.IsSpace(r) }
	for query = strings.TrimLeftFunc(query, unicode.IsSpace); query != ""; query = strings.TrimLeftFunc(query, unicode.IsSpace) {
		if query[0] == '"' {
			phrase, rest, closed := strings.Cut(query[1:], `"`)
			prefix := closed && strings.HasPrefix(rest, "*")
			add(phrase, prefix)
			query = strings.TrimPrefix(rest, "*")
			continue
		}
		end := strings.IndexFunc(query, ends)
		if end < 0 {
			end = len(query)
		}
		word := query[:end]
		add(word, strings.HasSuffix(word, "*"))
		query = query[end:]
	}
	return out
}
