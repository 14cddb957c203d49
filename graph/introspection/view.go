package introspection

import (
	"iter"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"normgraph/graph/plan"
)

// What each field of the types of introspection gives, in the specification's
// words (section 4.2).

func (w *writer) root(f *plan.Field) {
	switch f.Name {
	case "__schema":
		w.object(f, "__Schema", w.ofSchema)
	case "__type":
		name, _ := f.Args["name"].(string)
		w.named(f, w.schema.Types[name])
	default:
		w.text(w.schema.Query.Name)
	}
	w.count()
}

func (w *writer) ofSchema(f *plan.Field) {
	switch f.Name {
	case "description":
		w.some(w.schema.Description)
	case "types":
		list(w, slices.Values(w.schema.types), func(d *ast.Definition) { w.named(f, d) })
	case "queryType":
		w.named(f, w.schema.Query)
	case "mutationType":
		w.named(f, w.schema.Mutation)
	case "subscriptionType":
		w.named(f, w.schema.Subscription)
	case "directives":
		list(w, slices.Values(w.schema.directives), func(d *ast.DirectiveDefinition) { w.directive(f, d) })
	}
}

func (w *writer) directive(f *plan.Field, d *ast.DirectiveDefinition) {
	w.object(f, "__Directive", func(f *plan.Field) {
		switch f.Name {
		case "name":
			w.text(d.Name)
		case "description":
			w.some(d.Description)
		case "isRepeatable":
			w.truth(d.IsRepeatable)
		case "locations":
			list(w, slices.Values(d.Locations), func(l ast.DirectiveLocation) { w.text(string(l)) })
		case "args":
			w.arguments(f, d.Arguments)
		}
	})
}

// typ is a type as it is used: of a NonNull one, or what is in it.
func (w *writer) typ(f *plan.Field, t *ast.Type, nonNull bool) {
	if !nonNull && t.Elem == nil {
		w.named(f, w.schema.Types[t.NamedType])
		return
	}
	w.object(f, "__Type", func(f *plan.Field) {
		switch {
		case f.Name == "kind" && nonNull:
			w.text("NON_NULL")
		case f.Name == "kind":
			w.text("LIST")
		case f.Name == "ofType" && nonNull:
			w.typ(f, t, false)
		case f.Name == "ofType":
			w.typ(f, t.Elem, t.Elem.NonNull)
		default:
			w.null()
		}
	})
}

// named is a type by its definition; null without one. What its kind cannot have
// is null too, what it has none of an empty list.
func (w *writer) named(f *plan.Field, d *ast.Definition) {
	if d == nil {
		w.null()
		return
	}
	w.object(f, "__Type", func(f *plan.Field) {
		composed := d.Kind == ast.Object || d.Kind == ast.Interface
		switch {
		case f.Name == "kind":
			w.text(string(d.Kind))
		case f.Name == "name":
			w.text(d.Name)
		case f.Name == "description":
			w.some(d.Description)
		case f.Name == "specifiedByURL" && d.Kind == ast.Scalar:
			w.argument(d.Directives.ForName("specifiedBy"), "url", "")
		case f.Name == "isOneOf" && d.Kind == ast.InputObject:
			w.truth(d.Directives.ForName("oneOf") != nil)
		case f.Name == "fields" && composed:
			list(w, shown(f, d.Fields, ofField), func(x *ast.FieldDefinition) { w.field(f, x) })
		case f.Name == "interfaces" && composed:
			list(w, slices.Values(d.Interfaces), func(name string) { w.named(f, w.schema.Types[name]) })
		case f.Name == "possibleTypes" && d.IsAbstractType():
			list(w, slices.Values(w.schema.GetPossibleTypes(d)), func(d *ast.Definition) { w.named(f, d) })
		case f.Name == "enumValues" && d.Kind == ast.Enum:
			list(w, shown(f, d.EnumValues, ofValue), func(x *ast.EnumValueDefinition) { w.enumValue(f, x) })
		case f.Name == "inputFields" && d.Kind == ast.InputObject:
			list(w, shown(f, d.Fields, ofField), func(x *ast.FieldDefinition) {
				w.input(f, input{x.Name, x.Description, x.DefaultValue, x.Type, x.Directives})
			})
		default:
			w.null()
		}
	})
}

func (w *writer) field(f *plan.Field, x *ast.FieldDefinition) {
	w.object(f, "__Field", func(f *plan.Field) {
		switch f.Name {
		case "args":
			w.arguments(f, x.Arguments)
		case "type":
			w.typ(f, x.Type, x.Type.NonNull)
		default:
			w.element(f, x.Name, x.Description, x.Directives)
		}
	})
}

func (w *writer) enumValue(f *plan.Field, x *ast.EnumValueDefinition) {
	w.object(f, "__EnumValue", func(f *plan.Field) { w.element(f, x.Name, x.Description, x.Directives) })
}

// input is an argument or a field of an input object.
type input struct {
	name, description string
	standard          *ast.Value // if it is not given
	typ               *ast.Type
	directives        ast.DirectiveList
}

func (w *writer) arguments(f *plan.Field, all ast.ArgumentDefinitionList) {
	list(w, shown(f, all, ofArgument), func(x *ast.ArgumentDefinition) {
		w.input(f, input{x.Name, x.Description, x.DefaultValue, x.Type, x.Directives})
	})
}

func (w *writer) input(f *plan.Field, x input) {
	w.object(f, "__InputValue", func(f *plan.Field) {
		switch {
		case f.Name == "type":
			w.typ(f, x.typ, x.typ.NonNull)
		case f.Name != "defaultValue":
			w.element(f, x.name, x.description, x.directives)
		case x.standard == nil:
			w.null()
		default:
			w.text(x.standard.String())
		}
	})
}

// element is what fields, input values and enum values have in common.
func (w *writer) element(f *plan.Field, name, description string, directives ast.DirectiveList) {
	deprecated := directives.ForName("deprecated")
	switch f.Name {
	case "name":
		w.text(name)
	case "description":
		w.some(description)
	case "isDeprecated":
		w.truth(deprecated != nil)
	case "deprecationReason":
		w.argument(deprecated, "reason", "No longer supported")
	}
}

// argument is the text given to a directive, otherwise what stands for it; null
// without the directive.
func (w *writer) argument(d *ast.Directive, name, otherwise string) {
	switch {
	case d == nil:
		w.null()
	case d.Arguments.ForName(name) == nil:
		w.some(otherwise)
	default:
		w.text(d.Arguments.ForName(name).Value.Raw)
	}
}

// shown are the elements of a list that f asks for: without the root fields of
// introspection, and without deprecated ones unless it includes them.
func shown[T any](f *plan.Field, all []T, element func(T) (name string, on ast.DirectiveList)) iter.Seq[T] {
	include, _ := f.Args["includeDeprecated"].(bool)
	return func(yield func(T) bool) {
		for _, x := range all {
			name, on := element(x)
			hidden := strings.HasPrefix(name, "__") || !include && on.ForName("deprecated") != nil
			if !hidden && !yield(x) {
				return
			}
		}
	}
}

func ofField(x *ast.FieldDefinition) (string, ast.DirectiveList)       { return x.Name, x.Directives }
func ofArgument(x *ast.ArgumentDefinition) (string, ast.DirectiveList) { return x.Name, x.Directives }
func ofValue(x *ast.EnumValueDefinition) (string, ast.DirectiveList)   { return x.Name, x.Directives }
