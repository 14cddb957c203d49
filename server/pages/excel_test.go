package pages_test

import (
	"strings"
	"testing"
)

// TestExcel: Excel reads UTF-8 by the mark in front of it, which nobody else gets.
func TestExcel(t *testing.T) {
	h := handler(nil)
	_, plain, at := get(t, h, "/data/signed-and-party.csv")
	status, marked, marks := get(t, h, "/data/signed-and-party.csv?excel=1")
	if status != 200 || marked != "\ufeff"+plain || strings.HasPrefix(plain, "\ufeff") || at.Get("ETag") == marks.Get("ETag") {
		t.Errorf("%d, tags %s and %s: %.40q for %.40q", status, at.Get("ETag"), marks.Get("ETag"), marked, plain)
	}
	for _, wrong := range []string{"/data/signed-and-party.csv?excel=yes", "/data/signed-and-party.json?excel=1"} {
		if status, text, _ := get(t, h, wrong); status != 400 || !strings.Contains(text, "excel") {
			t.Errorf("%s: %d %s", wrong, status, text)
		}
	}
}
