package plan

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/input"
)

// field is one response key after the merging that the GraphQL specification
// asks for: same key, one entry, selection sets appended.
type field struct {
	*ast.Field
	sets []ast.SelectionSet
}

// collect is CollectFields of the specification for one concrete object type.
func (b *builder) collect(sets []ast.SelectionSet, typ *ast.Definition) ([]*field, error) {
	c := collector{b: b, typ: typ, index: map[string]int{}, seen: map[string]bool{}}
	for _, set := range sets {
		if err := c.walk(set); err != nil {
			return nil, err
		}
	}
	return c.out, nil
}

type collector struct {
	b     *builder
	typ   *ast.Definition
	out   []*field
	index map[string]int
	seen  map[string]bool
}

func (c *collector) walk(set ast.SelectionSet) error {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if !c.b.included(s.Directives) {
				continue
			}
			i, ok := c.index[s.Alias]
			if !ok {
				if err := c.b.count(); err != nil {
					return err
				}
				i = len(c.out)
				c.index[s.Alias] = i
				c.out = append(c.out, &field{Field: s})
			}
			if len(s.SelectionSet) > 0 {
				c.out[i].sets = append(c.out[i].sets, s.SelectionSet)
			}
		case *ast.InlineFragment:
			if c.b.included(s.Directives) && c.applies(s.TypeCondition) {
				if err := c.walk(s.SelectionSet); err != nil {
					return err
				}
			}
		case *ast.FragmentSpread:
			if c.seen[s.Name] || !c.b.included(s.Directives) {
				continue
			}
			c.seen[s.Name] = true
			if d := c.b.op.Doc.Fragments.ForName(s.Name); d != nil && c.applies(d.TypeCondition) {
				if err := c.walk(d.SelectionSet); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (c *collector) applies(condition string) bool {
	if condition == "" || condition == c.typ.Name {
		return true
	}
	def := c.b.op.Schema.Types[condition]
	return def != nil && slices.Contains(c.b.op.Schema.GetPossibleTypes(def), c.typ)
}

// directives checks the arguments of every @skip and @include: validation lets a
// variable pass that may be null when it has a default.
func (b *builder) directives(set ast.SelectionSet, seen map[string]bool) error {
	for _, s := range set {
		var on ast.DirectiveList
		var below ast.SelectionSet
		switch s := s.(type) {
		case *ast.Field:
			on, below = s.Directives, s.SelectionSet
		case *ast.InlineFragment:
			on, below = s.Directives, s.SelectionSet
		case *ast.FragmentSpread:
			on = s.Directives
			if d := b.op.Doc.Fragments.ForName(s.Name); d != nil && !seen[s.Name] {
				seen[s.Name] = true
				below = d.SelectionSet
			}
		}
		for _, d := range on {
			def := b.op.Schema.Directives[d.Name]
			if _, err := input.Arguments(b.op.Schema, def.Arguments, d.Arguments, b.op.Variables, "@"+d.Name); err != nil {
				return err
			}
		}
		if err := b.directives(below, seen); err != nil {
			return err
		}
	}
	return nil
}

// included evaluates @skip and @include.
func (b *builder) included(ds ast.DirectiveList) bool {
	return b.directive(ds, "include", true) && b.directive(ds, "skip", false)
}

func (b *builder) directive(ds ast.DirectiveList, name string, want bool) bool {
	d := ds.ForName(name)
	if d == nil {
		return true
	}
	a := d.Arguments.ForName("if")
	if a == nil {
		return true
	}
	v, err := a.Value.Value(b.op.Variables)
	return err != nil || v == want
}
