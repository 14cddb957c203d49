package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"normgraph/graph"
	"normgraph/graph/scan"
	"normgraph/server/pages"
)

// refusal is an answer to a request that is not executed.
type refusal struct {
	status     int // 0: by code and media type
	code       string
	message    string
	extensions map[string]any
	header     map[string]string
}

func badRequest(format string, args ...any) *refusal {
	return &refusal{status: http.StatusBadRequest, code: codeBadRequest, message: fmt.Sprintf(format, args...)}
}

// tooLarge refuses what is longer than maximum; requested is a lower bound where
// the length was not told.
func tooLarge(status int, limit, what string, requested int64, maximum int) *refusal {
	return &refusal{status: status, code: graph.CodeLimit,
		message:    fmt.Sprintf("the %s is longer than %d bytes", what, maximum),
		extensions: map[string]any{"limit": limit, "requested": requested, "maximum": maximum}}
}

// parameters are those of GraphQL over HTTP. Nil is absent.
type parameters struct {
	query, documentID, operationName *string
	variables                        json.RawMessage
	persisted                        *persisted
	// revision is of the data, over GET alone: an answer of another is refused.
	revision *string
}

// request turns parameters into a request for the engine. A trusted document
// takes the defaults of its head for the variables that are not given.
func (a *api) request(p *parameters) (graph.Request, *refusal) {
	var r graph.Request
	if no := a.resolve(p); no != nil {
		return r, no
	}
	switch {
	case p.query != nil && p.documentID != nil:
		return r, badRequest("give either query or documentId, not both")
	case p.documentID != nil:
		trusted, ok := a.Documents.Find(*p.documentID)
		if !ok {
			message := "no document has this documentId; send the query itself"
			if a.DocumentsOnly {
				message = "no document has this documentId"
			}
			return r, &refusal{code: codeDocumentNotFound, message: message}
		}
		r = graph.Request{Document: trusted.Text, Variables: trusted.With(p.variables)}
	case a.DocumentsOnly:
		return r, &refusal{code: codeDocumentsOnly, message: "only trusted documents are answered here: give the name or SHA-256 of one as documentId"}
	case p.query == nil:
		return r, badRequest("the query is missing: a string with a GraphQL document is expected")
	default:
		r = graph.Request{Document: *p.query, Variables: p.variables}
	}
	if kindOf(p.variables) == "object" && len(repeated(p.variables)) > 0 {
		return r, badRequest("a name stands twice in variables")
	}
	if p.operationName != nil {
		r.OperationName = *p.operationName
	}
	return r, nil
}

// post reads the parameters of a POST request.
func (a *api) post(w http.ResponseWriter, r *http.Request) (*parameters, *refusal) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != plainJSON || !utf8Charset(parameters) {
		return nil, &refusal{status: http.StatusUnsupportedMediaType, code: codeBadRequest,
			message: "the body must be JSON in UTF-8, with Content-Type: application/json",
			header:  map[string]string{"Accept-Post": plainJSON}}
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, &refusal{status: http.StatusUnsupportedMediaType, code: codeBadRequest,
			message: "a compressed body is not accepted",
			header:  map[string]string{"Accept-Encoding": "identity"}}
	}
	if r.ContentLength > int64(a.BodyBytes) {
		return nil, tooLarge(http.StatusRequestEntityTooLarge, "bodyBytes", "body", r.ContentLength, a.BodyBytes)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(a.BodyBytes)))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, tooLarge(http.StatusRequestEntityTooLarge, "bodyBytes", "body", int64(a.BodyBytes)+1, a.BodyBytes)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &refusal{status: http.StatusRequestTimeout, code: codeBadRequest, message: "the body did not arrive in time"}
	case err != nil:
		return nil, badRequest("the body could not be read to its end")
	}
	return parseBody(body)
}

// bodyNesting bounds the recursion of decoders. The limit on what clients may
// nest in variables is lower, and the engine's.
const bodyNesting = 1000

// parseBody reads the JSON object of a POST body. Members that the
// specification does not know are ignored. Errors never repeat the body.
func parseBody(body []byte) (*parameters, *refusal) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")) // RFC 8259, 8.1
	if len(body) == 0 {
		return nil, badRequest(`the body is empty: {"query": "…"} is expected`)
	}
	if !utf8.Valid(body) {
		return nil, badRequest("the body is not UTF-8")
	}
	if err := scan.Variables(body, scan.Limits{Nesting: bodyNesting, Values: len(body)}); err != nil {
		return nil, &refusal{status: http.StatusBadRequest, code: graph.CodeLimit,
			message:    fmt.Sprintf("the body has %d levels of objects and lists or more", bodyNesting+1),
			extensions: map[string]any{"limit": "nesting", "requested": bodyNesting + 1, "maximum": bodyNesting}}
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		var syntax *json.SyntaxError
		var shape *json.UnmarshalTypeError
		switch {
		case errors.As(err, &shape) && shape.Value == "array":
			return nil, badRequest("the body is a JSON array: one operation per request is expected, batches are not served")
		case errors.As(err, &shape):
			return nil, badRequest("the body is a JSON %s: an object is expected", shape.Value)
		case errors.As(err, &syntax):
			return nil, badRequest("the body is not JSON, at byte %d", syntax.Offset)
		default:
			return nil, badRequest("the body is not JSON")
		}
	}
	if members == nil {
		return nil, badRequest("the body is null: a JSON object is expected")
	}
	if countMembers(body) > len(members) {
		twice := repeated(body)
		for _, name := range []string{"query", "documentId", "operationName", "variables", "extensions"} {
			if twice[name] {
				return nil, badRequest("%s is given twice", name)
			}
		}
	}
	var p parameters
	for _, m := range []struct {
		name string
		into **string
	}{{"query", &p.query}, {"documentId", &p.documentID}, {"operationName", &p.operationName}} {
		raw := members[m.name]
		if kindOf(raw) == "null" {
			continue
		}
		if kindOf(raw) != "string" {
			return nil, badRequest("%s is %s: a string is expected", m.name, article(kindOf(raw)))
		}
		if scan.LoneSurrogate(string(raw)) {
			return nil, &refusal{code: graph.CodeParse, message: m.name + " holds half of a surrogate pair, which stands for no character"}
		}
		if err := json.Unmarshal(raw, m.into); err != nil {
			return nil, badRequest("%s is not a JSON string", m.name)
		}
	}
	for _, name := range []string{"variables", "extensions"} {
		if kind := kindOf(members[name]); kind != "object" && kind != "null" {
			return nil, badRequest("%s is %s: an object is expected", name, article(kind))
		}
	}
	p.variables = members["variables"]
	var no *refusal
	p.persisted, no = persistedIn(members["extensions"])
	return &p, no
}

// countMembers counts the members of a valid JSON object, each time they stand.
func countMembers(object []byte) int {
	count, depth, inString := 0, 0, false
	for i := 0; i < len(object); i++ {
		switch c := object[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == ':' && depth == 1:
			count++
		}
	}
	return count
}

// repeated gives the names that stand more than once in a valid JSON object.
// Decoders differ in which of their values they take.
func repeated(object []byte) map[string]bool {
	seen, twice := map[string]bool{}, map[string]bool{}
	decoder := json.NewDecoder(bytes.NewReader(object))
	_, _ = decoder.Token()
	for decoder.More() {
		name, _ := decoder.Token()
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			break
		}
		key, _ := name.(string)
		if seen[key] {
			twice[key] = true
		}
		seen[key] = true
	}
	return twice
}

// query reads the parameters of a GET request.
func (a *api) query(r *http.Request) (*parameters, *refusal) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("the URL's query is not encoded as it should be: %%XX for reserved characters, & between parameters")
	}
	var p parameters
	var variables, extensions *string
	known := []struct {
		name string
		into **string
	}{{"query", &p.query}, {"documentId", &p.documentID}, {"operationName", &p.operationName}, {"variables", &variables},
		{"extensions", &extensions}, {"revision", &p.revision}}
	left := maps.Clone(values)
	for _, m := range known {
		delete(left, m.name)
		given := values[m.name]
		switch {
		case len(given) > 1:
			return nil, badRequest("%s is given %d times", m.name, len(given))
		case len(given) == 0 || given[0] == "":
			continue
		case !utf8.ValidString(given[0]):
			return nil, badRequest("%s is not UTF-8", m.name)
		}
		*m.into = &given[0]
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		if !pages.IsTracker(name) {
			return nil, badRequest("there is no parameter %q here: query, documentId, operationName, variables, extensions and revision are known", clip(name))
		}
	}
	for name, text := range map[string]*string{"variables": variables, "extensions": extensions} {
		if text == nil {
			continue
		}
		raw := json.RawMessage(*text)
		if kind := kindOf(raw); !json.Valid(raw) || kind != "object" && kind != "null" {
			return nil, badRequest("%s is not a JSON object", name)
		}
		if name == "variables" {
			p.variables = raw
			continue
		}
		var no *refusal
		if p.persisted, no = persistedIn(raw); no != nil {
			return nil, no
		}
	}
	return &p, nil
}

// kindOf names the kind of a valid JSON text by its first character; absent is null.
func kindOf(raw json.RawMessage) string {
	text := strings.TrimLeft(string(raw), " \t\r\n")
	if text == "" {
		return "null"
	}
	switch text[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 'n':
		return "null"
	case 't', 'f':
		return "boolean"
	}
	return "number"
}

func article(kind string) string {
	if kind == "object" || kind == "array" {
		return "an " + kind
	}
	return "a " + kind
}
