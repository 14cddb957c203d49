// Package pages answers with what people look at: the pages, the frames and the
// flat data of trusted documents. Each asks the service as any client would, and
// fills a template of package web.
package pages

import (
	"context"
	"net/http"

	"normgraph/documents"
	"normgraph/graph"
	"normgraph/web"
)

// Options say what is shown. All are required but PublicURL and FrameAncestors.
type Options struct {
	// Execute answers a GraphQL request, within the limits of the service.
	Execute func(context.Context, graph.Request) *graph.Response
	// Corpus tells of the loaded corpus; it is asked at each request.
	Corpus    func(context.Context) (web.Corpus, error)
	Documents *documents.Set
	// PublicURL is scheme and host under which clients reach the service, such
	// as https://example.org; "" takes them from each request.
	PublicURL string
	// FrameAncestors are the origins whose pages may frame /embed/, beside the
	// service's own; "*" is any.
	FrameAncestors []string
	// Shared lets other origins read an answer, as far as they may.
	Shared func(http.Handler) http.Handler
	// Log takes faults of a page's own, which readers do not see.
	Log func(*http.Request, error)
}

type site struct {
	Options
	problem *web.Page
}

// Register serves everything on mux. It returns what answers where nothing is served.
func Register(mux *http.ServeMux, o Options) http.Handler {
	s := &site{Options: o, problem: web.NewPage(web.PageOptions{Name: "problem", Entries: []string{siteStyle}, Policy: pagePolicy})}
	pages := map[string]http.Handler{
		"/{$}":        s.start(),
		"/playground": s.playground(),
		"/node/{id}":  s.node(),
		"/compare":    s.compare(),
		"/continuity": s.continuity(),
		"/embed":      s.builder(),
		"/embed.js":   s.component(),

		"/embed/{document}":  s.embed(),
		"/continuity/method": s.method(),
	}
	for pattern, handler := range pages {
		mux.Handle(pattern, web.ReadOnly(handler))
	}
	for pattern, handler := range map[string]http.Handler{"/data/{file}": s.data(), "/oembed": s.oembed(), "/cite": s.cite()} {
		mux.Handle(pattern, o.Shared(web.ReadOnly(handler)))
	}
	mux.Handle("/assets/", web.Assets())
	return http.HandlerFunc(s.nothing)
}

// What many pages load, and their content policy. Everything comes from this origin; nothing frames a page.
const (
	siteStyle  = "src/style/site.css"
	copyScript = "src/copy/main.ts"
	pagePolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' blob:; " +
		"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
