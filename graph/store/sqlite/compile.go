package sqlite

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
)

// Compile turns p into one SELECT: one row of the revision (number, content,
// store id, time, catalog) and one JSON column per root, laid out as package
// plan says. Values are arguments, in the order of their placeholders; names
// come from the catalog alone.
//
// A selection picks rows inside and builds JSON outside, so that children are
// read for the rows that are kept only. CROSS JOIN holds the engine to going
// from edge to node. Keys of nodes ascend with their ids within a type, so that
// below a relation the index over edges has the order by id. Aliases tell what a
// table is: r is a root's nodes, n other nodes, e edges, s the rows picked, x one
// node looked up by key.
func Compile(p *plan.Plan, cat *catalog.Catalog) (string, []any) {
	return compile(p, newLayout(cat))
}

func compile(p *plan.Plan, l *layout) (string, []any) {
	c := &compiler{layout: l}
	c.print("SELECT number, content, id, loaded, catalog")
	for _, r := range p.Roots {
		c.print(", ")
		c.selection(r, "")
	}
	c.print(" FROM store")
	return c.text.String(), c.args
}

type compiler struct {
	*layout
	text strings.Builder
	args []any
	n    int
}

func (c *compiler) print(parts ...string) {
	for _, p := range parts {
		c.text.WriteString(p)
	}
}

func (c *compiler) arg(v any) {
	c.text.WriteByte('?')
	c.args = append(c.args, v)
}

func (c *compiler) alias(prefix string) string {
	c.n++
	return prefix + strconv.Itoa(c.n)
}

// list prints n parts with a separator.
func (c *compiler) list(n int, sep string, part func(i int)) {
	for i := range n {
		if i > 0 {
			c.print(sep)
		}
		part(i)
	}
}

// scope names the tables that conditions and columns speak of.
type scope struct{ node, edge string }

func (s scope) column(p *catalog.Property, edge bool) string {
	if edge {
		return s.edge + "." + column(p)
	}
	return s.node + "." + column(p)
}

// picked is a subquery's alias and the expressions that its outside asked for,
// which are named c0, c1, … there.
type picked struct {
	alias string
	inner scope
	cols  []string
}

func (c *compiler) picked(inner scope) *picked {
	return &picked{alias: c.alias("s"), inner: inner}
}

// column asks for a property and returns its name outside.
func (p *picked) column(prop *catalog.Property, edge bool) string {
	return p.expr(p.inner.column(prop, edge))
}

func (p *picked) expr(e string) string {
	i := slices.Index(p.cols, e)
	if i < 0 {
		i = len(p.cols)
		p.cols = append(p.cols, e)
	}
	return p.alias + ".c" + strconv.Itoa(i)
}

func (p *picked) key() string { return p.expr(p.inner.node + ".__key") }

// selection prints the JSON value of s; parent is the key of the node above.
func (c *compiler) selection(s *plan.Select, parent string) {
	switch {
	case s.Form == plan.Lookup:
		c.lookup(s)
	case s.Form == plan.Connection && s.Search != nil:
		c.search(s)
	case s.Form == plan.Connection:
		c.connection(s, parent)
	default:
		in := c.scope(s)
		out := c.picked(in)
		c.print("(SELECT ")
		c.array(parent == "", func() { c.object(s.Objects[0], -1, out.column, out.key) })
		c.print(" FROM (")
		c.pick(s, parent, out)
		c.print(") ", out.alias, ")")
	}
}

// array prints the list of all rows. The engine minds its limit on the length
// of a text while group_concat makes one, but with json_group_array only
// afterwards; at a root, where lists grow longest, the text is therefore put
// together as such.
func (c *compiler) array(root bool, row func()) {
	if !root {
		c.print("json_group_array(")
		row()
		c.print(")")
		return
	}
	c.print("coalesce('[' || group_concat(")
	row()
	c.print(") || ']', '[]')")
}

// tuple prints a list of parts, each null if it is nil.
func (c *compiler) tuple(root bool, parts ...func()) {
	open, sep, end, null := "json_array(", ", ", ")", "NULL"
	if root {
		open, sep, end, null = "'[' || ", " || ',' || ", " || ']'", "'null'"
	}
	c.print(open)
	c.list(len(parts), sep, func(i int) {
		if parts[i] == nil {
			c.print(null)
			return
		}
		parts[i]()
	})
	c.print(end)
}

func (c *compiler) scope(s *plan.Select) scope {
	if s.Via == nil {
		return scope{node: c.alias("r")}
	}
	return scope{node: c.alias("n"), edge: c.alias("e")}
}

// distinct reports whether several relationships of a list relation may lead to
// one node, which it gives once.
func distinct(s *plan.Select) bool {
	return s.Form != plan.Connection && s.Via.Relationship.Parallel()
}

// object prints one node's row. index, when not negative, comes first.
func (c *compiler) object(o *plan.Object, index int, column func(*catalog.Property, bool) string, key func() string) {
	c.print("json_array(")
	sep := ""
	part := func(text string) { c.print(sep, text); sep = ", " }
	if index >= 0 {
		part(strconv.Itoa(index))
	}
	for _, it := range o.Items {
		switch {
		case it.Prop != nil:
			part(value(it.Prop, column(it.Prop, false)))
		case it.Select != nil:
			part("")
			c.selection(it.Select, key())
		}
	}
	c.print(")")
}

// value is the JSON form of a column: lists are stored as JSON text.
func value(p *catalog.Property, col string) string {
	if p.List {
		return "json(" + col + ")"
	}
	return col
}

// pick prints the SELECT of the rows to keep.
func (c *compiler) pick(s *plan.Select, parent string, out *picked) {
	c.columns(out)
	c.from(s, parent, out.inner)
	var after *plan.Cond
	if s.Connection != nil {
		after = s.Connection.After
	}
	c.where(s, parent, out.inner, after)
	if s.Via != nil && distinct(s) {
		c.print(" GROUP BY ", far(s, out.inner))
	}
	c.print(" ORDER BY ")
	c.list(len(s.Sort), ", ", func(i int) { c.print(sorted(s, s.Sort[i], out.inner), order(s.Sort[i])) })
	c.limit(s)
}

// sorted is what a key of s is sorted by.
func sorted(s *plan.Select, k plan.Key, in scope) string {
	if s.Via != nil && !k.Edge && k.Prop.Name == "id" {
		return far(s, in)
	}
	return in.column(k.Prop, k.Edge)
}

// far is the key of the node that a relationship leads to.
func far(s *plan.Select, in scope) string {
	_, end := sides(s.Via)
	return in.edge + "." + end
}

func (c *compiler) columns(out *picked) {
	c.print("SELECT ")
	if len(out.cols) == 0 {
		c.print("1")
	}
	c.list(len(out.cols), ", ", func(i int) { c.print(out.cols[i], " AS c", strconv.Itoa(i)) })
}

// limit hides its values from the engine's planner, which would otherwise
// prepare the statement again whenever they are bound.
func (c *compiler) limit(s *plan.Select) {
	c.print(" LIMIT CAST(")
	c.arg(int64(s.Limit))
	c.print(" AS INTEGER)")
	if s.Offset > 0 {
		c.print(" OFFSET CAST(")
		c.arg(int64(s.Offset))
		c.print(" AS INTEGER)")
	}
}

// order puts nulls last ascending and first descending; the engine's default
// is the other way round.
func order(k plan.Key) string {
	switch {
	case k.Desc && k.Prop.NonNull:
		return " DESC"
	case k.Desc:
		return " DESC NULLS FIRST"
	case k.Prop.NonNull:
		return ""
	}
	return " NULLS LAST"
}

// from prints the tables of a selection.
func (c *compiler) from(s *plan.Select, parent string, in scope) {
	if s.Via == nil {
		c.print(" FROM ", nodeTable(s.Nodes[0]), " ", in.node)
		return
	}
	c.print(" FROM ", edgeTable(s.Via.Relationship), " ", in.edge, " CROSS JOIN ", nodeTable(s.Nodes[0]), " ", in.node, " ON ", in.node, ".__key = ", far(s, in))
}

// where prints the conditions of a selection, with after if it is not nil.
func (c *compiler) where(s *plan.Select, parent string, in scope, after *plan.Cond) {
	word := " WHERE "
	next := func() { c.print(word); word = " AND " }
	if s.Via != nil {
		near, _ := sides(s.Via)
		next()
		c.print(in.edge, ".", near, " = ", parent)
	}
	for _, w := range []*plan.Cond{s.Where, after} {
		if w != nil {
			next()
			c.cond(w, in)
		}
	}
}

// lookup prints nodes by id: [[id, row], …].
func (c *compiler) lookup(s *plan.Select) {
	out := c.picked(scope{node: c.alias("r")})
	id, rank, key := out.expr(out.inner.node+".id"), out.expr(out.inner.node+".type"), out.key()
	c.print("(SELECT ")
	c.array(true, func() {
		c.print("json_array(", id, ", ")
		c.byType(s.Nodes, rank, key, func(i int, x scope) {
			c.object(s.Objects[i], i, x.column, func() string { return x.node + ".__key" })
		})
		c.print(")")
	})
	c.print(" FROM (")
	c.columns(out)
	ids, _ := json.Marshal(s.IDs) // strings always encode
	c.print(" FROM (SELECT DISTINCT value FROM json_each(")
	c.arg(string(ids))
	c.print(")) i CROSS JOIN node ", out.inner.node, " ON ", out.inner.node, ".id = i.value")
	c.ofTypes(s.Nodes, out.inner.node, " WHERE ")
	c.print(") ", out.alias, ")")
}

// ofTypes restricts the node table to types, unless they are all there are.
func (c *compiler) ofTypes(nodes []*catalog.Node, alias, word string) {
	if len(nodes) == len(c.ranked) {
		return
	}
	c.print(word, alias, ".type IN (")
	c.list(len(nodes), ", ", func(i int) { c.print(strconv.Itoa(c.rank[nodes[i]])) })
	c.print(")")
}

// byType prints a choice by a node's type; each branch reads from its table.
func (c *compiler) byType(nodes []*catalog.Node, rank, key string, branch func(i int, x scope)) {
	if len(nodes) == 0 {
		c.print("NULL")
		return
	}
	c.print("CASE ", rank)
	for i, n := range nodes {
		x := scope{node: c.alias("x")}
		c.print(" WHEN ", strconv.Itoa(c.rank[n]), " THEN (SELECT ")
		branch(i, x)
		c.print(" FROM ", nodeTable(n), " ", x.node, " WHERE ", x.node, ".__key = ", key, ")")
	}
	c.print(" END")
}
