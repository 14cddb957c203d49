package continuity

import (
	"cmp"
	"fmt"
	"time"
)

// Precision says how much of a date is known.
type Precision uint8

// Coarser precisions come first.
const (
	YearOnly Precision = iota
	MonthOnly
	FullDay
)

// Date is a PartialDate: a year, a month or a day (EDTF level 0). Days are
// counted from 1970-01-01.
type Date struct {
	Earliest  int32 // first day that the text can mean
	Latest    int32 // last day that the text can mean
	Year      int
	Precision Precision
}

// ParseDate reads YYYY, YYYY-MM or YYYY-MM-DD.
func ParseDate(text string) (Date, error) {
	const layout = time.DateOnly
	switch len(text) {
	case len("2006"):
		return parse(text, layout[:4], YearOnly, func(t time.Time) time.Time { return t.AddDate(1, 0, -1) })
	case len("2006-01"):
		return parse(text, layout[:7], MonthOnly, func(t time.Time) time.Time { return t.AddDate(0, 1, -1) })
	default:
		return parse(text, layout, FullDay, func(t time.Time) time.Time { return t })
	}
}

func parse(text, layout string, precision Precision, latest func(time.Time) time.Time) (Date, error) {
	t, err := time.Parse(layout, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD", text)
	}
	return Date{day(t), day(latest(t)), t.Year(), precision}, nil
}

const secondsPerDay = 24 * 60 * 60

func day(t time.Time) int32 {
	// Unix seconds at midnight UTC are a multiple of a day, also before 1970.
	return int32(t.Unix() / secondsPerDay)
}

// Compare orders by earliest day, coarser precision first.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Earliest, e.Earliest), cmp.Compare(d.Precision, e.Precision))
}

// shiftYears moves a day by whole calendar years; 29 February becomes the 28th
// where the year has no 29th.
func shiftYears(dayNumber int32, years int) int32 {
	t := time.Unix(int64(dayNumber)*secondsPerDay, 0).UTC()
	shifted := t.AddDate(years, 0, 0)
	if shifted.Day() != t.Day() { // AddDate went on to 1 March
		shifted = shifted.AddDate(0, 0, -1)
	}
	return day(shifted)
}
