package text

import "strings"

// Term is a phrase of one or more tokens; Prefix makes the last a prefix.
type Term struct {
	Tokens []string
	Prefix bool
}

const snippetRunes = 160

// Snippet cuts about 160 characters around the first place where a term stands
// in one of the texts; an ellipsis marks each cut. Without a place it is the
// beginning of the first text.
func Snippet(texts []string, terms []Term) string {
	for _, t := range texts {
		if at, ok := find(t, terms); ok {
			return around(t, at)
		}
	}
	if len(texts) == 0 {
		return ""
	}
	return around(texts[0], 0)
}

// find gives the byte offset of the first word that begins a term.
func find(s string, terms []Term) (int, bool) {
	for i, w := range words(s) {
		tokens := Tokens(w.text)
		for j := range tokens {
			for _, t := range terms {
				if begins(tokens[j:], t) || i >= 0 && len(t.Tokens) > 1 && begins(Tokens(s[w.at:])[j:], t) {
					return w.at, true
				}
			}
		}
	}
	return 0, false
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

type word struct {
	at   int
	text string
}

func words(s string) []word {
	var out []word
	start := -1
	for i, r := range s {
		space := r == ' ' || r == '\n' || r == '\t' || r == '\r'
		if space && start >= 0 {
			out = append(out, word{start, s[start:i]})
			start = -1
		} else if !space && start < 0 {
			start = i
		}
	}
	if start >= 0 {
		out = append(out, word{start, s[start:]})
	}
	return out
}

// around cuts s at word bounds so that at is near its first third.
func around(s string, at int) string {
	runes := []rune(s)
	if len(runes) <= snippetRunes {
		return s
	}
	pos := len([]rune(s[:at]))
	from := max(0, pos-snippetRunes/3)
	to := min(len(runes), from+snippetRunes)
	from = max(0, to-snippetRunes)
	for from > 0 && from < pos && runes[from-1] != ' ' {
		from++
	}
	for to < len(runes) && to > pos+1 && runes[to] != ' ' {
		to--
	}
	out := strings.TrimSpace(string(runes[from:to]))
	if from > 0 {
		out = "… " + out
	}
	if to < len(runes) {
		out += " …"
	}
	return out
}
