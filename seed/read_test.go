package seed_test

import (
	"errors"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph/store"
	"normgraph/seed"
)

const fixtureSchema = "testdata/schema.graphqls"

// fixture is a small corpus of the fixture schema without a mistake.
var fixture = map[string]string{
	"corpus.json":         `{"name": "Fixture", "version": "1", "licence": "none", "sources": ["here"]}`,
	"README.md":           "passed over",
	"agreements.csv":      "id,title,date,kind,countries,note,process\na1,First,2015-07,TREATY,KE;FR,,p1\na2,Second,2016,CODE_OF_CONDUCT,,,\n",
	"norms.csv":           "id,name,level\nn1,Due care,STATED\nn2,Restraint,STATED\ncore,Care,CORE_IDEA\n",
	"signatories.csv":     "id,name,country\ns1,Kenya,KE\ns2,Company,\n",
	"processes.csv":       "id,start_year,end_year\np1,2004,2021\n",
	"case_files.csv":      "id,start_date,end_date,time_utc,url,score,open,seen,tags,counts,weights,flags,subject,witnesses\nc1,2000-05-04,2000-05,09:30,https://example.org/a,1.5,true,2024-05-01T12:00:00Z,a;b,1;-2,0.5,true;false,n1,s1;s2\nc2,2001,,,,,,,,,,,core,\n",
	"reports.csv":         "id\nr1\n",
	"agreement_norms.csv": "agreement,norm,locator,checked\na1,n1,13|a,true\na1,n1,,false\n",
	"signatures.csv":      "agreement,signatory,role,date,note\na1,s1,SIGNATORY,,x\na1,s1,PARTY,2016-01,\na1,s1,PARTY,2018,\n",
	"norm_mappings.csv":   "from_norm,to_norm,match,rationale\nn1,core,EXACT,\nn1,n2,CLOSE,why\n",
	"funded_by.csv":       "process,signatory,amount\np1,s2,12.5\n",
	"mentions.csv":        "from,to,page\nr1,n1,3\nr1,a1,4\nc1,s1,\n",
	"written_by.csv":      "report,signatory\nr1,s1\n",
}

// corpus is the fixture with some files replaced; "" removes one.
func corpus(files map[string]string) fs.FS {
	all := maps.Clone(fixture)
	maps.Copy(all, files)
	fsys := fstest.MapFS{}
	for name, text := range all {
		if text != "" {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return fsys
}

// flat is a data set by names, for comparing.
type flat struct {
	Nodes map[string][][]any
	Edges map[string][]store.Edge
}

func flatten(d *store.Dataset) flat {
	f := flat{map[string][][]any{}, map[string][]store.Edge{}}
	for _, s := range d.Nodes {
		f.Nodes[s.Type.Name] = s.Rows
	}
	for _, s := range d.Edges {
		f.Edges[s.Ends.From.Name+" "+s.Relationship.Type+" "+s.Ends.To.Name] = s.Rows
	}
	return f
}

func TestRead(t *testing.T) {
	cat := readCatalog(t, fixtureSchema)
	want := flat{
		Nodes: map[string][][]any{
			"Agreement": {
				{"a1", "First", "2015-07", int64(2015), "TREATY", []string{"KE", "FR"}, nil},
				{"a2", "Second", "2016", int64(2016), "CODE_OF_CONDUCT", []string{}, nil}},
			"Norm":      {{"n1", "Due care", "STATED"}, {"n2", "Restraint", "STATED"}, {"core", "Care", "CORE_IDEA"}},
			"Signatory": {{"s1", "Kenya", "KE"}, {"s2", "Company", nil}},
			"Process":   {{"p1", int64(2004), int64(2021)}},
			"CaseFile": {
				{"c1", "2000-05-04", "2000-05", "09:30", "https://example.org/a", 1.5, true, "2024-05-01T12:00:00.000000000Z",
					[]string{"a", "b"}, []int64{1, -2}, []float64{0.5}, []bool{true, false}},
				{"c2", "2001", nil, nil, nil, nil, nil, nil, []string{}, []int64{}, []float64{}, []bool{}}},
			"Report": {{"r1"}},
			"Draft":  nil,
		},
		Edges: map[string][]store.Edge{
			"Agreement CONTAINS Norm":     {{From: "a1", To: "n1", Key: `13\|a`, Values: []any{"13|a", true}}, {From: "a1", To: "n1", Values: []any{nil, false}}},
			"Signatory SIGNED Agreement":  {{From: "s1", To: "a1", Key: "SIGNATORY", Values: []any{"SIGNATORY", nil, "x"}}, {From: "s1", To: "a1", Key: "PARTY|2016-01", Values: []any{"PARTY", "2016-01", nil}}, {From: "s1", To: "a1", Key: "PARTY|2018", Values: []any{"PARTY", "2018", nil}}},
			"Agreement PART_OF Process":   {{From: "a1", To: "p1"}},
			"Norm EXPRESSES Norm":         {{From: "n1", To: "core", Key: "EXACT", Values: []any{"EXACT", nil}}},
			"Norm RELATES_TO Norm":        {{From: "n1", To: "n2", Key: "CLOSE", Values: []any{"CLOSE", "why"}}},
			"Process FUNDED_BY Signatory": {{From: "p1", To: "s2", Key: "12.5", Values: []any{12.5}}},
			"CaseFile ABOUT Norm":         {{From: "c1", To: "n1"}, {From: "c2", To: "core"}},
			"CaseFile HEARD Signatory":    {{From: "c1", To: "s1"}, {From: "c1", To: "s2"}},
			"Report MENTIONS Norm":        {{From: "r1", To: "n1", Key: "3", Values: []any{int64(3)}}},
			"CaseFile MENTIONS Signatory": {{From: "c1", To: "s1", Values: []any{nil}}},
			"Report WRITTEN_BY Signatory": {{From: "r1", To: "s1", Values: []any{nil}}},
			"Report MENTIONS Agreement":   {{From: "r1", To: "a1", Key: "4", Values: []any{int64(4)}}},
		},
	}
	// The same corpus in other clothes.
	crlf := map[string]string{}
	for name, text := range fixture {
		if strings.HasSuffix(name, ".csv") {
			crlf[name] = "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n")
		}
	}
	for name, files := range map[string]map[string]string{
		"plain":     nil,
		"BOM, CRLF": crlf,
		"columns in another order": {"norms.csv": "level,id,name\nSTATED,n1,Due care\n\nSTATED,n2,Restraint\nCORE_IDEA,core,Care",
			"signatures.csv": "note,date,role,signatory,agreement\nx,,SIGNATORY,s1,a1\n,2016-01,PARTY,s1,a1\n,2018,PARTY,s1,a1\n"},
		"relation stated from the other side": {"agreements.csv": "id,title,date,kind,countries\na1,First,2015-07,TREATY,KE;FR\na2,Second,2016,CODE_OF_CONDUCT,\n",
			"processes.csv": "id,start_year,end_year,agreements\np1,2004,2021,a1\n"},
		"year given": {"agreements.csv": "id,year,title,date,kind,countries,note,process\na1,2015,First,2015-07,TREATY,KE;FR,,p1\na2,,Second,2016,CODE_OF_CONDUCT,,,\n"},
		"as Excel saves it": {"norms.csv": "\ufeffid,name,level,,\r\nn1,Due care,STATED,,\r\nn2,Restraint,STATED,,\r\ncore,Care,CORE_IDEA,,\r\n,,,,\r\n,,,,\r\n",
			"signatories.csv": "id,name,country\ns1,Kenya,KE\n,,\ns2,Company,\n,,\n"},
		"spaces and what nobody sees": {"norms.csv": "\ufeff\ufeffid,\u00a0name,level \nn1,\u3000Due\u00ad care\u00a0,STATED\n n2\t,\u200bRes\u2060tra\u200cint\ufeff,STATED\u2003\ncore,\"Ca\u200dre\n\",CORE_IDEA\n",
			"corpus.json": "\ufeff{\"name\": \"Fix\u00adture \", \"version\": \"1\", \"licence\": \"none\", \"sources\": [\"\u00a0here\"]}"},
		"hidden and other files":     {"._norms.csv": "\x00", "notes.txt": "x"},
		"a folder named like a file": {"more.csv/agreements.csv": "x"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := seed.Read(corpus(files), cat)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, flatten(d)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if want := (store.Corpus{Name: "Fixture", Version: "1", Licence: "none", Sources: []store.Source{{Name: "here"}}}); !cmp.Equal(want, d.Corpus) {
				t.Errorf("corpus %+v", d.Corpus)
			}
		})
	}
}

// TestReadKeepsWhatScriptsNeed: text is composed; joiners stay where they make
// another word or sign, and spaces within.
func TestReadKeepsWhatScriptsNeed(t *testing.T) {
	cat := readCatalog(t, fixtureSchema)
	for in, want := range map[string]string{
		"E\u0301cole":            "\u00c9cole",
		"می\u200cخواهم":          "می\u200cخواهم",
		"क्\u200dष":              "क्\u200dष",
		"👩\u200d💻":               "👩\u200d💻",
		"a\u00a0b\u3000c \u200d": "a\u00a0b\u3000c",
	} {
		d, err := seed.Read(corpus(map[string]string{"signatories.csv": "id,name,country\ns1," + in + ",KE\ns2,Company,\n"}), cat)
		if err != nil {
			t.Fatal(err)
		}
		if got := flatten(d).Nodes["Signatory"][0][1]; got != want {
			t.Errorf("%+q is stored as %+q, not %+q", in, got, want)
		}
	}
}

func TestReadWithoutMostFiles(t *testing.T) {
	d, err := seed.Read(fstest.MapFS{"corpus.json": {Data: []byte(`{"name":"Few","version":"1"}`)},
		"norms.csv": {Data: []byte("id,name,level\nn1,Due care,STATED\n")}}, readCatalog(t, fixtureSchema))
	if err != nil {
		t.Fatal(err)
	}
	f := flatten(d)
	if len(f.Nodes) != 7 || len(f.Nodes["Norm"]) != 1 || len(f.Edges) != 12 {
		t.Errorf("expected one norm, and a set for each type and pair of ends: %+v", f)
	}
}

// A schema that asks for two things in one place is refused before any reading.
func TestReadRefusesAmbiguousSchema(t *testing.T) {
	for sdl, want := range map[string]string{
		`type WorkPackage @node { id: ID! } type Work_package @node { id: ID! }`: "types WorkPackage and Work_package would both be read from work_packages.csv; give one another plural by @plural",
		`type A @node { id: ID! sourceURL: String source_url: String }`:          "as.csv would have two columns source_url; rename the field",
		`type Signature @node { id: ID! of: [Signature!]! @relationship(type: "SIGNED", direction: OUT, properties: "P") }
		 type P @relationshipProperties { n: Int }`: "relationship SIGNED would be read from signatures.csv, which holds something else; rename the relationship",
		`type A @node { id: ID! x: [A!]! @relationship(type: "EXPRESSES", direction: OUT, properties: "P") y: [A!]! @relationship(type: "RELATES_TO", direction: OUT, properties: "Q") }
		 type P @relationshipProperties { n: Int } type Q @relationshipProperties { n: Int }`: "relationship RELATES_TO would be read from norm_mappings.csv, which holds something else; rename the relationship",
	} {
		if _, err := seed.Read(corpus(nil), catalogOf(t, "clash", sdl)); err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestReadReportsUnreadableFolder(t *testing.T) {
	_, err := seed.Read(unreadable{corpus(nil)}, readCatalog(t, fixtureSchema))
	if err == nil || errors.As(err, new(*seed.Problems)) || !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "norms.csv") {
		t.Errorf("got %v, want an error of its own that names norms.csv", err)
	}
}

// unreadable refuses to open norms.csv.
type unreadable struct{ fs.FS }

func (u unreadable) Open(name string) (fs.File, error) {
	if name == "norms.csv" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return u.FS.Open(name)
}
