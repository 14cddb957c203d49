package neo4j

import (
	"fmt"
	"strconv"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
)

// Compile turns p into one read statement and its parameters. Its one record
// has what tells a commit before and after the reading, the marker's state (see
// commit.go), and a column r0, r1, … per root, laid out as package plan says.
//
// Labels, types and property names come from the catalog. Values are only in
// the parameters, which are named by position, so that operations of one shape
// have one text: the server caches plans by text.
func Compile(p *plan.Plan) (text string, params map[string]any) {
	c := &compiler{params: map[string]any{}}
	c.put(readBefore, "WITH before")
	for i, r := range p.Roots {
		c.put(", ")
		c.value(r, "")
		c.put(" AS r", strconv.Itoa(i))
	}
	c.put(readAfter)
	for i := range p.Roots {
		c.put(", r", strconv.Itoa(i))
	}
	return c.s.String(), c.params
}

type compiler struct {
	s      strings.Builder
	params map[string]any
	vars   int
}

func (c *compiler) put(parts ...string) {
	for _, p := range parts {
		c.s.WriteString(p)
	}
}

// list writes n parts with commas between them.
func (c *compiler) list(n int, part func(i int)) {
	c.put("[")
	for i := range n {
		if i > 0 {
			c.put(", ")
		}
		part(i)
	}
	c.put("]")
}

// param keeps a value and returns the text that stands for it.
func (c *compiler) param(v any) string {
	name := "p" + strconv.Itoa(len(c.params))
	c.params[name] = v
	return "$" + name
}

// at is a node and the relationship that led to it, by their variables.
type at struct{ node, edge string }

func (c *compiler) fresh() at {
	c.vars++
	n := strconv.Itoa(c.vars)
	return at{node: "n" + n, edge: "e" + n}
}

func (a at) property(p *catalog.Property, edge bool) string {
	if edge {
		return a.edge + "." + name(p.Name)
	}
	return a.node + "." + name(p.Name)
}

// name quotes a label, type or property name that is not a plain word.
func name(s string) string {
	for i, r := range s {
		if r != '_' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (i == 0 || r < '0' || r > '9') {
			return "`" + strings.ReplaceAll(s, "`", "``") + "`"
		}
	}
	return s
}

// value writes the expression whose value is what s selects, seen from the
// node parent; "" at the root.
func (c *compiler) value(s *plan.Select, parent string) {
	switch {
	case s.Search != nil:
		c.search(s)
	case s.Form == plan.Lookup:
		c.lookup(s)
	case s.Form == plan.Connection:
		c.connection(s, parent)
	default:
		c.rows(s, parent)
	}
}

// rows writes the value of a List or One.
func (c *compiler) rows(s *plan.Select, parent string) {
	a := c.fresh()
	c.put("COLLECT { ")
	c.match(s, parent, a, false)
	c.where(a, s.Where, inIndexOrder(s))
	c.put(" WITH ")
	if s.Via != nil && s.Via.Relationship.Parallel() {
		c.put("DISTINCT ")
	}
	c.put(a.node)
	c.order(s, a)
	c.put(" RETURN ")
	c.object(s.Objects, a.node, len(s.Objects) > 1)
	c.put(" }")
}

// lookup writes the value of a Lookup: the nodes with the ids, in any order.
func (c *compiler) lookup(s *plan.Select) {
	a := c.fresh()
	c.put("COLLECT { MATCH (", a.node, ":", nodeLabel, ") WHERE ", a.node, ".id IN ", c.param(s.IDs), " AND (", a.node, ":", labels(s.Nodes), ")")
	if s.Where != nil {
		c.put(" AND ")
		c.cond(a, s.Where)
	}
	c.put(" RETURN [", a.node, ".id, ")
	c.object(s.Objects, a.node, true)
	c.put("] }")
}

// match writes the pattern that leads from parent to the nodes of s.
func (c *compiler) match(s *plan.Select, parent string, a at, edge bool) {
	c.put("MATCH ")
	if s.Via == nil {
		c.put("(", a.node, ":", labels(s.Nodes), ")")
		return
	}
	c.hop(s.Via, parent, a, edge)
}

// hop writes the pattern of one relation.
func (c *compiler) hop(r *catalog.Relation, parent string, a at, edge bool) {
	rel := ":" + name(r.Relationship.Type)
	if edge {
		rel = a.edge + rel
	}
	target := a.node
	if !implied(r) {
		target += ":" + name(r.Target.Name)
	}
	if r.Out {
		c.put("(", parent, ")-[", rel, "]->(", target, ")")
	} else {
		c.put("(", parent, ")<-[", rel, "]-(", target, ")")
	}
}

// implied reports whether the relationship alone tells the type of the node
// that r leads to, so that its label need not be tested.
func implied(r *catalog.Relation) bool {
	for _, e := range r.Relationship.Ends {
		from, to := e.From, e.To
		if !r.Out {
			from, to = to, from
		}
		if from == r.Owner && to != r.Target {
			return false
		}
	}
	return true
}

func labels(nodes []*catalog.Node) string {
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = name(n.Name)
	}
	return strings.Join(names, "|")
}

// inIndexOrder are the keys of s if an index has its nodes in their order. The
// server uses it only where they are known not to be null.
func inIndexOrder(s *plan.Select) []plan.Key {
	if s.Via != nil || len(s.Nodes) != 1 || len(s.Sort) > 2 {
		return nil
	}
	for _, k := range s.Sort {
		if k.Desc || k.Prop.Name != "id" && !(k.Prop.Indexed() && k.Prop.NonNull) {
			return nil
		}
	}
	return s.Sort
}

// where writes the WHERE clause: all of conds, nil ones left out, and that none of
// the keys in order is null.
func (c *compiler) where(a at, w *plan.Cond, inOrder []plan.Key, more ...*plan.Cond) {
	word := " WHERE "
	for _, k := range inOrder {
		c.put(word, a.property(k.Prop, false), " IS NOT NULL")
		word = " AND "
	}
	for _, x := range append([]*plan.Cond{w}, more...) {
		if x != nil {
			c.put(word)
			c.cond(a, x)
			word = " AND "
		}
	}
}

// order writes ORDER BY, SKIP and LIMIT.
func (c *compiler) order(s *plan.Select, a at) {
	for i, k := range s.Sort {
		word := ", "
		if i == 0 {
			word = " ORDER BY "
		}
		c.put(word, a.property(k.Prop, k.Edge))
		if k.Desc {
			c.put(" DESC")
		}
	}
	if s.Offset > 0 {
		c.put(" SKIP ", c.param(int64(s.Offset)))
	}
	// A limit makes the server reserve memory for so many rows each time it sorts.
	if s.Limit != plan.Everything {
		c.put(" LIMIT ", c.param(int64(s.Limit)))
	}
}

// object writes the row of one node: of the first shape, or when indexed of
// the one that fits its label, with the shape's position in front.
func (c *compiler) object(shapes []*plan.Object, node string, indexed bool) {
	if !indexed {
		c.items(shapes[0].Items, node)
		return
	}
	c.put("CASE")
	for i, o := range shapes {
		c.put(" WHEN ", node, ":", name(o.Node.Name), " THEN ")
		c.items(o.Items, node, strconv.Itoa(i))
	}
	c.put(" END")
}

func (c *compiler) items(items []plan.Item, node string, head ...string) {
	c.put("[", strings.Join(head, ", "))
	first := len(head) == 0
	for _, it := range items {
		if it.Prop == nil && it.Select == nil {
			continue
		}
		if !first {
			c.put(", ")
		}
		first = false
		if it.Select != nil {
			c.value(it.Select, node)
		} else {
			c.put(node, ".", name(it.Prop.Name))
		}
	}
	c.put("]")
}

// compareOps are the operators that Cypher writes between two values.
var compareOps = map[plan.Op]string{plan.Eq: "=", plan.Lt: "<", plan.Lte: "<=", plan.Gt: ">", plan.Gte: ">=", plan.In: "IN",
	plan.Contains: "CONTAINS", plan.StartsWith: "STARTS WITH", plan.EndsWith: "ENDS WITH"}

// unknown is a hole in a compiler's case list: a fault of the program.
func unknown(what string, v any) string { panic(fmt.Sprintf("neo4j: unknown %s %v", what, v)) }

func itoa(i int) string { return strconv.Itoa(i) }
