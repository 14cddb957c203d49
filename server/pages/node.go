package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"normgraph/graph"
	"normgraph/graph/catalog"
	"normgraph/web"
)

func nodePath(id string) string { return "/node/" + url.PathEscape(id) }

// relationPage is the number of related nodes shown at once.
const relationPage = 25

// node serves /node/{id}: everything that is stored about one node. The
// parameter with a relation's name is the cursor to continue that relation after.
func (s *site) node() http.Handler {
	page := web.NewPage(web.PageOptions{Name: "node", Entries: []string{siteStyle, "src/style/node.css", copyScript}, Policy: pagePolicy,
		Functions: map[string]any{"spaced": web.Spaced, "legend": markOf}})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := s.read(r.Context(), r.URL, func(q reading) error {
			shown, err := q.readNode(r.Context(), r.PathValue("id"), r.URL.RawQuery)
			if err != nil {
				return err
			}
			address := s.origin(r) + nodePath(shown.ID)
			shown.Cite = cite(citation{Key: shown.ID, Title: shown.Title, Address: address, Origin: s.origin(r), Corpus: q.corpus, Retrieved: today()})
			shown.LinkedData = linkedData(shown, s.origin(r))
			shown.Picture = surroundings(shown)
			page.Serve(w, r, web.View{Title: shown.Title + " · normgraph", Description: shown.Lead, Data: shown,
				OEmbed: oembedOf(s.origin(r), nodePath(shown.ID))})
			return nil
		})
		if err != nil {
			s.fail(w, r, "", err)
		}
	})
}

// nodeView is what the page shows.
type nodeView struct {
	ID, Kind, Title, Lead string
	Unverified            bool
	Source, Note          value
	Fields                []field
	Relations             []relation
	Picture               *picture // nil if there is nothing around
	Cite                  citations
	LinkedData            any
}

// field is a stored value with its name.
type field struct {
	Name   string // of the schema
	Values []value
}

// relation is one page of what a node is related to.
type relation struct {
	Name, Target string
	Total        int
	More, Begin  string // addresses of the next page, and of the first if this is another
	Edges        []edge
}

// edge is one related node with what the relationship holds.
type edge struct {
	Node  brief
	Facts []field
}

// relationsAtOnce bounds what is asked in one document: each field counts against
// the limits of a request, however many relations a type gets.
const relationsAtOnce = 8

func (q reading) readNode(ctx context.Context, id, raw string) (*nodeView, error) {
	var kind struct {
		Node *struct {
			Typename string `json:"__typename"`
		}
	}
	if err := q.ask(ctx, "query Kind($id: ID!) { node(id: $id) { __typename } }", map[string]any{"id": id}, &kind); err != nil {
		return nil, err
	}
	if kind.Node == nil {
		return nil, notFound("No node has the identifier “%s”.", shorten(id, 80))
	}
	stored := graph.Catalog().Node(kind.Node.Typename)
	var turned []string // relations with pages
	for _, r := range stored.Relations {
		if r.List {
			turned = append(turned, r.Field)
		}
	}
	query, err := parameters(raw, turned)
	if err != nil {
		return nil, err
	}
	data := map[string]json.RawMessage{}
	selection := briefOf(stored)
	for _, p := range stored.Properties {
		selection += " " + p.Name
	}
	for i := 0; i == 0 || i < len(stored.Relations); i += relationsAtOnce {
		variables := map[string]any{"id": id}
		relations := stored.Relations[i:min(i+relationsAtOnce, len(stored.Relations))]
		document := nodeDocument(stored, selection, relations, query, variables)
		var read struct{ Node map[string]json.RawMessage }
		if err := q.ask(ctx, document, variables, &read); err != nil {
			return nil, err
		}
		maps.Copy(data, read.Node)
		selection = "id"
	}
	return shownNode(stored, data, query)
}

// nodeDocument selects fields of a node of one type and a page of each relation, and adds the cursors to variables.
func nodeDocument(n *catalog.Node, selection string, relations []*catalog.Relation, query url.Values, variables map[string]any) string {
	var b, head strings.Builder
	for _, r := range relations {
		if !r.List {
			fmt.Fprintf(&b, " %s { %s }", r.Field, briefOf(r.Target))
			continue
		}
		after := ""
		if cursor := query.Get(r.Field); cursor != "" {
			fmt.Fprintf(&head, ", $%s: String", r.Field)
			after = fmt.Sprintf(", after: $%s", r.Field)
			variables[r.Field] = cursor
		}
		properties := ""
		if len(r.Relationship.Properties) > 0 {
			var names []string
			for _, p := range r.Relationship.Properties {
				names = append(names, p.Name)
			}
			properties = "properties { " + strings.Join(names, " ") + " } "
		}
		fmt.Fprintf(&b, " %sConnection(first: %d%s%s) { totalCount pageInfo { hasNextPage endCursor } edges { %snode { %s } } }",
			r.Field, relationPage, after, sortOf(r), properties, briefOf(r.Target))
	}
	return fmt.Sprintf("query Node($id: ID!%s) { node(id: $id) { ... on %s { %s%s } } }", head.String(), n.Name, selection, b.String())
}

// sortOf puts related nodes into an order that a reader expects: by time, else by name.
func sortOf(r *catalog.Relation) string {
	for _, name := range []string{"date", "startDate", "year", "number", "name", "contributor", "title"} {
		if r.Target.Property(name) != nil {
			return fmt.Sprintf(", sort: [{node: {%s: ASC}}]", name)
		}
	}
	return ""
}

// Properties that the page shows in places of their own, beside that of its title.
var shownApart = []string{"id", "basis", "source", "note", "summary"}

func shownNode(n *catalog.Node, data map[string]json.RawMessage, query url.Values) (*nodeView, error) {
	var told brief
	if err := told.read(n, data); err != nil {
		return nil, err
	}
	v := &nodeView{ID: told.ID, Kind: n.Name, Title: told.Label, Lead: textOf(data["summary"]),
		Unverified: told.Basis != "SOURCED", Source: valueOf(textOf(data["source"])), Note: valueOf(textOf(data["note"]))}
	title := "title" // the whole one, where the label is a short one
	if full := textOf(data[title]); full != "" {
		v.Title = full
	} else if i := slices.IndexFunc(labelsOf(n), func(p *catalog.Property) bool { return textOf(data[p.Name]) == told.Label }); i >= 0 {
		title = labelsOf(n)[i].Name
	}
	for _, p := range n.Properties {
		if slices.Contains(shownApart, p.Name) || p.Name == title || p.YearOf != "" {
			continue
		}
		if f := (field{Name: p.Name, Values: valuesOf(p, data[p.Name])}); len(f.Values) > 0 {
			v.Fields = append(v.Fields, f)
		}
	}
	for _, r := range n.Relations {
		shown, err := shownRelation(r, told.ID, data, query)
		if err != nil {
			return nil, err
		}
		if shown != nil {
			v.Relations = append(v.Relations, *shown)
		}
	}
	return v, nil
}

// shownRelation reads one relation; nil if it leads nowhere.
func shownRelation(r *catalog.Relation, id string, data map[string]json.RawMessage, query url.Values) (*relation, error) {
	shown := &relation{Name: r.Field, Target: r.Target.Name}
	if !r.List {
		var one *brief
		if err := json.Unmarshal(data[r.Field], &one); err != nil || one == nil {
			return nil, err
		}
		shown.Total, shown.Edges = 1, []edge{{Node: *one}}
		return shown, nil
	}
	var connection struct {
		TotalCount int
		PageInfo   struct {
			HasNextPage bool
			EndCursor   string
		}
		Edges []struct {
			Node       brief
			Properties map[string]json.RawMessage
		}
	}
	if err := json.Unmarshal(data[r.Field+"Connection"], &connection); err != nil || connection.TotalCount == 0 {
		return nil, err
	}
	shown.Total = connection.TotalCount
	for _, e := range connection.Edges {
		one := edge{Node: e.Node}
		for _, p := range r.Relationship.Properties {
			if f := (field{Name: p.Name, Values: valuesOf(p, e.Properties[p.Name])}); len(f.Values) > 0 {
				one.Facts = append(one.Facts, f)
			}
		}
		shown.Edges = append(shown.Edges, one)
	}
	// Cursors of other relations stay as they are.
	turn := func(cursor string) string {
		next := url.Values{}
		for name, values := range query {
			next[name] = values
		}
		next.Set(r.Field, cursor)
		if cursor == "" {
			next.Del(r.Field)
		}
		address := url.URL{Path: nodePath(id), RawQuery: next.Encode(), Fragment: r.Field}
		return address.String()
	}
	if connection.PageInfo.HasNextPage {
		shown.More = turn(connection.PageInfo.EndCursor)
	}
	if query.Get(r.Field) != "" {
		shown.Begin = turn("")
	}
	return shown, nil
}

// valuesOf reads a stored value for people; none if it is missing.
func valuesOf(p *catalog.Property, raw json.RawMessage) []value {
	var list []any
	if p.List {
		_ = json.Unmarshal(raw, &list) // the service wrote it
	} else {
		var one any
		_ = json.Unmarshal(raw, &one) // the service wrote it
		list = []any{one}
	}
	var values []value
	for _, item := range list {
		switch item := item.(type) {
		case nil:
		case bool:
			values = append(values, plain(map[bool]string{true: "yes", false: "no"}[item]))
		case float64:
			values = append(values, plain(strconv.FormatFloat(item, 'f', -1, 64)))
		case string:
			if p.Kind == catalog.Enum_ {
				item = web.Words(item)
			}
			if p.Kind == catalog.URL {
				values = append(values, value{item, []part{{item, item}}})
				continue
			}
			values = append(values, valueOf(item))
		}
	}
	return values
}
