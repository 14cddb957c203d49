package pages

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"normgraph/graph"
	"normgraph/graph/input"
)

// flatten reads the data of an answer to the document.
func (a *asked) flatten(root object) (*flat, error) {
	shape, err := a.shape()
	if err != nil {
		return nil, err
	}
	return flatten(root, shape, a.Query.Get("list")), nil
}

// shape is the answer to the document with one object in every list and null for
// every value. Its columns are those of any answer, also of one without rows.
func (a *asked) shape() (object, error) {
	var given map[string]any
	decoder := json.NewDecoder(bytes.NewReader(a.Variables))
	decoder.UseNumber()
	if err := decoder.Decode(&given); err != nil {
		return nil, fmt.Errorf("variables of %s: %w", a.Name, err)
	}
	op := a.parsed.Operations[0]
	validator.Walk(graph.Schema(), a.parsed, &validator.Events{}) // notes the definition of each field
	variables, err := input.Variables(graph.Schema(), op, given)
	if err != nil {
		return nil, err
	}
	return shaped(&graphql.OperationContext{Doc: a.parsed, Variables: variables}, op.SelectionSet), nil
}

// shaped is an object with all that is selected, of whatever type it is.
func shaped(oc *graphql.OperationContext, selected ast.SelectionSet) object {
	out := object{}
	for _, f := range graphql.CollectFields(oc, selected, nil) {
		var value any
		if len(f.Selections) > 0 {
			value = shaped(oc, f.Selections)
			for t := f.Definition.Type; t.Elem != nil; t = t.Elem {
				value = []any{value}
			}
		}
		out = append(out, member{f.Alias, value})
	}
	return out
}
