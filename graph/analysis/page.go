package analysis

import (
	"cmp"
	"sort"

	"normgraph/graph/catalog"
	"normgraph/graph/input"
	"normgraph/graph/plan"
)

// positions are the connections of computed objects, and the kinds of the values
// that an edge's position consists of, all ascending: what descends is negated.
var positions = map[string][]catalog.Kind{
	"NormContinuity":        {catalog.Int, catalog.Int, catalog.ID}, // −score, −incidents, key
	"NormDriversConnection": {catalog.Int, catalog.ID},              // −after, key
	"NormPairConnection":    {catalog.Int, catalog.ID, catalog.ID},  // −count, keys
	"CommitmentConnection":  {catalog.Int, catalog.Int, catalog.ID}, // no core idea, −agreements, id
	"AssessmentsConnection": {catalog.ID},
	// agreement's day and id, incident's day, precision and id
	"DriverPairConnection": {catalog.Int, catalog.ID, catalog.Int, catalog.Int, catalog.ID},
}

func paged(f *plan.Field) bool { return positions[f.Type] != nil }

// page is what the arguments of a connection ask for.
type page struct {
	size        int
	byDefault   bool
	after       []any // nil: from the start
	fingerprint string
}

// pages are those of all connections of an operation.
type pages map[*plan.Field]page

// read reads the arguments of f and all below it.
func (p pages) read(f *plan.Field) error {
	if kinds := positions[f.Type]; kinds != nil {
		pg := page{size: catalog.DefaultPage, byDefault: true, fingerprint: plan.Fingerprint(f.Owner + "." + f.Name + " " + args(f.Args).text("groupBy"))}
		if size, given := f.Args["first"].(int64); given {
			if size < 0 || size > catalog.MaxPage {
				return input.Errorf(f.Path+"(first:)", "must be from 0 to %d, got %d", catalog.MaxPage, size)
			}
			pg.size, pg.byDefault = int(size), false
		}
		if after, given := f.Args["after"].(string); given {
			var err error
			if pg.after, err = plan.Position(after, pg.fingerprint, f.Path+"(after:)", kinds); err != nil {
				return err
			}
		}
		p[f] = pg
	}
	for _, k := range f.Kids {
		if err := p.read(k); err != nil {
			return err
		}
	}
	return nil
}

// connected is n edges by ascending position, of which a field asks for a page.
type connected struct {
	n        int
	position func(int) []any
	node     func(int) any
	rest     object // fields that are not a connection's own
}

func (w *writer) connection(f *plan.Field, c connected) object {
	pg := w.pages[f]
	start := 0
	if pg.after != nil {
		start = sort.Search(c.n, func(i int) bool { return compare(c.position(i), pg.after) > 0 })
	}
	end := min(start+pg.size, c.n)
	cursor := func(i int) any { return plan.Cursor(pg.fingerprint, c.position(i)) }
	if pg.byDefault && end < c.n && f.Selects("edges", "pageInfo") {
		w.cut = append(w.cut, f.Path)
	}
	return func(f *plan.Field) any {
		switch f.Name {
		case "totalCount":
			return c.n
		case "edges":
			return list(end-start, func(i int) object {
				return func(f *plan.Field) any {
					switch f.Name {
					case "cursor":
						return cursor(start + i)
					case "node":
						return c.node(start + i)
					}
					return unknown(f)
				}
			})
		case "pageInfo":
			return object(func(f *plan.Field) any {
				switch {
				case f.Name == "hasNextPage":
					return end < c.n
				case f.Name == "hasPreviousPage":
					return pg.after != nil
				case f.Name != "startCursor" && f.Name != "endCursor":
					return unknown(f)
				case start >= end:
					return nil
				case f.Name == "startCursor":
					return cursor(start)
				}
				return cursor(end - 1)
			})
		}
		if c.rest == nil {
			return unknown(f)
		}
		return c.rest(f)
	}
}

func compare(a, b []any) int {
	for i := range a {
		var c int
		switch x := a[i].(type) {
		case int64:
			c = cmp.Compare(x, b[i].(int64))
		case string:
			c = cmp.Compare(x, b[i].(string))
		}
		if c != 0 {
			return c
		}
	}
	return 0
}
