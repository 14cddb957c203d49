package pages_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/server/pages"
)

const pagedIncidents = `query ($where: IncidentWhere, $size: Int = 3, $unused: Boolean = true) {
	incidentsConnection(where: $where, first: 0) { totalCount }
	norms(limit: $size) { id @include(if: $unused) ...N }
	incidents(where: $where, sort: [{ endDate: DESC }], limit: %s) { ...I assessments { id } }
}
fragment N on Norm { name }
fragment I on Incident { id name ...D }
fragment D on Incident { endDate }`

// A list beside which there is a count is read to its end, in the order and with the columns of one page.
func TestListsAreReadToTheirEnd(t *testing.T) {
	for _, query := range []string{"?list=incidents", "?list=incidents&where=" + url.QueryEscape(`{"kinds":{"includes":"RANSOMWARE"}}`)} {
		_, want, _ := get(t, handler(own(t, fmt.Sprintf(pagedIncidents, "500"))), "/data/own.csv"+query)
		_, got, header := get(t, handler(own(t, fmt.Sprintf(pagedIncidents, "7"))), "/data/own.csv"+query)
		if got != want || strings.Count(want, "\r\n") < 9 || strings.Contains(header.Get("X-Truncated"), "incidents=") {
			t.Errorf("%s: %q\n%s\nwant\n%s", query, header.Get("X-Truncated"), got, want)
		}
	}
	// Who says how many, or from where, gets that.
	for text, want := range map[string]string{
		`query ($n: Int = 2) { normsConnection { totalCount } norms(limit: $n) { id } }`: "norms=2/97",
		`{ normsConnection { totalCount } norms(limit: 2, offset: 1) { id } }`:           "norms=2/97",
		`{ norms { id } }`: "norms",
		`{ agreements(limit: 500) { id norms { id } signatories { id } } }`: "agreements.signatories",
	} {
		if _, _, header := get(t, handler(own(t, text)), "/data/own.csv"); header.Get("X-Truncated") != want {
			t.Errorf("%s: %q, want %q", text, header.Get("X-Truncated"), want)
		}
	}
}

// small says that a page of 500 is asked for: limits may forbid larger ones.
func small(r graph.Request) bool {
	var variables struct{ FirstOfPage int }
	return json.Unmarshal(r.Variables, &variables) == nil && variables.FirstOfPage <= 500
}

// Pages are of one revision, and end at a bound, which is said.
func TestBoundOfPages(t *testing.T) {
	const text = `{ normsConnection { totalCount } norms(limit: 500) { id } }`
	asked := 0
	execute := func(revision func() int64) func(*pages.Options) {
		return func(o *pages.Options) {
			own(t, text)(o)
			o.Execute = func(_ context.Context, r graph.Request) *graph.Response {
				asked++
				nodes := strings.TrimSuffix(strings.Repeat(`{"node":{"id":"x"}},`, 500), ",")
				if asked > 1 && !small(r) {
					return &graph.Response{Errors: gqlerror.List{{Message: "too much", Extensions: map[string]any{"code": graph.CodeLimit}}}}
				}
				data := `{"norms":{"edges":[` + nodes + `],"pageInfo":{"hasNextPage":true,"endCursor":"c"}}}`
				if asked == 1 {
					data = `{"normsConnection":{"totalCount":30000},"norms":[` + strings.TrimSuffix(strings.Repeat(`{"id":"x"},`, 500), ",") + `]}`
				}
				return &graph.Response{Data: json.RawMessage(data), Revision: store.Revision{Number: revision()}}
			}
		}
	}
	_, body, header := get(t, handler(execute(func() int64 { return 1 })), "/data/own.csv")
	if rows := strings.Count(body, "\r\n") - 1; rows != 20_000 || header.Get("X-Truncated") != "norms=20000/30000" || asked != 44 { // 20000, 5000, 1250 and so many of 500
		t.Errorf("%d rows of %d answers, %q", rows, asked, header.Get("X-Truncated"))
	}
	asked = 0
	status, body, header := get(t, handler(execute(func() int64 { return int64(asked / 5) })), "/data/own.csv")
	if status != 503 || header.Get("Retry-After") == "" || !strings.Contains(body, "changed") {
		t.Errorf("pages of two revisions: %d %s", status, body)
	}
}
