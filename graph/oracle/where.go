package oracle

import (
	"slices"
	"strings"
	"time"

	"normgraph/graph/catalog"
)

// truth is a value of three-valued logic.
type truth int

const (
	no truth = iota
	unknown
	yes
)

func is(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth { return yes - t }

func all(list []truth) truth {
	t := yes
	for _, x := range list {
		t = min(t, x)
	}
	return t
}

func anyOf(list []truth) truth {
	t := no
	for _, x := range list {
		t = max(t, x)
	}
	return t
}

// logic reads AND, OR and NOT, and any other key by one.
func logic(w map[string]any, one func(key string, v any) truth, again func(map[string]any) truth) truth {
	var ts []truth
	for k, v := range w {
		switch k {
		case "AND", "OR":
			var kids []truth
			for _, e := range asList(v) {
				kids = append(kids, again(e.(map[string]any)))
			}
			if k == "AND" {
				ts = append(ts, all(kids))
			} else {
				ts = append(ts, anyOf(kids))
			}
		case "NOT":
			ts = append(ts, again(v.(map[string]any)).not())
		default:
			ts = append(ts, one(k, v))
		}
	}
	return all(ts)
}

// where is XWhere for a node.
func (n *node) where(w map[string]any) truth {
	return logic(w, func(key string, v any) truth {
		if p := n.typ.Property(key); p != nil {
			return filter(p, n.values[key], v.(map[string]any))
		}
		if r := n.typ.Relation(key); r != nil {
			if r.List {
				return quantified(related(n, r), v.(map[string]any), func(x row, w map[string]any) truth { return x.node.where(w) })
			}
			if v == nil {
				return is(len(related(n, r)) == 0)
			}
			return is(slices.ContainsFunc(related(n, r), func(x row) bool { return x.node.where(v.(map[string]any)) == yes }))
		}
		r := n.typ.Relation(strings.TrimSuffix(key, "Connection"))
		f := v.(map[string]any)
		t := quantified(related(n, r), f, func(x row, w map[string]any) truth { return x.where(r, w) })
		if agg, ok := f["aggregate"].(map[string]any); ok {
			t = min(t, counted(related(n, r), agg))
		}
		return t
	}, n.where)
}

// where is { node, edge, AND, OR, NOT } of a relation's connection.
func (x row) where(r *catalog.Relation, w map[string]any) truth {
	return logic(w, func(key string, v any) truth {
		if key == "node" {
			return x.node.where(v.(map[string]any))
		}
		return x.edge.where(r.Relationship, v.(map[string]any))
	}, func(w map[string]any) truth { return x.where(r, w) })
}

func (e *edge) where(r *catalog.Relationship, w map[string]any) truth {
	return logic(w, func(key string, v any) truth {
		return filter(r.Property(key), e.values[key], v.(map[string]any))
	}, func(w map[string]any) truth { return e.where(r, w) })
}

func quantified(rows []row, w map[string]any, test func(row, map[string]any) truth) truth {
	t := yes
	for _, q := range []string{"some", "all", "none", "single"} {
		inner, ok := w[q].(map[string]any)
		if !ok {
			continue
		}
		hold, differ := 0, 0
		for _, x := range rows {
			switch test(x, inner) {
			case yes:
				hold++
			case no:
				differ++
			}
		}
		t = min(t, is(map[string]bool{"some": hold > 0, "all": differ == 0, "none": hold == 0, "single": hold == 1}[q]))
	}
	return t
}

func counted(rows []row, w map[string]any) truth {
	return logic(w, func(_ string, v any) truth {
		t := yes
		for of, f := range v.(map[string]any) {
			n := int64(len(rows))
			if of == "nodes" {
				n = int64(len(distinct(rows)))
			}
			t = min(t, filter(&catalog.Property{Kind: catalog.Int}, n, f.(map[string]any)))
		}
		return t
	}, func(w map[string]any) truth { return counted(rows, w) })
}

// filter holds one stored value against the operators of a filter object.
func filter(p *catalog.Property, stored any, ops map[string]any) truth {
	t := yes
	for op, v := range ops {
		t = min(t, operator(p, stored, op, v))
	}
	return t
}

func operator(p *catalog.Property, stored any, op string, v any) truth {
	if op == "eq" && v == nil {
		return is(stored == nil)
	}
	if op == "in" && len(asList(v)) == 0 {
		return no
	}
	if stored == nil {
		return unknown
	}
	switch op {
	case "eq":
		if p.List {
			return is(slices.EqualFunc(stored.([]any), asList(v), equal))
		}
		return is(compare(stored, v) == 0)
	case "in":
		return is(slices.ContainsFunc(asList(v), func(x any) bool { return compare(stored, x) == 0 }))
	case "includes":
		return is(slices.ContainsFunc(stored.([]any), func(x any) bool { return equal(x, v) }))
	case "contains":
		return is(strings.Contains(stored.(string), v.(string)))
	case "startsWith":
		return is(strings.HasPrefix(stored.(string), v.(string)))
	case "endsWith":
		return is(strings.HasSuffix(stored.(string), v.(string)))
	}
	c := 0
	if p.Kind == catalog.Date {
		latest := op == "gt" || op == "lte"
		c = firstDay(stored.(string)).Compare(bound(v.(string), latest))
	} else {
		c = compare(stored, v)
	}
	return is(map[string]bool{"lt": c < 0, "lte": c <= 0, "gt": c > 0, "gte": c >= 0}[op])
}

// firstDay is the earliest day that a partial date can mean.
func firstDay(s string) time.Time { return bound(s, false) }

// bound is the earliest or the latest day that a partial date can mean.
func bound(s string, latest bool) time.Time {
	layout := [...]string{4: "2006", 7: "2006-01", 10: "2006-01-02"}[len(s)]
	t, err := time.Parse(layout, s)
	if err != nil {
		panic(err)
	}
	switch {
	case latest && len(s) == 4:
		return t.AddDate(1, 0, -1)
	case latest && len(s) == 7:
		return t.AddDate(0, 1, -1)
	}
	return t
}

// compare orders two present values of one kind: text by code point, which is
// the order of UTF-8's bytes.
func compare(a, b any) int {
	switch x := a.(type) {
	case string:
		return strings.Compare(x, b.(string))
	case bool:
		return order(x && !b.(bool), !x && b.(bool))
	case int64:
		if y, ok := b.(int64); ok {
			return order(x > y, x < y)
		}
		return order(float64(x) > b.(float64), float64(x) < b.(float64))
	}
	x, y := a.(float64), number(b)
	return order(x > y, x < y)
}

func equal(a, b any) bool { return compare(a, b) == 0 }

func number(v any) float64 {
	if i, ok := v.(int64); ok {
		return float64(i)
	}
	return v.(float64)
}

func order(greater, less bool) int {
	switch {
	case greater:
		return 1
	case less:
		return -1
	}
	return 0
}

func distinct(rows []row) []row {
	seen := map[*node]bool{}
	var out []row
	for _, x := range rows {
		if !seen[x.node] {
			seen[x.node] = true
			out = append(out, row{node: x.node})
		}
	}
	return out
}
