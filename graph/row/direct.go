package row

import (
	"math"
	"strconv"

	"normgraph/graph/catalog"
	"normgraph/graph/plan"
)

// Append writes one root straight into the bytes of the response and returns
// the longer buffer. Bytes are those of the typed path. An error (a null in a
// non-null place among them) leaves reporting to the typed path.
func Append(buf []byte, sel *plan.Select, rows Rows, t *Trace) ([]byte, error) {
	w := writer{decoder: decoder{Reader: rows.Reader(), t: t}, buf: buf}
	w.sel(sel)
	return w.buf, w.failed()
}

// writer shares the walk helpers of decoder but makes no models.
type writer struct {
	decoder
	buf []byte
}

func (w *writer) key(first *bool, alias string) {
	if !*first {
		w.buf = append(w.buf, ',')
	}
	*first = false
	w.wrote(keySize(alias))
	w.buf = appendString(w.buf, alias)
	w.buf = append(w.buf, ':')
}

func (w *writer) sel(s *plan.Select) {
	w.t.push(s.Alias)
	defer w.t.pop()
	switch s.Form {
	case plan.Lookup:
		w.lookup(s)
	case plan.Connection:
		w.connection(s)
	case plan.One:
		w.one(s)
	default:
		w.list(s)
	}
}

func (w *writer) one(s *plan.Select) {
	found := false
	if w.Enter() {
		for w.failed() == nil && w.More() {
			if found {
				w.Skip()
				continue
			}
			found = true
			w.object(s.Objects, len(s.Objects) > 1)
		}
	}
	if found {
		return
	}
	if s.Via != nil && s.Via.NonNull {
		w.fail(null(s.Via.Owner.Name, s.Via.Field))
	}
	w.buf = append(w.buf, "null"...)
}

func (w *writer) list(s *plan.Select) {
	w.buf = append(w.buf, '[')
	n := 0
	if w.Enter() {
		for w.failed() == nil && w.More() {
			if n == s.Page {
				w.Skip()
				if s.ByDefault {
					w.t.cut()
				}
				continue
			}
			if n > 0 {
				w.buf = append(w.buf, ',')
			}
			w.object(s.Objects, len(s.Objects) > 1)
			n++
		}
	}
	w.buf = append(w.buf, ']')
}

func (w *writer) lookup(s *plan.Select) {
	found := w.each(s)
	if s.Single {
		w.found(found, s.IDs[0])
		return
	}
	w.buf = append(w.buf, '[')
	repeated := map[string]bool{}
	for i, id := range s.IDs {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		if repeated[id] {
			w.wrote(len(found[id]))
		}
		repeated[id] = true
		if w.failed() != nil {
			return
		}
		w.found(found, id)
	}
	w.buf = append(w.buf, ']')
}

// each writes the nodes of a Lookup apart, by id.
func (w *writer) each(s *plan.Select) map[string][]byte {
	found := map[string][]byte{}
	out := w.buf
	if w.Enter() {
		for w.failed() == nil && w.More() {
			if !w.Enter() || !w.next() {
				w.fail(errShape)
				break
			}
			id := w.Scalar(kindString).Text
			if !w.next() {
				break
			}
			w.buf = nil
			w.object(s.Objects, true)
			found[id] = w.buf
			w.end()
		}
	}
	w.buf = out
	return found
}

func (w *writer) found(found map[string][]byte, id string) {
	if b, ok := found[id]; ok {
		w.buf = append(w.buf, b...)
		return
	}
	w.buf = append(w.buf, "null"...)
}

func (w *writer) object(objs []*plan.Object, indexed bool) {
	if !w.Enter() {
		w.fail(errShape)
		return
	}
	o := objs[0]
	if indexed {
		if !w.next() {
			return
		}
		i := w.Scalar(kindInt).Int
		if i < 0 || i >= int64(len(objs)) {
			w.fail(errShape)
			return
		}
		o = objs[i]
	}
	w.t.Rows++
	w.items(o.Node.Name, o.Items)
	w.end()
}

func (w *writer) items(typ string, items []plan.Item) {
	w.buf = append(w.buf, '{')
	first := true
	for _, it := range items {
		w.key(&first, it.Alias)
		switch {
		case it.Select != nil:
			if !w.next() {
				return
			}
			w.sel(it.Select)
		case it.Prop == nil:
			w.buf = appendString(w.buf, typ)
		default:
			if !w.next() {
				return
			}
			w.property(typ, it.Prop)
		}
	}
	w.buf = append(w.buf, '}')
}

func (w *writer) property(typ string, p *catalog.Property) {
	if !p.List {
		v := w.Scalar(p.Kind)
		if v.Null && p.NonNull {
			w.fail(null(typ, p.Name))
		}
		w.value(v)
		return
	}
	if !w.Enter() {
		if p.NonNull {
			w.fail(null(typ, p.Name))
		}
		w.buf = append(w.buf, "null"...)
		return
	}
	w.buf = append(w.buf, '[')
	for n := 0; w.failed() == nil && w.More(); n++ {
		if n > 0 {
			w.buf = append(w.buf, ',')
		}
		w.value(w.Scalar(p.Kind))
	}
	w.buf = append(w.buf, ']')
}

// connection reads edges before it knows pageInfo, which may come first in the
// response: each list of edges is written into a buffer of its own.
func (w *writer) connection(s *plan.Select) {
	c := s.Connection
	if !w.Enter() || !w.next() {
		w.fail(errShape)
		return
	}
	var p page
	out := w.buf
	edges := make([][]byte, len(c.Edges))
	if w.Enter() {
		for w.failed() == nil && w.More() {
			if p.rows == s.Page {
				w.Skip()
				p.more = true
				if s.ByDefault {
					w.t.cut()
				}
				continue
			}
			w.edge(s, &p, edges)
		}
	}
	w.buf = out
	if !w.next() {
		return
	}
	total := w.Scalar(kindInt)
	if !w.next() {
		return
	}
	m := readMeasures(w.Reader, c.Measures)
	w.end()

	w.buf = append(w.buf, '{')
	first := true
	view := 0
	for _, it := range c.Items {
		w.key(&first, it.Alias)
		switch it.Field {
		case "edges":
			w.buf = append(w.buf, '[')
			w.buf = append(w.buf, edges[view]...)
			w.buf = append(w.buf, ']')
			view++
		case "totalCount":
			w.value(total)
		case "pageInfo":
			w.pageInfo(it, &p, c.Continued)
		case "aggregate":
			w.aggregate(it.Type, it.Aggregate, m)
		default:
			w.buf = appendString(w.buf, c.Type)
		}
	}
	w.buf = append(w.buf, '}')
}

func (w *writer) pageInfo(it plan.ConnItem, p *page, continued bool) {
	w.buf = append(w.buf, '{')
	first := true
	for _, l := range it.PageInfo {
		w.key(&first, l.Alias)
		if l.Field == "__typename" {
			w.buf = appendString(w.buf, it.Type)
			continue
		}
		w.value(p.info(l.Field, continued))
	}
	w.buf = append(w.buf, '}')
}

func (w *writer) edge(s *plan.Select, p *page, edges [][]byte) {
	c := s.Connection
	if !w.Enter() {
		w.fail(errShape)
		return
	}
	w.t.Rows++
	cur := ""
	if c.Keys {
		cur = keys(w.Reader, s, w.next)
	}
	p.visit(cur)
	for i, shape := range c.Edges {
		w.t.push(shape.Alias)
		w.buf = edges[i]
		if len(w.buf) > 0 {
			w.buf = append(w.buf, ',')
		}
		w.buf = append(w.buf, '{')
		first := true
		for _, it := range shape.Items {
			w.key(&first, it.Alias)
			switch it.Field {
			case "cursor":
				w.buf = appendString(w.buf, cur)
			case "__typename":
				w.buf = appendString(w.buf, shape.Type)
			default:
				if !w.next() {
					return
				}
				w.part(s, it)
			}
		}
		w.buf = append(w.buf, '}')
		edges[i] = w.buf
		w.t.pop()
	}
	w.end()
}

func (w *writer) part(s *plan.Select, it plan.EdgeItem) {
	switch it.Field {
	case "node":
		w.t.push(it.Alias)
		w.object(it.Objects, len(it.Objects) > 1)
		w.t.pop()
	case "properties":
		if !w.Enter() {
			w.fail(errShape)
			return
		}
		w.items(it.Type, it.Properties)
		w.end()
	case "score":
		w.value(w.Scalar(kindInt))
	case "snippet":
		w.value(snippet(w.Reader, s))
	}
}

func (w *writer) aggregate(typ string, items []plan.AggItem, m measures) {
	w.buf = append(w.buf, '{')
	first := true
	for _, it := range items {
		w.key(&first, it.Alias)
		switch {
		case it.Kids != nil:
			w.aggregate(it.Type, it.Kids, m)
		case it.Measure < 0:
			w.buf = appendString(w.buf, typ)
		default:
			w.value(m.value(it))
		}
	}
	w.buf = append(w.buf, '}')
}

func (w *writer) value(v Value) {
	w.wrote(v.size())
	switch {
	case v.Null:
		w.buf = append(w.buf, "null"...)
	case v.Kind.Text():
		w.buf = appendString(w.buf, v.Text)
	case v.Kind == kindInt:
		w.buf = strconv.AppendInt(w.buf, v.Int, 10)
	case v.Kind == kindBool:
		w.buf = strconv.AppendBool(w.buf, v.Bool)
	case math.IsInf(v.Float, 0) || math.IsNaN(v.Float):
		w.fail(errShape)
	default:
		w.buf = AppendFloat(w.buf, v.Float)
	}
}

// AppendFloat writes a finite number as ECMAScript does, so that whole numbers
// below 10^21 have neither point nor exponent.
func AppendFloat(buf []byte, f float64) []byte {
	form := byte('f')
	if size := math.Abs(f); size != 0 && (size < 1e-6 || size >= 1e21) {
		form = 'e'
	}
	return strconv.AppendFloat(buf, f+0, form, -1, 64) // -0 is 0
}

const hexDigits = "0123456789ABCDEF"

// appendString quotes s with the escapes that gqlgen uses, so that both paths
// give the same bytes.
func appendString(buf []byte, s string) []byte {
	buf = append(buf, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '\\' && c != '"' {
			continue
		}
		buf = append(buf, s[start:i]...)
		switch c {
		case '\t':
			buf = append(buf, `\t`...)
		case '\r':
			buf = append(buf, `\r`...)
		case '\n':
			buf = append(buf, `\n`...)
		case '\\':
			buf = append(buf, `\\`...)
		case '"':
			buf = append(buf, `\"`...)
		default:
			buf = append(buf, `\u00`...)
			buf = append(buf, hexDigits[c>>4], hexDigits[c&0xf])
		}
		start = i + 1
	}
	buf = append(buf, s[start:]...)
	return append(buf, '"')
}
