package main

import (
	"os"
	"strings"
	"testing"
)

// Garbage may take more than Go's default, unless the user says otherwise.
func TestGarbageCollection(t *testing.T) {
	for _, c := range []struct {
		env            []string
		percent, limit float64
	}{
		{nil, gcServing, 0},
		{[]string{"GOGC=77", "GOMEMLIMIT=300MiB"}, 77, 300 << 20},
	} {
		t.Run(strings.Join(c.env, " "), func(t *testing.T) {
			for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
				t.Setenv(name, "")
				_ = os.Unsetenv(name) // put back when the test ends
			}
			for _, e := range c.env {
				name, value, _ := strings.Cut(e, "=")
				t.Setenv(name, value)
			}
			s := serve(t, t.TempDir(), "ready")
			if got := s.metric(t, "go_gc_gogc_percent"); got != c.percent {
				t.Errorf("GOGC is %v, expected %v", got, c.percent)
			}
			got := s.metric(t, "go_gc_gomemlimit_bytes")
			if c.limit > 0 && got != c.limit || got < 64<<20 || got > 1<<50 {
				t.Errorf("the limit of memory is %v, expected %v, or a share of what there is", got, c.limit)
			}
		})
	}
}
