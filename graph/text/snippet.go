package text

import (
	"strings"
	"unicode/utf8"
)

// Term is a phrase of one or more tokens; Prefix makes the last a prefix.
type Term struct {
	Tokens []string
	Prefix bool
}

const (
	snippetRunes = 160
	// lookedAt bounds the bytes of all texts that one snippet is searched in, so
	// that it takes a few milliseconds at most.
	lookedAt = 256 << 10
)

// Snippet cuts about 160 characters around the first place where a term stands
// in one of the texts; an ellipsis marks each cut. Without a place in what is
// looked at it is the beginning of the first text.
func Snippet(texts []string, terms []Term) string {
	left := lookedAt
	for _, t := range texts {
		p := passage{text: t[:min(len(t), left)]}
		if at, ok := p.find(terms); ok {
			return around(t, at)
		}
		left -= len(p.text)
	}
	if len(texts) == 0 {
		return ""
	}
	return around(texts[0], 0)
}

// passage is a text whose words are cut into tokens as they are needed, each
// once.
type passage struct {
	text   string
	at     int // behind the last word that was cut
	tokens []token
}

// token knows where the word that it comes from begins.
type token struct {
	at   int
	text string
}

// find gives the byte offset of the first word that begins a term.
func (p *passage) find(terms []Term) (int, bool) {
	for i := 0; p.has(i); i++ {
		for _, t := range terms {
			if p.begins(i, t) {
				return p.tokens[i].at, true
			}
		}
	}
	return 0, false
}

// begins reports whether t stands at the token i.
func (p *passage) begins(i int, t Term) bool {
	for k, want := range t.Tokens {
		if !p.has(i + k) {
			return false
		}
		got := p.tokens[i+k].text
		last := k == len(t.Tokens)-1
		if got != want && !(last && t.Prefix && strings.HasPrefix(got, want)) {
			return false
		}
	}
	return true
}

// has reports whether there is a token i.
func (p *passage) has(i int) bool {
	for len(p.tokens) <= i {
		rest := strings.TrimLeft(p.text[p.at:], spaces)
		if rest == "" {
			return false
		}
		start := len(p.text) - len(rest)
		if n := strings.IndexAny(rest, spaces); n >= 0 {
			rest = rest[:n]
		}
		p.at = start + len(rest)
		for _, t := range Tokens(rest) {
			p.tokens = append(p.tokens, token{start, t})
		}
	}
	return true
}

const spaces = " \n\t\r"

// around cuts s at word bounds so that at is near its first third.
func around(s string, at int) string {
	if forward(s, 0, snippetRunes) == len(s) {
		return s
	}
	to := forward(s, back(s, at, snippetRunes/3), snippetRunes)
	from := back(s, to, snippetRunes)
	for from > 0 && from < at && s[from-1] != ' ' {
		from = forward(s, from, 1)
	}
	for to < len(s) && to > forward(s, at, 1) && s[to] != ' ' {
		to = back(s, to, 1)
	}
	out := strings.TrimSpace(s[from:to])
	if from > 0 {
		out = "… " + out
	}
	if to < len(s) {
		out += " …"
	}
	return out
}

// forward is the offset n characters behind at, or the end of s.
func forward(s string, at, n int) int {
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

// back is the offset n characters before at, or the beginning of s.
func back(s string, at, n int) int {
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return at
}
