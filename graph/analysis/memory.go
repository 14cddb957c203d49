package analysis

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"golang.org/x/sync/singleflight"

	"normgraph/graph/cache"
	"normgraph/graph/gate"
	"normgraph/graph/store"
)

// memory keeps values up to a bound in bytes. Several callers that miss the same
// value wait for one that makes it, whose meter alone runs meanwhile.
type memory struct {
	kept   *cache.Cache[string, any]
	flight singleflight.Group
}

func newMemory(bound int64) *memory { return &memory{kept: cache.New[string, any](bound)} }

// get returns the value of key, made by make if it is not there. make runs in
// the context of the caller that came first; when only that one has left, or was
// refused, the next makes it again.
func get[T any](ctx context.Context, m *memory, key string, make func(context.Context) (T, error)) (T, error) {
	var zero T
	own, again := false, false
	for {
		if v, ok := m.kept.Get(key); ok {
			return v.(T), nil
		}
		resume := gate.Pause(ctx)
		made := m.flight.DoChan(key, func() (value any, err error) {
			own = true
			defer gate.Work(ctx)()
			defer func() { // a panic here would end the process
				if p := recover(); p != nil {
					err = fmt.Errorf("panic: %v", p)
				}
			}()
			value, err = make(ctx)
			if err == nil {
				m.kept.Add(key, value, footprint(value)+int64(len(key)))
			}
			return value, err
		})
		select {
		case <-ctx.Done():
			resume()
			return zero, context.Cause(ctx)
		case r := <-made:
			resume()
			switch {
			case r.Err == nil:
				return r.Val.(T), nil
			case ctx.Err() == nil && ended(r.Err):
				continue // the other's time was over, not ours
			case !own && !again && errors.As(r.Err, new(*gate.Refusal)):
				again = true
				continue // that was about the other
			}
			return zero, r.Err
		}
	}
}

func ended(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || store.CodeOf(err) == store.Timeout
}

// footprint estimates the memory that a value keeps alive.
func footprint(v any) int64 {
	if b, ok := v.(interface{ Bytes() int64 }); ok {
		return b.Bytes()
	}
	x := reflect.ValueOf(v)
	if !x.IsValid() {
		return 0
	}
	return int64(x.Type().Size()) + behind(x)
}

// behind is what a value points to.
func behind(v reflect.Value) (sum int64) {
	switch v.Kind() {
	case reflect.String:
		return int64(v.Len())
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			sum = int64(v.Elem().Type().Size()) + behind(v.Elem())
		}
	case reflect.Slice:
		sum = int64(v.Cap()) * int64(v.Type().Elem().Size())
		for i := range v.Len() {
			sum += behind(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			sum += behind(v.Field(i))
		}
	}
	return sum
}
