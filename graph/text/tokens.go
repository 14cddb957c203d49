// Package text cuts text into search tokens, the same way at load and at
// query, so that every store finds the same set.
package text

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Separator stands between two searched fields of one column, so that a phrase
// cannot span them. No token is equal to it: the letter q is always doubled or
// followed by a digit.
const Separator = "qsep"

// Tokens returns the tokens of s in order: NFKC, case folded, marks dropped,
// cut at what is neither letter nor digit. Each is encoded as ASCII, so that no
// engine splits or folds it again, and so that a prefix stays a prefix: q is
// "qq", any rune beyond ASCII is q and six hex digits.
func Tokens(s string) []string {
	folded := norm.NFKD.String(cases.Fold().String(norm.NFKC.String(s)))
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	for _, r := range folded {
		switch {
		case unicode.Is(unicode.M, r):
		case r == 'q':
			b.WriteString("qq")
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
		case r < 0x80:
			b.WriteRune(unicode.ToLower(r))
		default:
			fmt.Fprintf(&b, "q%06x", r)
		}
	}
	flush()
	return out
}
