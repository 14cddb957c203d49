package entity

import (
	"fmt"

	"normgraph/graph/row"
)

// The setters that generated models are made of. where is "Type.field"; conv is
// Text, Integer, Real or Truth.

// Required stores a value that must not be null.
func Required[T any](dst *T, v row.Value, where string, conv func(row.Value) T) error {
	if v.Null {
		return fmt.Errorf("null in %s, which has always a value", where)
	}
	*dst = conv(v)
	return nil
}

// Optional stores a value that may be null.
func Optional[T any](dst **T, v row.Value, conv func(row.Value) T) error {
	*dst = nil
	if !v.Null {
		t := conv(v)
		*dst = &t
	}
	return nil
}

// RequiredList stores a list that must not be null; nor may its elements.
func RequiredList[T any](dst *[]T, v row.Value, where string, conv func(row.Value) T) error {
	if v.Null {
		return fmt.Errorf("null in %s, which has always a value", where)
	}
	return list(dst, v, where, conv)
}

// OptionalList stores a list that may be null; its elements may not.
func OptionalList[T any](dst *[]T, v row.Value, where string, conv func(row.Value) T) error {
	*dst = nil
	if v.Null {
		return nil
	}
	return list(dst, v, where, conv)
}

func list[T any](dst *[]T, v row.Value, where string, conv func(row.Value) T) error {
	out := make([]T, len(v.List))
	for i, e := range v.List {
		if e.Null {
			return fmt.Errorf("null among the elements of %s", where)
		}
		out[i] = conv(e)
	}
	*dst = out
	return nil
}

// Unknown is the error for a leaf that a type does not have.
func Unknown(typ, field string) error { return fmt.Errorf("%s has no leaf %q", typ, field) }

// Text converts texts, and enum values.
func Text[T ~string](v row.Value) T { return T(v.Text) }

// Integer converts integers.
func Integer(v row.Value) int { return int(v.Int) }

// Real converts floats.
func Real(v row.Value) float64 { return v.Float }

// Truth converts booleans.
func Truth(v row.Value) bool { return v.Bool }
