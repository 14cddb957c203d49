package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"normgraph/graph"
)

// Bounds of the lists that /data reads to their end.
const (
	maxListed      = 20_000   // nodes of one list
	maxListedBytes = 16 << 20 // of the answers that they come in
)

// cut is a list in the root of an answer that holds less than the count beside it says.
type cut struct {
	name      string
	have, all int
}

func (c cut) String() string { return fmt.Sprintf("%s=%d/%d", c.name, c.have, c.all) }

// counted is how many nodes xsConnection counts beside the list xs in the root of an answer.
func counted(root object, list string) (int, bool) {
	beside, _ := root.member(list + "Connection").(object)
	count, _ := beside.member("totalCount").(json.Number)
	n, err := count.Int64()
	return int(n), err == nil
}

// cutLists finds the lists that hold less than the count beside them.
func cutLists(root object) []cut {
	var all []cut
	for _, m := range root {
		list, isList := m.value.([]any)
		if n, ok := counted(root, m.name); ok && (isList || m.value == nil) && len(list) < n {
			all = append(all, cut{m.name, len(list), n})
		}
	}
	return all
}

// stillCut names the lists that hold less than there is: those in the root with their
// counts, and those that the default page size cut by their paths.
func stillCut(root object, paths []string) []string {
	var all []string
	for _, c := range cutLists(root) {
		all = append(all, c.String())
	}
	for _, path := range paths {
		if _, ok := counted(root, path); !ok && !slices.Contains(all, path) {
			all = append(all, path)
		}
	}
	slices.Sort(all)
	return all
}

// readOn reads the lists that an answer cuts to their end, or to a bound: each by one
// statement, which looks at every node once, or where that is beyond a limit by smaller
// pages, down to the document's own; all of the answer's revision. It gives the paths of the lists that the default
// page size cut. Error: errMoved, or why a page was refused.
func (s *site) readOn(ctx context.Context, a *asked, res *graph.Response, root object) ([]string, error) {
	bytes, paths := len(res.Data), defaultCuts(res)
	for _, c := range cutLists(root) {
		text, ok := pageOf(a, c.name)
		if !ok || c.have == 0 {
			continue
		}
		nodes, variables := []any{}, map[string]any{}
		if err := json.Unmarshal(a.Variables, &variables); err != nil {
			return nil, err
		}
		for more, size := true, maxListed; more && len(nodes) < maxListed && bytes < maxListedBytes; {
			variables[firstVariable] = min(size, maxListed-len(nodes))
			given, err := json.Marshal(variables)
			if err != nil {
				return nil, err
			}
			page := s.Execute(ctx, graph.Request{Document: text, Variables: given, ReadOnly: true, Page: maxListed})
			if len(page.Errors) > 0 {
				code, _ := page.Errors[0].Extensions["code"].(string)
				if code == graph.CodeLimit && size > c.have {
					size = max(size/4, c.have)
					continue
				}
				return nil, faultOf(code, page.Errors[0].Message)
			}
			if page.Revision.Number != res.Revision.Number {
				return nil, errMoved
			}
			bytes += len(page.Data)
			for _, path := range defaultCuts(page) {
				paths = append(paths, strings.Replace(path, c.name+".edges.node.", c.name+".", 1))
			}
			data, err := readRoot(page.Data)
			if err != nil {
				return nil, err
			}
			connection, _ := data.member(c.name).(object)
			edges, _ := connection.member("edges").([]any)
			for _, e := range edges {
				edge, _ := e.(object)
				nodes = append(nodes, edge.member("node"))
			}
			info, _ := connection.member("pageInfo").(object)
			more = len(edges) > 0 && info.member("hasNextPage") == true
			variables[afterVariable] = info.member("endCursor")
		}
		if len(nodes) > c.have {
			root[slices.IndexFunc(root, func(m member) bool { return m.name == c.name })].value = nodes[:min(len(nodes), maxListed)]
		}
	}
	return paths, nil
}

// defaultCuts are the paths of the lists that the default page size cut.
func defaultCuts(res *graph.Response) []string {
	paths, _ := res.Extensions["truncated"].([]string)
	return slices.Clone(paths)
}

// Variables of a page.
const (
	firstVariable = "firstOfPage"
	afterVariable = "afterOfPage"
)

// pageOf is a document that asks for a page of a list of a, through the connection of
// its name; false where a says itself which page it wants.
func pageOf(a *asked, list string) (string, bool) {
	doc, err := parser.ParseQuery(&ast.Source{Name: a.Name, Input: a.Text})
	if err != nil {
		return "", false
	}
	var field *ast.Field
	op := doc.Operations[0]
	for _, selection := range op.SelectionSet {
		f, ok := selection.(*ast.Field)
		if !ok || f.Alias == list && field != nil { // more of the list may stand there
			return "", false
		}
		if f.Alias == list {
			field = f
		}
	}
	if field == nil || graph.Schema().Query.Fields.ForName(field.Name+"Connection") == nil || field.Arguments.ForName("offset") != nil {
		return "", false
	}
	if limit := field.Arguments.ForName("limit"); limit != nil && limit.Value.Kind != ast.IntValue {
		return "", false
	}
	field.Name += "Connection"
	field.Arguments = append(slices.DeleteFunc(field.Arguments, func(a *ast.Argument) bool { return a.Name == "limit" }),
		&ast.Argument{Name: "first", Value: &ast.Value{Kind: ast.Variable, Raw: firstVariable}},
		&ast.Argument{Name: "after", Value: &ast.Value{Kind: ast.Variable, Raw: afterVariable}})
	field.SelectionSet = ast.SelectionSet{
		selected("edges", selected("node", field.SelectionSet...)),
		selected("pageInfo", selected("hasNextPage"), selected("endCursor")),
	}
	op.SelectionSet = ast.SelectionSet{field}
	op.VariableDefinitions = append(op.VariableDefinitions,
		&ast.VariableDefinition{Variable: firstVariable, Type: ast.NamedType("Int", nil)},
		&ast.VariableDefinition{Variable: afterVariable, Type: ast.NamedType("String", nil)})
	withoutUnused(doc)
	var text strings.Builder
	formatter.NewFormatter(&text).FormatQueryDocument(doc)
	return text.String(), true
}

func selected(name string, below ...ast.Selection) *ast.Field {
	return &ast.Field{Name: name, Alias: name, SelectionSet: below}
}

// withoutUnused takes away the fragments and variables that the operation does not use.
func withoutUnused(doc *ast.QueryDocument) {
	spread := map[string]bool{}
	var visit func(ast.SelectionSet)
	visit = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch x := selection.(type) {
			case *ast.Field:
				visit(x.SelectionSet)
			case *ast.InlineFragment:
				visit(x.SelectionSet)
			case *ast.FragmentSpread:
				if fragment := doc.Fragments.ForName(x.Name); fragment != nil && !spread[x.Name] {
					spread[x.Name] = true
					visit(fragment.SelectionSet)
				}
			}
		}
	}
	op := doc.Operations[0]
	visit(op.SelectionSet)
	doc.Fragments = slices.DeleteFunc(doc.Fragments, func(f *ast.FragmentDefinition) bool { return !spread[f.Name] })
	validator.Walk(graph.Schema(), doc, &validator.Events{}) // notes which variables are used
	op.VariableDefinitions = slices.DeleteFunc(op.VariableDefinitions, func(v *ast.VariableDefinition) bool { return !v.Used })
}
