package analysis

import (
	"encoding/json"

	"normgraph/graph/continuity"
	"normgraph/graph/plan"
	"normgraph/graph/row"
)

// observed is the table behind figures over incidents.
type observed struct {
	*continuity.Observations
	incidents, agreements map[string]continuity.Date
}

func (o *observed) Bytes() int64 {
	return o.Observations.Bytes() + 64*int64(len(o.incidents)+len(o.agreements)) // names are shared
}

func observe(t continuity.Table) (*observed, error) {
	o, err := continuity.New(t)
	if err != nil {
		return nil, err
	}
	out := &observed{o, map[string]continuity.Date{}, map[string]continuity.Date{}}
	for _, i := range t.Incidents {
		out.incidents[i.ID], _ = continuity.ParseDate(i.Start) // New has checked it
	}
	for _, a := range t.Agreements {
		out.agreements[a.ID], _ = continuity.ParseDate(a.Date)
	}
	return out, nil
}

// blank is a table without incidents.
func blank(t continuity.Table) *observed {
	o, err := observe(t)
	if err != nil {
		panic(err) // made here, of ids that come once
	}
	return o
}

// filters reads the arguments that the store does not answer.
func filters(a args) continuity.Filters {
	assessments, _ := a["assessments"].(map[string]any)
	return continuity.Filters{
		AllMethods: len(assessments) == 0,
		Relevance:  texts[continuity.Relevance](a, "relevance"), Matches: texts[continuity.Match](a, "matches"),
		From: a.text("from"), To: a.text("to"), AsOf: a.text("asOf"),
	}
}

// observations is the table that `assessments`, `assessed` and `incidents` ask for.
func (e *Engine) observations(f *plan.Field) source[*observed] {
	assessment, incident := e.catalog.Node("Assessment"), e.catalog.Node("Incident")
	key := map[string]any{}
	for name := range f.Where {
		key[name] = f.Args[name]
	}
	_, own := f.Args["assessed"].(map[string]any)
	switch {
	case !own:
	case text(key["assessed"]) == text(key["assessments"]):
		own = false
		delete(key, "assessed")
	case f.Where["assessed"] == nil:
		key["assessed"] = "all"
	}

	roots := append([]*plan.Select{
		all(incident, f.Where["incidents"], stored(incident, "id", "startDate", "endDate", "kinds", "sectors", "countries")...),
		all(e.catalog.Node("Coder"), nil, stored(e.catalog.Node("Coder"), "id", "name")...),
	}, e.statements()...)
	assessments := func(where *plan.Cond) *plan.Select {
		if c := f.Where["incidents"]; c != nil {
			where = both(where, &plan.Cond{Op: plan.Exists, Via: assessment.Relation("incident"), Kids: []*plan.Cond{c}})
		}
		return all(assessment, where, append(stored(assessment, "id", "relevance", "conduct", "mitigation", "method", "basis"),
			end(assessment, "incident"), end(assessment, "norm"), end(assessment, "coder"))...)
	}
	roots = append(roots, assessments(f.Where["assessments"]))
	if own {
		roots = append(roots, assessments(f.Where["assessed"]))
	}
	return source[*observed]{key: "observations" + text(key), roots: roots, read: readObservations}
}

// text is canonical: keys of objects in order.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // coerced arguments are JSON
	}
	return string(b)
}

func both(a, b *plan.Cond) *plan.Cond {
	if a == nil {
		return b
	}
	return &plan.Cond{Op: plan.And, Kids: []*plan.Cond{a, b}}
}

func readObservations(roots []row.Rows) (*observed, error) {
	open := tableReader()
	var t continuity.Table
	r := open(roots[0])
	r.rows(func() {
		t.Incidents = append(t.Incidents, continuity.Incident{
			ID: r.text(), Start: r.text(), End: r.text(), Kinds: r.list(), Sectors: r.list(), Countries: r.list(), Selected: true,
		})
	})
	if err := r.Err(); err != nil {
		return nil, err
	}
	r = open(roots[1])
	r.rows(func() { t.Coders = append(t.Coders, continuity.Coder{ID: r.text(), Name: r.text()}) })
	if err := r.Err(); err != nil {
		return nil, err
	}
	if err := readStatements(&t, open, roots[2:4]); err != nil {
		return nil, err
	}
	assessed := roots[4:]
	if len(assessed) == 1 { // the same filter for both
		assessed = []row.Rows{assessed[0], assessed[0]}
	}
	at := map[string]int{}
	for i, rows := range assessed {
		r = open(rows)
		r.rows(func() {
			a := continuity.Assessment{
				ID: r.text(), Relevance: continuity.Relevance(r.text()), Conduct: continuity.Conduct(r.text()),
				Mitigation: continuity.Mitigation(r.text()), Method: continuity.Method(r.text()), Basis: continuity.Basis(r.text()),
				Incident: r.end(), Norm: r.end(), Coder: r.end(),
			}
			place, known := at[a.ID]
			if !known {
				place = len(t.Assessments)
				at[a.ID] = place
				t.Assessments = append(t.Assessments, a)
			}
			if i == 0 {
				t.Assessments[place].Counted = true
			} else {
				t.Assessments[place].Assessed = true
			}
		})
		if err := r.Err(); err != nil {
			return nil, err
		}
	}
	return observe(t)
}

// statements selects what agreements state: norms with their mappings to core
// ideas, agreements with their provisions.
func (e *Engine) statements() []*plan.Select {
	norm, agreement := e.catalog.Node("Norm"), e.catalog.Node("Agreement")
	return []*plan.Select{
		all(norm, nil, append(stored(norm, "id", "name", "level", "scheme", "category"), edges(norm.Relation("coreIdeas"), nil, "match"))...),
		all(agreement, nil, append(stored(agreement, "id", "date"), edges(agreement.Relation("norms"), nil, "locator", "locatorChecked", "basis"))...),
	}
}

func readStatements(t *continuity.Table, open func(row.Rows) *reader, roots []row.Rows) error {
	r := open(roots[0])
	r.rows(func() {
		n := continuity.Norm{ID: r.text(), Name: r.text(), Level: continuity.Level(r.text()), Scheme: r.text(), Category: r.text()}
		t.Norms = append(t.Norms, n)
		r.edges(true, true, func(to, _ string) {
			t.Mappings = append(t.Mappings, continuity.Mapping{From: n.ID, To: to, Match: continuity.Match(r.text())})
		})
	})
	if err := r.Err(); err != nil {
		return err
	}
	r = open(roots[1])
	r.rows(func() {
		a := continuity.Agreement{ID: r.text(), Date: r.text()}
		t.Agreements = append(t.Agreements, a)
		r.edges(true, true, func(norm, key string) {
			t.Provisions = append(t.Provisions, continuity.Provision{
				Key: key, Agreement: a.ID, Norm: norm, Locator: r.text(), LocatorChecked: r.truth(), Basis: continuity.Basis(r.text()),
			})
		})
	})
	return r.Err()
}
