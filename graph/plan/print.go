package plan

import (
	"fmt"
	"strings"

	"normgraph/graph/catalog"
)

// String prints the plan as an indented tree, one selection per line.
func (p *Plan) String() string {
	w := &printer{}
	for _, r := range p.Roots {
		w.sel(r, 0)
	}
	return w.String()
}

type printer struct{ strings.Builder }

func (w *printer) line(depth int, format string, args ...any) {
	w.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(w, format, args...)
	w.WriteByte('\n')
}

var forms = [...]string{List: "list", One: "one", Lookup: "lookup", Connection: "connection"}

func (w *printer) sel(s *Select, depth int) {
	w.line(depth, "%s: %s %s%s", s.Alias, forms[s.Form], w.source(s), w.clauses(s))
	if s.Where != nil {
		w.line(depth+1, "where %s", s.Where)
	}
	if s.Connection != nil {
		w.connection(s, depth+1)
		return
	}
	w.objects(s.Objects, depth+1)
}

func (w *printer) source(s *Select) string {
	switch {
	case s.Via != nil && s.Via.Out:
		return fmt.Sprintf("-[%s]-> %s", s.Via.Relationship.Type, s.Via.Target.Name)
	case s.Via != nil:
		return fmt.Sprintf("<-[%s]- %s", s.Via.Relationship.Type, s.Via.Target.Name)
	}
	names := make([]string, len(s.Nodes))
	for i, n := range s.Nodes {
		names[i] = n.Name
	}
	return strings.Join(names, "|")
}

func (w *printer) clauses(s *Select) string {
	var b strings.Builder
	if s.Form == Lookup {
		fmt.Fprintf(&b, " ids %q", s.IDs)
		return b.String()
	}
	if s.Search != nil {
		b.WriteString(" search")
		for _, t := range s.Search.Terms {
			fmt.Fprintf(&b, " %q", strings.Join(t.Tokens, " "))
			if t.Prefix {
				b.WriteByte('*')
			}
		}
	}
	if s.Form == One {
		return b.String()
	}
	b.WriteString(" by")
	for i, k := range s.Sort {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte(' ')
		b.WriteString(propName(k.Prop, k.Edge))
		if k.Desc {
			b.WriteString(" desc")
		}
	}
	fmt.Fprintf(&b, " limit %d", s.Limit)
	if s.Offset > 0 {
		fmt.Fprintf(&b, " offset %d", s.Offset)
	}
	return b.String()
}

func (w *printer) objects(objs []*Object, depth int) {
	for _, o := range objs {
		if len(objs) > 1 {
			w.line(depth, "on %s", o.Node.Name)
		}
		d := depth
		if len(objs) > 1 {
			d++
		}
		w.items(o.Items, d)
	}
}

func (w *printer) items(items []Item, depth int) {
	for _, it := range items {
		switch {
		case it.Select != nil:
			w.sel(it.Select, depth)
		case it.Prop == nil:
			w.line(depth, "%s", aliased(it.Alias, "__typename"))
		default:
			w.line(depth, "%s", aliased(it.Alias, it.Prop.Name))
		}
	}
}

func (w *printer) connection(s *Select, depth int) {
	c := s.Connection
	if c.After != nil {
		w.line(depth, "after %s", c.After)
	}
	for _, it := range c.Items {
		w.line(depth, "%s", aliased(it.Alias, it.Field))
		for _, l := range it.PageInfo {
			w.line(depth+1, "%s", aliased(l.Alias, l.Field))
		}
		w.aggregate(it.Aggregate, depth+1)
		if it.Edge == nil {
			continue
		}
		for _, e := range it.Edge.Items {
			w.line(depth+1, "%s", aliased(e.Alias, e.Field))
			w.objects(e.Objects, depth+2)
			w.items(e.Properties, depth+2)
		}
	}
}

func (w *printer) aggregate(items []AggItem, depth int) {
	for _, it := range items {
		w.line(depth, "%s", aliased(it.Alias, it.Field))
		w.aggregate(it.Kids, depth+1)
	}
}

func aliased(alias, name string) string {
	if alias == name {
		return name
	}
	return alias + ": " + name
}

func propName(p *catalog.Property, edge bool) string {
	if edge {
		return "edge." + p.Name
	}
	return p.Name
}

var opNames = [...]string{True: "true", False: "false", And: "and", Or: "or", Not: "not", Eq: "=", Lt: "<", Lte: "<=",
	Gt: ">", Gte: ">=", In: "in", Contains: "contains", StartsWith: "starts with", EndsWith: "ends with",
	Includes: "includes", IsNull: "is null", Behind: "behind", Exists: "exists", Count: "count"}

// String prints the condition with full parentheses.
func (c *Cond) String() string {
	kids := make([]string, len(c.Kids))
	for i, k := range c.Kids {
		kids[i] = k.String()
	}
	switch c.Op {
	case True, False:
		return opNames[c.Op]
	case And, Or:
		return "(" + strings.Join(kids, " "+opNames[c.Op]+" ") + ")"
	case Not:
		return "not " + kids[0]
	case IsNull:
		return propName(c.Prop, c.Edge) + " is null"
	case Behind:
		names := make([]string, len(c.Order))
		for i, k := range c.Order {
			names[i] = propName(k.Prop, k.Edge)
		}
		return fmt.Sprintf("(%s) behind %#v", strings.Join(names, ", "), c.Value)
	case Exists, Count:
		s := fmt.Sprintf("%s %s(%s)", opNames[c.Op], c.Via.Field, strings.Join(kids, ""))
		if c.Op == Count {
			if c.Distinct {
				s = "distinct " + s
			}
			s += fmt.Sprintf(" %s %v", opNames[c.Compare], c.Value)
		}
		return s
	}
	return fmt.Sprintf("%s %s %#v", propName(c.Prop, c.Edge), opNames[c.Op], c.Value)
}
