package documents

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// Set is a collection of trusted documents: those that a client may name
// instead of sending a query. It does not change.
type Set struct {
	all  []Document
	byID map[string]*Document
}

// Open makes the set of the bundled documents and those of a folder, which may
// be "". A document of the folder takes the place of a bundled one of its name.
// Errors name the file.
func Open(folder string) (*Set, error) {
	all := Bundled()
	if folder != "" {
		own, err := read(os.DirFS(folder))
		if err != nil {
			return nil, fmt.Errorf("the documents of %s cannot be read: %w", folder, err)
		}
		if len(own) == 0 {
			return nil, fmt.Errorf("%s holds no file that ends in .graphql", folder)
		}
		all = slices.DeleteFunc(all, func(d Document) bool {
			return slices.ContainsFunc(own, func(o Document) bool { return o.Name == d.Name })
		})
		all = append(all, own...)
		slices.SortFunc(all, func(a, b Document) int { return cmp.Compare(a.Name, b.Name) })
	}
	s := &Set{all: all, byID: map[string]*Document{}}
	for i := range all {
		s.byID[all[i].Name] = &all[i]
		s.byID[all[i].Hash()] = &all[i]
	}
	return s, nil
}

// Default is the set of the bundled documents.
func Default() *Set {
	s, err := Open("")
	if err != nil {
		panic(err) // it reads no folder
	}
	return s
}

// All returns the documents by name.
func (s *Set) All() []Document { return slices.Clone(s.all) }

// Find returns the document with the name, or the SHA-256 of the text in hex,
// with or without "sha256:" before it.
func (s *Set) Find(id string) (Document, bool) {
	d, ok := s.byID[strings.TrimPrefix(id, "sha256:")]
	if !ok {
		return Document{}, false
	}
	return *d, true
}

// Query is the text without the head.
func (d Document) Query() string {
	text := d.Text
	for strings.HasPrefix(text, "#") {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text
}

// Hash is the SHA-256 of the text, in hex.
func (d Document) Hash() string {
	sum := sha256.Sum256([]byte(d.Text))
	return hex.EncodeToString(sum[:])
}

// With gives the document's variables: the defaults of its head, each replaced
// by the given one of the same name, if there is one. given is a JSON object, null
// or nothing; anything else is returned as it is, for the service to refuse.
func (d Document) With(given json.RawMessage) json.RawMessage {
	var own, all map[string]json.RawMessage
	if len(given) > 0 && json.Unmarshal(given, &own) != nil {
		return given
	}
	if err := json.Unmarshal(d.Variables, &all); err != nil {
		panic(err) // parse has read it
	}
	maps.Copy(all, own)
	text, err := json.Marshal(all)
	if err != nil {
		panic(err) // it holds only what was decoded
	}
	return text
}
