package pages

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"normgraph/web"
)

// compare serves /compare?ids=A,B&group=CORE_IDEA: groups of norms against
// agreements, each cell with the places in the text.
func (s *site) compare() http.Handler {
	page := web.NewPage(web.PageOptions{Name: "compare", Policy: pagePolicy, Entries: []string{siteStyle, "src/style/compare.css", copyScript},
		Functions: map[string]any{"has": slices.Contains[[]string], "groupName": func(g string) string { return groupNames[g] }}})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := parameters(r.URL.RawQuery, []string{"group"}, "ids")
		if err == nil {
			err = s.read(r.Context(), r.URL, func(q reading) error {
				v, err := q.readComparison(r.Context(), query)
				if err != nil {
					return err
				}
				chosen := url.Values{"ids": v.IDs, "groupBy": {v.Group}}
				v.CSV = "/data/compare-agreements.csv?" + chosen.Encode()
				v.Embed = "/embed?document=compare-agreements&" + chosen.Encode()
				address := s.origin(r) + "/compare?" + url.Values{"ids": {strings.Join(v.IDs, ",")}, "group": {v.Group}}.Encode()
				v.Cite = cite(citation{Key: "compare", Title: v.Heading(), Address: address, Origin: s.origin(r), Corpus: q.corpus, Retrieved: today()})
				page.Serve(w, r, web.View{Title: v.Heading() + " · normgraph", Section: "/compare", Data: v,
					Description: "Agreements on cybersecurity side by side: the core ideas that each states, and where in the text."})
				return nil
			})
		}
		if err != nil {
			s.fail(w, r, "/compare", err)
		}
	})
}

// comparison is what the page shows.
type comparison struct {
	IDs        []string
	Group      string
	Choice     []choice // all agreements, by kind
	Agreements []compared
	Rows       []comparedRow
	CSV, Embed string
	Cite       citations
}

type choice struct {
	Kind       string
	Agreements []compared
}

// compared is an agreement in a column.
type compared struct{ ID, ShortTitle, Date, Kind string }

const comparedFields = "id shortTitle date kind"

// Href is the address of the agreement's page.
func (c compared) Href() string { return nodePath(c.ID) }

type comparedRow struct {
	Key, Label string
	Norm       *named
	Cells      []struct{ Provisions []provision }
}

type provision struct {
	Norm           struct{ ID, Name, Code string }
	Match, Locator string
	LocatorChecked bool
	Basis          string
}

// Href is the address of the norm's page.
func (p provision) Href() string { return nodePath(p.Norm.ID) }

// Where is the place in the text.
func (p provision) Where() string {
	if p.Locator == "" {
		return "stated"
	}
	return p.Locator
}

// Shared counts the agreements that state the row.
func (r comparedRow) Shared() int {
	n := 0
	for _, c := range r.Cells {
		if len(c.Provisions) > 0 {
			n++
		}
	}
	return n
}

// Heading says what is compared.
func (v *comparison) Heading() string {
	if len(v.Agreements) == 0 {
		return "Compare agreements"
	}
	var names []string
	for _, a := range v.Agreements {
		names = append(names, a.ShortTitle)
	}
	if len(names) > 3 {
		return "Agreements side by side"
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// Common counts the rows that all agreements state.
func (v *comparison) Common() int {
	n := 0
	for _, r := range v.Rows {
		if r.Shared() == len(v.Agreements) {
			n++
		}
	}
	return n
}

const agreementsShown = 500

func (q reading) readComparison(ctx context.Context, query url.Values) (*comparison, error) {
	v := &comparison{Group: cmp.Or(query.Get("group"), "CORE_IDEA")}
	for _, name := range query["ids"] {
		for id := range strings.SplitSeq(name, ",") {
			if id = strings.TrimSpace(id); id != "" && !slices.Contains(v.IDs, id) {
				v.IDs = append(v.IDs, id)
			}
		}
	}
	var all struct{ Agreements []compared }
	document := fmt.Sprintf("query Agreements { agreements(sort: [{date: ASC}], limit: %d) { %s } }", agreementsShown, comparedFields)
	if err := q.ask(ctx, document, nil, &all); err != nil {
		return nil, err
	}
	for _, a := range all.Agreements {
		i := slices.IndexFunc(v.Choice, func(c choice) bool { return c.Kind == a.Kind })
		if i < 0 {
			i = len(v.Choice)
			v.Choice = append(v.Choice, choice{Kind: a.Kind})
		}
		v.Choice[i].Agreements = append(v.Choice[i].Agreements, a)
	}
	if len(v.IDs) == 0 {
		return v, nil
	}
	var read struct {
		CompareAgreements struct {
			Agreements []compared
			Rows       []comparedRow
		}
	}
	document = "query Compare($ids: [ID!]!, $group: NormGroup!) { compareAgreements(ids: $ids, groupBy: $group) { agreements { " + comparedFields +
		" } rows { key label norm { id name } cells { provisions { norm { id name code } match locator locatorChecked basis } } } } }"
	if err := q.ask(ctx, document, map[string]any{"ids": v.IDs, "group": v.Group}, &read); err != nil {
		return nil, err
	}
	v.Agreements, v.Rows = read.CompareAgreements.Agreements, read.CompareAgreements.Rows
	return v, nil
}
