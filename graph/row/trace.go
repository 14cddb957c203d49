package row

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Trace collects what reading a response tells beside the data.
type Trace struct {
	Rows      int // nodes and edges read
	truncated map[string]bool
	path      []string
}

// Truncated lists the response paths of the lists that the default page size
// cut, without list positions, sorted: "agreements.signatories".
func (t *Trace) Truncated() []string {
	out := make([]string, 0, len(t.truncated))
	for p := range t.truncated {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

func (t *Trace) cut() { t.Cut(strings.Join(t.path, ".")) }

// Cut names a list that the default page size cut.
func (t *Trace) Cut(path string) {
	if t.truncated == nil {
		t.truncated = map[string]bool{}
	}
	t.truncated[path] = true
}

func (t *Trace) push(alias string) { t.path = append(t.path, alias) }
func (t *Trace) pop()              { t.path = t.path[:len(t.path)-1] }

// ErrNull says that a value is missing where the schema allows none.
var ErrNull = errors.New("missing value in a non-null field")

// errShape says that a row is not what the plan asked for.
var errShape = errors.New("row of an unexpected shape")

func null(typ, field string) error { return fmt.Errorf("%s.%s: %w", typ, field, ErrNull) }
