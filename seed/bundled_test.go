package seed_test

import (
	"encoding/csv"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"normgraph/graph/catalog"
	"normgraph/seed"
)

// readCatalog makes the catalog of a schema file.
func readCatalog(t testing.TB, path string) *catalog.Catalog {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return catalogOf(t, path, string(text))
}

func catalogOf(t testing.TB, name, text string) *catalog.Catalog {
	t.Helper()
	doc, err := parser.ParseSchema(&ast.Source{Name: name, Input: text})
	if err != nil {
		t.Fatal(err)
	}
	schema := &ast.Schema{Types: map[string]*ast.Definition{}}
	for _, def := range doc.Definitions {
		schema.Types[def.Name] = def
	}
	cat, err := catalog.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// records reads a bundled CSV file by column, apart from the code under test.
func records(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := seed.Bundled().Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, column := range rows[0] {
			m[column] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func TestBundledCorpusIsClean(t *testing.T) {
	cat := readCatalog(t, "../schema.graphqls")
	d, err := seed.Read(seed.Bundled(), cat)
	if err != nil {
		t.Fatal(err)
	}
	if d.Corpus.Name == "" || d.Corpus.Version == "" || len(d.Corpus.Sources) == 0 {
		t.Errorf("corpus.json was not read: %+v", d.Corpus)
	}

	files := map[string]string{"Agreement": "agreements", "Norm": "norms", "Incident": "incidents",
		"Assessment": "assessments", "Coder": "coders", "Signatory": "signatories", "Contribution": "contributions",
		"Call": "calls", "Question": "questions", "Answer": "answers", "Process": "processes",
		"Workstream": "workstreams", "WorkPackage": "work_packages", "Meeting": "meetings", "Document": "documents"}
	wantIDs, gotIDs := map[string][]string{}, map[string][]string{}
	for typ, file := range files {
		wantIDs[typ] = []string{}
		for _, r := range records(t, file+".csv") {
			wantIDs[typ] = append(wantIDs[typ], r["id"])
		}
	}
	for _, set := range d.Nodes {
		gotIDs[set.Type.Name] = []string{}
		for _, row := range set.Rows {
			gotIDs[set.Type.Name] = append(gotIDs[set.Type.Name], row[0].(string))
		}
	}
	if diff := cmp.Diff(wantIDs, gotIDs); diff != "" {
		t.Errorf("ids in file order (-want +got):\n%s", diff)
	}

	want := map[string]int{}
	level := map[string]string{}
	for _, r := range records(t, "norms.csv") {
		level[r["id"]] = r["level"]
	}
	for _, r := range records(t, "norm_mappings.csv") {
		if level[r["to_norm"]] == "CORE_IDEA" {
			want["EXPRESSES"]++
		} else {
			want["RELATES_TO"]++
		}
	}
	want["CONTAINS"] = len(records(t, "agreement_norms.csv"))
	want["SIGNED"] = len(records(t, "signatures.csv"))
	want["RANKS"] = len(records(t, "rankings.csv"))
	for typ, cell := range map[string][2]string{"PART_OF": {"agreements", "process"}, "ASSESSES": {"assessments", "norm"},
		"CONCERNS": {"assessments", "incident"}, "MADE_BY": {"assessments", "coder"}, "ASKS": {"questions", "call"},
		"RESPONDS_TO": {"contributions", "call"}, "SUBMITTED": {"contributions", "signatory"},
		"DISCUSSES": {"contributions", "agreements"}, "GIVES": {"answers", "contribution"}, "ANSWERS": {"answers", "question"},
		"HAS_PACKAGE": {"work_packages", "workstream"}, "PRODUCED_BY": {"documents", "workstream"}} {
		want[typ] = 0
		for _, r := range records(t, cell[0]+".csv") {
			if v := r[cell[1]]; v != "" {
				want[typ] += 1 + strings.Count(v, ";")
			}
		}
	}
	got := map[string]int{}
	for _, set := range d.Edges {
		got[set.Relationship.Type] += len(set.Rows)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("relationships (-want +got):\n%s", diff)
	}

	years := map[string]int64{}
	for _, set := range d.Nodes {
		for i, p := range set.Type.Properties {
			if p.YearOf != "" {
				for _, row := range set.Rows {
					years[row[0].(string)] = row[i].(int64)
				}
			}
		}
	}
	for id, year := range map[string]int64{"gge-2010": 2010, "cih-1998": 1998} {
		if years[id] != year {
			t.Errorf("year of %s is %d, want %d", id, years[id], year)
		}
	}
	parallel := map[[2]string][]string{}
	for _, set := range d.Edges {
		if set.Relationship.Type == "SIGNED" {
			for _, e := range set.Rows {
				parallel[[2]string{e.From, e.To}] = append(parallel[[2]string{e.From, e.To}], e.Key)
			}
		}
	}
	both := 0
	for _, keys := range parallel {
		if len(keys) > 1 {
			both++
		}
	}
	if both != 15 {
		t.Errorf("%d signatories stand in two roles to one agreement, want 15", both)
	}
}

func TestBundledHasOnlyCorpusFiles(t *testing.T) {
	entries, err := fs.ReadDir(seed.Bundled(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); !strings.HasSuffix(name, ".csv") && !strings.HasSuffix(name, ".md") && name != "corpus.json" {
			t.Errorf("%s is in the bundled corpus", name)
		}
	}
}
