package plan

import (
	"strings"
	"time"
)

// Partial dates are compared by the day they can mean: gte and lt with the
// earliest, gt and lte with the latest. Stored dates order as text: by earliest
// day, less precise first. These two turn a date into the text to compare with.

// earliestText is the least text whose earliest day is that of v.
func earliestText(v string) string {
	v = strings.TrimSuffix(v, "-01")
	return strings.TrimSuffix(v, "-01")
}

// latestText is the greatest text whose earliest day is at most the latest day
// that v can mean.
func latestText(v string) string {
	switch len(v) {
	case 4:
		return v + "-12-31"
	case 7:
		t, err := time.Parse("2006-01", v)
		if err != nil {
			return v + "-31"
		}
		return t.AddDate(0, 1, -1).Format(time.DateOnly)
	}
	return v
}
