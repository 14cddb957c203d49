package continuity_test

import (
	"runtime"
	"testing"

	"normgraph/graph/continuity"
)

// A cache may be off by half, not by more.
func TestBytes(t *testing.T) {
	heap := func() int64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	check := func(what string, estimate, used int64) {
		if estimate < used/2 || estimate > used*3/2 {
			t.Errorf("%s: %d bytes estimated, %d used", what, estimate, used)
		}
	}
	before := heap()
	o := index(t, synthetic(2_000, 10_000, 100))
	check("observations", o.Bytes(), heap()-before)

	before = heap()
	n := hubs(t, 10_000)
	check("network", n.Bytes(), heap()-before)
	runtime.KeepAlive([]any{o, n, continuity.Table{}})
}
