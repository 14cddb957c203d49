// Package web serves the pages that people see: the start page and the
// playground, from files that are built in advance (see README.md) and embedded.
// No page asks anything of another host.
package web

import (
	"context"
	"net/http"
	"time"

	"normgraph/documents"
)

// Content policies. Everything comes from this origin; nothing frames a page.
const (
	startPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// The editor adds style elements at run time and shows small pictures from data: addresses.
	playgroundPolicy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; " +
		"style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// Corpus is what the start page tells of the loaded corpus.
type Corpus struct {
	Name     string
	Version  string
	Licence  string
	Revision int
	LoadedAt time.Time // left out if zero
	Sources  []string
	Counts   []Count // nodes by kind (a type name, as "WorkPackage"), shown in this order
	Methods  []Count // assessments by AssessmentMethod (as "AUTOMATED_READING"), shown in this order
}

// Count is a named number.
type Count struct {
	Name  string
	Count int
}

// Start configures the start page.
type Start struct {
	// Corpus is asked at each request. On an error the page says that the
	// corpus cannot be read, without the error's text, with status 503.
	Corpus func(context.Context) (Corpus, error)
	// Docs is the address of the documentation; without it there is no link.
	Docs string
}

// StartPage serves "/": what this is, what is in it, and the ways in. It needs no JavaScript.
func StartPage(start Start) http.Handler {
	page := newPage("start", "src/style/site.css", "normgraph",
		"Agreements and norms on cybersecurity, and the incidents that test them, as a graph that answers over GraphQL.",
		startPolicy)
	type data struct {
		Corpus    *Corpus
		Documents []documents.Document
		Docs      string
	}
	bundled := documents.Bundled()
	return readOnly(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		corpus, err := start.Corpus(r.Context())
		if err != nil {
			w.Header().Set("Retry-After", "5")
			page.serve(w, r, http.StatusServiceUnavailable, data{nil, bundled, start.Docs})
			return
		}
		page.serve(w, r, http.StatusOK, data{&corpus, bundled, start.Docs})
	}))
}

// Playground serves the page of GraphiQL, which asks /graphql of the same
// origin. "?example=NAME" opens it with the document of that name.
func Playground() http.Handler {
	page := newPage("playground", "src/playground/main.tsx", "Playground · normgraph",
		"Write and run GraphQL queries over agreements, norms and incidents.", playgroundPolicy)
	return readOnly(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page.serve(w, r, http.StatusOK, nil)
	}))
}
