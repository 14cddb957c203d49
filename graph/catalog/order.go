package catalog

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// sortByPosition restores SDL order, which the parser's map of types loses.
func sortByPosition(defs []*ast.Definition) {
	slices.SortFunc(defs, func(a, b *ast.Definition) int {
		if a.Position != nil && b.Position != nil {
			if c := strings.Compare(a.Position.Src.Name, b.Position.Src.Name); c != 0 {
				return c
			}
			return a.Position.Start - b.Position.Start
		}
		return strings.Compare(a.Name, b.Name)
	})
}
