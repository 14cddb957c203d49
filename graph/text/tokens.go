// Package text cuts text into search tokens, the same way at load and at
// query, so that every store finds the same set.
package text

// Separator stands between two searched fields of one column, so that a phrase
// cannot span them. No token is equal to it: the letter q is always doubled or
// followed by a digit.
const Separator = "qsep"

// Version changes whenever some text gives other tokens than before: what a
// store has indexed under another version is not found.
const Version = 2

// Tokens returns the tokens of s in order: words, folded so that case, accents
// and other ways to write the same make no difference, cut at what is neither
// letter nor digit. Where a script puts no spaces between words, each character
// gives a token of it and the next: 中国人 gives 中国, 国人, 人. So any part of
// such a run is found as a phrase (see NewTerm).
//
// Each token is encoded as ASCII, so that no engine splits or folds it again,
// and so that a prefix stays a prefix: q is "qq", any rune beyond ASCII is q and
// six hex digits.
func Tokens(s string) []string {
	var out []string
	scan(s, func(t token) bool {
		out = append(out, t.text)
		return true
	})
	return out
}

// Term is a phrase of one or more tokens; Prefix makes the last a prefix.
type Term struct {
	Tokens []string
	Prefix bool
}

// NewTerm is the term of a word or phrase; prefix makes its last word a prefix.
// It has no tokens if s has none. A phrase that ends within a run without spaces
// says nothing of the character that follows.
func NewTerm(s string, prefix bool) Term {
	t := Term{Prefix: prefix}
	var last token
	scan(s, func(x token) bool {
		t.Tokens = append(t.Tokens, x.text)
		last = x
		return true
	})
	if last.ends > 0 {
		t.Prefix = true
	}
	if last.ends > 1 { // the token before it holds the character
		t.Tokens = t.Tokens[:len(t.Tokens)-1]
	}
	return t
}
