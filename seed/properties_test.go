package seed_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph/store"
	"normgraph/seed"
)

// FuzzRead puts any bytes in any file: Read never panics, says the same twice,
// and gives either a sound data set or problems, each with its file.
func FuzzRead(f *testing.F) {
	names := make([]string, 0, len(fixture))
	for name := range fixture {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		f.Add(uint8(i), []byte(fixture[name]))
	}
	for _, m := range mistakes {
		for name, text := range m.files {
			if i := slices.Index(names, name); i >= 0 {
				f.Add(uint8(i), []byte(text))
			}
		}
	}
	for _, text := range []string{"\"", "id\n\"", "\r\n,\n", "\ufeff\ufeffid\n", ",,,\n,,,\n", "id,id\n", "{", `{"name":{}}`, `[[[[`} {
		for i := range names {
			f.Add(uint8(i), []byte(text))
		}
	}
	cat := readCatalog(f, fixtureSchema)
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		name := names[int(which)%len(names)]
		d, err := seed.Read(corpus(map[string]string{name: string(data)}), cat)
		again, errAgain := seed.Read(corpus(map[string]string{name: string(data)}), cat)
		if err != nil {
			var p *seed.Problems
			if d != nil || !errors.As(err, &p) || len(p.List) == 0 {
				t.Fatalf("data set %v, error %v: want problems alone", d, err)
			}
			for _, x := range p.List {
				if x.File == "" || x.Message == "" || x.Line < 0 || x.Line > 1+strings.Count(string(data), "\n") && x.File == name {
					t.Errorf("problem without a place: %+v", x)
				}
			}
			if lines := strings.Split(err.Error(), "\n"); len(lines) < 2 || len(lines) > len(p.List)+1 {
				t.Errorf("%d lines for %d problems:\n%v", len(lines), len(p.List), err)
			}
			if errAgain == nil || errAgain.Error() != err.Error() {
				t.Errorf("once %v, then %v", err, errAgain)
			}
			return
		}
		if diff := cmp.Diff(flatten(d), flatten(again)); diff != "" {
			t.Errorf("read twice: %s", diff)
		}
		sound(t, d)
	})
}

// sound checks what store.Dataset promises.
func sound(t *testing.T, d *store.Dataset) {
	t.Helper()
	types := map[string]string{}
	for _, s := range d.Nodes {
		for _, row := range s.Rows {
			id := row[0].(string)
			if types[id] != "" {
				t.Errorf("two rows have the id %q", id)
			}
			types[id] = s.Type.Name
			for i, p := range s.Type.Properties {
				if p.NonNull && row[i] == nil {
					t.Errorf("%s.%s of %q is null", s.Type.Name, p.Name, id)
				}
			}
		}
	}
	for _, s := range d.Edges {
		seen := map[[3]string]bool{}
		for _, e := range s.Rows {
			key := [3]string{e.From, e.To, e.Key}
			if seen[key] || types[e.From] != s.Ends.From.Name || types[e.To] != s.Ends.To.Name || len(e.Values) != len(s.Relationship.Properties) {
				t.Errorf("relationship %s: %+v", s.Relationship.Type, e)
			}
			seen[key] = true
		}
	}
}

func TestBundledCorpusIsSound(t *testing.T) {
	d, err := seed.Read(seed.Bundled(), readCatalog(t, "../schema.graphqls"))
	if err != nil {
		t.Fatal(err)
	}
	sound(t, d)
}

// ISO 3166-1 has 249 officially assigned codes.
func TestCountryCodes(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("id,name,country\n")
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			rows.WriteString(code + ",x," + code + "\n")
		}
	}
	_, err := seed.Read(corpus(map[string]string{"signatories.csv": rows.String()}), readCatalog(t, fixtureSchema))
	var p *seed.Problems
	if !errors.As(err, &p) {
		t.Fatal(err)
	}
	refused := 0
	for _, x := range p.List {
		if x.Column == "country" {
			refused++
		}
	}
	if got := 26*26 - refused; got != 249 {
		t.Errorf("%d codes are accepted, want 249", got)
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file.csv")
	full := filepath.Join(dir, "full")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(full, corpus(nil)); err != nil {
		t.Fatal(err)
	}
	fsys, err := seed.Open(full)
	if err != nil {
		t.Fatal(err)
	}
	got, err := seed.Read(fsys, readCatalog(t, fixtureSchema))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Nodes[0].Rows) != 2 {
		t.Errorf("agreements: %v", got.Nodes[0].Rows)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "none"): "does not exist",
		file:                       "is not a folder",
		dir:                        "it has no corpus.json",
	} {
		if fsys, err := seed.Open(path); fsys != nil || err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("Open(%s): %v, want an error that says %q", path, err, want)
		}
	}
}
