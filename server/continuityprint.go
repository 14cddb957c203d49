package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"text/tabwriter"

	"normgraph/web"
)

// printers write the answer in the formats of --format.
var printers = map[string]func(io.Writer, *continuity) error{
	"table": printTable, "csv": printCSV, "json": printJSON, "markdown": printMarkdown,
}

func printJSON(w io.Writer, c *continuity) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(c)
}

// columns are those of tables for people; CSV has every figure.
var columns = []struct {
	head  string
	value func(*continuityRow) string
}{
	{"rank", func(r *continuityRow) string { return strconv.Itoa(r.Rank) }},
	{"95 %", func(r *continuityRow) string { return span(r.RankInterval, 0) }},
	{"norm", func(r *continuityRow) string { return r.Label }},
	{"score", func(r *continuityRow) string { return fixed(&r.Score, 2) }},
	{"", func(r *continuityRow) string { return bar(r.Score) }},
	{"95 %", func(r *continuityRow) string { return span(r.ScoreInterval, 2) }},
	{"incidents", func(r *continuityRow) string { return strconv.Itoa(r.IncidentCount) }},
	{"share", func(r *continuityRow) string { return fixed(&r.Share, 2) }},
	{"95 %", func(r *continuityRow) string { return span(r.ShareInterval, 2) }},
	{"first–last", func(r *continuityRow) string { return years(r) }},
	{"periods", func(r *continuityRow) string { return strconv.Itoa(r.ActivePeriods) }},
	{"expected", func(r *continuityRow) string { return fixed(r.ExpectedActivePeriods, 1) }},
	{"q", func(r *continuityRow) string { return fixed(r.QValue, 2) }},
	{"rests on", func(r *continuityRow) string { return r.Methods.list(" ", ", ") }},
}

func printTable(w io.Writer, c *continuity) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, heads("\t"))
	for i := range c.Rows {
		fmt.Fprintln(t, cells(&c.Rows[i], "\t", func(s string) string { return s }))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s\n%s", basis(c), caveats(c))
	return err
}

func printMarkdown(w io.Writer, c *continuity) error {
	var out strings.Builder
	fmt.Fprintf(&out, "| %s |\n|%s\n", heads(" | "), strings.Repeat("---|", len(columns)))
	for i := range c.Rows {
		fmt.Fprintf(&out, "| %s |\n", cells(&c.Rows[i], " | ", func(s string) string { return strings.ReplaceAll(s, "|", `\|`) }))
	}
	fmt.Fprintf(&out, "\n%s\n\n%s", basis(c), caveats(c))
	_, err := io.WriteString(w, out.String())
	return err
}

func heads(separator string) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.head
	}
	return strings.Join(list, separator)
}

func cells(r *continuityRow, separator string, escape func(string) string) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = escape(c.value(r))
	}
	return strings.Join(list, separator)
}

func basis(c *continuity) string {
	return web.Counted(c.AssessedIncidents, "assessed incident") + " in " + web.Counted(len(c.ObservablePeriods), "period") + "."
}

func caveats(c *continuity) string {
	var out strings.Builder
	for _, s := range c.Caveats {
		out.WriteString("- " + s + "\n")
	}
	return out.String()
}

// printCSV writes a column per figure, named as in the JSON, intervals as two.
func printCSV(w io.Writer, c *continuity) error {
	out := csv.NewWriter(w)
	var head []string
	typ := reflect.TypeFor[continuityRow]()
	for i := range typ.NumField() {
		f := typ.Field(i)
		name := f.Tag.Get("json")
		if f.Type == reflect.TypeFor[*interval]() {
			head = append(head, name+"Low", name+"High")
		} else {
			head = append(head, name)
		}
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for i := range c.Rows {
		var record []string
		row := reflect.ValueOf(&c.Rows[i]).Elem()
		for j := range row.NumField() {
			record = append(record, fields(row.Field(j).Interface())...)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// fields are the CSV fields of a figure; null is empty.
func fields(v any) []string {
	switch v := v.(type) {
	case *interval:
		if v == nil {
			v = &interval{}
		}
		return append(fields(v.Low), fields(v.High)...)
	case *begun:
		if v == nil {
			return []string{""}
		}
		return []string{v.StartDate}
	case methods:
		return []string{v.list("=", ";")}
	case *float64:
		if v == nil {
			return []string{""}
		}
		return fields(*v)
	case *int:
		if v == nil {
			return []string{""}
		}
		return fields(*v)
	case float64:
		return []string{strconv.FormatFloat(v, 'g', -1, 64)}
	case int:
		return []string{strconv.Itoa(v)}
	}
	return []string{fmt.Sprint(v)}
}

// list names the methods with their counts, whatever their basis.
func (m methods) list(equals, separator string) string {
	var out []string
	for i := 0; i < len(m); {
		sum, j := 0, i
		for ; j < len(m) && m[j].Method == m[i].Method; j++ {
			sum += m[j].Count
		}
		out = append(out, m[i].Method+equals+strconv.Itoa(sum))
		i = j
	}
	return strings.Join(out, separator)
}

const none = "–"

func fixed(x *float64, decimals int) string {
	if x == nil {
		return none
	}
	return strconv.FormatFloat(*x, 'f', decimals, 64)
}

func span(i *interval, decimals int) string {
	if i == nil {
		return none
	}
	return fixed(i.Low, decimals) + "–" + fixed(i.High, decimals)
}

func years(r *continuityRow) string {
	if r.First == nil || r.Last == nil {
		return none
	}
	return r.First.StartDate[:4] + "–" + r.Last.StartDate[:4]
}

// bar draws a number from 0 to 1, in eighths of a character.
func bar(x float64) string {
	const width = 12
	eighths := int(math.Round(x * width * 8))
	full := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		full += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return full + strings.Repeat(" ", width-len([]rune(full)))
}
