package continuity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph/continuity"
)

func TestMatrix(t *testing.T) {
	o := index(t, small())
	for _, c := range []struct {
		rows    continuity.GroupBy
		columns continuity.Column
		want    []string // column heads; cells
	}{
		{continuity.ByCoreIdea, continuity.ByRegion, []string{
			"AMERICAS 2, ASIA 1, EUROPE 1, UNKNOWN 1",
			"core-x AMERICAS 2: a01 a02 a03 a04", "core-x ASIA 1: a02 a03 a04", "core-x UNKNOWN 1: a07",
			"core-y AMERICAS 1: a02", "core-y ASIA 1: a02", "core-y EUROPE 1: a05"}},
		{continuity.ByCoreIdea, continuity.ByIncidentKind, []string{
			"DDOS 3, LEAK 2",
			"core-x DDOS 3: a01 a02 a03 a04 a07", "core-x LEAK 1: a02 a03 a04",
			"core-y DDOS 1: a02", "core-y LEAK 2: a02 a05"}},
		{continuity.ByCoreIdea, continuity.ByCountry, []string{
			"US 2, CA 1, DE 1, TW 1, XX 1",
			"core-x US 2: a01 a02 a03 a04", "core-x CA 1: a02 a03 a04", "core-x TW 1: a02 a03 a04", "core-x XX 1: a07",
			"core-y US 1: a02", "core-y CA 1: a02", "core-y DE 1: a05", "core-y TW 1: a02"}},
		{continuity.ByCoreIdea, continuity.ByYear, []string{
			"2009 1, 2010 2, 2013 1",
			"core-x 2009 1: a01", "core-x 2010 1: a02 a03 a04", "core-x 2013 1: a07", "core-y 2010 2: a02 a05"}},
		{continuity.ByCoreIdea, continuity.ByPeriod, []string{
			"2009-2013 4", "core-x 2009-2013 3: a01 a02 a03 a04 a07", "core-y 2009-2013 2: a02 a05"}},
		{continuity.ByCategory, continuity.ByConduct, []string{
			"UPHELD 3, VIOLATED 2, CONTESTED 1",
			"RESTRAINT UPHELD 2: a03 a07", "RESTRAINT VIOLATED 2: a01 a02", "RESTRAINT CONTESTED 1: a04", "RIGHTS UPHELD 1: a05"}},
		{continuity.ByCategory, continuity.ByMitigation, []string{
			"MITIGATED 2, WOULD_HAVE_MITIGATED 1, PARTLY 1, WOULD_NOT 1, UNCLEAR 1, NOT_ASSESSED 1",
			"RESTRAINT MITIGATED 2: a01 a02", "RESTRAINT WOULD_HAVE_MITIGATED 1: a07", "RESTRAINT WOULD_NOT 1: a03", "RESTRAINT UNCLEAR 1: a04",
			"RIGHTS PARTLY 1: a05"}},
		{continuity.ByCoreIdea, continuity.ByCoder, []string{
			"a 3, b 2", "core-x a 3: a01 a02 a04 a07", "core-x b 1: a03", "core-y a 1: a02", "core-y b 1: a05"}},
		{continuity.ByCoreIdea, continuity.ByMethod, []string{
			"PUBLISHED 4", "core-x PUBLISHED 3: a01 a02 a03 a04 a07", "core-y PUBLISHED 2: a02 a05"}},
		{continuity.ByScheme, "CORE_IDEA", []string{
			"core-x 3, core-y 2",
			"core core-x 3: a01 a02 a03 a04 a07", "core core-y 2: a02 a03 a04 a05", "s core-x 1: a02 a03 a04", "s core-y 2: a02 a05 a06"}},
	} {
		m, err := o.Matrix(t.Context(), continuity.MatrixArgs{Rows: c.rows, Columns: c.columns, PeriodYears: 5})
		if err != nil {
			t.Fatal(err)
		}
		var heads []string
		for _, h := range m.Columns {
			heads = append(heads, fmt.Sprint(h.Key, " ", h.IncidentCount))
		}
		got := []string{strings.Join(heads, ", ")}
		for _, cell := range m.Cells {
			got = append(got, fmt.Sprint(cell.Row, " ", cell.Column, " ", cell.Count, ": ", strings.Join(cell.Assessments, " ")))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s × %s: %s", c.rows, c.columns, diff)
		}
	}

	// The figures of one cell: x in DDOS, a = 3, r = 3, c = 3, n = 4.
	m, err := o.Matrix(t.Context(), continuity.MatrixArgs{Rows: continuity.ByCoreIdea, Columns: continuity.ByIncidentKind, PeriodYears: 5})
	if err != nil {
		t.Fatal(err)
	}
	if c := m.Cells[0]; digits(c.Share) != "1.0000" || digits(c.Lift) != "1.3333" || digits(c.Residual) != "2.0000" {
		t.Errorf("share %v, lift %v, residual %v", c.Share, c.Lift, c.Residual)
	}
	if m.AssessedIncidents != 4 || m.Rows[0].IncidentCount != 3 || len(m.Caveats) == 0 {
		t.Errorf("%d assessed, rows %v, caveats %q", m.AssessedIncidents, m.Rows, m.Caveats)
	}
}
