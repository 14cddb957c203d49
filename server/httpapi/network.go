package httpapi

import (
	"io"
	"net/http"

	"normgraph/graph/gate"
)

// slowBody is a request's body: waiting for it is not charged.
type slowBody struct {
	io.ReadCloser
	meter *gate.Meter
}

func (b *slowBody) Read(p []byte) (int, error) {
	defer b.meter.Pause()()
	return b.ReadCloser.Read(p)
}

// slowWriter sends an answer: waiting until it is taken is not charged.
type slowWriter struct {
	http.ResponseWriter
	meter *gate.Meter
}

func (w *slowWriter) Write(p []byte) (int, error) {
	defer w.meter.Pause()()
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *slowWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
