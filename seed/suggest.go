package seed

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// suggest is " (did you mean …?)" for the known name nearest to a mistyped one,
// or "" when none is near. Case does not count.
func suggest(name string, known []string) string {
	if len(name) > 100 || len(known) == 0 {
		return ""
	}
	distance := func(k string) int { return levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(k)) }
	best := slices.MinFunc(known, func(a, b string) int { return distance(a) - distance(b) })
	if distance(best) > 1+len(name)/3 {
		return ""
	}
	return " (did you mean " + best + "?)"
}
