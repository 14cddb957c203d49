package row

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"normgraph/graph/catalog"
)

// JSON reads a value that a store gives as JSON text made of arrays and
// scalars. Booleans may be true and false or 1 and 0. Strings are unescaped
// only when they need it, otherwise they share memory with text, which must not
// change afterwards.
func JSON(text []byte) Rows {
	return jsonRows(unsafe.String(unsafe.SliceData(text), len(text)))
}

type jsonRows string

func (r jsonRows) Reader() Reader { return &jsonReader{text: string(r), ready: true} }

// jsonReader is a pull parser without a tree.
type jsonReader struct {
	text  string
	pos   int
	depth int
	ready bool // a value may start here; otherwise a comma comes first
	err   error
}

func (r *jsonReader) Err() error { return r.err }

func (r *jsonReader) fail(expected string) {
	if r.err == nil {
		r.err = fmt.Errorf("row: malformed JSON at byte %d: expected %s", r.pos, expected)
	}
	r.pos = len(r.text)
}

func (r *jsonReader) peek() byte {
	for r.pos < len(r.text) {
		switch c := r.text[r.pos]; c {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return c
		}
	}
	return 0
}

// begin moves to the first byte of a value and returns it, 0 after an error.
func (r *jsonReader) begin() byte {
	if r.err != nil {
		return 0
	}
	if !r.ready {
		if r.depth == 0 || r.peek() != ',' {
			r.fail("another element")
			return 0
		}
		r.pos++
	}
	r.ready = false
	return r.peek()
}

// end checks that nothing follows the outermost value.
func (r *jsonReader) end() {
	if r.depth == 0 && r.err == nil && r.peek() != 0 {
		r.fail("the end of the text")
	}
}

func (r *jsonReader) Enter() bool {
	switch r.begin() {
	case '[':
		r.pos++
		r.depth++
		r.ready = true
		return true
	case 'n':
		r.word("null")
		r.end()
	default:
		r.fail("a list")
	}
	return false
}

func (r *jsonReader) More() bool {
	if r.err != nil {
		return false
	}
	if r.depth == 0 {
		r.fail("a list to be entered")
		return false
	}
	switch c := r.peek(); {
	case c == ']':
		r.pos++
		r.depth--
		r.ready = false
		r.end()
		return false
	case r.ready:
		return true
	case c == ',':
		r.pos++
		if r.peek() == ']' {
			r.fail("an element")
			return false
		}
		r.ready = true
		return true
	}
	r.fail("',' or ']'")
	return false
}

func (r *jsonReader) Scalar(kind catalog.Kind) Value {
	v := r.scalar(kind, r.begin())
	r.end()
	if r.err != nil {
		return Value{}
	}
	return v
}

// scalar reads the value that starts with c.
func (r *jsonReader) scalar(kind catalog.Kind, c byte) Value {
	v := Value{Kind: kind}
	switch {
	case c == 'n':
		r.word("null")
		v.Null = true
	case c == '[':
		v.List = r.list(kind)
	case c == '"' && kind.Text():
		v.Text = r.str()
	case kind == catalog.Boolean && (c == 't' || c == '1'):
		r.word(map[byte]string{'t': "true", '1': "1"}[c])
		v.Bool = true
	case kind == catalog.Boolean && (c == 'f' || c == '0'):
		r.word(map[byte]string{'f': "false", '0': "0"}[c])
	case kind == catalog.Int:
		n, err := strconv.ParseInt(r.number(), 10, 64)
		if err != nil {
			r.fail("an integer")
		}
		v.Int = n
	case kind == catalog.Float:
		f, err := strconv.ParseFloat(r.number(), 64)
		if err != nil && !math.IsInf(f, 0) { // a sum may be too great
			r.fail("a number")
		}
		v.Float = f
	default:
		r.fail("a value of the planned kind")
	}
	return v
}

func (r *jsonReader) list(kind catalog.Kind) []Value {
	out := []Value{}
	r.pos++
	r.depth++
	r.ready = true
	for r.More() {
		c := r.begin()
		if c == '[' || c == 'n' {
			r.fail("an element that is a scalar")
			return nil
		}
		out = append(out, r.scalar(kind, c))
	}
	return out
}

func (r *jsonReader) word(w string) {
	if !strings.HasPrefix(r.text[r.pos:], w) {
		r.fail(w)
		return
	}
	r.pos += len(w)
	if r.pos < len(r.text) && !strings.ContainsRune(",] \t\r\n", rune(r.text[r.pos])) {
		r.fail(w)
	}
}

func (r *jsonReader) number() string {
	start := r.pos
	for r.pos < len(r.text) && strings.IndexByte("+-.0123456789eE", r.text[r.pos]) >= 0 {
		r.pos++
	}
	return r.text[start:r.pos]
}

// str reads a string; the quote is at pos.
func (r *jsonReader) str() string {
	start := r.pos + 1
	for i := start; i < len(r.text); i++ {
		switch c := r.text[i]; {
		case c == '"':
			r.pos = i + 1
			return r.text[start:i]
		case c == '\\':
			return r.escaped(start, i)
		case c < ' ':
			r.pos = i
			r.fail("a string without control characters")
			return ""
		}
	}
	r.pos = len(r.text)
	r.fail("the end of a string")
	return ""
}

// escaped reads the rest of a string from its first escape, at i.
func (r *jsonReader) escaped(start, i int) string {
	buf := append(make([]byte, 0, i-start+64), r.text[start:i]...)
	for r.pos = i; r.pos < len(r.text); {
		switch c := r.text[r.pos]; {
		case c == '"':
			r.pos++
			return string(buf)
		case c < ' ':
			r.fail("a string without control characters")
			return ""
		case c != '\\':
			buf = append(buf, c)
			r.pos++
		default:
			if buf = r.escape(buf); r.err != nil {
				return ""
			}
		}
	}
	r.fail("the end of a string")
	return ""
}

func (r *jsonReader) escape(buf []byte) []byte {
	if r.pos+1 >= len(r.text) {
		r.fail("an escape")
		return buf
	}
	c := r.text[r.pos+1]
	if c == 'u' {
		u := r.hex(r.pos + 2)
		r.pos += 6
		if utf16.IsSurrogate(u) {
			if u = utf16.DecodeRune(u, r.low()); u == utf8.RuneError {
				r.fail("a surrogate pair")
				return buf
			}
			r.pos += 6
		}
		if u < 0 {
			r.fail("four hex digits")
			return buf
		}
		return utf8.AppendRune(buf, u)
	}
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	k := strings.IndexByte(from, c)
	if k < 0 {
		r.fail("a known escape")
		return buf
	}
	r.pos += 2
	return append(buf, to[k])
}

// low reads the second half of a surrogate pair at pos, -1 when there is none.
func (r *jsonReader) low() rune {
	if !strings.HasPrefix(r.text[min(r.pos, len(r.text)):], `\u`) {
		return -1
	}
	return r.hex(r.pos + 2)
}

func (r *jsonReader) hex(at int) rune {
	if at+4 > len(r.text) {
		return -1
	}
	n, err := strconv.ParseUint(r.text[at:at+4], 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}

func (r *jsonReader) Skip() {
	switch c := r.begin(); c {
	case '[':
		r.pos++
		r.depth++
		r.ready = true
		for r.More() {
			r.Skip()
		}
		return
	case '"':
		r.str()
	case 'n':
		r.word("null")
	case 't':
		r.word("true")
	case 'f':
		r.word("false")
	default:
		if _, err := strconv.ParseFloat(r.number(), 64); err != nil {
			r.fail("a value")
		}
	}
	r.end()
}
