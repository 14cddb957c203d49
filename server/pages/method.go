package pages

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"normgraph/docs"
	"normgraph/web"
)

// method serves /continuity/method: what the figures mean, how they are made,
// and what must not be concluded.
func (s *site) method() http.Handler {
	var text bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.Table)).Convert(docs.Continuity, &text); err != nil {
		panic(err) // it is the same text each time: any test that registers the pages finds it
	}
	// What may be wider than a phone is scrolled by keys too.
	shown := strings.NewReplacer("<pre>", `<pre tabindex="0">`,
		"<table>", `<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>`, "</table>", "</table></div>").Replace(text.String())
	page := web.NewPage(web.PageOptions{Name: "method", Entries: []string{siteStyle, "src/style/method.css", copyScript}, Policy: pagePolicy})
	view := web.View{Title: "How continuity is measured · normgraph", Section: "/continuity", Data: template.HTML(shown),
		Description: "What the figures of norm continuity mean, how they are made, and what must not be concluded from them."}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := parameters(r.URL.RawQuery, nil)
		if err == nil {
			err = s.dated(r.Context(), r.URL)
		}
		if err != nil {
			s.fail(w, r, "/continuity", err)
			return
		}
		page.Serve(w, r, view)
	})
}
