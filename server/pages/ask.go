package pages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"normgraph/graph"
	"normgraph/graph/gate"
	"normgraph/web"
)

// fault is why a page cannot be shown, where that is not the program's own
// doing: every other error is logged and not shown.
type fault struct {
	status  int
	message string // for the reader
	// now tells that the same address without a revision shows something.
	now bool
}

func (f *fault) Error() string { return f.message }

func badRequest(format string, args ...any) *fault {
	return &fault{status: http.StatusBadRequest, message: fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) *fault {
	return &fault{status: http.StatusNotFound, message: fmt.Sprintf(format, args...)}
}

// reading is what a page asks, all of one revision of the data.
type reading struct {
	*site
	corpus web.Corpus
}

// errMoved says that the data was changed between two answers.
var errMoved = errors.New("the data was changed while a page was read")

const (
	readings     = 10 // times that a page begins again
	readingPause = 100 * time.Millisecond
)

// read lets show ask and write a page at the revision of now, which must be the one
// that the address names, if it does. show begins again where the data moved, so it
// must write at its end. Answers of before are given for a moment after a load.
func (s *site) read(ctx context.Context, at *url.URL, show func(reading) error) error {
	for i := 0; ; i++ {
		corpus, err := s.Corpus(ctx)
		if err != nil {
			return faultOf(graph.CodeUnavailable, "the corpus is being loaded")
		}
		if err := revisionOf(at.Query(), int64(corpus.Revision)); err != nil {
			return err
		}
		if err = show(reading{s, corpus}); !errors.Is(err, errMoved) {
			return err
		}
		if i == readings {
			return faultOf(graph.CodeUnavailable, "the data is being changed; try again in a moment")
		}
		resume := gate.Pause(ctx)
		select {
		case <-time.After(readingPause):
		case <-ctx.Done():
			err = faultOf(graph.CodeTimeout, "")
		}
		if resume(); !errors.Is(err, errMoved) {
			return err
		}
	}
}

// dated refuses a page without data of its own at a revision that is not there.
func (s *site) dated(ctx context.Context, at *url.URL) error {
	if !at.Query().Has(revisionName) {
		return nil
	}
	return s.read(ctx, at, func(reading) error { return nil })
}

// execute answers a request of a page. Its errors are faults, or errMoved.
func (q reading) execute(ctx context.Context, request graph.Request) (*graph.Response, error) {
	res := q.Execute(ctx, request)
	if len(res.Errors) > 0 {
		code, _ := res.Errors[0].Extensions["code"].(string)
		return res, faultOf(code, res.Errors[0].Message)
	}
	if n := res.Revision.Number; n > 0 && n != int64(q.corpus.Revision) {
		return res, errMoved
	}
	return res, nil
}

// ask executes a document of a page's own and decodes its data. variables hold what
// the reader gave: without any, nothing that is refused is the reader's doing.
func (q reading) ask(ctx context.Context, document string, variables map[string]any, into any) error {
	given, err := json.Marshal(variables)
	if err != nil {
		return err
	}
	res, err := q.execute(ctx, graph.Request{Document: document, Variables: given, ReadOnly: true})
	var f *fault
	if errors.As(err, &f) && f.status == http.StatusBadRequest && len(variables) == 0 {
		return fmt.Errorf("a page's own document: %s", f.message)
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(res.Data, into); err != nil {
		return fmt.Errorf("a page's own document: %w", err)
	}
	return nil
}

// faultOf is the error for a code of the service. Documents that are refused are
// those of the program or its operator: readers send none here.
func faultOf(code, message string) error {
	switch code {
	case graph.CodeInput, graph.CodeLimit:
		return &fault{status: http.StatusBadRequest, message: message}
	case graph.CodeRateLimited:
		return &fault{status: http.StatusTooManyRequests, message: message}
	case graph.CodeUnavailable:
		return &fault{status: http.StatusServiceUnavailable, message: message}
	case graph.CodeTimeout:
		return &fault{status: http.StatusGatewayTimeout, message: "the answer took too long; narrow the question"}
	}
	return fmt.Errorf("%s: %s", code, message)
}

// told is what a reader is told of an error. What is the program's own doing goes to the log.
func (s *site) told(r *http.Request, err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	s.Log(r, err)
	return &fault{status: http.StatusInternalServerError, message: "something went wrong; the log of the service tells more"}
}

// fail shows the page for an error.
func (s *site) fail(w http.ResponseWriter, r *http.Request, section string, err error) {
	f := s.told(r, err)
	heading := map[int]string{
		http.StatusNotFound:           "There is nothing here",
		http.StatusGone:               "This is no longer kept",
		http.StatusTooManyRequests:    "Too much was asked in a short time",
		http.StatusBadRequest:         "The address does not make sense",
		http.StatusServiceUnavailable: "The corpus cannot be read at this moment",
		http.StatusGatewayTimeout:     "This took too long",
	}[f.status]
	if heading == "" {
		heading = "This did not work"
	}
	if f.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	now := ""
	if f.now {
		now = withoutRevision(r.URL)
	}
	s.problem.Serve(w, r, web.View{Title: heading + " · normgraph", Section: section, Status: f.status,
		Data: struct{ Heading, Message, Now string }{heading, f.message, now}})
}

// nothing is for addresses that nothing is served at: a page for people, a line for programs.
func (s *site) nothing(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Accept")
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Error(w, "nothing is served at this path; /graphql answers GraphQL, / tells more", http.StatusNotFound)
		return
	}
	s.fail(w, r, "", notFound("No page has the address “%s”. The search finds every record; the start page shows the ways in.", shorten(r.URL.Path, 80)))
}

// origin is scheme and host under which the client reaches the service.
func (s *site) origin(r *http.Request) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// today is the date of retrieval, for citations.
func today() time.Time { return time.Now().UTC() }
