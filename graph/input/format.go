package input

import (
	"net/url"
	"time"
)

// formats are the checks of the custom scalars: "" or what was expected.
var formats = map[string]func(string) string{
	"PartialDate": func(s string) string {
		if !IsPartialDate(s) {
			return "expected a date as YYYY, YYYY-MM or YYYY-MM-DD"
		}
		return ""
	},
	"DateTime": func(s string) string {
		if _, ok := DateTime(s); !ok {
			return "expected a date and time by RFC 3339, such as 2024-05-01T12:00:00Z"
		}
		return ""
	},
	"URL": func(s string) string {
		if !IsURL(s) {
			return "expected an http or https URL"
		}
		return ""
	},
	"CountryCode": func(s string) string {
		if !IsCountryCode(s) {
			return "expected a country code of two capital letters (ISO 3166-1 alpha-2)"
		}
		return ""
	},
}

// DateTime is a date and time of RFC 3339 in the one form in which it is stored
// and compared: in UTC, with nine digits of a second, so that the order of texts
// is that of time. It reports false for another text, and for a time that is not
// in the years 0 to 9999 of UTC.
func DateTime(s string) (string, bool) {
	t, err := time.Parse(time.RFC3339Nano, s)
	t = t.UTC()
	return t.Format("2006-01-02T15:04:05.000000000Z"), err == nil && 0 <= t.Year() && t.Year() <= 9999
}

// IsPartialDate reports whether s is YYYY, YYYY-MM or YYYY-MM-DD and exists in
// the calendar.
func IsPartialDate(s string) bool {
	layout := map[int]string{4: "2006", 7: "2006-01", 10: "2006-01-02"}[len(s)]
	if layout == "" {
		return false
	}
	_, err := time.Parse(layout, s)
	return err == nil
}

// IsURL reports whether s is an absolute http or https URL.
func IsURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
