package graph

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

var (
	overlap    = rules.OverlappingFieldsCanBeMergedRule
	allButThat = func() *rules.Rules {
		r := rules.NewDefaultRules()
		r.RemoveRule(overlap.Name)
		return r
	}()
	onlyThat = rules.NewRules(overlap)
)

// validate checks doc by the rules of the specification, and sets the
// definitions in it.
//
// The rule that fields of one response key can be merged compares all pairs of
// such fields, and all pairs below each pair. What merges by its text alone is
// therefore merged first, in a copy, so that repeats cost nothing.
func validate(schema *ast.Schema, doc *ast.QueryDocument) gqlerror.List {
	if errs := validator.ValidateWithRules(schema, doc, allButThat); len(errs) > 0 {
		return errs
	}
	return validator.ValidateWithRules(schema, folded(doc), onlyThat)
}

func folded(doc *ast.QueryDocument) *ast.QueryDocument {
	out := *doc
	out.Operations, out.Fragments = nil, nil
	for _, op := range doc.Operations {
		c := *op
		c.SelectionSet = fold(op.SelectionSet)
		out.Operations = append(out.Operations, &c)
	}
	for _, f := range doc.Fragments {
		c := *f
		c.SelectionSet = fold(f.SelectionSet)
		out.Fragments = append(out.Fragments, &c)
	}
	return &out
}

// fold merges the selections of a set that are equal but for what is selected
// below them.
func fold(set ast.SelectionSet) ast.SelectionSet {
	var order []string
	first := map[string]ast.Selection{}
	below := map[string]ast.SelectionSet{}
	for _, sel := range set {
		key, sub := head(sel)
		if _, seen := first[key]; !seen {
			order = append(order, key)
			first[key] = sel
		}
		below[key] = append(below[key], sub...)
	}
	out := make(ast.SelectionSet, len(order))
	for i, key := range order {
		switch x := first[key].(type) {
		case *ast.Field:
			c := *x
			c.SelectionSet = fold(below[key])
			out[i] = &c
		case *ast.InlineFragment:
			c := *x
			c.SelectionSet = fold(below[key])
			out[i] = &c
		default:
			out[i] = x
		}
	}
	return out
}

// head is the text of a selection without what is selected below it.
func head(sel ast.Selection) (string, ast.SelectionSet) {
	var s strings.Builder
	directives := func(list ast.DirectiveList) {
		for _, d := range list {
			s.WriteString("@" + d.Name)
			arguments(&s, d.Arguments)
		}
	}
	switch x := sel.(type) {
	case *ast.Field:
		fmt.Fprintf(&s, "%s:%s", x.Alias, x.Name)
		arguments(&s, x.Arguments)
		directives(x.Directives)
		return s.String(), x.SelectionSet
	case *ast.InlineFragment:
		s.WriteString("on " + x.TypeCondition)
		directives(x.Directives)
		return s.String(), x.SelectionSet
	case *ast.FragmentSpread:
		s.WriteString("..." + x.Name)
		directives(x.Directives)
	}
	return s.String(), nil
}

func arguments(s *strings.Builder, list ast.ArgumentList) {
	for _, a := range list {
		s.WriteString("(" + a.Name + ":" + a.Value.String() + ")")
	}
}
