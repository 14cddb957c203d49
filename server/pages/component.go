package pages

import (
	"net/http"

	"normgraph/web"
)

// component serves /embed.js, the web component <norm-graph>, for pages of other origins.
func (s *site) component() http.Handler {
	script := web.Script("src/embed/component.ts")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		script.ServeHTTP(w, r)
	})
}
