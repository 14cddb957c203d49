package plan

import (
	"strconv"

	"normgraph/graph/catalog"
	"normgraph/graph/input"
)

// scope is what a condition speaks of: a node, and in a connection the
// relationship that led to it.
type scope struct {
	node *catalog.Node
	rel  *catalog.Relationship
	edge bool // the condition's fields are those of rel
}

// where reads an XWhere input: fields, relations, AND, OR, NOT, all and-ed.
// Keys are taken in catalog order, so that equal filters give equal statements.
func (b *builder) where(v any, s scope, path string) (*Cond, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, nil // absent or null
	}
	if err := b.condition(); err != nil {
		return nil, err
	}
	var all []*Cond
	add := func(c *Cond, err error) error {
		if err == nil {
			all = append(all, c)
		}
		return err
	}
	props := s.node.Properties
	if s.edge {
		props = s.rel.Properties
	}
	for _, p := range props {
		if f, given := m[p.Name]; given {
			if err := add(b.filter(p, s.edge, f, path+"."+p.Name)); err != nil {
				return nil, err
			}
		}
	}
	if !s.edge {
		for _, r := range s.node.Relations {
			if f, given := m[r.Field]; given {
				if err := add(b.related(r, f, path+"."+r.Field)); err != nil {
					return nil, err
				}
			}
			if f, given := m[r.Field+"Connection"]; given {
				if err := add(b.connectionFilter(r, f, path+"."+r.Field+"Connection")); err != nil {
					return nil, err
				}
			}
		}
	}
	err := b.logic(m, path, add, func(v any, path string) (*Cond, error) { return b.where(v, s, path) })
	if err != nil {
		return nil, err
	}
	return and(all), nil
}

// connectionWhere reads { node, edge, AND, OR, NOT }.
func (b *builder) connectionWhere(v any, s scope, path string) (*Cond, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, nil
	}
	if err := b.condition(); err != nil {
		return nil, err
	}
	var all []*Cond
	add := func(c *Cond, err error) error {
		if err == nil {
			all = append(all, c)
		}
		return err
	}
	for _, part := range []string{"node", "edge"} {
		f, given := m[part]
		if !given {
			continue
		}
		if f == nil {
			return nil, notNull(path + "." + part)
		}
		if err := add(b.where(f, scope{node: s.node, rel: s.rel, edge: part == "edge"}, path+"."+part)); err != nil {
			return nil, err
		}
	}
	err := b.logic(m, path, add, func(v any, path string) (*Cond, error) { return b.connectionWhere(v, s, path) })
	if err != nil {
		return nil, err
	}
	return and(all), nil
}

// logic reads AND, OR and NOT of either kind of where.
func (b *builder) logic(m map[string]any, path string, add func(*Cond, error) error, read func(any, string) (*Cond, error)) error {
	for _, op := range []string{"AND", "OR"} {
		v, given := m[op]
		if !given {
			continue
		}
		list, ok := v.([]any)
		if !ok {
			return notNull(path + "." + op)
		}
		kids := make([]*Cond, len(list))
		for i, e := range list {
			c, err := read(e, path+"."+op+"["+strconv.Itoa(i)+"]")
			if err != nil {
				return err
			}
			kids[i] = c
		}
		c := and(kids)
		if op == "OR" {
			c = or(kids)
		}
		if err := add(c, nil); err != nil {
			return err
		}
	}
	if v, given := m["NOT"]; given {
		if v == nil {
			return notNull(path + ".NOT")
		}
		c, err := read(v, path+".NOT")
		if err := add(not(c), err); err != nil {
			return err
		}
	}
	return nil
}

// related reads a filter on a relation: XWhere for a single one, quantifiers for a list.
func (b *builder) related(r *catalog.Relation, v any, path string) (*Cond, error) {
	inner := scope{node: r.Target}
	if !r.List {
		if v == nil {
			return not(&Cond{Op: Exists, Via: r}), nil
		}
		c, err := b.where(v, inner, path)
		return exists(r, c), err
	}
	return b.quantified(r, v, path, func(v any, path string) (*Cond, error) { return b.where(v, inner, path) })
}

// connectionFilter reads { some, all, none, single, aggregate } over edges.
func (b *builder) connectionFilter(r *catalog.Relation, v any, path string) (*Cond, error) {
	inner := scope{node: r.Target, rel: r.Relationship}
	c, err := b.quantified(r, v, path, func(v any, path string) (*Cond, error) { return b.connectionWhere(v, inner, path) })
	if err != nil {
		return nil, err
	}
	m := v.(map[string]any)
	agg, given := m["aggregate"]
	if !given {
		return c, nil
	}
	a, err := b.countFilter(r, agg, path+".aggregate")
	return and([]*Cond{c, a}), err
}

func (b *builder) quantified(r *catalog.Relation, v any, path string, read func(any, string) (*Cond, error)) (*Cond, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, notNull(path)
	}
	var all []*Cond
	for _, q := range []string{"some", "all", "none", "single"} {
		f, given := m[q]
		if !given {
			continue
		}
		if f == nil {
			return nil, notNull(path + "." + q)
		}
		c, err := read(f, path+"."+q)
		if err != nil {
			return nil, err
		}
		switch q {
		case "some":
			c = exists(r, c)
		case "none":
			c = not(exists(r, c))
		case "all": // no related node that is known to differ
			c = not(exists(r, not(c)))
		case "single":
			c = &Cond{Op: Count, Via: r, Kids: kids(c), Compare: Eq, Value: int64(1)}
		}
		all = append(all, c)
	}
	return and(all), nil
}

// countFilter reads { count: { nodes: IntScalarFilters, edges: … }, AND, OR, NOT }.
func (b *builder) countFilter(r *catalog.Relation, v any, path string) (*Cond, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, notNull(path)
	}
	if err := b.condition(); err != nil {
		return nil, err
	}
	var all []*Cond
	add := func(c *Cond, err error) error {
		if err == nil {
			all = append(all, c)
		}
		return err
	}
	if count, given := m["count"]; given {
		if err := add(b.counted(r, count, path+".count")); err != nil {
			return nil, err
		}
	}
	err := b.logic(m, path, add, func(v any, path string) (*Cond, error) { return b.countFilter(r, v, path) })
	return and(all), err
}

func (b *builder) counted(r *catalog.Relation, v any, path string) (*Cond, error) {
	var all []*Cond
	counts, ok := v.(map[string]any)
	if !ok {
		return nil, notNull(path)
	}
	for _, of := range []string{"nodes", "edges"} {
		fv, given := counts[of]
		if !given {
			continue
		}
		at := path + "." + of
		f, ok := fv.(map[string]any)
		if !ok {
			return nil, notNull(at)
		}
		for _, op := range operators {
			x, given := f[op.name]
			if !given {
				continue
			}
			if x == nil {
				return nil, notNull(at + "." + op.name)
			}
			if err := b.condition(); err != nil {
				return nil, err
			}
			c := &Cond{Op: Count, Via: r, Distinct: of == "nodes", Compare: op.op, Value: x}
			if list, ok := x.([]any); ok && len(list) == 0 {
				c = &Cond{Op: False}
			}
			all = append(all, c)
		}
	}
	return and(all), nil
}

// operators are the keys of all scalar filters, in the order they are and-ed.
var operators = []struct {
	name string
	op   Op
}{
	{"eq", Eq}, {"in", In}, {"lt", Lt}, {"lte", Lte}, {"gt", Gt}, {"gte", Gte},
	{"contains", Contains}, {"startsWith", StartsWith}, {"endsWith", EndsWith}, {"includes", Includes},
}

// filter reads the filter object of one property.
func (b *builder) filter(p *catalog.Property, edge bool, v any, path string) (*Cond, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, notNull(path)
	}
	var all []*Cond
	for _, op := range operators {
		x, given := m[op.name]
		if !given {
			continue
		}
		if err := b.condition(); err != nil {
			return nil, err
		}
		c := &Cond{Op: op.op, Prop: p, Edge: edge, Value: x}
		list, isList := x.([]any)
		switch {
		case x == nil && op.op == Eq:
			c = &Cond{Op: IsNull, Prop: p, Edge: edge}
		case x == nil:
			return nil, notNull(path + "." + op.name)
		case op.op == In && isList && len(list) == 0:
			c = &Cond{Op: False}
		case p.Kind == catalog.Date && !p.List:
			if s, ok := x.(string); ok {
				c.Value = dateBound(op.op, s)
			}
		}
		all = append(all, c)
	}
	return and(all), nil
}

func dateBound(op Op, v string) string {
	switch op {
	case Gt, Lte:
		return latestText(v)
	case Gte, Lt:
		return earliestText(v)
	}
	return v
}

func notNull(path string) error {
	return input.Errorf(path, "must not be null; only eq takes null, to find what has no value")
}

// The constructors fold constants. nil stands for True.

func and(list []*Cond) *Cond { return join(And, True, False, list) }
func or(list []*Cond) *Cond  { return join(Or, False, True, list) }

func join(op, neutral, absorbing Op, list []*Cond) *Cond {
	var out []*Cond
	for _, c := range list {
		if c == nil {
			c = &Cond{Op: True}
		}
		switch c.Op {
		case neutral:
		case absorbing:
			return fold(c)
		case op:
			out = append(out, c.Kids...)
		default:
			out = append(out, c)
		}
	}
	switch len(out) {
	case 0:
		return fold(&Cond{Op: neutral})
	case 1:
		return out[0]
	}
	return &Cond{Op: op, Kids: out}
}

func fold(c *Cond) *Cond {
	if c.Op == True {
		return nil
	}
	return c
}

func not(c *Cond) *Cond {
	switch {
	case c == nil:
		return &Cond{Op: False}
	case c.Op == False:
		return nil
	case c.Op == Not:
		return c.Kids[0]
	}
	return &Cond{Op: Not, Kids: []*Cond{c}}
}

func exists(r *catalog.Relation, c *Cond) *Cond {
	if c != nil && c.Op == False {
		return c
	}
	return &Cond{Op: Exists, Via: r, Kids: kids(c)}
}

func kids(c *Cond) []*Cond {
	if c == nil {
		return nil
	}
	return []*Cond{c}
}
