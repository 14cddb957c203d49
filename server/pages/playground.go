package pages

import (
	"encoding/json"
	"errors"
	"net/http"

	"normgraph/web"
)

// The editor adds style elements at run time and shows small pictures from data: addresses.
const playgroundPolicy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; " +
	"style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data: blob:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// example is a trusted document as the gallery of the playground takes it.
type example struct {
	Name      string          `json:"name"`
	Hash      string          `json:"hash"`
	Title     string          `json:"title"`
	Explain   string          `json:"explain"`
	View      string          `json:"view"`
	Variables json.RawMessage `json:"variables"`
	Query     string          `json:"query"`
}

// playground serves the page of GraphiQL, which asks /graphql of the same
// origin. "?example=NAME" opens it with the document of that name; "#query=…"
// with what a permalink holds.
func (s *site) playground() http.Handler {
	var examples []example
	for _, d := range s.Documents.All() {
		examples = append(examples, example{d.Name, d.Hash(), d.Title, d.Explain, d.View, d.Variables, d.Query()})
	}
	page := web.NewPage(web.PageOptions{Name: "playground", Entries: []string{"src/playground/main.tsx"}, Policy: playgroundPolicy})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := parameters(r.URL.RawQuery, []string{"example", "variables", "view"})
		if name := query.Get("example"); err == nil && name != "" {
			if _, ok := s.Documents.Find(name); !ok {
				err = notFound("No trusted document is called “%s”. The start page lists them.", shorten(name, 80))
			}
		}
		if err == nil {
			err = s.dated(r.Context(), r.URL)
		}
		// Of a revision of before the query is shown all the same, and a note by its answer.
		if f := (*fault)(nil); err != nil && !(errors.As(err, &f) && f.status == http.StatusGone) {
			s.fail(w, r, "/playground", err)
			return
		}
		page.Serve(w, r, web.View{Title: "Playground · normgraph", Section: "/playground", Data: examples,
			Description: "Write and run GraphQL queries over agreements, norms and incidents."})
	})
}
