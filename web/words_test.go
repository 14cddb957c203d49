package web_test

import (
	"testing"

	"normgraph/web"
)

func TestCounted(t *testing.T) {
	for want, c := range map[string]struct {
		count int
		one   string
	}{
		"0 results": {0, "result"}, "1 result": {1, "result"}, "2 results": {2, "result"}, "1\u202f299 results": {1299, "result"},
		"0 signatories": {0, "signatory"}, "1 signatory": {1, "signatory"}, "2 analyses": {2, "analysis"}, "2 processes": {2, "process"},
		"2 dataset derived": {2, "dataset derived"}, "2 automated readings": {2, "automated reading"},
	} {
		if got := web.Counted(c.count, c.one); got != want {
			t.Errorf("%d %s: %q, want %q", c.count, c.one, got, want)
		}
	}
}
