package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	snippetRunes = 160
	// lookedAt bounds the bytes of all texts that one snippet is searched in, so
	// that it takes a few milliseconds at most.
	lookedAt = 256 << 10
	// wordRunes is how far a cut moves to stand between two words.
	wordRunes = 40
)

// Snippet cuts about 160 characters around the first place where a term stands
// in one of the texts; an ellipsis marks each cut. Without a place in what is
// looked at it is the beginning of the first text.
func Snippet(texts []string, terms []Term) string {
	left := lookedAt
	for _, t := range texts {
		part := t[:min(len(t), left)]
		if at, ok := find(part, terms); ok {
			return around(t, at)
		}
		left -= len(part)
	}
	if len(texts) == 0 {
		return ""
	}
	return around(texts[0], 0)
}

// find gives the byte where the first term begins.
func find(s string, terms []Term) (int, bool) {
	longest := 0
	for _, t := range terms {
		longest = max(longest, len(t.Tokens))
	}
	var tokens []string // from the first that a term may still begin with
	var places []int
	at, found := 0, false
	begin := func() bool {
		for _, t := range terms {
			if begins(tokens, t) {
				at, found = places[0], true
				return false
			}
		}
		tokens, places = tokens[1:], places[1:]
		return true
	}
	scan(s, func(t token) bool {
		tokens, places = append(tokens, t.text), append(places, t.at)
		return len(tokens) < longest || begin()
	})
	for !found && len(tokens) > 0 {
		begin()
	}
	return at, found
}

func begins(tokens []string, t Term) bool {
	if len(tokens) < len(t.Tokens) {
		return false
	}
	for i, want := range t.Tokens {
		last := i == len(t.Tokens)-1
		if tokens[i] != want && !(last && t.Prefix && strings.HasPrefix(tokens[i], want)) {
			return false
		}
	}
	return true
}

// around cuts s between words so that at is near its first third.
func around(s string, at int) string {
	from := move(s, at, -snippetRunes/3)
	to := move(s, from, snippetRunes)
	if to == len(s) {
		from = move(s, to, -snippetRunes)
	}
	for n, i := 0, from; n < wordRunes && i <= at; n, i = n+1, move(s, i, 1) {
		if between(s, i) {
			from = i
			break
		}
	}
	for n, i := 0, to; n < wordRunes && i > at; n, i = n+1, move(s, i, -1) {
		if between(s, i) {
			to = i
			break
		}
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

// move is the byte n runes after byte i, or before it, as far as s goes.
func move(s string, i, n int) int {
	for ; n > 0 && i < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	for ; n < 0 && i > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
	}
	return i
}

// between reports whether byte i is where a word, or a character of a script
// without spaces, begins or ends.
func between(s string, i int) bool {
	if i == 0 || i == len(s) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsSpace(before) || unicode.IsSpace(after) || unicode.In(after, unspaced...) && !unicode.Is(unicode.M, after)
}
