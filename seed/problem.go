package seed

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Problem is one mistake in a corpus.
type Problem struct {
	File   string
	Line   int    // as an editor counts; 0 when the file as a whole is meant
	Column string // name of the column, or key of corpus.json; "" for the row
	// Message says what was wrong and what was expected.
	Message string

	position int // of the column in its file
}

// String is "file:line: column: message", less the parts that do not apply.
func (p Problem) String() string {
	s := p.File
	if strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }) {
		s = strconv.Quote(s) // a name may hold what a terminal acts on
	}
	if p.Line > 0 {
		s = fmt.Sprintf("%s:%d", s, p.Line)
	}
	if p.Column != "" {
		s += ": " + p.Column
	}
	return s + ": " + p.Message
}

// Problems is the error for a corpus that was refused: everything found wrong,
// by file and line.
type Problems struct{ List []Problem }

// Error lists the problems, one a line, and ends with their count.
func (p *Problems) Error() string {
	var b strings.Builder
	files := map[string]bool{}
	for _, x := range p.List {
		files[x.File] = true
		b.WriteString(x.String())
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%s in %s; nothing was loaded", count(len(p.List), "problem"), count(len(files), "file"))
	return b.String()
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// sort orders by file, line and column, then as found.
func (p *Problems) sort() {
	slices.SortStableFunc(p.List, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.position, b.position))
	})
}

// place is where a value stands.
type place struct {
	file   string
	line   int
	column string
	// position is that of the column in its file.
	position int
}

func (at place) String() string { return fmt.Sprintf("%s:%d", at.file, at.line) }

func (p *Problems) add(at place, format string, args ...any) {
	p.List = append(p.List, Problem{at.file, at.line, at.column, fmt.Sprintf(format, args...), at.position})
}

// show quotes a value from a file, shortened.
func show(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return fmt.Sprintf("%q…", string(r[:most]))
	}
	return fmt.Sprintf("%q", s)
}
