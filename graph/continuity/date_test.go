package continuity

import (
	"slices"
	"testing"
	"time"

	"golang.org/x/text/language"
	"pgregory.net/rapid"
)

func dayOf(t *testing.T, text string) int32 {
	t.Helper()
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return int32(at.Sub(time.Unix(0, 0).UTC()) / (24 * time.Hour))
}

func TestParseDate(t *testing.T) {
	for _, c := range []struct {
		text, earliest, latest string
		year                   int
		precision              Precision
	}{
		{"2017", "2017-01-01", "2017-12-31", 2017, YearOnly},
		{"2016-02", "2016-02-01", "2016-02-29", 2016, MonthOnly},
		{"1999-12-31", "1999-12-31", "1999-12-31", 1999, FullDay},
		{"1960-12", "1960-12-01", "1960-12-31", 1960, MonthOnly},
	} {
		got, err := ParseDate(c.text)
		want := Date{dayOf(t, c.earliest), dayOf(t, c.latest), c.year, c.precision}
		if err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", c.text, got, err, want)
		}
	}
	for _, text := range []string{"", "17", "2017-1", "2017-13", "2017-02-29", "2017-02-30", "2017/02", "20170203", "2017-02-03T00", " 2017", "+017"} {
		if d, err := ParseDate(text); err == nil {
			t.Errorf("%q was read as %+v", text, d)
		}
	}
}

func TestDateOrder(t *testing.T) {
	ascending := []string{"2016-12-31", "2017", "2017-01", "2017-01-01", "2017-01-02", "2017-02", "2017-02-01"}
	for i, a := range ascending {
		for j, b := range ascending {
			x, _ := ParseDate(a)
			y, _ := ParseDate(b)
			if got, want := x.Compare(y), sign(i-j); got != want {
				t.Errorf("%s against %s: %d, want %d", a, b, got, want)
			}
		}
	}
}

func sign(x int) int { return max(-1, min(1, x)) }

func TestShiftYears(t *testing.T) {
	for _, c := range []struct {
		from  string
		years int
		to    string
	}{
		{"2016-02-29", 1, "2017-02-28"}, {"2016-02-29", -1, "2015-02-28"}, {"2016-02-29", 4, "2020-02-29"},
		{"2017-03-01", -1, "2016-03-01"}, {"2015-12-31", 5, "2020-12-31"}, {"2017-02-28", 3, "2020-02-28"},
	} {
		if got := shiftYears(dayOf(t, c.from), c.years); got != dayOf(t, c.to) {
			t.Errorf("%s + %d years: got day %d, want %s", c.from, c.years, got, c.to)
		}
	}
}

func TestSide(t *testing.T) {
	for _, c := range []struct {
		incident, agreement string
		want                int
	}{
		{"2010-05-01", "2010-05-01", 0}, {"2010-05-01", "2010-05-02", 1}, {"2010-05-02", "2010-05-01", -1},
		{"2010-05-01", "2012-05-01", 1}, {"2010-05-01", "2012-05-02", 0},
		{"2010-05-01", "2008-05-01", -1}, {"2010-05-01", "2008-04-30", 0},
		{"2010", "2010-05-01", 0}, {"2010", "2012-12-31", 1}, {"2010-01-01", "2013", 0}, {"2010-12-31", "2008", -1},
		{"2012-02-29", "2014-02-28", 1}, {"2012-02-29", "2014-03-01", 0},
	} {
		i, _ := ParseDate(c.incident)
		a, _ := ParseDate(c.agreement)
		if got := side(i, a, 2); got != c.want {
			t.Errorf("incident %s, agreement %s: %d, want %d", c.incident, c.agreement, got, c.want)
		}
	}
}

// The regions agree with the containment of CLDR, which follows M49 but keeps
// remote islands apart.
func TestRegionsAgreeWithCLDR(t *testing.T) {
	world := map[string]string{africa: "002", americas: "019", asia: "142", europe: "150", oceania: "009"}
	apart := []string{"BV", "CC", "CX", "GS", "HM", "IO", "TF", "UM"}
	seen := 0
	for country, region := range regionByCountry {
		if _, outside := outsideM49[country]; outside {
			continue
		}
		if slices.Contains(apart, country) {
			seen++
			continue
		}
		r, err := language.ParseRegion(country)
		if err != nil {
			t.Errorf("%s: %v", country, err)
			continue
		}
		if !language.MustParseRegion(world[region]).Contains(r.Canonicalize()) {
			t.Errorf("%s is not in %s", country, region)
		}
	}
	if seen != len(apart) {
		t.Errorf("only %d of %v are placed", seen, apart)
	}
	// ISO 3166-1 has 249 codes; TW and AQ are not placed by M49.
	if got := len(regionByCountry) - len(outsideM49); got != 247 {
		t.Errorf("%d countries of M49, want 247", got)
	}
	if got := regionsOf([]string{"TW", "XK", "AQ", "ZZ"}); !slices.Equal(got, []string{asia, europe, regionUnknown, regionUnknown}) {
		t.Errorf("outside M49: %v", got)
	}
}

func TestCompetitionRanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.Int64Range(0, 5)).Draw(t, "values")
		out := make([]int32, len(values))
		ranks(values, make([]int64, len(values)), out)
		for i, v := range values {
			want := int32(1)
			for _, other := range values {
				want += int32(btoi(other > v))
			}
			if out[i] != want {
				t.Fatalf("%v: rank %d of %d", values, out[i], v)
			}
		}
	})
}
