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
		if _, err := time.Parse(time.RFC3339Nano, s); err != nil {
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
