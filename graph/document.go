package graph

import (
	"context"
	"math"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"normgraph/graph/plan"
	"normgraph/graph/scan"
)

// document scans, parses and validates, or answers from the cache of documents
// that passed before. With the mistakes that validation found it also gives the
// document.
func (s *Service) document(ctx context.Context, text string, at *place) (*ast.QueryDocument, error) {
	if doc, ok := s.documents.Get(text); ok {
		return doc, nil
	}
	if err := at.take(ctx); err != nil {
		return nil, err
	}
	leave, err := s.cores.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	tokens, err := scan.Document(text, s.limits.Scan)
	if err != nil {
		if ge, ok := err.(*gqlerror.Error); ok {
			return nil, coded(CodeParse, gqlerror.List{ge})
		}
		return nil, err
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: lines.Replace(text)})
	if err != nil {
		return nil, coded(CodeParse, list(unread(text, err)))
	}
	if n := expanded(doc); n > s.limits.Fields {
		return nil, &plan.LimitError{Limit: "fields", What: "fields", Requested: int64(n), Maximum: int64(s.limits.Fields), Advice: "select fewer fields, or nest fewer fragments"}
	}
	if len(doc.Operations)+len(doc.Fragments) == 0 {
		return nil, coded(CodeParse, gqlerror.List{gqlerror.Errorf("the document is empty")})
	}
	if len(doc.Operations) == 0 {
		return nil, coded(CodeValidation, gqlerror.List{gqlerror.Errorf("the document holds no operation")})
	}
	if errs := validate(s.schema, doc, theRest); len(errs) > 0 {
		return doc, coded(CodeValidation, errs)
	}
	s.documents.Add(text, doc, int64(len(text)+tokens*tokenBytes))
	return doc, nil
}

// tokenBytes is what a token takes in a parsed document, at most: a field with
// its position and comments.
const tokenBytes = 230

// lines ends lines by \n alone, which means the same: the parser counts columns
// behind \r\n wrongly.
var lines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// unread is a mistake of a document. Where that is of the text itself, such as a
// character that means nothing, the parser only says that it found <Invalid>; the
// lexer knows more.
func unread(text string, mistake error) error {
	if !strings.Contains(mistake.Error(), "<Invalid>") {
		return mistake
	}
	for lex := lexer.New(&ast.Source{Input: lines.Replace(text)}); ; {
		switch token, err := lex.ReadToken(); {
		case err != nil:
			return err
		case token.Kind == lexer.EOF:
			return mistake
		}
	}
}

func list(err error) gqlerror.List {
	switch e := err.(type) {
	case gqlerror.List:
		return e
	case *gqlerror.Error:
		return gqlerror.List{e}
	}
	return gqlerror.List{gqlerror.Wrap(err)}
}

// expanded counts the fields of all operations with their fragments put in
// place. Each fragment is walked once; the sum saturates.
func expanded(doc *ast.QueryDocument) int {
	memo := map[string]int{}
	var count func(ast.SelectionSet) int
	count = func(set ast.SelectionSet) int {
		n := 0
		for _, sel := range set {
			switch x := sel.(type) {
			case *ast.Field:
				n = saturated(n, 1)
				n = saturated(n, count(x.SelectionSet))
			case *ast.InlineFragment:
				n = saturated(n, count(x.SelectionSet))
			case *ast.FragmentSpread:
				if _, seen := memo[x.Name]; !seen {
					memo[x.Name] = 0 // a cycle counts once; validation refuses it
					if f := doc.Fragments.ForName(x.Name); f != nil {
						memo[x.Name] = count(f.SelectionSet)
					}
				}
				n = saturated(n, memo[x.Name])
			}
		}
		return n
	}
	n := 0
	for _, op := range doc.Operations {
		n = saturated(n, count(op.SelectionSet))
	}
	return n
}

func saturated(a, b int) int {
	if a > math.MaxInt32-b {
		return math.MaxInt32
	}
	return a + b
}
