package row

import (
	"slices"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
	"normgraph/graph/text"
)

// Decode reads one root into models: []Entity for List and Lookup (nil where
// an id is unknown), an Entity or nil for One, Connection and a single Lookup.
// make returns an empty model of a GraphQL type.
func Decode(sel *plan.Select, rows Rows, make func(typ string) Entity, t *Trace) (any, error) {
	d := decoder{Reader: rows.Reader(), make: make, t: t}
	v := d.sel(sel)
	return v, d.failed()
}

type decoder struct {
	Reader
	make func(string) Entity
	t    *Trace
	err  error
}

func (d *decoder) failed() error {
	if d.err == nil {
		d.err = d.Reader.Err()
	}
	return d.err
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// wrote counts n bytes of the response.
func (d *decoder) wrote(n int) {
	if err := d.t.Write(n); err != nil {
		d.fail(err)
	}
}

// next steps to an element that the plan says is there.
func (d *decoder) next() bool {
	if d.failed() != nil {
		return false
	}
	if !d.More() {
		d.fail(errShape)
		return false
	}
	return true
}

// end leaves a list that the plan says ends here.
func (d *decoder) end() {
	if d.failed() == nil && d.More() {
		d.fail(errShape)
	}
}

func (d *decoder) sel(s *plan.Select) any {
	d.t.push(s.Alias)
	defer d.t.pop()
	switch s.Form {
	case plan.Lookup:
		return d.lookup(s)
	case plan.Connection:
		return d.connection(s)
	}
	list := []Entity{}
	if d.Enter() {
		for d.failed() == nil && d.More() {
			if s.Form == plan.List && len(list) == s.Page {
				d.Skip()
				if s.ByDefault {
					d.t.cut()
				}
				continue
			}
			list = append(list, d.object(s.Objects, len(s.Objects) > 1))
		}
	}
	if s.Form == plan.List {
		return list
	}
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func (d *decoder) lookup(s *plan.Select) any {
	found, size := map[string]Entity{}, map[string]int{}
	if d.Enter() {
		for d.failed() == nil && d.More() {
			if !d.Enter() || !d.next() {
				d.fail(errShape)
				break
			}
			id := d.Scalar(kindString).Text
			if !d.next() {
				break
			}
			before := d.t.Bytes
			found[id] = d.object(s.Objects, true)
			size[id] = int(d.t.Bytes - before)
			d.end()
		}
	}
	repeated := map[string]bool{}
	for _, id := range s.IDs {
		if repeated[id] {
			d.wrote(size[id])
		}
		repeated[id] = true
	}
	if s.Single {
		if e := found[s.IDs[0]]; e != nil {
			return e
		}
		return nil
	}
	list := make([]Entity, len(s.IDs))
	for i, id := range s.IDs {
		list[i] = found[id]
	}
	return list
}

// object reads one node's row; indexed rows begin with the object's index.
func (d *decoder) object(objs []*plan.Object, indexed bool) Entity {
	if !d.Enter() {
		d.fail(errShape)
		return nil
	}
	o := objs[0]
	if indexed {
		if !d.next() {
			return nil
		}
		i := d.Scalar(kindInt).Int
		if i < 0 || i >= int64(len(objs)) {
			d.fail(errShape)
			return nil
		}
		o = objs[i]
	}
	d.t.Rows++
	e := d.make(o.Node.Name)
	d.items(e, o.Items)
	d.end()
	return e
}

func (d *decoder) items(e Entity, items []plan.Item) {
	for _, it := range items {
		d.wrote(keySize(it.Alias))
		switch {
		case it.Select != nil:
			if !d.next() {
				return
			}
			e.Bind(it.Alias, d.sel(it.Select))
		case it.Prop != nil:
			if !d.next() {
				return
			}
			d.set(e, it.Prop.Name, d.property(it))
		}
	}
}

func (d *decoder) property(it plan.Item) Value { return readProperty(d.Reader, it) }

func (d *decoder) set(e Entity, field string, v Value) {
	if d.failed() != nil {
		return
	}
	d.wrote(v.size())
	if err := e.Set(field, v); err != nil {
		d.fail(err)
	}
}

func (d *decoder) connection(s *plan.Select) any {
	c := s.Connection
	if !d.Enter() || !d.next() {
		d.fail(errShape)
		return nil
	}
	var p page
	edges := make([][]Entity, len(c.Edges))
	for i := range edges {
		edges[i] = []Entity{}
	}
	if d.Enter() {
		for d.failed() == nil && d.More() {
			if p.rows == s.Page {
				d.Skip()
				p.more = true
				if s.ByDefault {
					d.t.cut()
				}
				continue
			}
			d.edge(s, &p, edges)
		}
	}
	if !d.next() {
		return nil
	}
	total := d.Scalar(kindInt)
	if !d.next() {
		return nil
	}
	m := readMeasures(d.Reader, c.Measures)
	d.end()

	conn := d.make(c.Type)
	view := 0
	for _, it := range c.Items {
		switch it.Field {
		case "edges":
			conn.Bind(it.Alias, edges[view])
			view++
		case "totalCount":
			d.set(conn, it.Field, total)
		case "pageInfo":
			info := d.make(it.Type)
			for _, l := range it.PageInfo {
				if l.Field != "__typename" {
					d.set(info, l.Field, p.info(l.Field, c.Continued))
				}
			}
			conn.Bind(it.Alias, info)
		case "aggregate":
			conn.Bind(it.Alias, d.aggregate(it.Type, it.Aggregate, m))
		}
	}
	return conn
}

func (d *decoder) edge(s *plan.Select, p *page, edges [][]Entity) {
	c := s.Connection
	if !d.Enter() {
		d.fail(errShape)
		return
	}
	d.t.Rows++
	cur := ""
	if c.Keys {
		cur = keys(d.Reader, s, d.next)
	}
	p.visit(cur)
	for i, shape := range c.Edges {
		d.t.push(shape.Alias)
		e := d.make(shape.Type)
		for _, it := range shape.Items {
			d.wrote(keySize(it.Alias))
			switch it.Field {
			case "cursor":
				d.set(e, "cursor", Value{Kind: kindString, Text: cur})
			case "__typename":
			default:
				if !d.next() {
					return
				}
				d.part(e, s, it)
			}
		}
		edges[i] = append(edges[i], e)
		d.t.pop()
	}
	d.end()
}

func (d *decoder) part(e Entity, s *plan.Select, it plan.EdgeItem) {
	switch it.Field {
	case "node":
		d.t.push(it.Alias)
		e.Bind(it.Alias, d.object(it.Objects, len(it.Objects) > 1))
		d.t.pop()
	case "properties":
		props := d.make(it.Type)
		if !d.Enter() {
			d.fail(errShape)
			return
		}
		d.items(props, it.Properties)
		d.end()
		e.Bind(it.Alias, props)
	case "score":
		d.set(e, "score", d.Scalar(kindInt))
	case "snippet":
		d.set(e, "snippet", snippet(d.Reader, s))
	}
}

func (d *decoder) aggregate(typ string, items []plan.AggItem, m measures) Entity {
	e := d.make(typ)
	for _, it := range items {
		switch {
		case it.Kids != nil:
			e.Bind(it.Alias, d.aggregate(it.Type, it.Kids, m))
		case it.Measure >= 0:
			d.set(e, it.Field, m.value(it))
		}
	}
	return e
}

// snippet cuts the passage that a search found out of the node's texts: running
// text if it can, else a class or a list of them.
func snippet(r Reader, s *plan.Select) Value {
	var running, classes []string
	if r.Enter() && r.More() {
		i := r.Scalar(kindInt).Int
		for _, p := range searched(s.Nodes, i) {
			if !r.More() {
				break
			}
			v := readProperty(r, plan.Item{Prop: p})
			switch {
			case p.List:
				words := make([]string, len(v.List))
				for i, x := range v.List {
					words[i] = p.Words(x.Text)
				}
				classes = append(classes, strings.Join(words, ", "))
			case v.Null:
			case p.Kind == kindString:
				running = append(running, v.Text)
			default:
				classes = append(classes, p.Words(v.Text))
			}
		}
		for r.More() {
			r.Skip()
		}
	}
	return Value{Kind: kindString, Text: text.Snippet(append(running, classes...), s.Search.Terms)}
}

// searched are the properties of the i-th type that are searched.
func searched(nodes []*catalog.Node, i int64) []*catalog.Property {
	if i < 0 || i >= int64(len(nodes)) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(nodes[i].Properties), func(p *catalog.Property) bool { return p.Search == 0 })
}

func readProperty(r Reader, it plan.Item) Value {
	if !it.Prop.List {
		return r.Scalar(it.Prop.Kind)
	}
	if !r.Enter() {
		return Value{Kind: it.Prop.Kind, Null: true}
	}
	v := Value{Kind: it.Prop.Kind, List: []Value{}}
	for r.More() {
		v.List = append(v.List, r.Scalar(it.Prop.Kind))
	}
	return v
}
