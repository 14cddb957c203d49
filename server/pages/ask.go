package pages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"normgraph/graph"
	"normgraph/web"
)

// fault is why a page cannot be shown.
type fault struct {
	status  int
	message string // for the reader
}

func (f *fault) Error() string { return f.message }

// ask executes a document, with the fragments of brief nodes, and decodes its
// data. Errors are faults.
func (s *site) ask(ctx context.Context, document string, variables map[string]any, into any) (*graph.Response, error) {
	given, err := json.Marshal(variables)
	if err != nil {
		return nil, err
	}
	res := s.Execute(ctx, graph.Request{Document: withBriefs(document), Variables: given, ReadOnly: true})
	if len(res.Errors) > 0 {
		code, _ := res.Errors[0].Extensions["code"].(string)
		return res, faultOf(code, res.Errors[0].Message)
	}
	if err := json.Unmarshal(res.Data, into); err != nil {
		return res, fmt.Errorf("a page's own document: %w", err)
	}
	return res, nil
}

func faultOf(code, message string) *fault {
	switch code {
	case graph.CodeInput, graph.CodeLimit, graph.CodeParse, graph.CodeValidation:
		return &fault{http.StatusBadRequest, message}
	case graph.CodeRateLimited:
		return &fault{http.StatusTooManyRequests, message}
	case graph.CodeUnavailable:
		return &fault{http.StatusServiceUnavailable, message}
	case graph.CodeTimeout:
		return &fault{http.StatusGatewayTimeout, "the answer took too long; narrow the question"}
	}
	return &fault{http.StatusInternalServerError, "something went wrong; the log of the service tells more"}
}

// fail shows the page for an error.
func (s *site) fail(w http.ResponseWriter, r *http.Request, section string, err error) {
	f := &fault{http.StatusInternalServerError, "something went wrong; the log of the service tells more"}
	if !errors.As(err, &f) {
		s.Log(r, err)
	}
	heading := map[int]string{
		http.StatusNotFound:           "There is nothing here",
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
	s.problem.Serve(w, r, web.View{Title: heading + " · normgraph", Section: section, Status: f.status,
		Data: struct{ Heading, Message string }{heading, f.message}})
}

// nothing is for addresses that nothing is served at: a page for people, a line for programs.
func (s *site) nothing(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Accept")
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Error(w, "nothing is served at this path; /graphql answers GraphQL, / tells more", http.StatusNotFound)
		return
	}
	s.fail(w, r, "", &fault{http.StatusNotFound, fmt.Sprintf("No page has the address “%s”. The search finds every record; the start page shows the ways in.", shorten(r.URL.Path, 80))})
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

// notice says that a permalink was made at another revision; else "".
func notice(values url.Values, revision int) string {
	asked, err := strconv.Atoi(values.Get("revision"))
	if err != nil || asked == revision {
		return ""
	}
	return fmt.Sprintf("This address was made at revision %d of the data; what is shown is revision %d. Figures may differ.", asked, revision)
}

// today is the date of retrieval, for citations.
func today() time.Time { return time.Now().UTC() }
