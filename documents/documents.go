// Package documents holds the named, explained queries of the example gallery.
package documents

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed *.graphql
var bundled embed.FS

// Document is one GraphQL document with the comment lines at its head read into fields:
//
//	# title: Who stands behind …?
//	# explain: From one core idea to …
//	# view: json|table|graph|chart
//	# variables: {"idea": "core-ci-restraint"}
//
// Title, explanation and view are required; variables are the defaults.
type Document struct {
	Name      string          // the file's name without its ending
	Title     string          // the question that it answers
	Explain   string          // one or two sentences
	View      string          // how the result is best looked at
	Variables json.RawMessage // a JSON object, {} if the head has none
	Text      string          // the whole file, head included
}

var views = []string{"json", "table", "graph", "chart"}

// Bundled returns the documents of this package, ordered by name.
func Bundled() []Document {
	all, err := read(bundled)
	if err != nil {
		panic(err) // a mistake in the source tree, which this package's test finds
	}
	return all
}

// maxFile bounds a document in bytes; the service takes no larger one from clients.
const maxFile = 256 << 10

func read(files fs.FS) ([]Document, error) {
	names, err := fs.Glob(files, "*.graphql")
	if err != nil {
		return nil, err
	}
	all := make([]Document, 0, len(names))
	for _, name := range names {
		info, err := fs.Stat(files, name)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() || info.Size() > maxFile { // a pipe or device has no end
			return nil, fmt.Errorf("%s is no regular file of at most %d bytes", name, maxFile)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		document, err := parse(name, strings.TrimPrefix(string(text), "\ufeff"))
		if err != nil {
			return nil, err
		}
		all = append(all, document)
	}
	return all, nil
}

// parse reads the head of a document. Its errors name the file and, where one is at fault, the line.
func parse(file, text string) (Document, error) {
	document := Document{
		Name:      strings.TrimSuffix(path.Base(file), ".graphql"),
		Variables: json.RawMessage("{}"),
		Text:      text,
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		head, isComment := strings.CutPrefix(line, "#")
		if !isComment {
			break
		}
		key, value, _ := strings.Cut(head, ":")
		value = strings.TrimSpace(value)
		switch key = strings.TrimSpace(key); key {
		case "title":
			document.Title = value
		case "explain":
			document.Explain = value
		case "view":
			document.View = value
		case "variables":
			var object map[string]json.RawMessage
			if err := json.Unmarshal([]byte(value), &object); err != nil || object == nil {
				return Document{}, fmt.Errorf("%s:%d: variables must be a JSON object on one line, got %q", file, number, value)
			}
			document.Variables = json.RawMessage(value)
		default:
			return Document{}, fmt.Errorf("%s:%d: unknown key %q in the head; title, explain, view and variables are known", file, number, key)
		}
	}
	switch {
	case document.Title == "":
		return Document{}, fmt.Errorf("%s: the head has no title", file)
	case document.Explain == "":
		return Document{}, fmt.Errorf("%s: the head has no explain", file)
	case !slices.Contains(views, document.View):
		return Document{}, fmt.Errorf("%s: view is %q; one of %s was expected", file, document.View, strings.Join(views, ", "))
	}
	return document, nil
}
