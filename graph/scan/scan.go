// Package scan looks at a document before it is parsed: one linear pass over
// its tokens that never recurses and stops at the first limit exceeded. What a
// parser, a validator or a planner would pay for more than linearly never
// reaches them.
package scan

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
)

// Limits bound a document and its variables. Both may have exactly the numbers
// given.
type Limits struct {
	Tokens     int // lexical tokens, comments among them
	Nesting    int // braces, brackets and parentheses open at once
	Aliases    int // in the whole document
	Directives int // uses, in the whole document
	Repeats    int // of one response key, or of one fragment spread, in one selection set and its inline fragments
	RootFields int // of one operation, through its fragments
	Values     int // in the variables: names, scalars, lists and objects
}

// DefaultLimits are the documented limits.
func DefaultLimits() Limits {
	return Limits{Tokens: 2000, Nesting: 30, Aliases: 30, Directives: 20, Repeats: 20, RootFields: 20, Values: 10_000}
}

// LimitError says which limit a document, or its variables, exceed. The scan
// stops there, so Requested is a lower bound of what they have.
type LimitError struct {
	Limit              string // tokens, nesting, aliases, directives, repeats, rootFields, values
	Requested, Maximum int
	Variables          bool // not the document
}

func (e *LimitError) Error() string {
	where := "the document has"
	if e.Variables {
		where = "the variables have"
	}
	return fmt.Sprintf("%s %d %s or more; at most %d are allowed", where, e.Requested, words[e.Limit], e.Maximum)
}

var words = map[string]string{
	"tokens":     "tokens",
	"nesting":    "levels of braces, brackets and parentheses",
	"aliases":    "aliases",
	"directives": "directives",
	"repeats":    "repeats of one field or fragment in one selection",
	"rootFields": "root fields in one operation",
	"values":     "values",
}

// Document scans one executable document and counts its tokens. Errors: *LimitError, or
// *gqlerror.Error for an escape of half a surrogate pair, which the parser
// would silently replace. Every other syntax error is left to the parser: it
// reads the same tokens and stops at the same place.
func Document(document string, l Limits) (tokens int, err error) {
	s := scanner{limits: l, repeats: map[repeat]int{}}
	lex := lexer.New(&ast.Source{Input: document})
	raw := rawText{doc: document}
	for {
		t, err := lex.ReadToken()
		if err != nil {
			return s.tokens, nil
		}
		if t.Kind == lexer.EOF {
			break
		}
		s.tokens++
		if err := over("tokens", s.tokens, l.Tokens); err != nil {
			return s.tokens, err
		}
		switch t.Kind {
		case lexer.Comment:
			continue
		case lexer.String:
			if raw.loneSurrogate(t) {
				return s.tokens, gqlerror.ErrorLocf("", t.Pos.Line, t.Pos.Column, "Invalid Unicode escape: half of a surrogate pair stands for no character.")
			}
		}
		ok, err := s.token(t)
		if err != nil {
			return s.tokens, err
		}
		if !ok {
			return s.tokens, nil
		}
		s.prev = t.Kind
	}
	return s.tokens, s.rootFields()
}

func over(limit string, n, maximum int) error {
	if n <= maximum {
		return nil
	}
	return &LimitError{Limit: limit, Requested: n, Maximum: maximum}
}

// scanner is the state between two tokens.
type scanner struct {
	limits                      Limits
	tokens, aliases, directives int

	prev    lexer.Type
	open    []frame // what is open, outermost first
	header  header
	defs    []definition
	repeats map[repeat]int
	scopes  int
}

// frame is an open brace, bracket or parenthesis.
type frame struct {
	closer lexer.Type
	// selection says that this is a selection set, not a value or arguments.
	selection bool
	// scope numbers selection sets; an inline fragment shares its parent's.
	scope int
	// root says that fields here are root fields of the last definition.
	root bool
	item item
}

// repeat identifies a response key, or a spread, within one scope.
type repeat struct {
	scope  int
	spread bool
	key    string
}

// item is how far the current selection of a selection set was read.
type item uint8

const (
	field      item = iota // a field or a named spread, or nothing yet
	dots                   // after "..."
	typeName               // after "... on"
	inlineBody             // after "... on T"
)

// header is how far the head of a definition was read.
type header uint8

const (
	outside header = iota
	named          // after the keyword: the name may follow
	headed         // after the name
)

type definition struct {
	fragment bool
	name     string
	fields   int      // selected at the root
	spreads  []string // spread at the root
}

// token takes one token; false means that the parser will refuse this one.
func (s *scanner) token(t lexer.Token) (bool, error) {
	switch t.Kind {
	case lexer.At:
		s.directives++
		return true, over("directives", s.directives, s.limits.Directives)
	case lexer.BraceL:
		return true, s.brace()
	case lexer.BracketL:
		return true, s.push(frame{closer: lexer.BracketR})
	case lexer.ParenL:
		return true, s.push(frame{closer: lexer.ParenR})
	case lexer.BraceR, lexer.BracketR, lexer.ParenR:
		return s.pop(t.Kind), nil
	}
	if len(s.open) == 0 {
		if t.Kind == lexer.Name {
			s.head(t.Value)
		}
		return true, nil
	}
	top := &s.open[len(s.open)-1]
	if !top.selection {
		return true, nil
	}
	switch t.Kind {
	case lexer.Spread:
		top.item = dots
	case lexer.Colon:
		s.aliases++
		return true, over("aliases", s.aliases, s.limits.Aliases)
	case lexer.Name:
		return true, s.name(top, t.Value)
	}
	return true, nil
}

// name takes a name that stands directly in a selection set.
func (s *scanner) name(top *frame, name string) error {
	switch {
	case s.prev == lexer.At, s.prev == lexer.Colon: // a directive; the field behind its alias
		return nil
	case top.item == dots && name == "on":
		top.item = typeName
		return nil
	case top.item == typeName:
		top.item = inlineBody
		return nil
	}
	r := repeat{scope: top.scope, spread: top.item == dots, key: name}
	top.item = field
	if top.root {
		d := &s.defs[len(s.defs)-1]
		if r.spread {
			d.spreads = append(d.spreads, name)
		} else {
			d.fields++
		}
	}
	s.repeats[r]++
	return over("repeats", s.repeats[r], s.limits.Repeats)
}

// head takes a name that stands outside of everything.
func (s *scanner) head(name string) {
	switch {
	case s.prev == lexer.At:
	case s.header == outside:
		s.defs = append(s.defs, definition{fragment: name == "fragment"})
		s.header = named
	case s.header == named:
		s.defs[len(s.defs)-1].name = name
		s.header = headed
	}
}

func (s *scanner) brace() error {
	f := frame{closer: lexer.BraceR}
	switch {
	case len(s.open) == 0:
		if s.header == outside {
			s.defs = append(s.defs, definition{})
		}
		s.scopes++
		f.selection, f.root, f.scope = true, true, s.scopes
		s.header = outside
	case s.open[len(s.open)-1].selection:
		top := s.open[len(s.open)-1]
		f.selection = true
		if top.item == field {
			s.scopes++
			f.scope = s.scopes
		} else {
			f.scope, f.root = top.scope, top.root
		}
		s.open[len(s.open)-1].item = field
	}
	return s.push(f)
}

func (s *scanner) push(f frame) error {
	s.open = append(s.open, f)
	return over("nesting", len(s.open), s.limits.Nesting)
}

func (s *scanner) pop(closer lexer.Type) bool {
	n := len(s.open)
	if n == 0 || s.open[n-1].closer != closer {
		return false
	}
	s.open = s.open[:n-1]
	return true
}

// rootFields counts the root fields of each operation, each fragment once.
func (s *scanner) rootFields() error {
	fragments := map[string]int{}
	for i, d := range s.defs {
		if d.fragment {
			fragments[d.name] = i
		}
	}
	for i, d := range s.defs {
		if d.fragment {
			continue
		}
		n := 0
		seen := map[int]bool{i: true}
		for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
			d := s.defs[queue[0]]
			n += d.fields
			if err := over("rootFields", n, s.limits.RootFields); err != nil {
				return err
			}
			for _, name := range d.spreads {
				if f, ok := fragments[name]; ok && !seen[f] {
					seen[f] = true
					queue = append(queue, f)
				}
			}
		}
	}
	return nil
}
