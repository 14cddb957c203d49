package pages

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"normgraph/documents"
	"normgraph/graph"
)

// Parameters of /data/ and /embed/ that are no variables.
var reserved = []string{"variables", "view", "theme", "list", "height", "excel"}

// asked is a trusted document with what an address says of it.
type asked struct {
	documents.Document
	Variables json.RawMessage
	Query     url.Values // the parameters
	parsed    *ast.QueryDocument
}

// trusted finds a document and reads its variables from the query of an address:
// each by its name, a list by repeating it, an input object as JSON; or all as JSON in
// "variables". What is not given takes the document's default. more are parameters
// of the page. Errors name the parameter and what was expected.
func (s *site) trusted(name, raw string, more ...string) (*asked, error) {
	document, ok := s.Documents.Find(name)
	if !ok {
		return nil, notFound("No trusted document is called “%s”. The start page lists them.", shorten(name, 80))
	}
	parsed, err := parser.ParseQuery(&ast.Source{Name: document.Name, Input: document.Text})
	if err != nil || len(parsed.Operations) == 0 {
		return nil, fmt.Errorf("the trusted document %s cannot be read: %v", document.Name, err)
	}
	declared := parsed.Operations[0].VariableDefinitions
	var names []string
	for _, v := range declared {
		if !slices.Contains(reserved, v.Variable) {
			names = append(names, v.Variable)
		}
	}
	more = append(more, reserved...)
	if given, err := url.ParseQuery(raw); err == nil {
		for _, name := range slices.Sorted(maps.Keys(given)) {
			if name != revisionName && !slices.Contains(more, name) && !slices.Contains(names, name) && !IsTracker(name) {
				return nil, unknown(document.Name+" has no variable", name, names)
			}
		}
	}
	query, err := parameters(raw, more, names...)
	if err != nil {
		return nil, err
	}
	values := map[string]json.RawMessage{}
	if text := query.Get("variables"); text != "" {
		if err := json.Unmarshal([]byte(text), &values); err != nil || values == nil {
			return nil, badRequest("variables is not a JSON object.")
		}
	}
	for _, name := range names {
		given, ok := query[name]
		if !ok {
			continue
		}
		value, err := parameterValue(declared.ForName(name).Type, given)
		if err != nil {
			return nil, badRequest("%s is “%s”; %v was expected.", name, shorten(strings.Join(given, ", "), 60), err)
		}
		values[name] = value
	}
	given, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	return &asked{document, document.With(given), query, parsed}, nil
}

// parameterValue reads parameters of one name as a value of a type. The error says what was expected.
func parameterValue(t *ast.Type, given []string) (json.RawMessage, error) {
	if t.Elem != nil && !(len(given) == 1 && strings.HasPrefix(strings.TrimSpace(given[0]), "[")) {
		list := []json.RawMessage{}
		for _, one := range given {
			value, err := parameterValue(t.Elem, []string{one})
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return json.Marshal(list)
	}
	if len(given) != 1 {
		return nil, fmt.Errorf("one value")
	}
	text := given[0]
	if text == "" && !t.NonNull {
		return json.RawMessage("null"), nil
	}
	definition := graph.Schema().Types[t.Name()]
	switch {
	case t.Elem != nil, definition != nil && definition.Kind == ast.InputObject:
		if !json.Valid([]byte(text)) {
			return nil, fmt.Errorf("JSON")
		}
		return json.RawMessage(text), nil
	case t.Name() == "Int" || t.Name() == "Float":
		if _, err := strconv.ParseFloat(text, 64); err != nil || !json.Valid([]byte(text)) {
			return nil, fmt.Errorf("a number")
		}
		return json.RawMessage(text), nil
	case t.Name() == "Boolean":
		if text != "true" && text != "false" {
			return nil, fmt.Errorf("true or false")
		}
		return json.RawMessage(text), nil
	}
	return json.Marshal(text)
}
