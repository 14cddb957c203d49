// Package row reads the positional rows that a store answers a plan with: into
// models (typed), or straight into the bytes of the response (direct).
package row

import (
	"normgraph/graph/catalog"
)

// Rows is the value of one root of a plan, as plan's package comment lays it out.
type Rows interface {
	// Reader starts at the beginning; several readers may be used in turn.
	Reader() Reader
}

// Reader is a cursor over one value. Errors are sticky: after the first one
// every method returns its zero value and Err tells what was wrong.
type Reader interface {
	// Enter steps into a list; false when the value there is null.
	Enter() bool
	// More reports whether another element follows in the list entered last;
	// when there is none it steps out of that list.
	More() bool
	// Scalar reads one scalar of the kind, which may be null.
	Scalar(kind catalog.Kind) Value
	// Skip passes over one value of any shape.
	Skip()
	// Err is the first error met: the row is not what the plan asked for.
	Err() error
}

// Value is one stored scalar or list of scalars.
type Value struct {
	Kind  catalog.Kind
	Null  bool
	Text  string // all text kinds
	Int   int64
	Float float64
	Bool  bool
	List  []Value // set when the property is a list and the value is not null
}

// size is the length of v in a response, at least.
func (v Value) size() int {
	n := len(v.Text) + 1
	for _, x := range v.List {
		n += x.size()
	}
	return n
}

// keySize is the length of a response key with its quotes and colon.
func keySize(alias string) int { return len(alias) + 3 }

// Entity is a generated model of a planned type: leaves are set by schema field
// name, composite fields are bound to the response key that asked for them.
type Entity interface {
	// Set stores a leaf; an error says that a null met a non-null field.
	Set(field string, v Value) error
	// Bind keeps a composite value under its response key: an Entity, or an
	// []Entity (nil elements are null), or nil.
	Bind(alias string, value any)
}
