package graph

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

var (
	overlap  = rules.OverlappingFieldsCanBeMergedRule
	onlyThat = rules.NewRules(overlap)
	theRest  = but(overlap)
)

// but is all rules of the specification less some.
func but(list ...validator.Rule) *rules.Rules {
	r := rules.NewDefaultRules()
	for _, rule := range list {
		r.RemoveRule(rule.Name)
	}
	return r
}

// validate checks doc by the rest of the rules and that of overlap, and sets the
// definitions in it.
//
// The rule that fields of one response key can be merged compares all pairs of
// such fields, and all pairs below each pair. What merges by its text alone is
// therefore merged first, in a copy, so that repeats cost nothing.
func validate(schema *ast.Schema, doc *ast.QueryDocument, rest *rules.Rules) gqlerror.List {
	if errs := validator.ValidateWithRules(schema, doc, rest); len(errs) > 0 {
		return errs
	}
	return validator.ValidateWithRules(schema, folded(doc), onlyThat)
}

// folded is doc with its fragments put in place, and folded selections. The
// limit on fields bounds its size.
func folded(doc *ast.QueryDocument) *ast.QueryDocument {
	out := *doc
	out.Operations, out.Fragments = nil, nil
	for _, op := range doc.Operations {
		c := *op
		c.SelectionSet = fold(op.SelectionSet)
		out.Operations = append(out.Operations, &c)
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
		key, head, sub := split(sel)
		if _, seen := first[key]; !seen {
			order = append(order, key)
			first[key] = head
		}
		below[key] = append(below[key], sub...)
	}
	out := make(ast.SelectionSet, len(order))
	for i, key := range order {
		switch x := first[key].(type) {
		case *ast.Field:
			x.SelectionSet = fold(below[key])
		case *ast.InlineFragment:
			x.SelectionSet = fold(below[key])
		}
		out[i] = first[key]
	}
	return out
}

// split gives a selection's text without what is selected below it, a copy of
// it, and what is. A spread becomes an inline fragment.
func split(sel ast.Selection) (key string, head ast.Selection, below ast.SelectionSet) {
	var s strings.Builder
	directives := func(list ast.DirectiveList) {
		for _, d := range list {
			s.WriteString("@" + d.Name)
			arguments(&s, d.Arguments)
		}
	}
	switch x := sel.(type) {
	case *ast.Field:
		s.WriteString(x.Alias + ":" + x.Name)
		arguments(&s, x.Arguments)
		directives(x.Directives)
		c := *x
		return s.String(), &c, x.SelectionSet
	case *ast.FragmentSpread:
		s.WriteString("on " + x.Definition.TypeCondition)
		directives(x.Directives)
		return s.String(), &ast.InlineFragment{TypeCondition: x.Definition.TypeCondition, Directives: x.Directives,
			ObjectDefinition: x.ObjectDefinition, Position: x.Position}, x.Definition.SelectionSet
	case *ast.InlineFragment:
		s.WriteString("on " + x.TypeCondition)
		directives(x.Directives)
		c := *x
		return s.String(), &c, x.SelectionSet
	}
	return "", sel, nil
}

func arguments(s *strings.Builder, list ast.ArgumentList) {
	for _, a := range list {
		s.WriteString("(" + a.Name + ":" + a.Value.String() + ")")
	}
}
