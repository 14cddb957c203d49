package seed_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
	"normgraph/seed"
)

// held are the rows of a data set, as a store holds them.
type held struct{ *store.Dataset }

func (h held) Nodes(n *catalog.Node, f func([]any) error) error {
	for _, row := range h.Dataset.Nodes[n.Index].Rows {
		if err := f(slices.Clone(row)); err != nil {
			return err
		}
	}
	return nil
}

func (h held) Edges(r *catalog.Relationship, ends catalog.Ends, f func(*store.Edge) error) error {
	for _, s := range h.Dataset.Edges {
		if s.Relationship != r || s.Ends != ends {
			continue
		}
		for _, e := range s.Rows {
			e.Values = slices.Clone(e.Values)
			if err := f(&e); err != nil {
				return err
			}
		}
	}
	return nil
}

// delta is a folder of these files alone.
func delta(f files) fstest.MapFS {
	fsys := fstest.MapFS{"corpus.json": {Data: []byte(`{"name":"Delta","version":"1"}`)}}
	for name, text := range f {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// TestCheckForMerge merges folders into the fixture: what is wrong, or else what
// would change.
func TestCheckForMerge(t *testing.T) {
	cat := readCatalog(t, fixtureSchema)
	base, err := seed.Read(corpus(nil), cat)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		files files
		want  string
	}{
		{"ids and columns of the store", files{"case_files.csv": "id,subject\nc1,core\n", "norm_mappings.csv": "from_norm,to_norm,match,rationale\nn2,core,EXACT,same\n"}, `
EXPRESSES n2 → core: new
CaseFile c1: subject n1 → core`},
		{"an empty cell clears, a missing column does not", files{"agreements.csv": "id,countries,process\na1,,\n"}, `
Agreement a1: countries [KE FR] → []
Agreement a1: process p1 → <nil>`},
		{"a list of related nodes is the whole of it", files{"case_files.csv": "id,witnesses\nc1,s2\nc2,s2\n"}, `
HEARD c1 → s1: removed
HEARD c2 → s2: new`},
		{"a year follows its date", files{"agreements.csv": "id,date\na1,2017-01\n"}, `
Agreement a1: date 2015-07 → 2017-01, year 2015 → 2017`},
		{"a property of a relationship", files{"signatures.csv": "agreement,signatory,role,date,note\na1,s1,PARTY,2018,late\n"}, `
SIGNED s1 → a1: note <nil> → late`},
		{"a relation to one node with properties", files{"written_by.csv": "report,signatory,page\nr1,s2,4\n"}, `
WRITTEN_BY r1 → s1: removed
WRITTEN_BY r1 → s2: new`},
		{"new rows need what every row needs", files{"agreements.csv": "id,title\na1,First\na3,Third\na4,Fourth\n", "case_files.csv": "id,start_date\nc3,2000\n"}, `
agreements.csv:3: date: the row is new to the store and needs a value; the file has no such column (2 times, in lines 3, 4)
agreements.csv:3: kind: the row is new to the store and needs a value; the file has no such column (2 times, in lines 3, 4)
case_files.csv:1: subject: the column is missing; expected the id of a row of Norm in norms.csv for each row
5 problems in 2 files; nothing was loaded`},
		{"no such id", files{"case_files.csv": "id,subject\nc1,n9\nc2,n9\n"}, `
case_files.csv:2: subject: nothing in the folder or the store has the id "n9"; expected the id of a row of Norm in norms.csv, or of a stored one (2 times, in lines 2, 3)
2 problems in 1 file; nothing was loaded`},
		{"the id of another type", files{"norms.csv": "id,name,level\na1,x,STATED\n", "case_files.csv": "id,subject\nc1,p1\n"}, `
case_files.csv:2: subject: "p1" is of type Process (in the store); expected the id of a row of Norm in norms.csv
norms.csv:2: id: "a1" is the id of a row of type Agreement in the store; expected an id unique across all types
2 problems in 2 files; nothing was loaded`},
		{"what must not be cleared", files{"case_files.csv": "id,start_date,subject\nc1,,\n"}, `
case_files.csv:2: start_date: the cell is empty; expected a value of type PartialDate
case_files.csv:2: subject: "c1" has no subject; expected the id of a row of Norm in norms.csv
2 problems in 1 file; nothing was loaded`},
		{"rules over both", files{"case_files.csv": "id,end_date\nc1,1999\n", "agreements.csv": "id,year\na1,2016\n"}, `
agreements.csv:2: year: expected 2015, the year of date, got 2016
case_files.csv:2: end_date: the end, 1999, is before the start, 2000-05-04; expected an end not before start_date
2 problems in 2 files; nothing was loaded`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := seed.Check(delta(c.files), cat, held{base})
			got := ""
			if problems := (*seed.Problems)(nil); errors.As(err, &problems) {
				got = problems.Error()
			} else if err != nil {
				t.Fatal(err)
			} else {
				got = changes(t, r.Data, base)
			}
			if diff := cmp.Diff(strings.TrimSpace(c.want), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func changes(t *testing.T, d, base *store.Dataset) string {
	t.Helper()
	var lines []string
	_, _, err := store.Diff(d, store.LoadMerge, held{base}, func(c store.Change) error {
		line := c.Type + " " + c.ID
		if c.To != "" {
			line += " → " + c.To
		}
		switch c.Kind {
		case store.Created:
			line += ": new"
		case store.Deleted:
			line += ": removed"
		default:
			for i, f := range c.Fields {
				line += []string{": ", ", "}[min(i, 1)] + f.Name + " " + show(f.Before) + " → " + show(f.After)
			}
		}
		lines = append(lines, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func show(v any) string { return fmt.Sprint(v) }

// A key is held across the rows of a folder and those of the store.
func TestKeysOfNodes(t *testing.T) {
	cat := catalogOf(t, "keyed", `
type Norm @node { id: ID! judgements: [Judgement!]! @relationship(type: "OF", direction: IN) }
type Judgement @node @key(fields: ["norm", "by"]) { id: ID! by: String! value: Int why: String basis: String
  norm: Norm! @relationship(type: "OF", direction: OUT) }`)
	base, err := seed.Read(delta(files{"norms.csv": "id\nn1\nn2\n", "judgements.csv": "id,norm,by,value,why\nj1,n1,ada,1,so\nj2,n2,ada,2,so\n"}), cat)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, rows, problem, warning string
		merge                        bool
	}{
		{"other values", "id,norm,by,value\na,n1,bob,1\nb,n1,bob,2\n",
			`judgements.csv:3: id: "b" and "a" (judgements.csv:2) are of the same norm, by, and differ in value; expected one row, or the same values`, "", false},
		{"the same values", "id,norm,by,value,why\na,n1,bob,1,so\nb,n1,bob,1,because\n", "",
			`judgements.csv:3: id: "b" and "a" (judgements.csv:2) are of the same norm, by, with the same values; both are kept`, false},
		{"other keys", "id,norm,by,value\na,n1,bob,1\nb,n1,ada,2\nc,n2,bob,3\n", "", "", false},
		{"other values in the store", "id,norm,by,value\na,n1,ada,3\n",
			`judgements.csv:2: id: "a" and "j1" (in the store) are of the same norm, by, and differ in value; expected one row, or the same values`, "", true},
		{"moved onto another", "id,norm\nj2,n1\n",
			`judgements.csv:2: id: "j2" and "j1" (in the store) are of the same norm, by, and differ in value; expected one row, or the same values`, "", true},
		{"moved away", "id,norm,by,value\nj1,n2,bob,1\nj3,n1,ada,9\n", "", "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := files{"judgements.csv": c.rows}
			var stored store.Rows = held{base}
			if !c.merge {
				stored, folder["norms.csv"] = nil, "id\nn1\nn2\n"
			}
			r, err := seed.Check(delta(folder), cat, stored)
			problem, warning := "", ""
			if err != nil {
				problem, _, _ = strings.Cut(err.Error(), "\n")
			} else {
				warning = strings.TrimSpace(seed.Summary(r.Warnings))
			}
			if problem != c.problem || warning != c.warning {
				t.Errorf("problem %s\nwarning %s\nwant %s\nand %s", problem, warning, c.problem, c.warning)
			}
		})
	}
}

// Rows of one key of a relationship: with other values refused, else taken once.
func TestKeysOfRelationships(t *testing.T) {
	cat := readCatalog(t, fixtureSchema)
	r, err := seed.Check(corpus(files{"signatures.csv": "agreement,signatory,role,date,note\na1,s1,PARTY,2016,x\na1,s1,PARTY,2016,x\n"}), cat, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := `signatures.csv:3: the relationship SIGNED from "s1" to "a1" is stated already (signatures.csv:2) with the same values; it is taken once`
	if got := strings.TrimSpace(seed.Summary(r.Warnings)); got != want {
		t.Errorf("warnings %q, want %q", got, want)
	}
	if n := len(flatten(r.Data).Edges["Signatory SIGNED Agreement"]); n != 1 {
		t.Errorf("%d signatures, want 1", n)
	}
}

// What lies in the folder and is not read is named; a folder without rows is no
// corpus.
func TestPassedOver(t *testing.T) {
	cat := readCatalog(t, fixtureSchema)
	r, err := seed.Check(corpus(files{"norms.xlsx": "PK", "CODEBOOK.md": "x", ".hidden": "x", "old/norms.csv": "x"}), cat, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := `norms.xlsx: the file is passed over; a corpus is read from corpus.json and CSV files, so save a table as CSV
old: a folder is passed over; a corpus is read from corpus.json and CSV files beside it
`
	if diff := cmp.Diff(want, seed.Summary(r.Warnings)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, f := range []files{{"norms.xlsx": "PK"}, {"norms.csv": "id,name,level\n"}} {
		_, err = seed.Check(delta(f), cat, nil)
		if err == nil || !strings.Contains(err.Error(), "the corpus holds no row") || f["norms.xlsx"] != "" && !strings.Contains(err.Error(), "norms.xlsx") {
			t.Errorf("a corpus without rows: %v", err)
		}
	}
}

// A folder that is wrong throughout is told by kinds.
func TestProblemsAreToldByKind(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("agreement,signatory,role\n")
	for i := range 5000 {
		fmt.Fprintf(&rows, "a1,s1,ROLE%d\nnone,s1,PARTY\n", i)
	}
	_, err := seed.Check(corpus(files{"signatures.csv": rows.String()}), readCatalog(t, fixtureSchema), nil)
	if err == nil {
		t.Fatal("no problem was found")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 13 || lines[1] != `signatures.csv:3: agreement: nothing has the id "none"; expected the id of a row of Agreement in agreements.csv (5000 times, in lines 3, 5, 7, …)` ||
		lines[11] != "signatures.csv: role: 4990 more problems like the last in this column" || lines[12] != "10000 problems in 1 file; nothing was loaded" {
		t.Errorf("told as\n%s", err)
	}
}

// Text that some store could not take, or would take and never give back, is
// refused with its place: names are keys of indexes, other text is not.
func TestBoundsOfText(t *testing.T) {
	cat := catalogOf(t, "long", `type Norm @node { id: ID! name: String! @search(weight: 3) summary: String @search url: URL tags: [String!] }`)
	x := func(n int) string { return strings.Repeat("x", n) }
	const header = "id,name,summary,url,tags\n"
	longest := header + "n1," + x(4000) + "," + x(200_000) + ",https://example.org/" + x(3980) + "," + x(4000) + ";y\n"
	if _, err := seed.Read(delta(files{"norms.csv": longest}), cat); err != nil {
		t.Errorf("at the bounds: %v", err)
	}
	_, err := seed.Read(delta(files{"norms.csv": header +
		"n1," + x(4001) + "," + x(200_001) + ",https://example.org/" + x(3981) + "," + x(4001) + ";y\nn2,a,,," + strings.Repeat("y;", 100_001) + "z\n"}), cat)
	want := `norms.csv:2: name: expected at most 4000 bytes, got 4001
norms.csv:2: summary: expected at most 200000 bytes, got 200001
norms.csv:2: url: expected at most 4000 bytes, got 4001
norms.csv:2: tags: expected at most 4000 bytes, got 4001
norms.csv:3: tags: expected a list of at most 200000 bytes, got 200003
5 problems in 1 file; nothing was loaded`
	if err == nil || err.Error() != want {
		t.Errorf("beyond the bounds: %v", err)
	}
}
