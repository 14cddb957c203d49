package analysis

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	"normgraph/graph/continuity"
	"normgraph/graph/plan"
)

// own are fields of an object that are not those of its Go struct.
type own map[string]func() any

// view shows a struct of package continuity to the writer: each field of the
// schema is the Go field of the same name, so that a new figure is written in
// the struct and in the schema alone. A text is a node where the schema has a
// stored type, and null where it is empty and may be null; a list of texts below
// a connection is evidence.
func view(result any, o own) object { return fieldsOf(reflect.Indirect(reflect.ValueOf(result)), o) }

func fieldsOf(v reflect.Value, o own) object {
	places := placesOf(v.Type())
	return func(f *plan.Field) any {
		if value, ok := o[f.Name]; ok {
			return value()
		}
		place, ok := places[f.Name]
		if !ok {
			return unknown(f)
		}
		return shown(f, v.FieldByIndex(place))
	}
}

func shown(f *plan.Field, v reflect.Value) any {
	switch v.Kind() {
	case reflect.String:
		switch text := v.String(); {
		case f.Nodes != nil:
			return node(text)
		case text == "" && f.Nullable:
			return nil
		default:
			return text
		}
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return shown(f, v.Elem())
	case reflect.Struct:
		if v.Type() == number {
			return v.Interface()
		}
		return fieldsOf(v, nil)
	case reflect.Int:
		return int(v.Int())
	case reflect.Bool:
		return v.Bool()
	case reflect.Slice:
		texts := v.Type().Elem().Kind() == reflect.String
		switch {
		case texts && f.Nodes != nil:
			return nodes(v.Interface().([]string))
		case texts && paged(f):
			return evidence(v.Interface().([]string))
		}
		return sequence{v.Len(), func(i int) any { return shown(f, v.Index(i)) }}
	}
	return fmt.Errorf("%s.%s: no way to write a %s", f.Owner, f.Name, v.Type())
}

var number = reflect.TypeFor[continuity.Number]()

// unknown is the value of a field that nothing answers: a fault of the program.
func unknown(f *plan.Field) error { return fmt.Errorf("%s.%s: no value", f.Owner, f.Name) }

// placesOf are the indexes of a struct's fields by the schema's names.
func placesOf(typ reflect.Type) map[string][]int {
	if known, ok := places.Load(typ); ok {
		return known.(map[string][]int)
	}
	byName := map[string][]int{}
	for _, f := range reflect.VisibleFields(typ) {
		if promoted, ok := typ.FieldByName(f.Name); ok && f.IsExported() { // not where two embedded structs have it
			byName[strings.ToLower(f.Name[:1])+f.Name[1:]] = promoted.Index
		}
	}
	places.Store(typ, byName)
	return byName
}

var places sync.Map // of placesOf, by type
