package store_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"normgraph/graph/store"
)

// Sources that are texts have the JSON, and so the content, that they had
// before sources had terms.
func TestCorpusJSON(t *testing.T) {
	const old = `{"name":"a","version":"1","licence":"","sources":["b","c"]}`
	const rich = `{"name":"a","version":"1","licence":"L","sources":["b",{"name":"c","version":"2","licence":"M","date":"2026-11","url":"https://c.example","sources":["d"]}],"date":"2026"}`
	for _, text := range []string{old, rich} {
		var c store.Corpus
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		if b, err := json.Marshal(c); err != nil || string(b) != text {
			t.Errorf("%s\nis read and written as\n%s %v", text, b, err)
		}
	}
}

func TestMerged(t *testing.T) {
	c := store.Corpus{Name: "c", Version: "1", Licence: "L", Sources: []store.Source{{Name: "s"}}}
	d := store.Corpus{Name: "d", Version: "1", Licence: "M", Date: "2026-11", Sources: []store.Source{{Name: "s"}, {Name: "t", Licence: "N"}}}
	both := c.Merged(d, false)
	want := store.Corpus{Name: "c", Version: "1", Licence: "L", Sources: []store.Source{{Name: "s"},
		{Name: "d", Version: "1", Licence: "M", Date: "2026-11", Sources: d.Sources}}}
	if !reflect.DeepEqual(both, want) {
		t.Errorf("merged: %+v", both)
	}
	if !reflect.DeepEqual(c.Sources, []store.Source{{Name: "s"}}) {
		t.Errorf("the corpus was changed: %+v", c)
	}
	if again := both.Merged(d, false); !reflect.DeepEqual(again, both) {
		t.Errorf("merged twice: %+v", again)
	}
	if texts := both.Texts(); !reflect.DeepEqual(texts, []string{"s", "d, version 1, 2026-11 (M)", "t (N)"}) {
		t.Errorf("texts: %q", texts)
	}
	if terms := both.Licences(); !reflect.DeepEqual(terms, []string{"L", "M", "N"}) {
		t.Errorf("licences: %q", terms)
	}
	corrected := d
	corrected.Licence, corrected.Sources = "O", nil
	if texts := both.Merged(corrected, false).Texts(); !reflect.DeepEqual(texts, []string{"s", "d, version 1, 2026-11 (O)"}) {
		t.Errorf("a source in the place of one of its name and version: %q", texts)
	}
	later := store.Corpus{Name: "c", Version: "2", Licence: "L"}
	if texts := both.Merged(later, false).Texts(); texts[len(texts)-1] != "c, version 2 (L)" {
		t.Errorf("another version is another source: %q", texts)
	}
	renamed := c.Merged(d, true)
	if renamed.Name != "d" || !reflect.DeepEqual(renamed.Texts(), []string{"s", "t (N)", "c, version 1 (L)"}) {
		t.Errorf("renamed: %+v", renamed)
	}
	own := store.Corpus{Name: "c", Version: "1", Licence: "P", Sources: []store.Source{{Name: "u"}}}
	if got := both.Merged(own, false); got.Licence != "P" || !reflect.DeepEqual(got.Texts(), []string{"s", "d, version 1, 2026-11 (M)", "t (N)", "u"}) {
		t.Errorf("the corpus itself, corrected: %+v", got)
	}
}
