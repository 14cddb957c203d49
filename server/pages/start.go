package pages

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"normgraph/documents"
	"normgraph/graph"
	"normgraph/web"
)

// start serves "/": what this is, what is in it, and the ways in; with "q", what
// was found by kind; with "kind" too, all that was found of that kind.
func (s *site) start() http.Handler {
	entries := []string{siteStyle, "src/style/start.css"}
	page := web.NewPage(web.PageOptions{Name: "start", Entries: entries, Policy: pagePolicy})
	found := web.NewPage(web.PageOptions{Name: "search", Entries: entries, Policy: pagePolicy})
	type data struct {
		Corpus    *web.Corpus
		Documents []documents.Document
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := parameters(r.URL.RawQuery, []string{"q", "kind", "after"})
		if err != nil {
			s.fail(w, r, "/", err)
			return
		}
		if words := strings.TrimSpace(query.Get("q")); words != "" {
			err := s.read(r.Context(), r.URL, func(q reading) error {
				results, err := q.search(r.Context(), words, query.Get("kind"), query.Get("after"))
				if err == nil {
					found.Serve(w, r, web.View{Title: words + " · normgraph", Query: words, Data: results})
				}
				return err
			})
			if err != nil {
				s.fail(w, r, "/", err)
			}
			return
		}
		v := web.View{Title: "normgraph", Section: "/",
			Description: "Agreements and norms on cybersecurity, and the incidents that test them, as a graph that answers over GraphQL."}
		corpus, err := s.Corpus(r.Context())
		if err != nil {
			w.Header().Set("Retry-After", "5")
			v.Status, v.Data = http.StatusServiceUnavailable, data{nil, s.Documents.All()}
		} else if err := revisionOf(query, int64(corpus.Revision)); err != nil {
			s.fail(w, r, "/", err)
			return
		} else {
			v.Data = data{&corpus, s.Documents.All()}
		}
		page.Serve(w, r, v)
	})
}

// results are what a search found.
type results struct {
	Words string
	Total int
	// Kind is set when only nodes of one kind are shown; then More is the next page.
	Kind, More string
	Groups     []group
}

// group is what was found of one kind, best first.
type group struct {
	Kind  string
	Total int
	Hits  []hit
	More  string // address of all of the kind, if there are more
}

type hit struct {
	Node    brief
	Snippet string
}

const (
	hitsOfKind  = 5  // shown of each kind
	hitsPerPage = 50 // shown of one kind alone
	kindsAtOnce = 15 // asked in one document, which may have 20 root fields
)

type searched struct {
	TotalCount int
	PageInfo   struct {
		HasNextPage bool
		EndCursor   string
	}
	Edges []hit
}

func (q reading) search(ctx context.Context, words, kind, after string) (*results, error) {
	out := &results{Words: words, Kind: kind}
	address := func(kind, after string) string {
		query := url.Values{"q": {words}, "kind": {kind}}
		if after != "" {
			query.Set("after", after)
		}
		return "/?" + query.Encode()
	}
	if kind != "" {
		n := graph.Catalog().Node(kind)
		if n == nil {
			return nil, badRequest("“%s” is no kind of node.", shorten(kind, 40))
		}
		var read struct{ Search searched }
		variables := map[string]any{"q": words}
		if after != "" {
			variables["after"] = after
		}
		document := fmt.Sprintf("query SearchKind($q: String!, $after: String) { search(query: $q, kinds: [%s], first: %d, after: $after) "+
			"{ totalCount pageInfo { hasNextPage endCursor } edges { snippet node { ... on %[1]s { %[3]s } } } } }", n.Name, hitsPerPage, briefOf(n))
		if err := q.ask(ctx, document, variables, &read); err != nil {
			return nil, err
		}
		out.Total = read.Search.TotalCount
		out.Groups = []group{{Kind: kind, Total: out.Total, Hits: read.Search.Edges}}
		if read.Search.PageInfo.HasNextPage {
			out.More = address(kind, read.Search.PageInfo.EndCursor)
		}
		return out, nil
	}
	read := map[string]searched{}
	for kinds := range slices.Chunk(graph.Catalog().Nodes, kindsAtOnce) {
		var b strings.Builder
		for _, n := range kinds {
			fmt.Fprintf(&b, " %[1]s: search(query: $q, kinds: [%[1]s], first: %d) { totalCount edges { snippet node { ... on %[1]s { %[3]s } } } }",
				n.Name, hitsOfKind, briefOf(n))
		}
		if err := q.ask(ctx, "query Search($q: String!) {"+b.String()+" }", map[string]any{"q": words}, &read); err != nil {
			return nil, err
		}
	}
	for _, n := range graph.Catalog().Nodes {
		one := read[n.Name]
		if one.TotalCount == 0 {
			continue
		}
		out.Total += one.TotalCount
		g := group{Kind: n.Name, Total: one.TotalCount, Hits: one.Edges}
		if one.TotalCount > len(one.Edges) {
			g.More = address(n.Name, "")
		}
		out.Groups = append(out.Groups, g)
	}
	slices.SortStableFunc(out.Groups, func(a, b group) int {
		return cmp.Compare(slices.Index(kindsFirst, b.Kind), slices.Index(kindsFirst, a.Kind))
	})
	return out, nil
}

// kindsFirst come before the others in results, the last one first.
var kindsFirst = []string{"Assessment", "Signatory", "Incident", "Norm", "Agreement"}
