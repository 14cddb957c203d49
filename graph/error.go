package graph

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"normgraph/graph/plan"
	"normgraph/graph/row"
	"normgraph/graph/scan"
	"normgraph/graph/store"
)

// Codes of extensions.code. The server maps them to HTTP statuses.
const (
	CodeParse        = "GRAPHQL_PARSE_FAILED"
	CodeValidation   = "GRAPHQL_VALIDATION_FAILED"
	CodeInput        = "BAD_USER_INPUT"
	CodeLimit        = "LIMIT_EXCEEDED"
	CodeUnavailable  = "UNAVAILABLE"
	CodeTimeout      = "TIMEOUT"
	CodeRateLimited  = "RATE_LIMITED"
	CodeInternal     = "INTERNAL_SERVER_ERROR"
	CodeMutationOnly = "BAD_REQUEST"
)

const maxErrors = 10

type requestIDKey struct{}

// WithRequestID names the request in ctx, for masked errors.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID is the name that WithRequestID gave, or "".
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// present turns any error into what a client may see. Faults that are nobody's
// business outside are logged and masked.
func (s *Service) present(ctx context.Context, err error) *gqlerror.Error {
	out := &gqlerror.Error{Message: err.Error(), Extensions: map[string]any{}}
	if graphql.GetPathContext(ctx) != nil {
		out.Path = graphql.GetPath(ctx)
	}
	var (
		ge       *gqlerror.Error
		bad      *plan.InputError
		limit    *plan.LimitError
		document *scan.LimitError
		stored   *store.Error
	)
	switch {
	case errors.As(err, &bad):
		out.Extensions["code"] = CodeInput
		out.Message = bad.Error()
	case errors.As(err, &limit):
		limited(out, limit.Limit, limit.Requested, limit.Maximum)
	case errors.As(err, &document):
		limited(out, document.Limit, int64(document.Requested), int64(document.Maximum))
	case errors.Is(err, store.ErrTooLong):
		return s.present(ctx, row.TooLong(row.StoreBytes(s.limits.Answer)+1, s.limits.Answer))
	case errors.As(err, &stored) && stored.Code != store.Conflict:
		out.Extensions["code"] = string(stored.Code)
		out.Message = stored.Message
		if stored.Cause != nil {
			s.log(ctx, err)
		}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		out.Extensions["code"] = CodeTimeout
		out.Message = "the request took too long and was stopped; ask for less, or filter more"
	case errors.As(err, &ge) && ge.Err == nil && ge.Extensions["code"] != nil:
		return ge
	default:
		s.log(ctx, err)
		out.Message = "internal error; tell the operator the request id"
		out.Extensions["code"] = CodeInternal
		if id := RequestID(ctx); id != "" {
			out.Extensions["requestId"] = id
		}
	}
	return out
}

func limited(e *gqlerror.Error, limit string, requested, maximum int64) {
	e.Extensions["code"] = CodeLimit
	e.Extensions["limit"] = limit
	e.Extensions["requested"] = requested
	e.Extensions["maximum"] = maximum
}

func coded(code string, list gqlerror.List) gqlerror.List {
	if len(list) > maxErrors {
		list = list[:maxErrors]
	}
	for _, e := range list {
		if e.Extensions == nil {
			e.Extensions = map[string]any{}
		}
		e.Extensions["code"] = code
		e.Rule = ""
	}
	return list
}
