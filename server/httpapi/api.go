// Package httpapi serves the GraphQL service over HTTP, as the GraphQL over
// HTTP specification says: content negotiation, statuses, limits of the
// transport, health, metrics and pages.
package httpapi

import (
	"context"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/rs/cors"
	"go.uber.org/zap"

	"normgraph/documents"
	"normgraph/graph"
	"normgraph/graph/cache"
	"normgraph/graph/gate"
	"normgraph/server/pages"
	"normgraph/web"
)

// Service executes GraphQL requests.
type Service interface {
	Execute(ctx context.Context, r graph.Request) *graph.Response
}

// Options say what is served and how much of it. All fields are required but
// CORSOrigins and those of the documents and pages.
type Options struct {
	Service Service
	// Ready says why the service cannot answer yet; nil when it can, busy when it
	// is slow to. Only the message of a *store.Error is shown to clients.
	Ready func(ctx context.Context) (busy bool, err error)
	// Corpus feeds the start page.
	Corpus func(ctx context.Context) (web.Corpus, error)
	SDL    string
	Log    *zap.Logger
	// CORSOrigins may ask from other pages: origins, or "*". Nil: none.
	CORSOrigins []string
	BodyBytes   int           // of a POST body
	URLBytes    int           // of the request target
	Unsent      int64         // bytes of answers that clients have still to take, a quarter for one client
	Deadline    time.Duration // of one GraphQL request
	// Rate bounds what each client may ask for; the zero Rate does not.
	Rate Rate
	// TrustedProxies say by X-Forwarded-For which client a request is from.
	TrustedProxies []netip.Prefix
	PackBytes      int64 // of compressed answers that are kept
	// Documents may be named instead of sending a query. Nil: the bundled ones.
	Documents *documents.Set
	// DocumentsOnly refuses every operation that is not one of Documents.
	DocumentsOnly bool
	// PublicURL and FrameAncestors are as in package pages.
	PublicURL      string
	FrameAncestors []string
}

type api struct {
	Options
	// Clients that read slowly would otherwise fill the memory.
	unsent  *share                       // bytes of answers that clients have still to take
	packs   *cache.Cache[string, []byte] // by tag
	clock   gate.Clock                   // of the meters of all requests
	metrics *metrics
}

const (
	startPattern = "/{$}"
	otherPattern = "/"
)

// API is the handler of the whole service.
type API struct {
	http.Handler
	metrics *metrics
}

// Metrics serves /metrics, for an address that not everybody reaches: it tells
// what all clients ask for.
func (a *API) Metrics() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/metrics", readOnly(a.metrics.serve))
	return mux
}

// New makes the handler of the whole service.
func New(o Options) *API {
	if o.Documents == nil {
		o.Documents = documents.Default()
	}
	a := &api{Options: o,
		unsent: &share{most: o.Unsent, of: map[gate.Client]int64{}},
		packs:  cache.New[string, []byte](o.PackBytes), metrics: newMetrics(o.Service)}
	shared := func(h http.Handler) http.Handler { return h }
	if len(o.CORSOrigins) > 0 {
		shared = cors.New(cors.Options{
			AllowedOrigins: o.CORSOrigins,
			AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
			AllowedHeaders: append([]string{"Accept", "Content-Type", "If-None-Match", "X-Request-Id"}, clientHeaders...),
			ExposedHeaders: []string{"ETag", "X-Revision", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id", "X-Truncated", "Link"},
			MaxAge:         600,
		}).Handler
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", shared(http.HandlerFunc(a.graphql)))
	mux.Handle("/schema.graphqls", shared(readOnly(a.schema)))
	mux.Handle("/livez", readOnly(a.live))
	mux.Handle("/readyz", readOnly(a.ready))
	nothing := pages.Register(mux, pages.Options{Execute: a.execute, Corpus: a.corpus, Documents: o.Documents,
		PublicURL: o.PublicURL, FrameAncestors: o.FrameAncestors, Shared: shared,
		Log: func(r *http.Request, err error) {
			o.Log.Error("page", zap.String("id", recordOf(r).id), zap.Error(err))
		}})
	mux.Handle(otherPattern, unknown(nothing))
	return &API{a.observe(a.recovered(a.guard(a.fair(compressed(mux))))), a.metrics}
}

// guard sets the headers that pages may override, and refuses too long URLs.
func (a *api) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		if len(r.RequestURI) > a.URLBytes {
			a.refuse(w, r, plainJSON, tooLarge(http.StatusRequestURITooLong, "urlBytes", "URL", int64(len(r.RequestURI)), a.URLBytes))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// unknown sends a path with a slash too many to the one without; nothing is for
// all others.
func unknown(nothing http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; path {
		case "/graphql/", "/playground/", "/continuity/", "/compare/", "/embed/", "/schema.graphqls/", "/livez/", "/readyz/":
			target := path[:len(path)-1]
			if r.URL.RawQuery != "" {
				target += "?" + r.URL.RawQuery
			}
			http.Redirect(w, r, target, http.StatusPermanentRedirect)
		default:
			nothing.ServeHTTP(w, r)
		}
	})
}

// readOnly refuses every method but GET and HEAD.
func readOnly(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD are served here", http.StatusMethodNotAllowed)
			return
		}
		h(w, r)
	})
}

// corpus is what the start page tells, within the time of one request.
func (a *api) corpus(ctx context.Context) (web.Corpus, error) {
	ctx, cancel := context.WithTimeout(ctx, a.Deadline)
	defer cancel()
	return a.Corpus(ctx)
}

func (a *api) schema(w http.ResponseWriter, _ *http.Request) {
	text(w, http.StatusOK, a.SDL)
}

func text(w http.ResponseWriter, code int, body string) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Cache-Control", "no-cache")
	w.WriteHeader(code)
	_, _ = w.Write([]byte(body)) // a client that has gone cannot be told
}

// clientHeaders are what Apollo's clients and tracing (OpenTelemetry, Sentry) add to
// each request; a browser asks by CORS whether they may. Nothing here reads them.
var clientHeaders = []string{
	"Apollo-Require-Preflight", "X-Apollo-Operation-Name", "X-Apollo-Operation-Id", "Apollographql-Client-Name", "Apollographql-Client-Version",
	"Traceparent", "Tracestate", "Baggage", "Sentry-Trace",
}
