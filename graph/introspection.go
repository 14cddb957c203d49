package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2/ast"
)

// describes names the kinds of type that have a value for a field of __Type.
// The specification wants null for all others, where gqlgen gives an empty list
// or false.
var describes = map[string][]ast.DefinitionKind{
	"fields":        {ast.Object, ast.Interface},
	"interfaces":    {ast.Object, ast.Interface},
	"possibleTypes": {ast.Interface, ast.Union},
	"enumValues":    {ast.Enum},
	"inputFields":   {ast.InputObject},
	"isOneOf":       {ast.InputObject},
}

// resolved is what next gives, or null where the type that is asked has nothing
// of the kind.
func resolved(ctx context.Context, next graphql.Resolver) (any, error) {
	fc := graphql.GetFieldContext(ctx)
	if typ, ok := fc.Parent.Result.(*introspection.Type); ok {
		kinds, some := describes[fc.Field.Name]
		if some && !slices.Contains(kinds, ast.DefinitionKind(typ.Kind())) {
			return nil, nil
		}
	}
	return next(ctx)
}
