package scan_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"normgraph/graph/scan"
)

const ordinary = `query Recurring($years: [Int!]) {
  # core ideas that come back
  norms(where: { level: { eq: CORE_IDEA } }, sort: [{ name: ASC }], limit: 20) {
    id name
    assessmentsConnection(first: 10, where: { node: { relevance: { eq: RELEVANT } } }) {
      totalCount
      edges { cursor node { mitigation rationale incident { name year countries } coder { name kind } } }
    }
    ... on Norm { expressedBy(limit: 5) { name agreements { title year legalStatus } } }
  }
  corpus { name version revision counts { kind count } }
}`

func repeated(s string, n int) string { return strings.Repeat(s, n) }

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestDocument(t *testing.T) {
	for _, c := range []struct {
		name, doc, limit string // limit "" passes, "parse" is a syntax error
	}{
		{"ordinary", ordinary, ""},
		{"empty", "", ""},
		{"byte order mark", "\ufeff{ norms { id } }", ""},
		{"braces in strings and comments", "{ a(x: \"{{{{\\\"{{\", y: \"\"\"" + repeated("{[(", 50) + "\"\"\") # " + repeated("{", 50) + "\n}", ""},
		{"unterminated string", `{ a(x: "` + repeated("{", 100), ""},
		{"unterminated block string", `{ a(x: """` + repeated("{", 100), ""},
		{"closed too often", "{ a }" + repeated("}", 100), ""},
		{"crossed", "{ a(x: [1) ] }", ""},

		{"20 root fields", "{" + numbered("a%d ", 20) + "}", ""},
		{"21 root fields", "{" + numbered("a%d ", 21) + "}", "rootFields"},
		{"21 root fields in fragments", "{ ...F ...G } fragment F on Query { " + numbered("a%d ", 11) + "} fragment G on Query { ... { " + numbered("b%d ", 10) + "} }", "rootFields"},
		{"a fragment counts once", "{ ...F ...F ...G } fragment F on Query { " + numbered("a%d ", 15) + "} fragment G on Query { ...F }", ""},
		{"fragments in a circle", "{ ...F } fragment F on Query { a ...G } fragment G on Query { b ...F }", ""},
		{"two operations", "query A {" + numbered("a%d ", 15) + "} query B {" + numbered("a%d ", 15) + "}", ""},
		{"second operation", "query A { a } query B {" + numbered("a%d ", 21) + "}", "rootFields"},
		{"below the root", "{ a {" + numbered("a%d ", 100) + "} }", ""},

		{"20 repeats", "{ n {" + repeated("id ", 20) + "} }", ""},
		{"21 repeats", "{ n {" + repeated("id ", 21) + "} }", "repeats"},
		{"repeats in inline fragments", "{ n {" + repeated("... on N @a { id } ", 10) + repeated("... { id }", 11) + "} }", "repeats"},
		{"repeats in two selections", "{ a {" + repeated("id ", 15) + "} b {" + repeated("id ", 15) + "} }", ""},
		{"repeats of a spread", "{ n {" + repeated("...F ", 21) + "} } fragment F on N { id }", "repeats"},
		{"a field named on", "{ on { on on: id } }", ""},
		{"repeats of an alias", "{ n {" + repeated("x: id ", 21) + "} }", "repeats"},
		{"one field under many keys", "{ n {" + numbered("x%d: id ", 30) + "} }", ""},

		{"31 aliases", "{ n {" + numbered("x%d: id ", 31) + "} }", "aliases"},
		{"arguments are no aliases", "{ n(" + numbered("x%d: {y: 1} ", 100) + ") { id } }", ""},
		{"variables are no aliases", "query(" + numbered("$x%d: Int ", 100) + ") { id }", ""},
		{"20 directives", "query @a { n " + repeated("@a ", 19) + "}", ""},
		{"directives of variables", "query($x: Int " + repeated("@a ", 21) + ") { n }", "directives"},
		{"30 levels", repeated("{n", 28) + "(a:[1])" + repeated("}", 28), ""},
		{"31 levels", repeated("{n", 28) + "(a:[{x:1}])" + repeated("}", 28), "nesting"},
		{"2000 tokens in a list", "{ a(ids: [" + repeated("1 ", 1991) + "]) }", ""},
		{"2001 tokens in comments", repeated("#\n", 2001), "tokens"},
		{"2001 tokens in a list", "{ a(ids: [" + repeated("1 ", 1992) + "]) }", "tokens"},

		{"killer: a million selections", "{" + repeated("n{", 1_000_000), "nesting"},
		{"killer: a million lists", "{ a(x: " + repeated("[", 1_000_000), "nesting"},
		{"killer: a million parentheses", "{ a" + repeated("(", 1_000_000), "nesting"},
		{"killer: list types", "query($x: " + repeated("[", 1_000_000), "nesting"},
		{"killer: repeats of a leaf", "{ n {" + repeated("id ", 20_000) + "} }", "repeats"},
		{"killer: unknown directives", "{ a " + repeated("@x", 20_000) + "}", "directives"},
		{"killer: aliases", "{" + numbered("x%d: corpus { name } ", 10_000) + "}", "rootFields|aliases|tokens"},
		{"killer: spreads of surrogates", `{ a(x: "` + repeated(`\uFFFD`, 40_000) + `") }`, ""},

		{"surrogate pair", `{ a(x: "\uD83D\uDE00 \ud83d\ude00") }`, ""},
		{"lone leading surrogate", `{ a(x: "é", y: "a\uD800") }`, "parse"},
		{"lone trailing surrogate", `{ a(x: "\udc00") }`, "parse"},
		{"surrogates in the wrong order", `{ a(x: "\uDE00\uD83D") }`, "parse"},
		{"two leading surrogates", `{ a(x: "\uD83D\uD83D\uDE00") }`, "parse"},
		{"an escaped backslash before uD800", `{ a(x: "` + "\uFFFD" + `\\uD800") }`, ""},
		{"a block string escapes nothing", `{ a(x: """\uD800""") }`, ""},
		{"replacement character", `{ a(x: "\uFFFD") }`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := scan.Document(c.doc, scan.DefaultLimits())
			var limit *scan.LimitError
			var parse *gqlerror.Error
			got := ""
			switch {
			case errors.As(err, &limit):
				got = limit.Limit
				if limit.Requested != limit.Maximum+1 {
					t.Errorf("requested %d of %d", limit.Requested, limit.Maximum)
				}
			case errors.As(err, &parse):
				got = "parse"
			case err != nil:
				t.Fatal(err)
			}
			if got != c.limit && (got == "" || !strings.Contains(c.limit, got)) {
				t.Errorf("got %q (%v), want %q", got, err, c.limit)
			}
		})
	}
}

// FuzzDocument holds the scan against the parser's tree: with limits at what
// the tree has the document passes, with one less it does not.
func FuzzDocument(f *testing.F) {
	for _, s := range []string{
		ordinary, "{a}", "query @x { ...F ... on Q @y { b c: d } } fragment F on Q { a ...G } fragment G on Q { b(x: [{y: 1}]) }",
		"\ufeff\"\"\"d\"\"\" query Q($a: [Int] = [1] @z) { a(x: \"\\uD83D\\uDE00\") }", "{ on ... on on { on } }", `{a(x:"\uD800")}`, "{a)b}",
		"mutation fragment { fragment } fragment mutation on query { query }", "# {\n{a:a a}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		const all = 1 << 30
		wide := scan.Limits{Tokens: all, Nesting: all, Aliases: all, Directives: all, Repeats: all, RootFields: all}
		_, _ = scan.Document(doc, scan.DefaultLimits())
		_, err := scan.Document(doc, wide)
		tree, parseErr := parser.ParseQuery(&ast.Source{Input: doc})
		var syntax *gqlerror.Error
		if errors.As(err, &syntax) || parseErr != nil {
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", doc, err)
		}
		c := count(doc, tree)
		check := func(limit string, n int, set func(*scan.Limits, int)) {
			at := wide
			set(&at, n)
			if _, err := scan.Document(doc, at); err != nil {
				t.Errorf("%q: %s at %d: %v", doc, limit, n, err)
			}
			set(&at, n-1)
			var e *scan.LimitError
			if _, err := scan.Document(doc, at); n > 0 && (!errors.As(err, &e) || e.Limit != limit) {
				t.Errorf("%q: %s below %d: %v", doc, limit, n, err)
			}
		}
		check("tokens", c.tokens, func(l *scan.Limits, n int) { l.Tokens = n })
		check("nesting", c.nesting, func(l *scan.Limits, n int) { l.Nesting = n })
		check("aliases", c.aliases, func(l *scan.Limits, n int) { l.Aliases = n })
		check("directives", c.directives, func(l *scan.Limits, n int) { l.Directives = n })
		check("repeats", c.repeats, func(l *scan.Limits, n int) { l.Repeats = n })
		check("rootFields", c.rootFields, func(l *scan.Limits, n int) { l.RootFields = n })
	})
}

// counts is what a document has, counted on its tree (aliases, repeats, root
// fields) and on its tokens alone (the rest).
type counts struct{ tokens, nesting, aliases, directives, repeats, rootFields int }

func count(doc string, tree *ast.QueryDocument) counts {
	var c counts
	lex := lexer.New(&ast.Source{Input: doc})
	for open := 0; ; c.tokens++ {
		t, err := lex.ReadToken()
		if err != nil || t.Kind == lexer.EOF {
			break
		}
		switch t.Kind {
		case lexer.BraceL, lexer.BracketL, lexer.ParenL:
			open++
			c.nesting = max(c.nesting, open)
		case lexer.BraceR, lexer.BracketR, lexer.ParenR:
			open--
		case lexer.At:
			c.directives++
		}
	}
	for _, op := range tree.Operations {
		c.selection(op.SelectionSet, map[string]int{})
		c.rootFields = max(c.rootFields, fields(tree, op.SelectionSet, map[string]bool{}))
	}
	for _, f := range tree.Fragments {
		c.selection(f.SelectionSet, map[string]int{})
	}
	return c
}

func (c *counts) selection(set ast.SelectionSet, keys map[string]int) {
	for _, s := range set {
		key := ""
		switch s := s.(type) {
		case *ast.Field:
			key = s.Alias
			// the parser puts the name where there is no alias: look at the text
			if src := []rune(s.Position.Src.Input); colonFollows(string(src[min(s.Position.End, len(src)):])) {
				c.aliases++
			}
			c.selection(s.SelectionSet, map[string]int{})
		case *ast.FragmentSpread:
			key = "..." + s.Name
		case *ast.InlineFragment:
			c.selection(s.SelectionSet, keys)
			continue
		}
		keys[key]++
		c.repeats = max(c.repeats, keys[key])
	}
}

// colonFollows says whether the next token of text is a colon.
func colonFollows(text string) bool {
	lex := lexer.New(&ast.Source{Input: text})
	for {
		t, err := lex.ReadToken()
		if err != nil || t.Kind != lexer.Comment {
			return err == nil && t.Kind == lexer.Colon
		}
	}
}

func fields(tree *ast.QueryDocument, set ast.SelectionSet, seen map[string]bool) int {
	n := 0
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			n++
		case *ast.InlineFragment:
			n += fields(tree, s.SelectionSet, seen)
		case *ast.FragmentSpread:
			if f := last(tree.Fragments, s.Name); f != nil && !seen[s.Name] {
				seen[s.Name] = true
				n += fields(tree, f.SelectionSet, seen)
			}
		}
	}
	return n
}

func last(fs ast.FragmentDefinitionList, name string) *ast.FragmentDefinition {
	var found *ast.FragmentDefinition
	for _, f := range fs {
		if f.Name == name {
			found = f
		}
	}
	return found
}

func BenchmarkDocument(b *testing.B) {
	doc := ordinary[:strings.LastIndex(ordinary, "corpus")]
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := scan.Document(doc, scan.DefaultLimits()); err != nil {
			b.Fatal(err)
		}
	}
}
