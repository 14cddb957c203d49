package data

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"normgraph/graph/catalog"
)

// rows makes the nodes of one type. Ids are in order of creation.
func (g *generator) rows(n *catalog.Node, count int) [][]any {
	v := &values{Rand: g.stream(n.Name), words: newWords(), rare: max(1, count/perRareWord)}
	width := len(strconv.Itoa(count))
	ids := make([]string, count)
	rows := make([][]any, count)
	for i := range rows {
		ids[i] = fmt.Sprintf("%s-%0*d", strings.ToLower(n.Name), width, i)
		rows[i] = v.row(n.Properties, ids[i], i)
	}
	g.ids[n] = ids
	return rows
}

// perRareWord is how many nodes of a type share one rare word, at any size.
const perRareWord = 6

// values makes property values that look like the corpus's.
type values struct {
	*rand.Rand
	words *words
	rare  int // rare words of the type
}

// row makes the values of the serial-th node with the id, or of a relationship.
func (v *values) row(props []*catalog.Property, id string, serial int) []any {
	row := make([]any, len(props))
	for i, p := range props {
		switch {
		case p.Name == "id" && p.Kind == catalog.ID:
			row[i] = id
		case !p.NonNull && v.IntN(3) == 0:
		case p.List:
			list := make([]string, 1+v.IntN(3))
			for j := range list {
				list[j] = v.scalar(p, serial).(string)
			}
			row[i] = list
		default:
			row[i] = v.scalar(p, serial)
		}
	}
	for i, p := range props {
		if p.YearOf == "" {
			continue
		}
		date := slices.IndexFunc(props, func(q *catalog.Property) bool { return q.Name == p.YearOf })
		year, err := strconv.ParseInt(row[date].(string)[:4], 10, 64)
		if err != nil {
			panic(err) // scalar made the date
		}
		row[i] = year
	}
	return row
}

func (v *values) scalar(p *catalog.Property, serial int) any {
	switch p.Kind {
	case catalog.Int:
		if p.Name == "rank" || p.Name == "number" {
			return int64(1 + v.IntN(20))
		}
		return int64(1998 + v.IntN(27))
	case catalog.Float:
		return v.Float64()
	case catalog.Boolean:
		return v.IntN(2) == 0
	case catalog.Date:
		return v.date()
	case catalog.DateTime:
		return v.date() + "T00:00:00Z"
	case catalog.URL:
		return fmt.Sprintf("https://example.org/%s/%d", p.Name, serial)
	case catalog.Country:
		return countries[zipf(v.Rand, len(countries))]
	case catalog.Enum_:
		return p.Enum.Values[v.IntN(len(p.Enum.Values))]
	}
	switch {
	case p.Search > 1: // a name, unique within its type, with one rare word
		return fmt.Sprintf("%s %s %s %s %d", v.words.pick(v.Rand), v.words.pick(v.Rand), rareWord(v.IntN(v.rare)), v.words.pick(v.Rand), serial)
	case p.Search > 0:
		return v.words.sentence(v.Rand, 12+v.IntN(20))
	case p.Name == "timeUtc":
		return fmt.Sprintf("%02d:00", v.IntN(24))
	}
	return v.words.sentence(v.Rand, 2+v.IntN(6))
}

// date is a day, a month or a year, as in the corpus.
func (v *values) date() string {
	year, month, day := 1998+v.IntN(27), 1+v.IntN(12), 1+v.IntN(28)
	switch v.IntN(6) {
	case 0:
		return strconv.Itoa(year)
	case 1:
		return fmt.Sprintf("%d-%02d", year, month)
	}
	return fmt.Sprintf("%d-%02d-%02d", year, month, day)
}

var countries = strings.Fields(`US GB FR DE IT ES NL BE SE FI DK NO PL CZ AT CH JP KR AU NZ CA BR MX AR CL CO ZA KE NG GH
	EG MA TN SN RW IN SG MY TH VN ID PH CN RU UA GE AM KZ UZ MN TR IL SA AE QA JO LB GR PT IE IS EE LV LT LU MT CY SI HR BG RO HU SK`)
