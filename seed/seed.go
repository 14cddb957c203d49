// Package seed holds the bundled corpus and reads a corpus folder into a
// validated data set.
//
// A corpus folder holds corpus.json (name, version, licence, sources) and CSV
// files: UTF-8, RFC 4180, with a header; an empty cell means unknown. What the
// files are called and which columns they may have follows from the catalog, so
// that a new type needs no code here:
//
//   - Rows of type WorkPackage stand in work_packages.csv, the plural in
//     snake_case. Its columns are the type's fields in snake_case.
//   - A column named after a relation, such as process in agreements.csv, holds
//     the id of the related node, or for a list relation the ids split by ';'.
//     Relationships with properties have files of their own instead.
//   - Relationships of type SIGNED with properties stand in signed.csv unless
//     the small table in layout.go names another file. Two columns hold the ids
//     of the ends, named after their types (signatory, agreement), from_norm and
//     to_norm where both ends are of one type; the others are the properties.
//   - Lists within a cell are split by ';'. A year that derives from a date is
//     filled in where its cell is empty or its column missing.
//
// Files and columns that no type needs may be missing; those that no type knows
// are refused. Other files than CSV and corpus.json are passed over with a warning,
// Markdown and hidden ones without. A file that is no regular one, or of more than
// 1 GiB, is refused before it is read. A byte order mark and CRLF line ends are
// accepted, and so are the empty columns and rows that Excel leaves at the end. Text
// is stored composed (NFC), without spaces around it and without characters that
// nobody sees (clean.go).
package seed

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

//go:embed corpus
var bundled embed.FS

// Bundled is the corpus that comes with the program.
func Bundled() fs.FS {
	sub, err := fs.Sub(bundled, "corpus")
	if err != nil {
		panic(err) // only for a path that is not valid
	}
	return sub
}

// Open returns the corpus folder dir for Read. The error says why dir is none.
func Open(dir string) (fs.FS, error) {
	const form = "a folder with corpus.json and the CSV files of a corpus"
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s does not exist; expected %s", dir, form)
	case err != nil:
		return nil, fmt.Errorf("cannot open the corpus folder: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("%s is not a folder; expected %s", dir, form)
	}
	fsys := os.DirFS(dir)
	switch _, err := fs.Stat(fsys, corpusFile); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is not a corpus folder: it has no %s; expected %s", dir, corpusFile, form)
	case err != nil:
		return nil, fmt.Errorf("cannot open the corpus folder: %w", err)
	}
	return fsys, nil
}
