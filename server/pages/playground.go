package pages

import (
	"net/http"

	"normgraph/web"
)

// The editor adds style elements at run time and shows small pictures from data: addresses.
const playgroundPolicy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; " +
	"style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data: blob:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// playground serves the page of GraphiQL, which asks /graphql of the same
// origin. "?example=NAME" opens it with the document of that name; "#query=…"
// with what a permalink holds.
func (s *site) playground() http.Handler {
	page := web.NewPage(web.PageOptions{Name: "playground", Entries: []string{"src/playground/main.tsx"}, Policy: playgroundPolicy})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page.Serve(w, r, web.View{Title: "Playground · normgraph", Section: "/playground",
			Description: "Write and run GraphQL queries over agreements, norms and incidents."})
	})
}
