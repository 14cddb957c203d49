package pages

import (
	"encoding/json"
	"fmt"
	"net/http"
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
var reserved = []string{"variables", "view", "theme", "list", "revision", "height"}

// trusted finds a document and reads its variables from an address: each by its
// name, a list by repeating it, an input object as JSON; or all as JSON in
// "variables". What is not given takes the document's default. Errors name the
// parameter and what was expected.
func (s *site) trusted(name string, query url.Values) (documents.Document, json.RawMessage, error) {
	document, ok := s.Documents.Find(name)
	if !ok {
		return document, nil, &fault{http.StatusNotFound, fmt.Sprintf("No trusted document is called “%s”. The start page lists them.", shorten(name, 80))}
	}
	parsed, err := parser.ParseQuery(&ast.Source{Name: document.Name, Input: document.Text})
	if err != nil || len(parsed.Operations) == 0 {
		return document, nil, &fault{http.StatusInternalServerError, "the document cannot be read"}
	}
	values := map[string]json.RawMessage{}
	if text := query.Get("variables"); text != "" {
		if err := json.Unmarshal([]byte(text), &values); err != nil || values == nil {
			return document, nil, &fault{http.StatusBadRequest, "variables is not a JSON object."}
		}
	}
	declared := parsed.Operations[0].VariableDefinitions
	for parameter, given := range query {
		if slices.Contains(reserved, parameter) {
			continue
		}
		variable := declared.ForName(parameter)
		if variable == nil {
			var names []string
			for _, v := range declared {
				names = append(names, v.Variable)
			}
			expected := "it takes none"
			if len(names) > 0 {
				expected = "it takes " + strings.Join(names, ", ")
			}
			return document, nil, &fault{http.StatusBadRequest, fmt.Sprintf("%s has no variable “%s”; %s.", document.Name, shorten(parameter, 40), expected)}
		}
		value, err := parameterValue(variable.Type, given)
		if err != nil {
			return document, nil, &fault{http.StatusBadRequest, fmt.Sprintf("%s is “%s”; %v was expected.", parameter, shorten(strings.Join(given, ", "), 60), err)}
		}
		values[parameter] = value
	}
	given, err := json.Marshal(values)
	if err != nil {
		return document, nil, err
	}
	return document, document.With(given), nil
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
