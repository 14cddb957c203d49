package pages

import (
	"net/url"
	"regexp"
	"strings"
)

// value is a text, and the same in parts: those that are addresses can be followed.
type value struct {
	Text  string
	Parts []part
}

// part is text, and an address where it is one.
type part struct{ Text, Href string }

func plain(text string) value { return value{text, []part{{text, ""}}} }

var addresses = regexp.MustCompile(`https?://[^\s<>"“”]+`)

// valueOf finds the addresses in a text: sources name one, often with words around
// it, as in "https://example.org/list (page 3; copied in 2019)".
func valueOf(text string) value {
	v, from := value{Text: text}, 0
	for _, at := range addresses.FindAllStringIndex(text, -1) {
		address := trimmed(text[at[0]:at[1]])
		if parsed, err := url.Parse(address); err != nil || parsed.Host == "" {
			continue
		}
		if at[0] > from {
			v.Parts = append(v.Parts, part{Text: text[from:at[0]]})
		}
		v.Parts = append(v.Parts, part{address, address})
		from = at[0] + len(address)
	}
	if from < len(text) {
		v.Parts = append(v.Parts, part{Text: text[from:]})
	}
	return v
}

// trimmed cuts the punctuation of the sentence around an address, and a bracket
// that it does not open itself.
func trimmed(address string) string {
	for {
		short := strings.TrimRight(address, ".,;:!?'*’")
		for brackets := range strings.SplitSeq("() [] {}", " ") {
			if strings.HasSuffix(short, brackets[1:]) && strings.Count(short, brackets[:1]) < strings.Count(short, brackets[1:]) {
				short = short[:len(short)-1]
			}
		}
		if short == address {
			return address
		}
		address = short
	}
}
