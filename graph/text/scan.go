package text

import (
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// token is one token of a text, and the byte where what it stands for begins.
type token struct {
	text string
	at   int
	// ends is the number of characters of a run without spaces, for the token of
	// its last character alone; 0 for all others.
	ends int
}

// scan calls emit with each token of s in order, until it returns false. Text is
// folded piece by piece, at the bounds that normalization knows, so that each
// token has its place.
func scan(s string, emit func(token) bool) {
	c := cutter{emit: emit}
	for at := 0; at < len(s) && !c.stopped; {
		if b := s[at]; b < utf8.RuneSelf && (at+1 == len(s) || s[at+1] < utf8.RuneSelf) {
			c.ascii(b, at)
			at++
			continue
		}
		size := max(1, norm.NFKC.NextBoundaryInString(s[at:], true))
		for _, r := range fold(s[at : at+size]) {
			c.rune(r, at)
		}
		at += size
	}
	c.endWord()
	c.endRun()
}

// folded keeps what comes of pieces of one rune, which most are.
var folded [1 << 16]atomic.Pointer[string]

func fold(piece string) string {
	r, size := utf8.DecodeRuneInString(piece)
	if size < len(piece) || int(r) >= len(folded) || r == utf8.RuneError {
		return foldAnew(piece)
	}
	known := folded[r].Load()
	if known == nil {
		s := foldAnew(piece)
		known = &s
		folded[r].Store(known)
	}
	return *known
}

// foldAnew is NFKC without case and without what makes no other word: optional
// marks and invisible characters.
func foldAnew(piece string) string {
	s := norm.NFKD.String(cases.Fold().String(norm.NFKC.String(piece)))
	var b strings.Builder
	for _, r := range s {
		switch plain := letters[r]; {
		case plain != "":
			b.WriteString(plain)
		case !dropped(r):
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String()) // syllables and marks that are kept
}

// letters are those of Latin alphabets that have no decomposition.
var letters = map[rune]string{
	'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ı': "i",
	'ɓ': "b", 'ɗ': "d", 'ƙ': "k", 'ƴ': "y",
}

// optional are the scripts whose marks are accents, or vowel points that are
// mostly left out. The marks of others, such as the vowel signs of India, are
// letters in all but name.
var optional = []*unicode.RangeTable{unicode.Inherited, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew, unicode.Syriac}

const (
	tatweel            = '\u0640'           // stretches an Arabic word
	voiced, semiVoiced = '\u3099', '\u309a' // make another letter of kana
	prolonged          = '\u30fc'           // ー, of no script by itself
)

func dropped(r rune) bool {
	switch {
	case r == voiced, r == semiVoiced:
		return false
	case unicode.Is(unicode.M, r):
		return unicode.In(r, optional...) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
	}
	return r == tatweel || unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
}

// unspaced are the scripts that have no spaces between words, and that of Korean,
// where names are often joined.
var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// cutter makes tokens of folded runes.
type cutter struct {
	emit    func(token) bool
	stopped bool
	word    []byte // that is open
	wordAt  int
	// The last two characters of the run that is open, with their marks.
	before, char []byte
	beforeAt, at int
	length       int // of the run, in characters
}

// ascii is rune for what is folded fast.
func (c *cutter) ascii(b byte, at int) {
	if 'A' <= b && b <= 'Z' {
		b += 'a' - 'A'
	}
	if (b < 'a' || b > 'z') && (b < '0' || b > '9') {
		c.endWord()
		c.endRun()
		return
	}
	c.letter(rune(b), at)
}

func (c *cutter) rune(r rune, at int) {
	switch {
	case c.length > 0 && unicode.Is(unicode.M, r):
		c.char = encode(c.char, r)
	case !unicode.In(r, unicode.L, unicode.Nd, unicode.Nl, unicode.M):
		c.endWord()
		c.endRun()
	case r == prolonged || r >= 0x0e00 && unicode.In(r, unspaced...) && !unicode.In(r, unicode.Nd, unicode.M):
		c.endWord()
		c.endPair()
		c.before, c.beforeAt, c.char = c.char, c.at, c.before[:0]
		c.char, c.at = encode(c.char, r), at
		c.length++
	default:
		c.letter(r, at)
	}
}

// letter is a part of a word.
func (c *cutter) letter(r rune, at int) {
	c.endRun()
	if len(c.word) == 0 {
		c.wordAt = at
	}
	c.word = encode(c.word, r)
}

// encode appends a rune as it stands in tokens.
func encode(b []byte, r rune) []byte {
	switch {
	case r == 'q':
		return append(b, "qq"...)
	case r < utf8.RuneSelf:
		return append(b, byte(r))
	}
	b = append(b, 'q')
	for shift := 20; shift >= 0; shift -= 4 {
		b = append(b, "0123456789abcdef"[r>>shift&15])
	}
	return b
}

func (c *cutter) token(t token) {
	c.stopped = c.stopped || !c.emit(t)
}

func (c *cutter) endWord() {
	if len(c.word) > 0 {
		c.token(token{text: string(c.word), at: c.wordAt})
		c.word = c.word[:0]
	}
}

// endPair gives the token of the last two characters of the run, if there are two.
func (c *cutter) endPair() {
	if c.length > 1 {
		c.token(token{text: string(c.before) + string(c.char), at: c.beforeAt})
	}
}

func (c *cutter) endRun() {
	if c.length > 0 {
		c.endPair()
		c.token(token{text: string(c.char), at: c.at, ends: c.length})
		c.length = 0
	}
}
