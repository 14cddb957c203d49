package pages

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// flat is an answer as a table: what programs for statistics and dashboards
// read. web/src/views/rows.ts makes the same rows of the same answer, for people,
// with the columns that it holds.
//
// A list of objects gives one row for each; what stands beside and above it is
// repeated in each row. Of several lists side by side each gives rows of its own.
// What the answer says beside its lists, such as caveats, is in the last columns.
// A column is called by the path to the value, without "edges" and "node", and
// without the root field if there is only one. Which columns there are follows from
// the document, not from the data. Lists of plain values are joined by "; ".
type flat struct {
	Columns []string
	Rows    []map[string]any // string, json.Number or bool; a missing value is null
	// About are the last columns, which say the same in each row.
	About []string
	// Beside is what the answer says beside its lists, also without any row.
	Beside map[string]any
}

// Listed are the columns in which rows differ.
func (f *flat) Listed() []string { return f.Columns[:len(f.Columns)-len(f.About)] }

// flatten makes rows of an answer of a shape, which alone says what the columns are. list, if not "", keeps the rows of the lists of that name alone.
func flatten(root, shape object, list string) *flat {
	shape, members := withoutRoot(shape, root)
	f := &flat{Beside: map[string]any{}}
	listed := map[string]bool{} // members with a list of objects
	for _, m := range shape {
		rows := unfold(object{m}, nil)
		if isPlain(rows) {
			f.About = withColumns(f.About, rows[0])
			continue
		}
		listed[m.name] = true
		for _, row := range rows {
			if list == "" || slices.Contains(row.lists, list) {
				f.Columns = withColumns(f.Columns, row)
			}
		}
	}
	f.About = slices.DeleteFunc(f.About, func(column string) bool { return slices.Contains(f.Columns, column) })
	f.Columns = append(f.Columns, f.About...)
	known := map[string]bool{}
	for _, column := range f.Columns {
		known[column] = true
	}
	var rows []flatRow
	for _, m := range members {
		for _, row := range unfold(object{m}, nil) {
			// What is not known is an object that is null, or a list of no objects.
			row.cells = slices.DeleteFunc(row.cells, func(c cell) bool { return !known[c.column] })
			switch {
			case !listed[m.name]:
				for _, c := range row.cells {
					f.Beside[c.column] = c.value
				}
			case len(row.cells)+len(row.lists) > 0:
				rows = append(rows, row)
			}
		}
	}
	if rows == nil && len(f.Beside) > 0 {
		rows = []flatRow{{}} // so that caveats are not lost
	}
	if len(listed) == 0 {
		f.About = nil
	}
	for _, row := range rows {
		if list != "" && !slices.Contains(row.lists, list) {
			continue
		}
		cells := maps.Clone(f.Beside)
		for _, c := range row.cells {
			cells[c.column] = c.value
		}
		f.Rows = append(f.Rows, cells)
	}
	return f
}

// withoutRoot takes the root field away from an answer's shape and data, if there is only one.
func withoutRoot(shape, data object) (object, object) {
	if len(shape) != 1 || len(data) != 1 {
		return shape, data
	}
	switch inner := shape[0].value.(type) {
	case object:
		below, _ := data[0].value.(object) // or null
		return inner, below
	case []any:
		return object{{"node", inner}}, object{{"node", data[0].value}} // which is left out of names
	}
	return shape, data
}

func withColumns(columns []string, row flatRow) []string {
	for _, c := range row.cells {
		if !slices.Contains(columns, c.column) {
			columns = append(columns, c.column)
		}
	}
	return columns
}

// object is a JSON object in its order.
type object []member

type member struct {
	name  string
	value any
}

// member is the value of a name, nil if there is none.
func (o object) member(name string) any {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// readRoot reads the data of an answer.
func readRoot(data []byte) (object, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	root, err := readOrdered(decoder)
	if err != nil {
		return nil, err
	}
	members, ok := root.(object)
	if !ok {
		return nil, fmt.Errorf("the answer is no object")
	}
	return members, nil
}

func readOrdered(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		all := object{}
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return nil, err
			}
			value, err := readOrdered(d)
			if err != nil {
				return nil, err
			}
			all = append(all, member{name.(string), value})
		}
		_, err = d.Token()
		return all, err
	case json.Delim('['):
		all := []any{}
		for d.More() {
			value, err := readOrdered(d)
			if err != nil {
				return nil, err
			}
			all = append(all, value)
		}
		_, err = d.Token()
		return all, err
	}
	return token, nil
}

type cell struct {
	column string
	value  any
}

type flatRow struct {
	cells []cell
	lists []string // that the row comes from
}

// unfold makes rows of an object.
func unfold(o object, path []string) []flatRow {
	var base flatRow
	var below [][]flatRow
	for _, m := range o {
		if m.name == "__typename" {
			continue
		}
		inner := path
		if m.name != "edges" && m.name != "node" {
			inner = append(slices.Clone(path), m.name)
		}
		switch value := m.value.(type) {
		case object:
			rows := unfold(value, inner)
			if isPlain(rows) {
				base.cells = append(base.cells, rows[0].cells...)
			} else {
				below = append(below, rows)
			}
		case []any:
			var rows []flatRow
			var plain []string
			for _, item := range value {
				if o, ok := item.(object); ok {
					for _, row := range unfold(o, inner) {
						row.lists = append([]string{m.name}, row.lists...)
						rows = append(rows, row)
					}
				} else if item != nil {
					plain = append(plain, fmt.Sprint(item))
				}
			}
			if len(rows) > 0 {
				below = append(below, rows)
			} else if len(inner) > 0 { // else it is the empty list of all rows
				base.cells = append(base.cells, cell{strings.Join(inner, "."), strings.Join(plain, "; ")})
			}
		default:
			base.cells = append(base.cells, cell{strings.Join(inner, "."), value})
		}
	}
	if len(below) == 0 {
		return []flatRow{base}
	}
	var all []flatRow
	for _, rows := range below {
		for _, row := range rows {
			all = append(all, flatRow{append(slices.Clone(base.cells), row.cells...), row.lists})
		}
	}
	return all
}

// isPlain says that rows come from no list.
func isPlain(rows []flatRow) bool { return len(rows) == 1 && len(rows[0].lists) == 0 }

// writeCSV writes RFC 4180. A text that a spreadsheet would take for a formula
// gets an apostrophe in front; numbers stay as they are.
func (f *flat) writeCSV(w io.Writer) error {
	if len(f.Columns) == 0 {
		return nil
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(f.Columns); err != nil {
		return err
	}
	record := make([]string, len(f.Columns))
	for _, row := range f.Rows {
		for i, column := range f.Columns {
			record[i] = cellText(row[column])
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// formulaStarts begin a formula; some spreadsheets take their full-width forms too.
const formulaStarts = "=+-@\t\r＝＋－＠"

func cellText(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		if first, _ := utf8.DecodeRuneInString(value); value != "" && strings.ContainsRune(formulaStarts, first) {
			return "'" + value
		}
		return value
	}
	return fmt.Sprint(value)
}

// writeJSON writes an array of objects that all have the same members, in the order of the columns.
func (f *flat) writeJSON(w io.Writer) error {
	var b bytes.Buffer
	b.WriteByte('[')
	for i, row := range f.Rows {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, column := range f.Columns {
			name, err := json.Marshal(column)
			if err != nil {
				return err
			}
			value, err := json.Marshal(row[column])
			if err != nil {
				return err
			}
			b.WriteByte("{,"[min(j, 1)])
			b.Write(name)
			b.WriteByte(':')
			b.Write(value)
		}
		if len(f.Columns) == 0 {
			b.WriteByte('{')
		}
		b.WriteByte('}')
	}
	b.WriteString("]\n")
	_, err := w.Write(b.Bytes())
	return err
}
