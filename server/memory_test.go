package main

import (
	"os"
	"strings"
	"testing"
)

// Garbage may take more than Go's default, unless the user says otherwise, and
// what makes it so takes no memory.
func TestGarbageCollection(t *testing.T) {
	for _, env := range []string{"", "GOGC=77 GOMEMLIMIT=300MiB", "GOMEMLIMIT=300MiB"} {
		t.Run(env, func(t *testing.T) {
			for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
				t.Setenv(name, "")
				_ = os.Unsetenv(name) // put back when the test ends
			}
			for _, e := range strings.Fields(env) {
				name, value, _ := strings.Cut(e, "=")
				t.Setenv(name, value)
			}
			s := serve(t, t.TempDir(), "ready")
			for range 200 { // a collection, after which the next one's size is known
				fetch(t, s.url+query(`{norms(limit:200){id name summary agreements{title}}}`))
			}
			next, limit, percent := s.metric(t, "go_memstats_next_gc_bytes"), s.metric(t, "go_gc_gomemlimit_bytes"), s.metric(t, "go_gc_gogc_percent")
			resident := s.resident(t)
			t.Logf("next collection at %.0f MB, limit %.0f MB, GOGC %v, resident %d MB", next/1e6, limit/1e6, percent, resident/1e6)
			if env == "" {
				if next < 2*gcRoom || percent != 100 || limit < 64<<20 || limit > 1<<50 || resident > 2*gcRoom {
					t.Errorf("want room for garbage of %d MiB that takes no memory, and a share of what there is", gcRoom>>20)
				}
				return
			}
			if next > gcRoom || strings.Contains(env, "77") != (percent == 77) || limit != 300<<20 {
				t.Error("want what the environment says, and no such room where memory is little")
			}
		})
	}
}
