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

	"normgraph/graph/store"
)

const corpusFile = "corpus.json"

// corpus reads corpus.json, which names the corpus. Its keys are those of
// store.Corpus; name and version are needed.
func (r *reader) corpus(fsys fs.FS) (store.Corpus, error) {
	var c store.Corpus
	at := place{file: corpusFile}
	data, problem, err := readRegular(fsys, corpusFile, maxCorpus)
	if errors.Is(err, fs.ErrNotExist) {
		r.add(at, "the file is missing; expected the name and version of the corpus in it")
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("cannot read %s: %w", corpusFile, err)
	}
	if problem != "" {
		r.add(at, "%s", problem)
		return c, nil
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	fields := []struct {
		key    string
		into   any
		needed bool
	}{{"name", &c.Name, true}, {"version", &c.Version, true}, {"licence", &c.Licence, false}, {"sources", &c.Sources, false}}
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	list, line, msg := members(data)
	if msg != "" {
		at.line = line
		r.add(at, "%s; expected a JSON object with the keys %s", msg, strings.Join(keys, ", "))
		return c, nil
	}
	seen := map[string]bool{}
	for _, m := range list {
		at.line, at.column = m.line, m.key
		i := slices.Index(keys, m.key)
		switch {
		case i < 0:
			at.column = ""
			r.add(at, "unknown key %s%s; expected one of %s", show(m.key), suggest(m.key, keys), strings.Join(keys, ", "))
			continue
		case seen[m.key]:
			r.add(at, "the key is there twice; expected it once")
			continue
		}
		seen[m.key] = true
		if json.Unmarshal(m.value, fields[i].into) != nil || string(m.value) == "null" {
			expected := "a text"
			if m.key == "sources" {
				expected = "a list of texts"
			}
			r.add(at, "expected %s, got %s", expected, show(string(m.value)))
			continue
		}
		texts := c.Sources
		if s, ok := fields[i].into.(*string); ok {
			texts = []string{*s}
		}
		for _, s := range texts {
			if msg := badText(s); msg != "" {
				r.add(at, "the value %s", msg)
			} else if strings.TrimSpace(s) == "" {
				r.add(at, "expected a text, got %s", show(s))
			}
		}
	}
	for _, f := range fields {
		if f.needed && !seen[f.key] {
			r.add(place{file: corpusFile, line: 1, column: f.key}, "the key is missing; expected a text")
		}
	}
	return c, nil
}

type member struct {
	key   string
	value json.RawMessage
	line  int
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
