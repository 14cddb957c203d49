package catalog

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Words is a stored text of p as people write it: an enum value without capitals
// and underscores, a country by its English name and its code.
func (p *Property) Words(value string) string {
	switch p.Kind {
	case Enum_:
		return strings.ToLower(strings.ReplaceAll(value, "_", " "))
	case Country:
		if region, err := language.ParseRegion(value); err == nil {
			if name := countries.Name(region); name != "" {
				return name + " (" + value + ")"
			}
		}
	}
	return value
}

var countries = display.English.Regions()
