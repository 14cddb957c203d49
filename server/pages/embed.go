package pages

import (
	"encoding/json"
	"errors"
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
		v, err := s.readFramed(r)
		if err != nil {
			f := faultOf("", "")
			errors.As(err, &f)
			page.Serve(w, r, web.View{Title: "normgraph", Status: f.status, Data: struct {
				Problem string
				Theme   string
			}{f.message, ""}})
			return
		}
		page.Serve(w, r, web.View{Title: v.Title + " · normgraph", Description: v.Document.Explain, Data: struct {
			*framed
			Problem string
		}{v, ""}, OEmbed: oembedOf(s.origin(r), r.URL.RequestURI())})
	})
}

func (s *site) readFramed(r *http.Request) (*framed, error) {
	query := r.URL.Query()
	document, variables, err := s.trusted(r.PathValue("document"), query)
	if err != nil {
		return nil, err
	}
	v := &framed{Document: document, Title: document.Title, View: document.View, Variables: string(variables), Theme: query.Get("theme")}
	if view := query.Get("view"); view != "" {
		v.View = view
	}
	if v.View == "json" {
		v.View = "table"
	}
	if !slices.Contains(views, v.View) {
		return nil, &fault{http.StatusBadRequest, fmt.Sprintf("view is “%s”; one of %s was expected.", shorten(v.View, 30), strings.Join(views, ", "))}
	}
	if v.Theme != "" && v.Theme != "light" && v.Theme != "dark" {
		return nil, &fault{http.StatusBadRequest, fmt.Sprintf("theme is “%s”; light or dark was expected.", shorten(v.Theme, 30))}
	}
	res := s.Execute(r.Context(), graph.Request{Document: document.Text, Variables: variables, ReadOnly: true})
	if len(res.Errors) > 0 {
		code, _ := res.Errors[0].Extensions["code"].(string)
		return nil, faultOf(code, res.Errors[0].Message)
	}
	if v.Rows, err = flatten(res.Data, query.Get("list")); err != nil {
		return nil, err
	}
	v.Shown = min(len(v.Rows.Rows), rowsFramed)
	if v.Corpus, err = s.Corpus(r.Context()); err != nil {
		return nil, faultOf(graph.CodeUnavailable, "the corpus is being loaded")
	}
	if usesAssessments(document.Text) {
		v.Methods = v.Corpus.Methods
		if len(v.Rows.Rows) > 0 {
			caveats, _ := v.Rows.Rows[0]["caveats"].(string)
			first, _, more := strings.Cut(caveats, ".; ")
			if v.Caveat = first; more {
				v.Caveat += "."
			}
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
		query := r.URL.Query()
		v := data{Documents: s.Documents.All(), Origin: s.origin(r)}
		title := "Figures for other sites"
		if name := query.Get("document"); name != "" {
			query.Del("document")
			document, variables, err := s.trusted(name, query)
			if err != nil {
				s.fail(w, r, "/embed", err)
				return
			}
			view := query.Get("view")
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
