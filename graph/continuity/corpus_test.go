package continuity_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"normgraph/graph/continuity"
)

// rows reads a file of testdata/corpus, one map per row.
func rows(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "corpus", name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]string
	for _, r := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = r[i]
		}
		list = append(list, row)
	}
	return list
}

func split(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, ";")
}

// corpus is the table of the frozen corpus, with the assessments of the coders
// only; of all without any.
func corpus(t testing.TB, coders ...string) continuity.Table {
	t.Helper()
	var table continuity.Table
	for _, r := range rows(t, "incidents") {
		table.Incidents = append(table.Incidents, continuity.Incident{
			ID: r["id"], Start: r["start_date"], End: r["end_date"],
			Kinds: split(r["kinds"]), Sectors: split(r["sectors"]), Countries: split(r["countries"]), Selected: true,
		})
	}
	for _, r := range rows(t, "norms") {
		table.Norms = append(table.Norms, continuity.Norm{
			ID: r["id"], Name: r["name"], Level: continuity.Level(r["level"]), Scheme: r["scheme"], Category: r["category"],
		})
	}
	for _, r := range rows(t, "norm_mappings") {
		table.Mappings = append(table.Mappings, continuity.Mapping{
			From: r["from_norm"], To: r["to_norm"], Match: continuity.Match(r["match"]),
		})
	}
	for _, r := range rows(t, "coders") {
		table.Coders = append(table.Coders, continuity.Coder{ID: r["id"], Name: r["name"]})
	}
	for _, r := range rows(t, "assessments") {
		in := len(coders) == 0 || slices.Contains(coders, r["coder"])
		table.Assessments = append(table.Assessments, continuity.Assessment{
			ID: r["id"], Incident: r["incident"], Norm: r["norm"], Coder: r["coder"],
			Relevance: continuity.Relevance(r["relevance"]), Conduct: continuity.Conduct(r["conduct"]),
			Mitigation: continuity.Mitigation(r["mitigation"]), Method: continuity.Method(r["method"]),
			Basis: continuity.Basis(r["basis"]), Counted: in, Assessed: in,
		})
	}
	for _, r := range rows(t, "agreements") {
		table.Agreements = append(table.Agreements, continuity.Agreement{ID: r["id"], Date: r["date"]})
	}
	for _, r := range rows(t, "agreement_norms") {
		table.Provisions = append(table.Provisions, continuity.Provision{
			Key: r["agreement"] + " " + r["norm"], Agreement: r["agreement"], Norm: r["norm"],
			Locator: r["locator"], LocatorChecked: r["locator_checked"] == "true", Basis: continuity.Basis(r["basis"]),
		})
	}
	return table
}
