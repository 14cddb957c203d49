package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/netip"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"normgraph/graph"
	"normgraph/graph/gate"
)

// record collects what the log line of one request tells.
type record struct {
	id               string
	client           netip.Prefix
	sharing          gate.Client // the same, "" for this machine and trusted proxies
	operation, code  string
	cache            string
	rows, statements int
}

type recordKey struct{}

func recordOf(r *http.Request) *record { return recordIn(r.Context()) }

func recordIn(ctx context.Context) *record { return ctx.Value(recordKey{}).(*record) }

var saneID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID is the client's, if it is one that a log can hold, else a new one.
func requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); saneID.MatchString(id) {
		return id
	}
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}

// observe numbers, times, counts and logs every request: one line each,
// without variables, documents or the URL's query.
func (a *api) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &record{id: requestID(r), client: Client(r, a.TrustedProxies)}
		if at := rec.client.Addr(); !at.IsLoopback() && !Within(at, a.TrustedProxies) {
			rec.sharing = gate.Client(rec.client.String())
		}
		w.Header().Set("X-Request-Id", rec.id)
		r = r.WithContext(context.WithValue(r.Context(), recordKey{}, rec))
		answer := &responseWriter{ResponseWriter: w}
		a.metrics.inFlight.Inc()
		defer func() {
			a.metrics.inFlight.Dec()
			took := time.Since(start)
			status := answer.status
			if status == 0 {
				status = http.StatusOK
			}
			a.metrics.answered(route(r), status, took)
			a.log(r, rec, status, took)
		}()
		next.ServeHTTP(answer, r)
	})
}

// route names what served r, in few words for metrics: never a path of the client's own.
func route(r *http.Request) string {
	switch r.Pattern {
	case "":
		return "refused"
	case startPattern:
		return "/"
	case otherPattern:
		return "unknown"
	}
	return r.Pattern
}

func (a *api) log(r *http.Request, rec *record, status int, took time.Duration) {
	level := zapcore.InfoLevel
	switch {
	case status == http.StatusInternalServerError || rec.code == graph.CodeInternal:
		level = zapcore.ErrorLevel
	case strings.HasPrefix(r.Pattern, "/assets/"), r.Pattern == "/livez", r.Pattern == "/readyz":
		level = zapcore.DebugLevel
	}
	line := a.Log.Check(level, "request")
	if line == nil {
		return
	}
	fields := []zap.Field{zap.String("id", rec.id), zap.String("method", clip(r.Method)), zap.String("path", clip(r.URL.Path)),
		zap.Int("status", status), zap.Duration("duration", took)}
	if r.Pattern == "/graphql" {
		fields = append(fields, zap.String("operation", clip(rec.operation)), zap.Int("rows", rec.rows), zap.Int("statements", rec.statements))
		if rec.cache != "" {
			fields = append(fields, zap.String("cache", rec.cache))
		}
	}
	if rec.code != "" {
		fields = append(fields, zap.String("code", rec.code))
	}
	line.Write(fields...)
}

// recovered answers for a handler that panicked. The stack goes to the log alone.
func (a *api) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			a.Log.Error("panic", zap.String("id", recordOf(r).id), zap.Any("panic", p), zap.ByteString("stack", debug.Stack()))
			if w.(*responseWriter).status != 0 {
				panic(http.ErrAbortHandler) // too late for another answer: the connection is closed
			}
			a.refuse(w, r, plainJSON, &refusal{code: graph.CodeInternal, message: "something went wrong; the request id finds it in the service's log"})
		}()
		next.ServeHTTP(w, r)
	})
}

// responseWriter remembers the status.
type responseWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader keeps the first final status.
func (w *responseWriter) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write is a final answer with status 200 when none was set.
func (w *responseWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
