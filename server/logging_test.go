package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"go.uber.org/zap"
)

// What clients send cannot act on a terminal that shows the log, forge a line or turn
// the direction of text; in JSON it reads as it was sent.
func TestLogsHideNothing(t *testing.T) {
	const sent = "a\u009b31mb\x1b[31m\x7f\u0085\u2028\u2029\u202e\u2066\u200f\r\nc\td ü 中"
	for _, format := range []string{"text", "json"} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		log := logFlags{LogFormat: format}.logger(w)
		log.Info("said "+sent, zap.String("path", sent), zap.Error(errors.New(sent)))
		log.Info("second")
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		if len(lines) != 2 {
			t.Errorf("%s: %d lines: %q", format, len(lines), lines)
		}
		if i := strings.IndexAny(lines[0], "\u009b\x1b\x7f\u0085\u2028\u2029\u202e\u2066\u200f\r"); i >= 0 || !strings.Contains(lines[0], `\u009b31mb`) || !strings.Contains(lines[0], "ü 中") {
			t.Errorf("%s: %q", format, lines[0])
		}
		if format == "json" {
			var line struct{ Msg, Path, Error string }
			if err := json.Unmarshal([]byte(lines[0]), &line); err != nil || line.Path != sent || line.Error != sent || line.Msg != "said "+sent {
				t.Errorf("%q: %v", line, err)
			}
		}
	}
}
