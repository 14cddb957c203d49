package pages

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// oembedOf is where a page that may be embedded is described: whole addresses both,
// as consumers take them from the page.
func oembedOf(origin, path string) string {
	return origin + "/oembed?" + url.Values{"url": {origin + path}}.Encode()
}

const (
	frameWidth, frameHeight = 720, 800 // where the consumer names no maximum
)

// oembed serves /oembed?url=…&maxwidth=…&maxheight=… (https://oembed.com): a
// frame for an address of /embed/, a link for the other pages.
func (s *site) oembed() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if format := query.Get("format"); format != "" && format != "json" {
			refuseData(w, &fault{http.StatusNotImplemented, "only the format json is served"})
			return
		}
		at, err := url.Parse(query.Get("url"))
		if err != nil || at.Scheme+"://"+at.Host != s.origin(r) {
			refuseData(w, &fault{http.StatusNotFound, "url is not an address of this service, whole, with scheme and host"})
			return
		}
		answer := map[string]any{"version": "1.0", "provider_name": "normgraph", "provider_url": s.origin(r) + "/", "cache_age": 3600}
		if name, ok := strings.CutPrefix(at.Path, "/embed/"); ok {
			document, _, err := s.trusted(name, at.Query())
			if err != nil {
				refuseData(w, err)
				return
			}
			width, height := within(query.Get("maxwidth"), frameWidth), within(query.Get("maxheight"), frameHeight)
			answer["type"], answer["title"], answer["width"], answer["height"] = "rich", document.Title, width, height
			answer["html"] = frameTag(at.String(), document.Title, width, height)
		} else {
			title, err := s.titleOf(r, at)
			if err != nil {
				refuseData(w, err)
				return
			}
			answer["type"], answer["title"] = "link", title
		}
		body, err := json.Marshal(answer)
		if err != nil {
			refuseData(w, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		_, _ = w.Write(body) // a client that has gone cannot be told
	})
}

// frameTag is the markup of a frame.
func frameTag(address, title string, width, height int) string {
	return fmt.Sprintf(`<iframe src="%s" title="%s" width="%d" height="%d" loading="lazy" style="border:0;max-width:100%%"></iframe>`,
		html.EscapeString(address), html.EscapeString(title), width, height)
}

// within is the size for a consumer's maximum.
func within(maximum string, size int) int {
	if n, err := strconv.Atoi(maximum); err == nil && n > 0 {
		return min(n, size)
	}
	return size
}

// titleOf is the title of a page that is no frame.
func (s *site) titleOf(r *http.Request, at *url.URL) (string, error) {
	if id, ok := strings.CutPrefix(at.Path, "/node/"); ok {
		shown, err := s.readNode(r.Context(), id, url.Values{})
		if err != nil {
			return "", err
		}
		return shown.Title, nil
	}
	if at.Path == "/continuity" {
		f, err := parseFilters(at.Query())
		if err != nil {
			return "", err
		}
		return (&continuityView{Filters: f}).Heading(), nil
	}
	return "", &fault{http.StatusNotFound, "this page cannot be embedded: /embed/, /node/ and /continuity can"}
}
