package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// writeTable prints all cells as one Markdown table, columns in line.
func writeTable(w io.Writer, cells []*cell) error {
	rows := [][]string{{"data", "shape", "subject", "answers/s", "least–most", "p50 alone ms", "at half: /s", "p50 ms", "p99 ms", "failed", "CPU s/1000", "db CPU s/1000", "MB", "statements", "db hits", "bytes"}}
	for _, c := range cells {
		if c.LeftOut != "" {
			row := make([]string, len(rows[0]))
			copy(row, []string{c.World, c.Shape, titles[c.Subject], "", c.LeftOut})
			rows = append(rows, row)
			continue
		}
		rows = append(rows, []string{c.World, c.Shape, titles[c.Subject], number(median(c.Capacity)),
			number(slices.Min(c.Capacity)) + "–" + number(slices.Max(c.Capacity)), number(median(c.Alone)),
			number(c.OpenRate), number(c.P50), number(c.P99), dash(float64(c.OpenFailed)), number(median(c.CPU)), dash(median(c.DatabaseCPU)),
			number(median(c.Memory) / 1e6), number(c.Statements), number(c.Hits), dash(c.Bytes)})
	}
	return writeAligned(w, rows)
}

func writeAligned(w io.Writer, rows [][]string) error {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, s := range row {
			widths[i] = max(widths[i], len([]rune(s)))
		}
	}
	for i, row := range rows {
		var line strings.Builder
		for j, s := range row {
			pad := strings.Repeat(" ", widths[j]-len([]rune(s)))
			if j < 3 {
				fmt.Fprintf(&line, "| %s%s ", s, pad)
			} else {
				fmt.Fprintf(&line, "| %s%s ", pad, s)
			}
		}
		if _, err := fmt.Fprintln(w, line.String()+"|"); err != nil {
			return err
		}
		if i == 0 {
			line.Reset()
			for j, n := range widths {
				end := ":"
				if j < 3 {
					end = "-"
				}
				line.WriteString("|" + strings.Repeat("-", n+1) + end)
			}
			if _, err := fmt.Fprintln(w, line.String()+"|"); err != nil {
				return err
			}
		}
	}
	return nil
}

// number prints three significant digits; "" stands for what is not known.
func number(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return ""
	case math.Abs(v) >= 100:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

func dash(v float64) string {
	if v == 0 {
		return ""
	}
	return number(v)
}
