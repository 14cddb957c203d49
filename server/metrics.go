package main

import (
	"context"
	"errors"
	"net/http"

	"go.uber.org/zap"
)

// metricsConnections bounds those to the address of the metrics.
const metricsConnections = 16

// metrics opens the address of --metrics-listen, if any; serve answers there until
// its context ends.
func (c *serveCmd) metrics(ctx context.Context, h http.Handler, log *zap.Logger) (serve func(context.Context) error, err error) {
	if c.MetricsListen == "" {
		return func(context.Context) error { return nil }, nil
	}
	listener, err := listen(ctx, "--metrics-listen", c.MetricsListen)
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: c.local(h, listener.Addr()), ErrorLog: stdLog(log)}
	c.apply(server, c.Timeout)
	log.Info("metrics", zap.String("metrics", address(listener.Addr())+"/metrics"))
	return func(ctx context.Context) error {
		defer context.AfterFunc(ctx, func() { _ = server.Close() })()
		err := server.Serve(guarded(listener, metricsConnections, metricsConnections, nil))
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		return err
	}, nil
}
