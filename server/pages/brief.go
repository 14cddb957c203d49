package pages

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"normgraph/graph"
	"normgraph/graph/catalog"
)

// Properties by which people know a node, as far as its type has them: what it
// is called, and facts that tell it from others. A type needs nothing here.
var (
	labelNames = []string{"shortTitle", "name", "title", "contributor", "text"}
	factNames  = []string{"date", "startDate", "year", "number", "level", "scheme", "code", "kinds", "kind", "status", "relevance", "method", "country"}
)

const reasonName = "rationale" // shown below the line

// labelsOf are the properties that a node of a type is called by, the first
// that has a value.
func labelsOf(n *catalog.Node) []*catalog.Property {
	var labels []*catalog.Property
	for _, name := range labelNames {
		p := n.Property(name)
		if p == nil || p.List || p.Kind != catalog.String {
			continue
		}
		if labels = append(labels, p); p.NonNull {
			break
		}
	}
	return labels
}

func factsOf(n *catalog.Node) []*catalog.Property {
	var facts []*catalog.Property
	for _, name := range factNames {
		if p := n.Property(name); p != nil && p.YearOf == "" {
			facts = append(facts, p)
		}
	}
	return facts
}

// endsOf are the relations of a node without a name of its own, such as an
// assessment: it is called by the nodes that it joins.
func endsOf(n *catalog.Node) []*catalog.Relation {
	var ends []*catalog.Relation
	if len(labelsOf(n)) > 0 {
		return nil
	}
	for _, r := range n.Relations {
		if !r.List && len(labelsOf(r.Target)) > 0 {
			ends = append(ends, r)
		}
	}
	return ends
}

// briefOf selects what brief reads of a node of one type. It must stand where
// the node is of no other: fields of one name differ between types.
func briefOf(n *catalog.Node) string {
	var b strings.Builder
	b.WriteString("__typename id")
	add := func(p *catalog.Property) { b.WriteString(" " + p.Name) }
	for _, p := range append(labelsOf(n), factsOf(n)...) {
		add(p)
	}
	for _, name := range []string{"basis", reasonName} {
		if p := n.Property(name); p != nil {
			add(p)
		}
	}
	for _, r := range endsOf(n) {
		fmt.Fprintf(&b, " %s { id", r.Field)
		for _, p := range labelsOf(r.Target) {
			add(p)
		}
		b.WriteString(" }")
	}
	return b.String()
}

// brief is a node in one line.
type brief struct {
	ID, Kind, Basis string
	Label           string // how the node is called
	Facts           string // a few words that tell it from others of its type
	Rationale       string
	// Ends are the nodes that a node without a name of its own joins.
	Ends []neighbour
}

// Href is the address of the node's page.
func (b brief) Href() string { return nodePath(b.ID) }

// UnmarshalJSON reads what briefOf selects, and passes over all else.
func (b *brief) UnmarshalJSON(text []byte) error {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(text, &values); err != nil {
		return err
	}
	kind := textOf(values["__typename"])
	n := graph.Catalog().Node(kind)
	if n == nil {
		return fmt.Errorf("%q is no type of node", kind)
	}
	return b.read(n, values)
}

func (b *brief) read(n *catalog.Node, values map[string]json.RawMessage) error {
	*b = brief{ID: textOf(values["id"]), Kind: n.Name, Basis: textOf(values["basis"]), Rationale: textOf(values[reasonName])}
	b.Label = labelIn(n, values)
	var facts, joined []string
	for _, p := range factsOf(n) {
		// Of a stated norm its scheme and code say more than that it is one.
		if level := textOf(values["level"]); level == "STATED" && p.Name == "level" ||
			level != "" && level != "STATED" && (p.Name == "scheme" || p.Name == "code") {
			continue
		}
		for _, v := range valuesOf(p, values[p.Name]) {
			if p.Name == "number" {
				v.Text = "no. " + v.Text
			}
			facts = append(facts, v.Text)
		}
	}
	for _, r := range endsOf(n) {
		var end map[string]json.RawMessage
		if err := json.Unmarshal(values[r.Field], &end); err != nil {
			return fmt.Errorf("%s.%s: %w", n.Name, r.Field, err)
		}
		if end == nil {
			continue
		}
		label := cmp.Or(labelIn(r.Target, end), textOf(end["id"]))
		if b.Ends = append(b.Ends, neighbour{textOf(end["id"]), r.Target.Name, label}); len(b.Ends) <= 2 {
			joined = append(joined, label)
		} else {
			facts = append(facts, label)
		}
	}
	b.Label = cmp.Or(b.Label, strings.Join(joined, " × "), b.ID)
	b.Facts = strings.Join(facts, " · ")
	return nil
}

func labelIn(n *catalog.Node, values map[string]json.RawMessage) string {
	for _, p := range labelsOf(n) {
		if text := textOf(values[p.Name]); text != "" {
			return text
		}
	}
	return ""
}

// textOf is a text of an answer, "" if it is missing.
func textOf(raw json.RawMessage) string {
	var text string
	_ = json.Unmarshal(raw, &text) // the service wrote it
	return text
}

// named is a node that is only mentioned.
type named struct{ ID, Name string }

// kindMark is how a type looks in pictures: a shape and a number of the palette, never colour alone.
type kindMark struct {
	Shape  string // circle, square, diamond, triangle, hexagon
	Colour int    // class c1 … c6 of the style sheet
}

var kindMarks = map[string]kindMark{
	"Agreement": {"square", 1}, "Norm": {"circle", 2}, "Incident": {"triangle", 3}, "Assessment": {"diamond", 4},
	"Signatory": {"hexagon", 5}, "Coder": {"diamond", 6}, "Process": {"square", 6}, "Contribution": {"triangle", 6},
}

func markOf(kind string) kindMark {
	if mark, ok := kindMarks[kind]; ok {
		return mark
	}
	return kindMark{"circle", 6}
}
