package httpapi

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"normgraph/graph"
)

// metrics are what /metrics tells. Labels take few values: routes, not paths.
type metrics struct {
	requests   *prometheus.CounterVec
	seconds    *prometheus.HistogramVec
	inFlight   prometheus.Gauge
	operations *prometheus.CounterVec
	rows       prometheus.Histogram
	statements prometheus.Counter
	cache      *prometheus.CounterVec
	revision   atomic.Int64
	handler    http.Handler
}

// sized is a Service that keeps answers.
type sized interface{ CacheBytes() int64 }

func newMetrics(s Service) *metrics {
	m := &metrics{
		requests:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "normgraph_http_requests_total", Help: "HTTP requests answered, by route and status."}, []string{"route", "status"}),
		seconds:    prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "normgraph_http_request_duration_seconds", Help: "Time from a request's header to the end of its answer.", Buckets: prometheus.ExponentialBuckets(0.0005, 2.5, 12)}, []string{"route"}),
		inFlight:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "normgraph_http_requests_in_flight", Help: "HTTP requests being answered."}),
		operations: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "normgraph_graphql_requests_total", Help: "GraphQL requests that reached the engine, by error code (OK when executed)."}, []string{"code"}),
		rows:       prometheus.NewHistogram(prometheus.HistogramOpts{Name: "normgraph_graphql_rows", Help: "Rows of one GraphQL answer.", Buckets: prometheus.ExponentialBuckets(1, 4, 9)}),
		statements: prometheus.NewCounter(prometheus.CounterOpts{Name: "normgraph_store_statements_total", Help: "Statements sent to the store for GraphQL requests."}),
		cache:      prometheus.NewCounterVec(prometheus.CounterOpts{Name: "normgraph_answer_cache_requests_total", Help: "GraphQL queries that looked for an answer that is kept: hit (found), shared (made for an equal query at the same time), miss, or known (to the client)."}, []string{"result"}),
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.requests, m.seconds, m.inFlight, m.operations, m.rows, m.statements, m.cache,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "normgraph_revision", Help: "Revision of the data that was last answered from."}, func() float64 { return float64(m.revision.Load()) }),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	if sized, ok := s.(sized); ok {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "normgraph_answer_cache_bytes", Help: "Size of the answers that are kept."}, func() float64 { return float64(sized.CacheBytes()) }))
	}
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	return m
}

func (m *metrics) serve(w http.ResponseWriter, r *http.Request) { m.handler.ServeHTTP(w, r) }

func (m *metrics) answered(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

func (m *metrics) executed(res *graph.Response) {
	code := res.Code()
	if code == "" {
		code = "OK"
		m.rows.Observe(float64(res.Rows))
	}
	m.operations.WithLabelValues(code).Inc()
	switch {
	case res.NotModified:
		m.cache.WithLabelValues("known").Inc()
	case res.Cache != "":
		m.cache.WithLabelValues(res.Cache).Inc()
	}
	m.statements.Add(float64(res.Statements))
	if res.Revision.Number > 0 {
		m.revision.Store(res.Revision.Number)
	}
}
