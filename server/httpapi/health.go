package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"go.uber.org/zap"

	"normgraph/graph/store"
)

// readyWithin bounds the question to the store behind /readyz.
const readyWithin = 3 * time.Second

// live says that the process answers.
func (a *api) live(w http.ResponseWriter, _ *http.Request) {
	text(w, http.StatusOK, "live\n")
}

// ready says that queries will be answered, at once or when others are, or with
// status 503 why not.
func (a *api) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	busy, err := a.Ready(ctx)
	switch {
	case err == nil && busy:
		text(w, http.StatusOK, "busy: all places are taken, new questions wait or are refused\n")
		return
	case err == nil:
		text(w, http.StatusOK, "ready\n")
		return
	}
	reason := "internal fault; the log tells more"
	var known *store.Error
	if errors.As(err, &known) {
		reason = known.Message
	} else {
		a.Log.Error("not ready", zap.String("id", recordOf(r).id), zap.Error(err))
	}
	w.Header().Set("Retry-After", "1")
	text(w, http.StatusServiceUnavailable, "not ready: "+reason+"\n")
}
