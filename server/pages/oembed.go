package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"normgraph/graph"
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
// frame for an address of /embed/, a link for the other pages. That standard says to
// pass over parameters of /oembed itself that are not known; those of url are checked.
func (s *site) oembed() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if format := query.Get("format"); format != "" && format != "json" {
			s.refuseData(w, r, &fault{status: http.StatusNotImplemented, message: "only the format json is served"})
			return
		}
		origin, at := s.own(r, query.Get("url"))
		if at == nil {
			s.refuseData(w, r, notFound("url is not an address of this service, whole, with scheme and host"))
			return
		}
		answer := map[string]any{"version": "1.0", "provider_name": "normgraph", "provider_url": origin + "/", "cache_age": 3600}
		if name, ok := strings.CutPrefix(at.Path, "/embed/"); ok {
			document, err := s.trusted(name, at.RawQuery)
			if err == nil {
				err = s.dated(r.Context(), at)
			}
			if err != nil {
				s.refuseData(w, r, err)
				return
			}
			width, height := within(query.Get("maxwidth"), frameWidth), within(query.Get("maxheight"), frameHeight)
			answer["type"], answer["title"], answer["width"], answer["height"] = "rich", document.Title, width, height
			answer["html"] = frameTag(origin+at.RequestURI(), document.Title, width, height)
		} else {
			title, err := s.titleOf(r.Context(), at)
			if err != nil {
				s.refuseData(w, r, err)
				return
			}
			answer["type"], answer["title"] = "link", title
		}
		corpus, err := s.Corpus(r.Context())
		if err != nil {
			s.refuseData(w, r, faultOf(graph.CodeUnavailable, "the corpus is being loaded"))
			return
		}
		answer["author_name"], answer["author_url"] = corpus.Name, s.origin(r)+"/#sources"
		answer["sources"], answer["licences"] = corpus.Sources, corpus.Licences // consumers pass over what they do not know
		body, err := json.Marshal(answer)
		if err != nil {
			s.refuseData(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		_, _ = w.Write(body) // a client that has gone cannot be told
	})
}

// own reads an address of this service, however its writer put scheme, host and
// port, and says under which origin it is served. Nil is no such address.
func (s *site) own(r *http.Request, address string) (origin string, at *url.URL) {
	at, err := url.Parse(address)
	if err != nil || at.Scheme != "http" && at.Scheme != "https" {
		return "", nil
	}
	here, err := url.Parse(s.origin(r))
	if err != nil || authority(at) != authority(here) {
		return "", nil
	}
	if s.PublicURL != "" {
		return s.PublicURL, at
	}
	// A proxy that ends TLS may not say that it does: the address knows.
	return at.Scheme + "://" + authority(at), at
}

// authority is host and port in one spelling: without capitals, or a port that the scheme implies.
func authority(at *url.URL) string {
	host := strings.ToLower(at.Host)
	if at.Port() == "80" && at.Scheme == "http" || at.Port() == "443" && at.Scheme == "https" {
		host = strings.TrimSuffix(host, ":"+at.Port())
	}
	return strings.TrimSuffix(host, ":")
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
func (s *site) titleOf(ctx context.Context, at *url.URL) (title string, err error) {
	if id, ok := strings.CutPrefix(at.Path, "/node/"); ok {
		err = s.read(ctx, at, func(q reading) error {
			shown, err := q.readNode(ctx, id, at.RawQuery)
			if err == nil {
				title = shown.Title
			}
			return err
		})
		return title, err
	}
	if at.Path == "/continuity" {
		f, err := filtersOf(at.RawQuery)
		if err == nil {
			err = s.dated(ctx, at)
		}
		return (&continuityView{Filters: f}).Heading(), err
	}
	return "", notFound("this page cannot be embedded: /embed/, /node/ and /continuity can")
}
