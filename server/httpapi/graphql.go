package httpapi

import (
	"context"
	"net/http"

	"normgraph/graph"
	"normgraph/server/pages"
)

// graphql serves /graphql: POST, and GET and HEAD for queries.
func (a *api) graphql(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Accept")
	readOnly := r.Method != http.MethodPost
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	case http.MethodOptions:
		w.Header().Set("Allow", graphqlMethods)
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		a.refuse(w, r, plainJSON, &refusal{status: http.StatusMethodNotAllowed, code: codeBadRequest,
			message: "GET, HEAD and POST are served here", header: map[string]string{"Allow": graphqlMethods}})
		return
	}
	if crossSite(r) {
		a.refuse(w, r, plainJSON, &refusal{status: http.StatusForbidden, code: codeBadRequest,
			message: "another site's page asks without CORS (Sec-Fetch-Mode: no-cors) and could not read the answer"})
		return
	}
	values := r.URL.Query()
	asPage := readOnly && !values.Has("query") && !values.Has("documentId") && !values.Has("extensions")
	media := negotiate(r.Header.Values("Accept"), asPage)
	if media == html {
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, "/playground", http.StatusSeeOther)
		return
	}
	if media == "" {
		a.refuse(w, r, plainJSON, &refusal{status: http.StatusNotAcceptable, code: codeBadRequest,
			message: "only " + graphqlJSON + " and " + plainJSON + " can be sent"})
		return
	}
	var given *parameters
	var no *refusal
	if readOnly {
		given, no = a.query(r)
	} else {
		given, no = a.post(w, r)
	}
	var request graph.Request
	if no == nil {
		request, no = a.request(given)
	}
	if no != nil {
		a.refuse(w, r, media, no)
		return
	}
	request.ReadOnly = readOnly
	if readOnly {
		known := entityTags(r.Header.Values("If-None-Match"))
		request.Known = func(tag string) bool { return known[anyTag] || known[entityTag(tag, media)] }
	}
	res := a.execute(graph.WithRequestID(r.Context(), recordOf(r).id), request)
	if no := ofRevision(given, res); no != nil {
		a.refuse(w, r, media, no)
		return
	}
	a.answer(w, r, media, res)
}

// ofRevision refuses an answer of another revision than was asked for.
func ofRevision(given *parameters, res *graph.Response) *refusal {
	if given.revision == nil || res.Revision.Number == 0 {
		return nil
	}
	status, message := pages.OfRevision(*given.revision, res.Revision.Number)
	if status == http.StatusOK {
		return nil
	}
	return &refusal{status: status, code: codeBadRequest, message: message}
}

// execute answers a request of a client or of a page within its time.
func (a *api) execute(ctx context.Context, request graph.Request) *graph.Response {
	request.Client = recordIn(ctx).sharing
	ctx, cancel := context.WithTimeout(ctx, a.Deadline)
	defer cancel()
	res := a.Service.Execute(ctx, request)
	a.metrics.executed(res)
	return res
}

const graphqlMethods = "GET, HEAD, POST, OPTIONS"
