package row

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"normgraph/graph/plan"
)

// Trace collects what reading a response tells beside the data, and bounds its
// length.
type Trace struct {
	Rows int // nodes and edges read
	// Bytes is a lower bound of what the response is long: its keys and values,
	// without punctuation and escapes.
	Bytes     int64
	MaxBytes  int64 // 0: no bound
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
	if t.truncated[path] {
		return
	}
	if t.truncated == nil {
		t.truncated = map[string]bool{}
	}
	t.Bytes += int64(len(path))
	t.truncated[path] = true
}

// StoreBytes bounds what a store sends for one root of a response that may have
// maximum bytes. Rows are shorter than what is written of them, but for keys
// that become cursors and texts that become snippets.
func StoreBytes(maximum int64) int64 { return 4 * maximum }

// Write counts n bytes of the response. Errors: *plan.LimitError.
func (t *Trace) Write(n int) error {
	t.Bytes += int64(n)
	return TooLong(t.Bytes, t.MaxBytes)
}

// TooLong refuses a response of that many bytes or more.
func TooLong(bytes, maximum int64) error {
	if maximum == 0 || bytes <= maximum {
		return nil
	}
	return &plan.LimitError{Limit: "answerBytes", What: "bytes or more in its answer", Requested: bytes, Maximum: maximum, Advice: "ask for smaller pages, fewer levels, or fewer texts"}
}

func (t *Trace) push(alias string) { t.path = append(t.path, alias) }
func (t *Trace) pop()              { t.path = t.path[:len(t.path)-1] }

// ErrNull says that a value is missing where the schema allows none.
var ErrNull = errors.New("missing value in a non-null field")

// errShape says that a row is not what the plan asked for.
var errShape = errors.New("row of an unexpected shape")

func null(typ, field string) error { return fmt.Errorf("%s.%s: %w", typ, field, ErrNull) }
