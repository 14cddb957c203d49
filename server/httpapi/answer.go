package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"normgraph/graph"
)

// Codes that the engine does not know.
const (
	codeBadRequest       = "BAD_REQUEST"
	codeDocumentNotFound = "PERSISTED_QUERY_NOT_FOUND"
)

const (
	maxErrors  = 10  // in one answer
	maxMessage = 500 // code points: a message may name something of the document, never all of it
)

// status is the HTTP status of a request that failed as a whole with code.
func status(code, media string) int {
	switch code {
	case "":
		return http.StatusOK
	case graph.CodeParse, graph.CodeValidation, graph.CodeInput:
		if media == plainJSON {
			return http.StatusOK
		}
		return http.StatusBadRequest
	case codeBadRequest, graph.CodeLimit:
		return http.StatusBadRequest
	case codeDocumentNotFound:
		return http.StatusNotFound
	case graph.CodeUnavailable:
		return http.StatusServiceUnavailable
	case graph.CodeTimeout:
		return http.StatusGatewayTimeout
	}
	return http.StatusInternalServerError
}

// refuse answers with one error and no data.
func (a *api) refuse(w http.ResponseWriter, r *http.Request, media string, no *refusal) {
	rec := recordOf(r)
	rec.code = no.code
	for name, value := range no.header {
		w.Header().Set(name, value)
	}
	e := &gqlerror.Error{Message: no.message, Extensions: map[string]any{"code": no.code}}
	for name, value := range no.extensions {
		e.Extensions[name] = value
	}
	if no.code == graph.CodeInternal {
		e.Extensions["requestId"] = rec.id
	}
	code := no.status
	if code == 0 {
		code = status(no.code, media)
	}
	write(w, media, code, &graph.Response{Errors: gqlerror.List{e}})
}

// answer writes what the engine gave.
func (a *api) answer(w http.ResponseWriter, r *http.Request, media string, res *graph.Response) {
	rec := recordOf(r)
	rec.code, rec.operation, rec.rows, rec.statements = res.Code(), res.Operation, res.Rows, res.Statements
	if len(res.Errors) > maxErrors {
		res.Errors = res.Errors[:maxErrors]
	}
	for _, e := range res.Errors {
		e.Message = clip(e.Message)
	}
	code := status(rec.code, media)
	if res.Mutation {
		w.Header().Set("Allow", http.MethodPost)
		code = http.StatusMethodNotAllowed
	}
	write(w, media, code, res)
}

func clip(message string) string {
	n := 0
	for i := range message {
		if n++; n > maxMessage {
			return message[:i] + "…"
		}
	}
	return message
}

func write(w http.ResponseWriter, media string, code int, res *graph.Response) {
	if media == "" {
		media = plainJSON
	}
	var body bytes.Buffer
	separator := byte('{')
	member := func(name string, value []byte) {
		body.WriteByte(separator)
		separator = ','
		body.WriteString(`"` + name + `":`)
		body.Write(value)
	}
	if len(res.Errors) > 0 {
		member("errors", encode(res.Errors))
	}
	if res.Data != nil {
		member("data", res.Data)
	}
	if len(res.Extensions) > 0 {
		member("extensions", encode(res.Extensions))
	}
	body.WriteByte('}')
	header := w.Header()
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(body.Len()))
	header.Set("Cache-Control", "no-store")
	if code == http.StatusServiceUnavailable {
		header.Set("Retry-After", "1")
	}
	w.WriteHeader(code)
	_, _ = w.Write(body.Bytes()) // a client that has gone cannot be told
}

// encode panics on a value that JSON cannot hold, which is a defect of the engine.
func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}
