package seed

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// table reads one CSV file row by row.
type table struct {
	file    *file
	columns []*column // by position in the file; nil for one that is unknown
	csv     *csv.Reader
	line    int // of the header
	report  *Problems
	// torn tells that some row could not be made out, so that not all ids are
	// known; cut, that some row has the wrong width.
	torn, cut bool
}

// row is one row of a table, or a part of one: short tells that its width is
// wrong.
type row struct {
	table *table
	cells []string
	lines []int
	short bool
}

// openTable reads the header. Its report is false when the rows make no sense
// without it. merging says that a row may leave out what is stored already.
func openTable(f *file, data []byte, report *Problems, merging bool) (*table, bool) {
	t := &table{file: f, report: report, csv: csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))}
	t.csv.FieldsPerRecord = -1 // widths are checked here, to tell what was expected
	header, err := t.csv.Read()
	t.line = 1
	if err == nil {
		t.line, _ = t.csv.FieldPos(0)
	}
	cleanAll(header)
	for len(header) > 1 && header[len(header)-1] == "" { // Excel writes columns that were in use once
		header = header[:len(header)-1]
	}
	at := place{file: f.name, line: t.line}
	known := strings.Join(f.columnNames(), ", ")
	switch {
	case errors.Is(err, io.EOF):
		report.add(at, "the file is empty; expected a header with columns of %s", known)
	case err != nil:
		t.malformed(err)
	case len(header) == 1 && strings.ContainsAny(header[0], ";\t"):
		report.add(at, "expected columns split by commas, got %s", show(header[0]))
		header = nil
	}
	usable := header != nil
	for i, name := range header {
		msg := badText(name)
		if msg == "" && strings.ContainsAny(name, "\n\t") {
			msg = "holds a tab or line break: " + show(name)
		}
		if msg != "" {
			report.add(at, "the name of column %d %s", i+1, msg)
			usable = false
		}
	}
	if !usable {
		t.torn = true
		return t, false
	}
	for i, name := range header {
		c := f.column(name)
		at.column = name
		switch {
		case c == nil && name == "":
			at.column = ""
			report.add(at, "column %d has no name; expected one of %s", i+1, known)
		case c == nil:
			report.add(at, "unknown column%s; expected one of %s", suggest(name, f.columnNames()), known)
		case slices.Contains(t.columns, c):
			report.add(at, "the column is there twice; expected it once")
			c = nil
		}
		t.columns = append(t.columns, c)
	}
	for _, c := range f.columns {
		if c.needed() && (!merging || c.identifies()) && !slices.Contains(t.columns, c) {
			at.column = c.name
			report.add(at, "the column is missing; every row needs a value in it")
		}
	}
	return t, true
}

// next returns the next row that can be made out, or false at the end. Empty cells
// beyond the header, and rows of empty cells alone, are passed over.
func (t *table) next() (row, bool) {
	for {
		cells, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			return row{}, false
		}
		if err != nil {
			t.malformed(err)
			continue
		}
		cleanAll(cells)
		for len(cells) > len(t.columns) && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		if len(cells) > 1 && !slices.ContainsFunc(cells, func(s string) bool { return s != "" }) {
			continue // a row that was in use once
		}
		r := row{table: t, cells: cells, lines: make([]int, len(cells)), short: len(cells) != len(t.columns)}
		for i := range cells {
			r.lines[i], _ = t.csv.FieldPos(i)
		}
		if r.short {
			t.cut = true
			t.report.add(place{file: t.file.name, line: r.lines[0]}, "the row has %s; expected %d, as in the header", count(len(cells), "cell"), len(t.columns))
		}
		return r, true
	}
}

func (t *table) malformed(err error) {
	t.torn = true
	at := place{file: t.file.name}
	if pe := (*csv.ParseError)(nil); errors.As(err, &pe) {
		at.line = pe.StartLine
		err = pe.Err
	}
	t.report.add(at, "the quoting of this row is malformed (%v); expected cells with commas, quotes or line breaks within quotes, and each quote inside doubled", err)
}

// stated tells which of the file's properties the rows state.
func (t *table) stated() []bool {
	out := make([]bool, len(t.file.properties))
	for i, p := range t.file.properties {
		out[i] = t.position(snake(p.Name)) >= 0 || p.YearOf != "" && t.position(snake(p.YearOf)) >= 0
	}
	return out
}

// position is where the column stands in a row, or -1.
func (t *table) position(name string) int {
	return slices.IndexFunc(t.columns, func(c *column) bool { return c != nil && c.name == name })
}

// place is that of the named column in the row, or of the row's start.
func (r row) place(name string) place {
	i := r.table.position(name)
	if i < 0 || i >= len(r.lines) {
		return place{r.table.file.name, r.lines[0], name, i}
	}
	return place{r.table.file.name, r.lines[i], name, i}
}

// mark is a place in a table: small, as one is kept for each relationship. The
// zero mark is in the store.
type mark struct {
	table    *table
	line     int32
	position int32 // of the column in the file; -1 for the row
}

// mark is that of the i-th cell, or of the row for -1.
func (r row) mark(i int) mark {
	return mark{r.table, int32(r.lines[max(i, 0)]), int32(i)}
}

func (m mark) place() place {
	at := place{file: m.table.file.name, line: int(m.line), position: int(m.position)}
	if m.position >= 0 {
		at.column = m.table.columns[m.position].name
	}
	return at
}

func (m mark) String() string {
	if m.table == nil {
		return "in the store"
	}
	return m.place().String()
}

// badText says why s cannot be stored as text, or "".
func badText(s string) string {
	if !utf8.ValidString(s) {
		return "is not valid UTF-8: " + show(s)
	}
	for _, c := range s {
		if unicode.IsControl(c) && c != '\n' && c != '\t' {
			return "holds a control character: " + show(string(c))
		}
	}
	return ""
}
