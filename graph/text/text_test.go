package text_test

import (
	"fmt"
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
		"日":                       encoded("日"),
		"日本":                      encoded("日本 本"),
		"AI中国人2019年":              "ai " + encoded("中国 国人 人") + " 2019 " + encoded("年"),
		"ネットﾜｰｸ":                  encoded("ネッ ット トワ ワー ーク ク"),
		"が, か\u3099":              encoded("が が"), // the voiced mark makes another letter
		"인터넷 \u1112\u1161\u11ab":  encoded("인터 터넷 넷 한"),
		"กินข้าว":                 encoded("กิน นข้ ข้า าว ว"), // marks stay with their character
		"हिन्दी हिनदा":            encoded("हिन्दी हिनदा"),     // vowel signs are letters
		"שָׁלוֹם مُحَمَّد محـــمد":                          encoded("שלום محمد محمد"), // points and stretching are not
		"Łódź Ærø Đặng Œuvre":                               "lodz aero dang oeuvre",
		"Þórður ISPARTA ısparta":                            "thordur isparta isparta",
		"cy\u00adber\u200bse\u2060cu\ufeffri\u200dty\u200e": "cybersecurity",
		"می\u200cخواهم":                                     encoded("میخواهم"),
		"a\u00a0b\u3000c\u2007d":                            "a b c d",
		"٣":                                                 "q000663",
		"\U0001f600":                                        "",
	} {
		if got := strings.Join(text.Tokens(in), " "); got != want {
			t.Errorf("Tokens(%q): want %q, got %q", in, want, got)
		}
	}
}

// encoded writes each word of s as a token.
func encoded(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "q%06x", r)
		}
	}
	return b.String()
}

// TestNewTerm: a part of a run without spaces is found wherever it stands, and
// what is next to one another there is so in the phrase.
func TestNewTerm(t *testing.T) {
	for _, c := range []struct {
		in   string
		want string
	}{
		{"", ""},
		{"cyber norms", "cyber norms"},
		{"中", encoded("中") + "*"},
		{"中国", encoded("中国") + "*"},
		{"互联网", encoded("互联 联网") + "*"},
		{"中国 AI", encoded("中国 国") + " ai"},
		{"AI 中国", "ai " + encoded("中国") + "*"},
		{"ไทย", encoded("ไท ทย") + "*"},
	} {
		term := text.NewTerm(c.in, false)
		got := strings.Join(term.Tokens, " ")
		if term.Prefix {
			got += "*"
		}
		if got != c.want {
			t.Errorf("NewTerm(%q): want %s, got %s", c.in, c.want, got)
		}
	}
	if !text.NewTerm("norm", true).Prefix {
		t.Error("a prefix that was asked for is none")
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
		{[]string{strings.Repeat("語", 400)}, text.Term{Tokens: []string{"x"}}, strings.Repeat("語", 160), "語", "…"},
		{[]string{strings.Repeat("語", 400) + "互联网" + strings.Repeat("語", 400)}, text.NewTerm("联网", false),
			"… " + strings.Repeat("語", 52), "互联网" + strings.Repeat("語", 90), " …"},
		{[]string{strings.Repeat("a", 300) + "中" + strings.Repeat("a", 300)}, text.NewTerm("中", false), "… a", "中", "a …"},
		{[]string{"short\u3000Łódź"}, text.NewTerm("lodz", false), "short", "Łódź", "Łódź"},
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

// TestSnippetIsLinear: what is done for a text grows with it and not with its
// square, and not beyond what is looked at. It counts what is allocated, which each
// word that is cut adds to.
func TestSnippetIsLinear(t *testing.T) {
	const unit = 79_000
	terms := []text.Term{{Tokens: []string{"zero", "day"}}}
	cost := func(bytes int) float64 {
		long := strings.Repeat("zero trust ", bytes/len("zero trust ")) + "a zero-day was sold"
		if got := text.Snippet([]string{long}, terms); bytes <= 2*unit && !strings.Contains(got, "a zero-day was sold") {
			t.Errorf("%d bytes: %q", bytes, got)
		}
		return testing.AllocsPerRun(1, func() { text.Snippet([]string{long}, terms) })
	}
	once, twice := cost(unit), cost(2*unit)
	if twice > 3*once {
		t.Errorf("%.0f allocations for a text, %.0f for one of twice its length", once, twice)
	}
	if a, b := cost(10*unit), cost(20*unit); b > 1.1*a {
		t.Errorf("%.0f allocations for a very long text, %.0f for one of twice its length", a, b)
	}
}
