package scan

import (
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/lexer"
)

// LoneSurrogate reports whether the escapes of raw, the text of GraphQL or
// JSON strings, name half of a surrogate pair. Such an escape stands for no
// character, and Go's decoders replace it without a word.
func LoneSurrogate(raw string) bool {
	for i := strings.IndexByte(raw, '\\'); i >= 0 && i+1 < len(raw); {
		switch high(raw[i:]) {
		case 'D':
			if high(raw[i+6:]) != 'L' {
				return true
			}
			i += 12
		case 'L':
			return true
		default:
			i += 2
		}
		next := strings.IndexByte(raw[min(i, len(raw)):], '\\')
		if next < 0 {
			return false
		}
		i += next
	}
	return false
}

// high tells a leading surrogate escape at the start of s ('D'), a trailing
// one ('L'), and anything else (0) apart.
func high(s string) byte {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' || s[2]|0x20 != 'd' || !hex(s[4]) || !hex(s[5]) {
		return 0
	}
	switch c := s[3] | 0x20; {
	case s[3] == '8', s[3] == '9', c == 'a', c == 'b':
		return 'D'
	case 'c' <= c && c <= 'f':
		return 'L'
	}
	return 0
}

func hex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// rawText finds the source text of tokens, whose positions count runes. It
// moves forward only, so that all look-ups together are one pass.
type rawText struct {
	doc         string
	runes, byte int
}

func (r *rawText) seek(rune int) int {
	for ; r.runes < rune && r.byte < len(r.doc); r.runes++ {
		_, w := utf8.DecodeRuneInString(r.doc[r.byte:])
		r.byte += w
	}
	return r.byte
}

// loneSurrogate looks at the source only if the lexer has put the replacement
// character somewhere into the string.
func (r *rawText) loneSurrogate(t lexer.Token) bool {
	if !strings.ContainsRune(t.Value, utf8.RuneError) {
		return false
	}
	from := r.seek(t.Pos.Start)
	return LoneSurrogate(r.doc[from:r.seek(t.Pos.End)])
}
