package seed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

const corpusFile = "corpus.json"

// corpus reads corpus.json, which names the corpus. Its keys are those of
// store.Corpus; name and version are needed.
func (r *reader) corpus(fsys fs.FS) (store.Corpus, error) {
	var c store.Corpus
	at := place{file: corpusFile, line: 1}
	data, problem, err := readRegular(fsys, corpusFile, maxCorpus)
	if errors.Is(err, fs.ErrNotExist) {
		r.add(place{file: corpusFile}, "the file is missing; expected the name and version of the corpus in it")
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("cannot read %s: %w", corpusFile, err)
	}
	if problem != "" {
		r.add(place{file: corpusFile}, "%s", problem)
		return c, nil
	}
	r.object(at, "", bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), []key{
		{name: "name", into: &c.Name, needed: true}, {name: "version", into: &c.Version, needed: true},
		{name: "licence", into: &c.Licence}, {name: "sources", sources: &c.Sources},
		{name: "date", into: &c.Date, kind: catalog.Date},
	})
	return c, nil
}

// key is one of a JSON object: a text of a kind, or sources.
type key struct {
	name    string
	needed  bool
	kind    catalog.Kind
	into    *string
	sources *[]store.Source
}

// object reads a JSON object that begins at a place; within is the path to it.
func (r *reader) object(at place, within string, data []byte, keys []key) {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	list, line, msg := members(data)
	first := at.line
	if msg != "" {
		at.line += line - 1
		r.add(at, "%s; expected a JSON object with the keys %s", msg, strings.Join(names, ", "))
		return
	}
	seen := map[string]bool{}
	for _, m := range list {
		at.line, at.column = first+m.line-1, within+m.key
		i := slices.Index(names, m.key)
		switch {
		case i < 0:
			at.column = strings.TrimSuffix(within, ".")
			r.add(at, "unknown key %s%s; expected one of %s", show(m.key), suggest(m.key, names), strings.Join(names, ", "))
			continue
		case seen[m.key]:
			r.add(at, "the key is there twice; expected it once")
			continue
		}
		seen[m.key] = true
		if keys[i].sources != nil {
			at.line = first + m.valueLine - 1
			*keys[i].sources = r.sources(at, m.value)
		} else {
			r.keyText(at, m.value, keys[i])
		}
	}
	for _, k := range keys {
		if k.needed && !seen[k.name] {
			r.add(place{file: corpusFile, line: first, column: within + k.name}, "the key is missing; expected a text")
		}
	}
}

// keyText reads a text that is not blank.
func (r *reader) keyText(at place, value json.RawMessage, k key) {
	if json.Unmarshal(value, k.into) != nil || string(value) == "null" {
		r.add(at, "expected a text, got %s", show(string(value)))
		return
	}
	*k.into = clean(*k.into)
	switch msg := badText(*k.into); {
	case msg != "":
		r.add(at, "the value %s", msg)
	case *k.into == "":
		r.add(at, "expected a text, got %s", show(*k.into))
	case k.kind != catalog.ID:
		_, msgs := parse(&catalog.Property{Kind: k.kind}, *k.into)
		for _, msg := range msgs {
			r.add(at, "%s", msg)
		}
	}
}

// sources reads a list whose elements are texts, or objects with the keys of
// store.Source.
func (r *reader) sources(at place, value json.RawMessage) []store.Source {
	if value[0] != '[' {
		r.add(at, "expected a list of texts or of objects, got %s", show(string(value)))
		return nil
	}
	list := []store.Source{}
	dec := json.NewDecoder(bytes.NewReader(value))
	_, _ = dec.Token() // the value is known to be JSON
	for i := 0; dec.More(); i++ {
		var v json.RawMessage
		_ = dec.Decode(&v)
		here, s := at, store.Source{}
		here.line += bytes.Count(value[:dec.InputOffset()-int64(len(v))], []byte("\n"))
		here.column = fmt.Sprintf("%s[%d]", at.column, i)
		if v[0] == '{' {
			r.object(here, here.column+".", v, []key{
				{name: "name", into: &s.Name, needed: true}, {name: "version", into: &s.Version}, {name: "licence", into: &s.Licence},
				{name: "date", into: &s.Date, kind: catalog.Date}, {name: "url", into: &s.URL, kind: catalog.URL}, {name: "sources", sources: &s.Sources},
			})
		} else {
			r.keyText(here, v, key{into: &s.Name})
		}
		list = append(list, s)
	}
	return list
}

type member struct {
	key   string
	value json.RawMessage
	// Lines of the key and of the value, from 1.
	line, valueLine int
}

// members splits a JSON object, keeping lines, order and repeated keys. The
// message says what is no JSON object, and in which line.
func members(data []byte) (list []member, line int, msg string) {
	lineAt := func(offset int64) int {
		return 1 + bytes.Count(data[:min(max(offset, 0), int64(len(data)))], []byte("\n"))
	}
	if !utf8.Valid(data) {
		return nil, lineAt(firstInvalid(data)), "the file is not valid UTF-8"
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	wrong := func(err error) ([]member, int, string) {
		offset := dec.InputOffset()
		if se := (*json.SyntaxError)(nil); errors.As(err, &se) {
			offset = se.Offset
		}
		if errors.Is(err, io.EOF) {
			return nil, lineAt(offset), "the file is no JSON: it ends too early"
		}
		return nil, lineAt(offset), "the file is no JSON: " + strings.TrimPrefix(err.Error(), "json: ")
	}
	open, err := dec.Token()
	if err != nil {
		return wrong(err)
	}
	if open != json.Delim('{') {
		return nil, lineAt(dec.InputOffset()), "the file is no JSON object"
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return wrong(err)
		}
		m := member{key: key.(string), line: lineAt(dec.InputOffset())}
		if err := dec.Decode(&m.value); err != nil {
			return wrong(err)
		}
		m.valueLine = lineAt(dec.InputOffset() - int64(len(m.value)))
		list = append(list, m)
	}
	if _, err := dec.Token(); err != nil {
		return wrong(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, lineAt(dec.InputOffset()), "something follows the JSON object"
	}
	return list, 0, ""
}

// firstInvalid is where data stops being UTF-8.
func firstInvalid(data []byte) int64 {
	i := 0
	for i < len(data) {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		i += size
	}
	return int64(i)
}
