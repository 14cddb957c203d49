package storetest

import (
	"fmt"
	"runtime"
	"testing"

	"normgraph/graph/store"
)

// memory: beside the data set a load keeps a few bytes for a row, be it the
// first one or one that replaces everything. Six times the rows show it.
func memory(t *testing.T, open func(testing.TB) store.Store) {
	const (
		perRow  = 12        // less than a map takes for its keys alone
		buffers = 768 << 10 // of drivers, which hold now more, now less
	)
	sizes := [...]int{200, 1200}
	var first, second [len(sizes)]int64
	for i, n := range sizes {
		st := open(t)
		first[i] = growth(t, st, star(n, "a"), store.LoadEmpty)
		second[i] = growth(t, st, star(n, "b"), store.LoadReplace)
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}
	most := int64(perRow*(star(sizes[1], "").Len()-star(sizes[0], "").Len()) + buffers)
	for what, grown := range map[string][len(sizes)]int64{"a first load": first, "a replacing load": second} {
		t.Logf("%s: %d and %d bytes", what, grown[0], grown[1])
		if more := grown[1] - grown[0]; more > most {
			t.Errorf("%s of six times the rows keeps %d bytes more beside the data set, want at most %d", what, more, most)
		}
	}
}

// star is a data set of n agreements with 30 signatures each.
func star(n int, prefix string) *store.Dataset {
	b := build()
	for i := range 30 {
		b.node("Signatory", fmt.Sprintf("%ss%04d", prefix, i), nil)
	}
	for i := range n {
		id := fmt.Sprintf("%sa%04d", prefix, i)
		b.node("Agreement", id, nil)
		for k := range 30 {
			b.edge("SIGNED", "Signatory", fmt.Sprintf("%ss%04d", prefix, k), "Agreement", id, "k", nil)
		}
	}
	return b.dataset()
}

// growth loads d and gives the most memory in use meanwhile, less that before.
func growth(t *testing.T, st store.Store, d *store.Dataset, mode store.LoadMode) int64 {
	t.Helper()
	before := inUse()
	var most int64
	_, err := st.Load(t.Context(), d, store.LoadOptions{Mode: mode, Progress: func(done, total int) {
		most = max(most, inUse()-before)
	}})
	if err != nil {
		t.Fatal(err)
	}
	runtime.KeepAlive(d)
	return most
}

// inUse is the memory that Go's values take, garbage left out.
func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
