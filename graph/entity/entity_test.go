package entity_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"normgraph/graph/model"
	"normgraph/graph/row"
)

// resolving is the context in which gqlgen calls the method of a field.
func resolving(alias string) context.Context {
	return graphql.WithFieldContext(context.Background(), &graphql.FieldContext{
		Field: graphql.CollectedField{Field: &ast.Field{Alias: alias}},
	})
}

func TestChildrenAreFoundByResponseKey(t *testing.T) {
	a := model.New("Agreement")
	first, second := &model.Norm{ID: "n1"}, &model.Norm{ID: "n2"}
	a.Bind("norms", []row.Entity{first, nil})
	a.Bind("others", []row.Entity{second})
	a.Bind("none", nil)
	a.Bind("process", &model.Process{ID: "p"})
	agreement := a.(*model.Agreement)

	for alias, want := range map[string][]*model.Norm{"norms": {first, nil}, "others": {second}, "none": nil} {
		got, err := agreement.Norms(resolving(alias), nil, nil, nil, nil)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", alias, err, diff)
		}
	}
	if p, err := agreement.Process(resolving("process")); err != nil || p.ID != "p" {
		t.Errorf("got %v, %v", p, err)
	}
	if p, err := agreement.Process(resolving("none")); err != nil || p != nil {
		t.Errorf("got %v, %v", p, err)
	}

	// A value of another shape is a fault of the planner, not a null.
	_, notPlanned := agreement.Norms(resolving("absent"), nil, nil, nil, nil)
	_, notList := agreement.Norms(resolving("process"), nil, nil, nil, nil)
	_, notOne := agreement.Process(resolving("norms"))
	_, otherType := agreement.Signatories(resolving("norms"), nil, nil, nil, nil)
	for want, err := range map[string]error{
		`field "absent" was not planned`:                notPlanned,
		"a list was planned as *model.Process":          notList,
		"a *model.Process was planned as []row.Entity":  notOne,
		"a *model.Signatory was planned as *model.Norm": otherType,
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// An interface takes any of its types.
func TestChildrenOfAnInterface(t *testing.T) {
	edge := model.New("SearchEdge")
	edge.Bind("node", &model.Call{ID: "c"})
	n, err := edge.(*model.SearchEdge).Node(resolving("node"))
	if call, ok := n.(*model.Call); err != nil || !ok || call.ID != "c" {
		t.Errorf("got %v, %v", n, err)
	}
}

// Every planned type of the schema has a model, and every leaf of it a setter
// that refuses null where the schema does.
func TestLeaves(t *testing.T) {
	api, err := os.ReadFile("../api.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "api.graphqls", Input: string(api)})
	if err != nil {
		t.Fatal(err)
	}
	domain, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	written, err := parser.ParseSchema(&ast.Source{Name: "schema.graphqls", Input: string(domain)})
	if err != nil {
		t.Fatal(err)
	}
	leaves := 0
	for _, def := range schema.Types {
		if def.Kind != ast.Object || def.BuiltIn {
			continue
		}
		own := written.Definitions.ForName(def.Name)
		planned := own == nil || def.Directives.ForName("node") != nil ||
			def.Directives.ForName("relationshipProperties") != nil || def.Directives.ForName("planned") != nil
		entity := model.New(def.Name)
		if (entity != nil) != planned {
			t.Errorf("%s: planned is %t, model is %T", def.Name, planned, entity)
		}
		if entity == nil {
			continue
		}
		for _, f := range def.Fields {
			typ := schema.Types[f.Type.Name()]
			if !typ.IsLeafType() {
				if err := entity.Set(f.Name, row.Value{}); err == nil {
					t.Errorf("%s.%s was set as a leaf", def.Name, f.Name)
				}
				continue
			}
			leaves++
			value := row.Value{Text: "x", Int: 7, Float: 0.5, Bool: true}
			if f.Type.Elem != nil {
				value = row.Value{List: []row.Value{value}}
				if err := entity.Set(f.Name, row.Value{List: []row.Value{{Null: true}}}); err == nil {
					t.Errorf("%s.%s took a null element", def.Name, f.Name)
				}
			}
			if err := entity.Set(f.Name, value); err != nil {
				t.Error(err)
			}
			err := entity.Set(f.Name, row.Value{Null: true})
			if f.Type.NonNull != (err != nil) || err != nil && !strings.Contains(err.Error(), def.Name+"."+f.Name) {
				t.Errorf("null in %s.%s: %v", def.Name, f.Name, err)
			}
		}
	}
	if leaves < 200 {
		t.Errorf("only %d leaves", leaves)
	}
}

func TestLeavesKeepTheirValues(t *testing.T) {
	i := model.New("Incident").(*model.Incident)
	text := func(s string) row.Value { return row.Value{Text: s} }
	set := map[string]row.Value{
		"id": text("i"), "startDate": text("2017-06"), "year": {Int: 2017}, "summary": {Null: true}, "endDate": text("2017"),
		"kinds": {List: []row.Value{text("WIPER"), text("SABOTAGE")}}, "sectors": {List: []row.Value{}},
	}
	for field, v := range set {
		if err := i.Set(field, v); err != nil {
			t.Error(err)
		}
	}
	end := "2017"
	want := &model.Incident{ID: "i", StartDate: "2017-06", Year: 2017, EndDate: &end,
		Kinds: []model.IncidentKind{model.IncidentKindWiper, model.IncidentKindSabotage}, Sectors: []string{}}
	if diff := cmp.Diff(want, i); diff != "" {
		t.Error(diff)
	}
	average, yes := 0.5, true
	ints := model.New("IntAggregateSelection").(*model.IntAggregateSelection)
	assessment := model.New("Assessment").(*model.Assessment)
	if err := ints.Set("average", row.Value{Float: 0.5}); err != nil {
		t.Error(err)
	}
	if err := assessment.Set("expandedScope", row.Value{Bool: true}); err != nil {
		t.Error(err)
	}
	if !cmp.Equal(ints.Average, &average) || !cmp.Equal(assessment.ExpandedScope, &yes) {
		t.Errorf("got %v and %v", ints.Average, assessment.ExpandedScope)
	}
	if err := i.Set("colour", text("red")); err == nil || err.Error() != `Incident has no leaf "colour"` {
		t.Errorf("got %v", err)
	}
}
