package seed

import (
	"strconv"
	"strings"
	"time"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// values reads the properties of a row, in the order of the file's properties.
// Unknown values are nil, unknown lists empty. What could not be read is wrong.
func (r *reader) values(row row) (out []any, wrong map[*catalog.Property]bool) {
	f := row.table.file
	out = make([]any, len(f.properties))
	for i, p := range f.properties {
		if p.List {
			out[i] = emptyList(p)
		}
	}
	wrong = map[*catalog.Property]bool{}
	for i, c := range row.table.columns {
		if c == nil || c.property == nil {
			continue
		}
		text, ok := r.text(row, i)
		if ok && text != "" {
			v, msgs := parse(c.property, text)
			if ok = len(msgs) == 0; ok {
				out[c.index] = v
			}
			for _, msg := range msgs {
				r.add(row.place(c.name), "%s", msg)
			}
		}
		if !ok {
			wrong[c.property] = true
		}
	}
	return out, wrong
}

// whole is a row as a merge leaves it, put over what is stored of it, nil for
// nothing. It reports what a new row lacks, and what does not fit together.
func (r *reader) whole(row row, values []any, wrong map[*catalog.Property]bool, stored []any) []any {
	if stored != nil {
		values = store.Complete(row.table.stated(), values, stored)
	} else if r.stored != nil {
		for _, c := range row.table.file.columns {
			if c.needed() && row.table.position(c.name) < 0 {
				r.add(row.place(c.name), "the row is new to the store and needs a value; the file has no such column")
				wrong[c.property] = true
			}
		}
	}
	r.years(row, values, wrong)
	r.periods(row, values)
	return values
}

// text is the cell of the i-th column. It reports text that cannot be stored,
// and an empty cell where a value is needed.
func (r *reader) text(row row, i int) (string, bool) {
	c, s := row.table.columns[i], row.cells[i]
	if msg := badText(s); msg != "" {
		r.add(row.place(c.name), "the cell %s", msg)
		return "", false
	}
	if s == "" && c.needed() {
		r.add(row.place(c.name), "the cell is empty; expected %s", describe(row.table.file, c))
		return "", false
	}
	return s, true
}

func describe(f *file, c *column) string {
	switch c.end {
	case fromEnd:
		return idsOf(f.from)
	case toEnd:
		return idsOf(f.to)
	}
	return "a value of type " + c.property.Type
}

// years fills in the years that derive from a date, and compares those that are
// given.
func (r *reader) years(row row, values []any, wrong map[*catalog.Property]bool) {
	f := row.table.file
	for i, p := range f.properties {
		if p.YearOf == "" || wrong[p] {
			continue
		}
		dateAt := indexOf(f.properties, p.YearOf)
		date, known := values[dateAt].(string)
		switch given, stated := values[i].(int64); {
		case known:
			year, _ := strconv.ParseInt(date[:4], 10, 32) // the date was checked
			if stated && given != year && row.table.position(snake(p.Name)) >= 0 {
				r.add(row.place(snake(p.Name)), "expected %d, the year of %s, got %d", year, snake(p.YearOf), given)
			}
			values[i] = year
		case p.NonNull && !stated && !wrong[f.properties[dateAt]] && !f.properties[dateAt].NonNull:
			r.add(row.place(snake(p.Name)), "the year is not known; expected one here, or a date in %s", snake(p.YearOf))
		}
	}
}

// periods compares what starts with what ends: startDate with endDate,
// startYear with endYear. An end that is known less precisely than its start is
// wrong only when even its latest day comes before the earliest of the start.
func (r *reader) periods(row row, values []any) {
	f := row.table.file
	for i, p := range f.properties {
		what, isStart := strings.CutPrefix(p.Name, "start")
		j := indexOf(f.properties, "end"+what)
		if !isStart || j < 0 || values[i] == nil || values[j] == nil {
			continue
		}
		q := f.properties[j]
		before := false
		switch {
		case p.List || q.List || p.Kind != q.Kind:
		case p.Kind == catalog.Date:
			start, end := values[i].(string), values[j].(string)
			before = latestDay(end).Before(earliestDay(start))
		case p.Kind == catalog.Int:
			before = values[j].(int64) < values[i].(int64)
		}
		if before {
			r.add(row.place(snake(q.Name)), "the end, %v, is before the start, %v; expected an end not before %s", values[j], values[i], snake(p.Name))
		}
	}
}

func indexOf(properties []*catalog.Property, name string) int {
	for i, p := range properties {
		if p.Name == name {
			return i
		}
	}
	return -1
}

// earliestDay is the first day that a checked date can mean.
func earliestDay(date string) time.Time {
	t, _ := time.Parse(time.DateOnly[:len(date)], date)
	return t
}

// latestDay is the last day that a checked date can mean.
func latestDay(date string) time.Time {
	t := earliestDay(date)
	switch len(date) {
	case len("2006"):
		return t.AddDate(1, 0, -1)
	case len("2006-01"):
		return t.AddDate(0, 1, -1)
	}
	return t
}
