package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/graph/store/neo4j/devserver/devtest"
)

func TestLoad(t *testing.T) {
	data, broken := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(broken, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("corpus.json", `{"name":"mine","version":"1"}`)
	write("norms.csv", "id,name,level,scheme,basis\nn1,A,NO_LEVEL,x,SOURCED\nn1,B,STATED,x,NO_BASIS\n")
	for _, c := range []struct {
		name   string
		args   []string
		code   int
		stdout string
		stderr string
	}{
		{"check", []string{"load", "--check"}, 0, "no problem found", ""},
		{"check a broken folder", []string{"load", "--check", broken}, exitFault, "", "problems in 1 file"},
		{"a broken folder", []string{"load", broken}, exitFault, "", "norms.csv:2"},
		{"no folder", []string{"load", filepath.Join(broken, "none")}, exitFault, "", "does not exist"},
		{"first", []string{"load"}, 0, "revision 1", "loading"},
		{"again", []string{"load", "--merge"}, 0, "nothing to do", ""},
		{"replace by the same", []string{"load", "--replace"}, 0, "nothing to do", ""},
		{"two modes", []string{"load", "--replace", "--merge"}, exitUsage, "", "--merge"},
	} {
		code, stdout, stderr := run(t, data, "", c.args...)
		if code != c.code || !strings.Contains(stdout, c.stdout) || !strings.Contains(stderr, c.stderr) {
			t.Errorf("%s: exit %d\n%s\n%s", c.name, code, stdout, stderr)
		}
	}
	write("norms.csv", "id,name,level,scheme,category,basis\nn1,A,STATED,x,RESTRAINT,SOURCED\n")
	if code, _, stderr := run(t, data, "", "load", broken); code != exitFault || !strings.Contains(stderr, "--replace") {
		t.Errorf("another corpus without a mode: exit %d: %s", code, stderr)
	}
	if code, _, stderr := run(t, data, "", "load", broken, "--replace"); code != exitFault ||
		!strings.Contains(stderr, "of the 2532 nodes in the store 2532 are not in this corpus") || !strings.Contains(stderr, "load "+broken+" --replace --yes") {
		t.Errorf("replace all by little: exit %d: %s", code, stderr)
	}
	if code, stdout, stderr := run(t, data, "", "load", broken, "--check", "--replace"); code != 0 || !strings.Contains(stdout, "Norm n1: new") || !strings.Contains(stdout, "2532 removed") {
		t.Errorf("what replacing would change: exit %d: %s%s", code, stdout, stderr)
	}
	if code, stdout, stderr := run(t, data, "", "load", broken, "--replace", "--yes"); code != 0 || !strings.Contains(stdout, "revision 2: nodes 1 new") {
		t.Errorf("replace: exit %d: %s%s", code, stdout, stderr)
	}
}

// TestLoadMerge merges a folder that names what only the store holds, leaves out
// columns, and gives an assessment another norm.
func TestLoadMerge(t *testing.T) {
	data := t.TempDir()
	must := func(want string, args ...string) string {
		t.Helper()
		code, stdout, stderr := run(t, data, "", args...)
		if code != 0 || !strings.Contains(stdout, want) {
			t.Fatalf("%v: exit %d, want %q\n%s%s", args, code, want, stdout, stderr)
		}
		return stdout
	}
	if code, _, stderr := run(t, data, "", "load", "testdata/merge/delta", "--check", "--merge"); code != exitFault || !strings.Contains(stderr, "there is no store") {
		t.Errorf("a preview without a store: exit %d: %s", code, stderr)
	}
	must("revision 1", "load", "testdata/merge/base")
	preview := must("", "load", "testdata/merge/delta", "--check", "--merge")
	want := `Assessment as-1: norm "idea-a" → "idea-b"
corpus: {"name":"base","version":"1","licence":"CC0-1.0","sources":["written for this trial"]} → {"name":"base","version":"1","licence":"CC0-1.0","sources":["written for this trial",{"name":"delta","version":"1","licence":"CC0-1.0","sources":["written for this trial"]}]}
revision 1 would change: nodes 0 new, 0 changed, 0 removed; relationships 1 new, 0 changed, 1 removed; 4 rows are there as they are
`
	if preview != want {
		t.Errorf("preview\n%s\nwant\n%s", preview, want)
	}
	must("relationships 1 new, 0 changed, 1 removed", "load", "testdata/merge/delta", "--merge")
	must("nothing to do", "load", "testdata/merge/delta", "--merge")
	question := filepath.Join(data, "q.graphql")
	text := `{ assessments { norm { id } incident { summary url } } norms { id assessmentsConnection { totalCount } } }`
	if err := os.WriteFile(question, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var answer bytes.Buffer
	if err := json.Compact(&answer, []byte(must("", "query", question))); err != nil {
		t.Fatal(err)
	}
	const is = `"assessments":[{"norm":{"id":"idea-b"},"incident":{"summary":"what happened","url":"https://example.org/1"}}],` +
		`"norms":[{"id":"idea-a","assessmentsConnection":{"totalCount":0}},{"id":"idea-b","assessmentsConnection":{"totalCount":1}}]`
	if !strings.Contains(answer.String(), is) {
		t.Errorf("after the merge: %s", answer.String())
	}
}

// A folder whose table is a spreadsheet empties no store.
func TestLoadWithoutRows(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"corpus.json": `{"name":"mine","version":"1"}`, "norms.xlsx": "PK"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, _, stderr := run(t, data, "", "load"); code != 0 {
		t.Fatal(stderr)
	}
	for _, args := range [][]string{{"load", dir, "--check"}, {"load", dir, "--replace"}, {"load", dir, "--replace", "--yes"}, {"load", dir, "--merge"}} {
		if code, _, stderr := run(t, data, "", args...); code != exitFault || !strings.Contains(stderr, "norms.xlsx") {
			t.Errorf("%v: exit %d: %s", args, code, stderr)
		}
	}
	if code, stdout, _ := run(t, data, "", "load", "--merge"); code != 0 || !strings.Contains(stdout, "nothing to do: revision 1") {
		t.Errorf("the store has changed: %s", stdout)
	}
}

// TestVerify: a store is as it was loaded, or what was changed in it is said.
func TestVerify(t *testing.T) {
	if code, _, stderr := run(t, t.TempDir(), "", "load", "--verify"); code != exitFault || !strings.Contains(stderr, "there is no store") {
		t.Errorf("no store: exit %d: %s", code, stderr)
	}
	corpus := folder(t, map[string]string{
		"corpus.json": `{"name":"mine","version":"1"}`,
		"norms.csv":   "id,name,level,scheme,category,basis\nn1,A,STATED,x,RESTRAINT,SOURCED\nn2,B,STATED,x,RESTRAINT,SOURCED\n",
	})
	other := folder(t, map[string]string{
		"corpus.json": `{"name":"mine","version":"1"}`,
		"norms.csv":   "id,name,level,scheme,category,basis\nn1,A,STATED,x,RESTRAINT,SOURCED\nn2,C,STATED,x,RESTRAINT,SOURCED\n",
	})
	at := "sqlite:" + filepath.Join(t.TempDir(), "x.db")
	server := devtest.ForTest(t)
	for _, c := range []struct {
		name, at string
		changed  string // what is said of the changed store alone
		differs  string // of the changed store beside the folder
		change   func()
	}{
		{"sqlite", at, "the store file is damaged", "the store file is damaged", func() {
			db, err := sql.Open("sqlite", strings.TrimPrefix(at, "sqlite:"))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), `UPDATE n_Norm SET "name" = 'by hand' WHERE "id" = 'n2'`); err != nil {
				t.Fatal(err)
			}
		}},
		{"neo4j", server.URI, "not the content that was loaded", `Norm n2: name "by hand" → "B"`, func() {
			driver, err := server.Driver()
			if err != nil {
				t.Fatal(err)
			}
			defer driver.Close(t.Context())
			if _, err := neo4j.ExecuteQuery(t.Context(), driver, "MATCH (n:Norm {id: 'n2'}) SET n.name = 'by hand'", nil, neo4j.EagerResultTransformer); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			said := func(want int, text string, args ...string) {
				t.Helper()
				code, stdout, stderr := run(t, t.TempDir(), "", append(args, "--store", c.at)...)
				if code != want || !strings.Contains(stdout+stderr, text) {
					t.Errorf("%v: exit %d, want %d and %q\n%s%s", args, code, want, text, stdout, stderr)
				}
			}
			said(0, "revision 1: nodes 2 new", "load", corpus)
			const whole = "revision 1: 2 nodes, 0 relationships, content as recorded"
			said(0, whole, "load", "--verify")
			said(0, whole, "load", corpus, "--verify")
			said(exitFault, `Norm n2: name "B" → "C"`, "load", other, "--verify")
			c.change()
			said(exitFault, c.changed, "load", "--verify")
			said(exitFault, c.differs, "load", corpus, "--verify")
		})
	}
}

func TestQuery(t *testing.T) {
	data := t.TempDir()
	file := filepath.Join(data, "q.graphql")
	if err := os.WriteFile(file, []byte("query A($n: Int) { norms(limit: $n) { id } } query B { __typename }"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		stdin string
		args  []string
		code  int
		has   string // on standard output
	}{
		{"{ incidentsConnection { totalCount } }", []string{"-"}, 0, `"totalCount": 74`},
		{"", []string{file, "--operation", "A", "--variables", `{"n": 0}`}, 0, `"norms": []`},
		{"", []string{file, "--operation", "B"}, 0, `"Query"`},
		{"", []string{file}, exitFault, "GRAPHQL_VALIDATION_FAILED"},
		{"{", []string{"-"}, exitFault, "GRAPHQL_PARSE_FAILED"},
		{"{ norms { id } }", []string{"-", "--max-rows", "5"}, exitFault, "LIMIT_EXCEEDED"},
		{"{ norms { id } }", []string{"-", "--variables", "[]"}, exitFault, ""},
		{"", []string{filepath.Join(data, "none")}, exitFault, ""},
	} {
		code, stdout, stderr := run(t, data, c.stdin, append([]string{"query"}, c.args...)...)
		if code != c.code || !strings.Contains(stdout, c.has) {
			t.Errorf("%q %v: exit %d\n%s\n%s", c.stdin, c.args, code, stdout, stderr)
		}
		if stdout != "" && !json.Valid([]byte(stdout)) {
			t.Errorf("%v: no JSON: %s", c.args, stdout)
		}
	}
}

func TestCommandLine(t *testing.T) {
	data := t.TempDir()
	notADatabase := filepath.Join(data, "notes.txt")
	if err := os.WriteFile(notADatabase, bytes.Repeat([]byte("notes\n"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		has  string // anywhere
	}{
		{[]string{"--help"}, 0, "dev-neo4j"},
		{[]string{"schema"}, 0, "type Query"},
		{[]string{"version"}, 0, "schema "},
		{[]string{"none"}, exitUsage, "none"},
		{[]string{"--max-depth", "0"}, exitUsage, "--max-depth"},
		{[]string{"--max-body", "-1"}, exitUsage, "--max-body"},
		{[]string{"--timeout", "0s"}, exitUsage, "--timeout"},
		{[]string{"--rate", "0"}, exitUsage, "--rate"},
		{[]string{"--max-connections", "0"}, exitUsage, "--max-connections"},
		{[]string{"--trusted-proxy", "10.0.0"}, exitUsage, "10.0.0.0/8"},
		{[]string{"--listen", "here"}, exitUsage, "HOST:PORT"},
		{[]string{"--listen", "127.0.0.1:99999"}, exitFault, "cannot listen"},
		{[]string{"--cors-origin", "example.org"}, exitUsage, "https://example.org"},
		{[]string{"--log-level", "loud"}, exitUsage, "log-level"},
		{[]string{"--store", "mysql://localhost"}, exitFault, "sqlite:PATH"},
		{[]string{"--store", "sqlite:"}, exitFault, "path"},
		{[]string{"--store", "neo4j:"}, exitFault, "host"},
		{[]string{"--store", "neo4j://me:secret@localhost"}, exitFault, "NEO4J_PASSWORD_FILE"},
		{[]string{"--listen", "127.0.0.1:0", "--store", "sqlite:" + notADatabase}, exitFault, "not a normgraph store"},
	} {
		code, stdout, stderr := run(t, data, "", c.args...)
		if all := stdout + stderr; code != c.code || !strings.Contains(all, c.has) || strings.Contains(all, "secret") {
			t.Errorf("%v: exit %d, want %d and %q\n%s", c.args, code, c.code, c.has, all)
		}
	}
	if text, err := os.ReadFile(notADatabase); err != nil || len(text) != 6000 {
		t.Errorf("the file that is no database was touched: %d bytes, %v", len(text), err)
	}
	for _, name := range []string{"serve", "load", "query", "schema", "health", "dev-neo4j", "version"} {
		if code, stdout, _ := run(t, data, "", name, "--help"); code != 0 || !strings.Contains(stdout, "xample") {
			t.Errorf("%s --help has no example", name)
		}
	}
}
