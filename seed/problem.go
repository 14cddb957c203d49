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

	position int    // of the column in its file
	kind     string // the same for problems that differ in values alone
}

// String is "file:line: column: message", less the parts that do not apply.
func (p Problem) String() string { return p.where() + ": " + p.Message }

func (p Problem) where() string {
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
	return s
}

// Problems is the error for a corpus that was refused: everything found wrong,
// by file and line.
type Problems struct{ List []Problem }

// Error tells the problems and ends with their count.
func (p *Problems) Error() string {
	files := map[string]bool{}
	for _, x := range p.List {
		files[x.File] = true
	}
	return Summary(p.List) + fmt.Sprintf("%s in %s; nothing was loaded", count(len(p.List), "problem"), count(len(files), "file"))
}

// Bounds on what is printed: a folder with one wrong column has a problem a row.
const (
	printedPlaces = 3  // of one message
	printedOfKind = 10 // messages that differ in values alone
	printedKinds  = 50
)

// Summary tells problems, one a line, by the place where each is met first. The
// same message is said once for a column, with its count and first lines; of those
// that differ in values alone the first ones are told, and how many there are.
func Summary(list []Problem) string {
	type message struct{ file, column, text string }
	type kind struct{ file, column, format string }
	places := map[message][]int{}
	messages := map[kind]int{}
	for _, x := range list {
		m := message{x.File, x.Column, x.Message}
		if places[m] == nil {
			messages[kind{x.File, x.Column, x.kind}]++
		}
		places[m] = append(places[m], x.Line)
	}
	var b strings.Builder
	told := map[message]bool{}
	ofKind := map[kind]int{}
	leftOut := map[kind]int{}
	rest := 0
	for _, x := range list {
		m, k := message{x.File, x.Column, x.Message}, kind{x.File, x.Column, x.kind}
		if told[m] {
			continue
		}
		told[m] = true
		_, known := ofKind[k]
		switch {
		case !known && len(ofKind) == printedKinds:
			rest += len(places[m])
			continue
		case ofKind[k] == printedOfKind:
			leftOut[k] += len(places[m])
		default:
			b.WriteString(x.String())
			if n := len(places[m]); n > 1 {
				fmt.Fprintf(&b, " (%s, in %s)", count(n, "time"), some(slices.Compact(places[m])))
			}
			b.WriteByte('\n')
			ofKind[k]++
		}
		if messages[k]--; messages[k] == 0 && leftOut[k] > 0 {
			fmt.Fprintf(&b, "%s: %s like the last in this column\n", Problem{File: x.File, Column: x.Column}.where(), count(leftOut[k], "more problem"))
		}
	}
	if rest > 0 {
		fmt.Fprintf(&b, "%s of other kinds\n", count(rest, "more problem"))
	}
	return b.String()
}

// some lists the first lines.
func some(lines []int) string {
	var s []string
	for _, n := range lines[:min(len(lines), printedPlaces)] {
		s = append(s, strconv.Itoa(n))
	}
	if len(lines) > printedPlaces {
		s = append(s, "…")
	}
	if len(lines) == 1 {
		return "line " + s[0]
	}
	return "lines " + strings.Join(s, ", ")
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
	p.List = append(p.List, problem(at, format, args...))
}

func problem(at place, format string, args ...any) Problem {
	return Problem{at.file, at.line, at.column, fmt.Sprintf(format, args...), at.position, format}
}

// warn notes what is accepted and wants to be looked at.
func (r *reader) warn(at place, format string, args ...any) {
	r.warnings = append(r.warnings, problem(at, format, args...))
}

// show quotes a value from a file, shortened.
func show(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return fmt.Sprintf("%q…", string(r[:most]))
	}
	return fmt.Sprintf("%q", s)
}
