package generate

import (
	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// pool holds the values that occur in a data set.
type pool struct {
	values map[*catalog.Property][]any // not nil; lists are []any
	ids    []any
	texts  []string // of searched fields
}

func newPool(d *store.Dataset) *pool {
	p := &pool{values: map[*catalog.Property][]any{}}
	add := func(props []*catalog.Property, row []any) {
		for i, prop := range props {
			switch v := row[i].(type) {
			case nil:
			case []string:
				p.values[prop] = append(p.values[prop], elements(v))
			case []int64:
				p.values[prop] = append(p.values[prop], elements(v))
			case []float64:
				p.values[prop] = append(p.values[prop], elements(v))
			case []bool:
				p.values[prop] = append(p.values[prop], elements(v))
			default:
				p.values[prop] = append(p.values[prop], v)
			}
			if s, ok := row[i].(string); ok && prop.Search > 0 {
				p.texts = append(p.texts, prop.Words(s))
			}
		}
	}
	for _, set := range d.Nodes {
		for _, r := range set.Rows {
			add(set.Type.Properties, r)
			p.ids = append(p.ids, r[0])
		}
	}
	for _, set := range d.Edges {
		for _, e := range set.Rows {
			add(set.Relationship.Properties, e.Values)
		}
	}
	return p
}

func elements[T any](list []T) any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// of are the values of a property, at least one.
func (p *pool) of(prop *catalog.Property) []any {
	switch v := p.values[prop]; {
	case len(v) > 0:
		return v
	case prop.List:
		return []any{[]any{missing(prop)}}
	}
	return []any{missing(prop)}
}

// missing is a value, or an element, for a property that has none in the data.
func missing(p *catalog.Property) any {
	switch p.Kind {
	case catalog.Int:
		return int64(1)
	case catalog.Float:
		return 0.5
	case catalog.Boolean:
		return true
	case catalog.Date:
		return "2019-03"
	case catalog.DateTime:
		return times[0]
	case catalog.URL:
		return "https://example.org/"
	case catalog.Country:
		return "FR"
	case catalog.Enum_:
		return p.Enum.Values[0]
	}
	return "x"
}
