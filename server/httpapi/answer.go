package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"normgraph/graph"
)

// Codes that the engine does not know.
const (
	codeBadRequest       = "BAD_REQUEST"
	codeDocumentNotFound = "PERSISTED_QUERY_NOT_FOUND"
	codeNotSupported     = "PERSISTED_QUERY_NOT_SUPPORTED"
	codeDocumentsOnly    = "PERSISTED_QUERY_ONLY"
)

// smallAnswer is the size in bytes up to which an answer is always sent: so many
// times the connections that are open at most.
const smallAnswer = 64 << 10

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
	case codeDocumentsOnly:
		return http.StatusForbidden
	case graph.CodeRateLimited:
		return http.StatusTooManyRequests
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
	if no.code == graph.CodeRateLimited {
		w.Header().Set("Retry-After", fmt.Sprint(no.extensions[retryAfter]))
	}
	if media == "" {
		media = plainJSON
	}
	write(w, media, code, &graph.Response{Errors: gqlerror.List{e}})
}

// answer writes what the engine gave.
func (a *api) answer(w http.ResponseWriter, r *http.Request, media string, res *graph.Response) {
	rec := recordOf(r)
	rec.code, rec.operation, rec.rows, rec.statements, rec.cache = res.Code(), res.Operation, res.Rows, res.Statements, res.Cache
	header := w.Header()
	if readOnly := r.Method != http.MethodPost; readOnly && res.Tag != "" {
		header.Set("ETag", entityTag(res.Tag, media))
		header.Set("Cache-Control", freshness(r))
		if res.NotModified {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if len(res.Errors) > 0 { // others may hold the same errors
		errors := make(gqlerror.List, min(len(res.Errors), maxErrors))
		for i := range errors {
			e := *res.Errors[i]
			e.Message = clip(e.Message)
			errors[i] = &e
		}
		own := *res
		own.Errors, res = errors, &own
	}
	code := status(rec.code, media)
	if res.Mutation {
		header.Set("Allow", http.MethodPost)
		code = http.StatusMethodNotAllowed
	}
	if rec.code == graph.CodeRateLimited {
		header.Set("Retry-After", fmt.Sprint(res.Errors[0].Extensions[retryAfter]))
	}
	body, size := encoded(res)
	pack := a.packed(r, res.Tag, body, size)
	if pack != nil {
		body, size = [][]byte{pack}, len(pack)
	}
	if size > smallAnswer {
		give := a.unsent.take(rec.sharing, int64(size))
		if give == nil {
			header.Del("ETag")
			header.Del("Cache-Control")
			a.refuse(w, r, media, &refusal{code: graph.CodeUnavailable, message: "too many large answers are being sent; try again in a moment, or ask for less"})
			return
		}
		defer give()
	}
	if pack != nil {
		header.Set("Content-Encoding", "gzip")
	}
	send(w, media, code, body, size)
}

// freshness says how long an answer may be kept without asking. Trusted
// documents feed figures on other sites, for which a minute is new enough.
func freshness(r *http.Request) string {
	if r.URL.Query().Has("documentId") {
		return "public, max-age=60"
	}
	return "no-cache"
}

// entityTag is a tag as a validator. It is weak because the compressed form has
// the same one.
func entityTag(tag, media string) string {
	suffix := "j"
	if media == graphqlJSON {
		suffix = "g"
	}
	return `W/"` + tag + suffix + `"`
}

// anyTag stands for every tag.
const anyTag = "*"

// entityTags reads If-None-Match. Validators are compared weakly (RFC 9110, 13.1.2).
func entityTags(fields []string) map[string]bool {
	tags := map[string]bool{}
	for _, field := range fields {
		for item := range strings.SplitSeq(field, ",") {
			item = strings.TrimSpace(item)
			if item != anyTag && !strings.HasPrefix(item, "W/") {
				item = "W/" + item
			}
			tags[item] = true
		}
	}
	return tags
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
	body, size := encoded(res)
	send(w, media, code, body, size)
}

// encoded is the body of an answer, in pieces, so that data is not copied.
func encoded(res *graph.Response) (body [][]byte, size int) {
	separator := "{"
	member := func(name string, value []byte) {
		body = append(body, []byte(separator+`"`+name+`":`), value)
		separator = ","
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
	body = append(body, []byte("}"))
	for _, part := range body {
		size += len(part)
	}
	return body, size
}

func send(w http.ResponseWriter, media string, code int, body [][]byte, size int) {
	header := w.Header()
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(size))
	if header.Get("Cache-Control") == "" {
		header.Set("Cache-Control", "no-store")
	}
	if code == http.StatusServiceUnavailable {
		header.Set("Retry-After", "1")
	}
	w.WriteHeader(code)
	for _, part := range body {
		if _, err := w.Write(part); err != nil {
			return // a client that has gone cannot be told
		}
	}
}

// encode panics on a value that JSON cannot hold, which is a defect of the engine.
func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}
