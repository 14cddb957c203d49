package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"normgraph/documents"
	"normgraph/graph"
	"normgraph/web"
)

// Views in which a document can be framed.
var views = []string{"table", "graph", "chart"}

// embedPolicy is that of frames: the page's own, but framed by those who may.
// The library that draws graphs adds a style element.
func (s *site) embedPolicy() string {
	ancestors := "'self'"
	if len(s.FrameAncestors) > 0 {
		ancestors += " " + strings.Join(s.FrameAncestors, " ")
	}
	return "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors " + ancestors
}

// framed is what a frame shows.
type framed struct {
	Document  documents.Document
	Title     string
	View      string
	Theme     string // light, dark, or "" as the reader prefers
	Variables string // JSON
	Rows      *flat
	Shown     int         // rows
	Methods   []web.Count // of the corpus, if the figure rests on assessments
	Caveat    string      // the first of the answer's own
	Corpus    web.Corpus
	Full, CSV string // addresses
}

const rowsFramed = 500

// embed serves /embed/{document}: a live figure for a frame on another site. It
// sets no cookie and reads no storage.
func (s *site) embed() http.Handler {
	policy := s.embedPolicy()
	page := web.NewPage(web.PageOptions{Name: "embed", Policy: policy, Entries: []string{siteStyle, "src/style/embed.css", "src/embed/main.ts"},
		Functions: map[string]any{"cell": frameCell}})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		document, err := s.trusted(r.PathValue("document"), r.URL.RawQuery)
		if err == nil {
			err = s.read(r.Context(), r.URL, func(q reading) error {
				v, err := q.readFramed(r.Context(), document)
				if err != nil {
					return err
				}
				page.Serve(w, r, web.View{Title: v.Title + " · normgraph", Description: v.Document.Explain, Data: struct {
					*framed
					Problem, Now string
				}{v, "", ""}, OEmbed: oembedOf(s.origin(r), r.URL.RequestURI())})
				return nil
			})
		}
		if err != nil {
			f := s.told(r, err)
			now := ""
			if f.now {
				now = withoutRevision(r.URL)
			}
			page.Serve(w, r, web.View{Title: "normgraph", Status: f.status, Data: struct {
				Problem, Now, Theme string
			}{f.message, now, ""}})
		}
	})
}

func (q reading) readFramed(ctx context.Context, document *asked) (*framed, error) {
	v := &framed{Document: document.Document, Title: document.Title, View: document.View, Variables: string(document.Variables),
		Theme: document.Query.Get("theme"), Corpus: q.corpus}
	if view := document.Query.Get("view"); view != "" {
		v.View = view
	}
	if v.View == "json" {
		v.View = "table"
	}
	if !slices.Contains(views, v.View) {
		return nil, badRequest("view is “%s”; one of %s was expected.", shorten(v.View, 30), strings.Join(views, ", "))
	}
	if v.Theme != "" && v.Theme != "light" && v.Theme != "dark" {
		return nil, badRequest("theme is “%s”; light or dark was expected.", shorten(v.Theme, 30))
	}
	res, err := q.execute(ctx, graph.Request{Document: document.Text, Variables: document.Variables, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	root, err := readRoot(res.Data)
	if err != nil {
		return nil, err
	}
	if v.Rows, err = document.flatten(root); err != nil {
		return nil, err
	}
	v.Shown = min(len(v.Rows.Rows), rowsFramed)
	if usesAssessments(document.Text) {
		v.Methods = v.Corpus.Methods
		caveats, _ := v.Rows.Beside["caveats"].(string)
		first, _, more := strings.Cut(caveats, ".; ")
		if v.Caveat = first; more {
			v.Caveat += "."
		}
	}
	given := url.Values{"variables": {v.Variables}}.Encode()
	v.Full = "/playground?example=" + url.QueryEscape(document.Name) + "&" + given
	v.CSV = "/data/" + url.PathEscape(document.Name) + ".csv?" + given
	return v, nil
}

// usesAssessments says whether a document's figures rest on assessments, so
// that a frame must say what these are.
func usesAssessments(text string) bool {
	for _, field := range []string{"assessments", "normContinuity", "normMatrix", "normDrivers", "normCoOccurrence", "coderAgreement"} {
		if strings.Contains(text, field) {
			return true
		}
	}
	return false
}

// Cells are those of the rows that are shown.
func (v *framed) Cells() []map[string]any { return v.Rows.Rows[:v.Shown] }

// frameCell is one value of a row, for people.
func frameCell(row map[string]any, column string) string {
	switch value := row[column].(type) {
	case nil:
		return ""
	case json.Number:
		if x, err := value.Float64(); err == nil && strings.ContainsAny(value.String(), ".eE") {
			return fmt.Sprintf("%.3g", x)
		}
		return value.String()
	default:
		return strings.ReplaceAll(fmt.Sprint(value), ".; ", ". ") // sentences of a list
	}
}

// builder serves /embed: what can be embedded, and how.
func (s *site) builder() http.Handler {
	page := web.NewPage(web.PageOptions{Name: "embedding", Policy: strings.Replace(pagePolicy, "default-src 'none';", "default-src 'none'; frame-src 'self';", 1),
		Entries: []string{siteStyle, "src/style/embed.css", copyScript}})
	type data struct {
		Documents []documents.Document
		Chosen    *documents.Document
		Variables string       // JSON, "" for the defaults
		Query     template.URL // of addresses, encoded, with its "?"; "" for the defaults
		Frame     string       // path and query
		Origin    string
		OEmbed    string
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := data{Documents: s.Documents.All(), Origin: s.origin(r)}
		title := "Figures for other sites"
		name := r.URL.Query().Get("document")
		var chosen *asked
		err := s.dated(r.Context(), r.URL)
		if err == nil && name == "" {
			_, err = parameters(r.URL.RawQuery, []string{"document"})
		} else if err == nil {
			chosen, err = s.trusted(name, r.URL.RawQuery, "document")
		}
		if err != nil {
			s.fail(w, r, "/embed", err)
			return
		}
		if chosen != nil {
			document, variables := chosen.Document, chosen.Variables
			view := chosen.Query.Get("view")
			if view == "" {
				view = document.View
			}
			if view == "json" {
				view = "table"
			}
			v.Chosen, title = &document, document.Title
			address := url.Values{"view": {view}}
			if string(variables) != string(document.With(nil)) {
				v.Variables = strings.ReplaceAll(string(variables), "'", `\u0027`) // it stands in an attribute
				address.Set("variables", v.Variables)
				v.Query = template.URL("?" + url.Values{"variables": {v.Variables}}.Encode())
			}
			v.Frame = "/embed/" + url.PathEscape(document.Name) + "?" + address.Encode()
			v.OEmbed = oembedOf(v.Origin, v.Frame)
		}
		page.Serve(w, r, web.View{Title: title + " · normgraph", Section: "/embed", Data: v,
			Description: "Each question as a frame, a CSV or JSON file, an oEmbed link or a web component."})
	})
}
