package graph

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// TestUnread: what is wrong in a text is said in words and where it is, whatever
// ends its lines.
func TestUnread(t *testing.T) {
	for document, want := range map[string]string{
		"{ a ? }":            `1:5: Cannot parse the unexpected character "?".`,
		"{ a\n  b(}":         "2:5: Expected Name, found }",
		`{ a(x: "\q") }`:     `1:10: Invalid character escape sequence: \q.`,
		"{ a(x: \"b\n\") }":  "1:10: Unterminated string.",
		"{ a(x: 1.) }":       "1:10: Invalid number, expected digit but got: \")\".",
		"{\n a(x: \"\"\"b\n": "3:1: Unterminated string.",
	} {
		for _, end := range []string{"\n", "\r\n", "\r"} {
			text := strings.ReplaceAll(document, "\n", end)
			_, err := parser.ParseQuery(&ast.Source{Input: lines.Replace(text)})
			e := list(unread(text, err))[0]
			if got := fmt.Sprintf("%d:%d: %s", e.Locations[0].Line, e.Locations[0].Column, e.Message); got != want {
				t.Errorf("%q: %s, want %s", text, got, want)
			}
		}
	}
}
