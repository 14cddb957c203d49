package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"normgraph/graph/text"
)

func TestTokens(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "",
		" -- * \u2028":            "",
		"Cyber-Security, 2019!":   "cyber security 2019",
		"ÉCOLE école E\u0301COLE": "ecole ecole ecole",
		"Straße STRASSE":          "strasse strasse",
		"ﬁnd ①":                   "find 1",
		"ＡＢＣ":                     "abc",
		"a_b":                     "a b",
		"state's":                 "state s",
		"Quid":                    "qquid",
		"qsep":                    "qqsep",
		"日本":                      "q0065e5q00672c",
		"٣":                       "q000663",
		"\U0001f600":              "",
	} {
		if got := strings.Join(text.Tokens(in), " "); got != want {
			t.Errorf("Tokens(%q): want %q, got %q", in, want, got)
		}
	}
}

// TestTokensProperties: whatever the text, tokens are what engines neither
// split nor fold, and one text written in other ways gives the same tokens.
func TestTokensProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		tokens := text.Tokens(s)
		for _, token := range tokens {
			if token == "" || token == text.Separator || strings.ContainsFunc(token, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
				t.Fatalf("token %q of %q", token, s)
			}
		}
		for name, other := range map[string]string{"NFD": norm.NFD.String(s), "NFC": norm.NFC.String(s), "NFKC": norm.NFKC.String(s), "spaces": " \t" + s + "\n"} {
			if got := text.Tokens(other); !slices.Equal(got, tokens) {
				t.Fatalf("%s of %q: want %v, got %v", name, s, tokens, got)
			}
		}
		more := rapid.String().Draw(t, "more")
		if got := text.Tokens(s + " . " + more); !slices.Equal(got, append(slices.Clone(tokens), text.Tokens(more)...)) {
			t.Fatalf("%q and %q: %v", s, more, got)
		}
	})
}

// TestSnippet: a cut of the text at word bounds around the first match.
func TestSnippet(t *testing.T) {
	long := strings.Repeat("word ", 100) + "needle in the haystack " + strings.Repeat("more ", 100)
	for _, c := range []struct {
		texts          []string
		term           text.Term
		starts, within string
		ends           string
	}{
		{nil, text.Term{Tokens: []string{"x"}}, "", "", ""},
		{[]string{"short text"}, text.Term{Tokens: []string{"text"}}, "short", "text", "text"},
		{[]string{"no match", "the Needle is here"}, text.Term{Tokens: []string{"needle"}}, "the", "Needle", "here"},
		{[]string{"no match", "neither"}, text.Term{Tokens: []string{"needle"}}, "no match", "", "match"},
		{[]string{long}, text.Term{Tokens: []string{"needle"}}, "… ", "needle in the haystack", " …"},
		{[]string{long}, text.Term{Tokens: []string{"need"}, Prefix: true}, "… ", "needle", " …"},
		{[]string{long}, text.Term{Tokens: []string{"in", "the", "hay"}, Prefix: true}, "… ", "in the haystack", " …"},
		{[]string{long}, text.Term{Tokens: []string{"absent"}}, "word word", "", " …"},
		{[]string{strings.Repeat("語", 400)}, text.Term{Tokens: []string{"x"}}, "語", "語", "…"},
	} {
		got := text.Snippet(c.texts, []text.Term{c.term})
		if !strings.HasPrefix(got, c.starts) || !strings.Contains(got, c.within) || !strings.HasSuffix(got, c.ends) || !utf8.ValidString(got) {
			t.Errorf("Snippet(%.40q…, %v): %q", c.texts, c.term, got)
		}
		if n := utf8.RuneCountInString(got); n > 170 {
			t.Errorf("a snippet of %d characters: %q", n, got)
		}
	}
}
