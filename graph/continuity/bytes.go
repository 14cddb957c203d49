package continuity

import "unsafe"

// Bytes estimates the memory that o keeps alive, the text of its table
// included: what a cache has to account for.
func (o *Observations) Bytes() int64 {
	n := room(o.incidents) + room(o.norms) + room(o.coders) + room(o.assessments) + room(o.agreements) + room(o.signatures) +
		room(o.byIncident) + room(o.expresses) + room(o.contains) + 2*room(o.agreements) // the map by id
	n += int64(len(o.assessments)) * 4
	for _, i := range o.incidents {
		n += int64(unsafe.Sizeof(*i.Incident)) + text(i.ID, i.Start, i.End) + room(i.Kinds) + room(i.Sectors) + room(i.Countries) +
			text(i.Kinds...) + text(i.Sectors...) + text(i.Countries...)
	}
	for _, x := range o.norms {
		n += text(x.ID, x.Name, x.Scheme, x.Category)
	}
	for _, c := range o.coders {
		n += text(c.ID, c.Name)
	}
	for _, a := range o.assessments {
		n += text(a.id)
	}
	for i := range o.contains {
		n += room(o.contains[i])
		for _, p := range o.contains[i] {
			n += int64(unsafe.Sizeof(*p.Provision)) + text(p.Key, p.Agreement, p.Norm, p.Locator)
		}
	}
	for _, s := range o.signatures {
		n += text(s.Key, s.Signatory, s.Agreement, s.Role, s.Date)
	}
	return n
}

// Bytes estimates the memory that n keeps alive.
func (n *Network) Bytes() int64 {
	sum := room(n.ids) + room(n.edges) + room(n.types) + room(n.first) + room(n.arcs) + text(n.ids...)
	for _, e := range n.edges {
		sum += text(e.Type, e.From, e.To, e.Key)
	}
	return sum
}

func room[T any](s []T) int64 {
	var element T
	return int64(cap(s)) * int64(unsafe.Sizeof(element))
}

func text(values ...string) int64 {
	n := 0
	for _, v := range values {
		n += len(v)
	}
	return int64(n)
}
