package seed

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/input"
)

// maxList bounds the text of a list as a whole, in bytes.
const maxList = 200_000

var (
	idForm   = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	timeForm = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// timeUTC is the one String field that has a form of its own: HH:MM.
const timeUTC = "timeUtc"

// parse reads the text of a cell, which is not empty, as a value of p in the
// form that store.NodeSet documents. The messages say what was expected; there
// are none when the text is right.
func parse(p *catalog.Property, text string) (any, []string) {
	if !p.List {
		v, msg := scalar(p, text)
		if msg != "" {
			return nil, []string{msg}
		}
		return v, nil
	}
	if len(text) > maxList {
		return nil, []string{fmt.Sprintf("expected a list of at most %d bytes, got %d", maxList, len(text))}
	}
	values := emptyList(p)
	items, msgs := split(text, p.Kind.Text())
	for _, item := range items {
		v, msg := scalar(p, item)
		if msg != "" {
			msgs = append(msgs, msg)
			continue
		}
		values = appendTo(values, v)
	}
	return values, msgs
}

// split cuts a list at ';' and leaves out the elements that it has a message
// for. A set names nothing twice.
func split(text string, set bool) (items, msgs []string) {
	seen := map[string]bool{}
	for item := range strings.SplitSeq(text, ";") {
		switch {
		case item == "" && seen[item]:
		case item == "":
			msgs = append(msgs, fmt.Sprintf("the list %s has an empty element; expected values split by ';'", show(text)))
		case strings.TrimSpace(item) != item:
			msgs = append(msgs, fmt.Sprintf("the list has spaces around %s; expected values split by ';' alone", show(item)))
		case set && seen[item]:
			msgs = append(msgs, fmt.Sprintf("the list names %s again; expected it once", show(item)))
		default:
			items = append(items, item)
		}
		seen[item] = true
	}
	return items, msgs
}

// scalar reads one value of p's kind.
func scalar(p *catalog.Property, s string) (any, string) {
	if p.Kind != catalog.ID && len(s) > p.MaxBytes() {
		return nil, fmt.Sprintf("expected at most %d bytes, got %d", p.MaxBytes(), len(s))
	}
	expected := ""
	switch p.Kind {
	case catalog.ID:
		switch {
		case !idForm.MatchString(s) || len(s) > p.MaxBytes():
			expected = fmt.Sprintf("an id of at most %d letters a-z and A-Z, digits, '-', '.' and '_'", p.MaxBytes())
		case s == "." || s == "..": // the address of its page would be that of another
			expected = "an id that is more than a dot or two, which stand for folders in addresses"
		}
	case catalog.Int:
		if i, err := strconv.ParseInt(s, 10, 32); err == nil {
			return i, ""
		}
		expected = "an integer of 32 bits"
	case catalog.Float:
		var f float64
		if json.Unmarshal([]byte(s), &f) == nil && s != "null" {
			return f + 0, "" // -0 is 0
		}
		expected = "a number such as 12.5"
	case catalog.Boolean:
		if s == "true" || s == "false" {
			return s == "true", ""
		}
		expected = "true or false"
	case catalog.Date:
		if !input.IsPartialDate(s) {
			expected = "a date of the calendar as YYYY, YYYY-MM or YYYY-MM-DD"
		}
	case catalog.DateTime:
		if t, ok := input.DateTime(s); ok {
			return t, ""
		}
		expected = "a date and time by RFC 3339, such as 2024-05-01T12:00:00Z"
	case catalog.URL:
		if !input.IsURL(s) || strings.ContainsAny(s, " \t\n") {
			expected = "an http or https URL"
		}
	case catalog.Country:
		if !input.IsCountryCode(s) {
			expected = "a country code of ISO 3166-1 alpha-2, such as KE"
		}
	case catalog.Enum_:
		if !p.Enum.Has(s) {
			return nil, fmt.Sprintf("%s is no %s%s; expected one of %s", show(s), p.Enum.Name, suggest(s, p.Enum.Values), strings.Join(p.Enum.Values, ", "))
		}
	case catalog.String:
		if p.Name == timeUTC && !timeForm.MatchString(s) {
			expected = "a time as HH:MM, 00:00 to 23:59"
		}
	}
	if expected != "" {
		return nil, fmt.Sprintf("expected %s, got %s", expected, show(s))
	}
	return s, ""
}

func emptyList(p *catalog.Property) any {
	switch p.Kind {
	case catalog.Int:
		return []int64{}
	case catalog.Float:
		return []float64{}
	case catalog.Boolean:
		return []bool{}
	}
	return []string{}
}

func appendTo(list, v any) any {
	switch l := list.(type) {
	case []int64:
		return append(l, v.(int64))
	case []float64:
		return append(l, v.(float64))
	case []bool:
		return append(l, v.(bool))
	}
	return append(list.([]string), v.(string))
}
