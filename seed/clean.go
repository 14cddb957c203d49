package seed

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	softHyphen      = '\u00ad'
	zeroWidthSpace  = '\u200b'
	zeroWidthNoJoin = '\u200c'
	zeroWidthJoin   = '\u200d'
	wordJoiner      = '\u2060'
	byteOrderMark   = '\ufeff'
)

// clean is a text as it is stored: composed (NFC), without spaces around it, and
// without what nobody sees and spreadsheets, web pages and PDF bring along. Text
// that is not valid UTF-8 stays as it is, to be reported.
func clean(s string) string {
	if !utf8.ValidString(s) {
		return s
	}
	var before rune
	s = strings.Map(func(r rune) rune {
		switch r {
		case softHyphen, zeroWidthSpace, wordJoiner, byteOrderMark:
			return -1
		case zeroWidthNoJoin, zeroWidthJoin:
			if !joins(before) {
				return -1
			}
		}
		before = r
		return r
	}, s)
	return norm.NFC.String(strings.TrimFunc(s, unicode.IsSpace))
}

func cleanAll(cells []string) {
	for i, s := range cells {
		cells[i] = clean(s)
	}
}

// joins reports whether a joiner behind r can mean something, as in Persian, in
// the scripts of India and between emoji.
func joins(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M, unicode.S) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}
