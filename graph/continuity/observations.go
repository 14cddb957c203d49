package continuity

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Observations is a checked and indexed [Table]: references are positions,
// enums small codes, and every list has a fixed order, so that results do not
// depend on the order of the rows.
type Observations struct {
	incidents   []incident   // by start, coarser first, id
	norms       []Norm       // by id
	coders      []Coder      // by id
	assessments []assessment // by id
	agreements  []agreement  // by earliest day, id
	signatures  []Signature  // by key

	byIncident [][]int32            // assessments of each incident, ascending
	expresses  [][]expression       // mappings of each norm to core ideas, by idea, match
	contains   [][]provision        // provisions of each agreement, by norm, key
	place      map[string]agreement // agreements by id; pos says where
}

type incident struct {
	*Incident
	start Date
	end   Date // the start when no end is known
}

type assessment struct {
	id                             string
	incident, norm, coder          int32
	relevance, conduct, mitigation int8
	method, basis                  int8
	counted, assessed              bool
}

type agreement struct {
	id   string
	date Date
	pos  int32
}

type expression struct {
	idea  int32
	match int8
}

type provision struct {
	*Provision
	norm int32
}

// New checks and indexes t, which must not be changed afterwards. The error
// lists everything that is wrong with the rows: unknown references, ids that
// come twice, values outside an enum, dates that are none. It speaks of the
// data, never of a user's argument.
func New(t Table) (*Observations, error) {
	var x indexer
	o := &Observations{}

	normAt := index(&x, "norm", t.Norms, func(n *Norm) string { return n.ID })
	coderAt := index(&x, "coder", t.Coders, func(c *Coder) string { return c.ID })
	o.norms = sortedCopy(t.Norms, func(a, b Norm) int { return strings.Compare(a.ID, b.ID) })
	o.coders = sortedCopy(t.Coders, func(a, b Coder) int { return strings.Compare(a.ID, b.ID) })
	for i := range o.norms {
		normAt[o.norms[i].ID] = int32(i)
		enum(&x, "norm", o.norms[i].ID, levels, o.norms[i].Level)
	}
	for i := range o.coders {
		coderAt[o.coders[i].ID] = int32(i)
	}

	incidentAt := x.incidents(o, t.Incidents)
	x.agreements(o, t.Agreements)
	x.mappings(o, t.Mappings, normAt)
	x.provisions(o, t.Provisions, normAt)
	x.assessments(o, t.Assessments, incidentAt, normAt, coderAt)
	o.signatures = sortedCopy(t.Signatures, func(a, b Signature) int { return strings.Compare(a.Key, b.Key) })
	for _, s := range o.signatures {
		if _, ok := o.place[s.Agreement]; !ok {
			x.fail("signature %q: unknown agreement %q", s.Key, s.Agreement)
		}
	}
	if err := errors.Join(x.problems...); err != nil {
		return nil, err
	}
	return o, nil
}

// indexer collects problems, so that all are reported at once.
type indexer struct{ problems []error }

func (x *indexer) fail(format string, args ...any) {
	x.problems = append(x.problems, fmt.Errorf(format, args...))
}

func index[T any](x *indexer, kind string, rows []T, id func(*T) string) map[string]int32 {
	at := make(map[string]int32, len(rows))
	for i := range rows {
		key := id(&rows[i])
		if _, twice := at[key]; twice {
			x.fail("%s %q comes twice", kind, key)
		}
		at[key] = int32(i)
	}
	return at
}

func (x *indexer) lookup(at map[string]int32, kind, owner, id string) int32 {
	i, ok := at[id]
	if !ok {
		x.fail("%s: unknown %s %q", owner, kind, id)
	}
	return i
}

func enum[T ~string](x *indexer, kind, id string, values []T, value T) int8 {
	c := code(values, value)
	if c < 0 {
		x.fail("%s %q: unknown value %q, expected one of %v", kind, id, value, values)
	}
	return c
}

func sortedCopy[T any](rows []T, compare func(a, b T) int) []T {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, compare)
	return rows
}

func (x *indexer) date(kind, id, text string) Date {
	d, err := ParseDate(text)
	if err != nil {
		x.fail("%s %q: %w", kind, id, err)
	}
	return d
}

func (x *indexer) incidents(o *Observations, rows []Incident) map[string]int32 {
	at := index(x, "incident", rows, func(i *Incident) string { return i.ID })
	o.incidents = make([]incident, len(rows))
	for i := range rows {
		r := &rows[i]
		start := x.date("incident", r.ID, r.Start)
		end := start
		if r.End != "" {
			end = x.date("incident", r.ID, r.End)
		}
		o.incidents[i] = incident{r, start, end}
	}
	slices.SortFunc(o.incidents, func(a, b incident) int {
		return cmp.Or(a.start.Compare(b.start), strings.Compare(a.ID, b.ID))
	})
	for i := range o.incidents {
		at[o.incidents[i].ID] = int32(i)
	}
	return at
}

func (x *indexer) agreements(o *Observations, rows []Agreement) {
	index(x, "agreement", rows, func(a *Agreement) string { return a.ID })
	o.agreements = make([]agreement, len(rows))
	for i, r := range rows {
		o.agreements[i] = agreement{id: r.ID, date: x.date("agreement", r.ID, r.Date)}
	}
	slices.SortFunc(o.agreements, func(a, b agreement) int {
		return cmp.Or(cmp.Compare(a.date.Earliest, b.date.Earliest), strings.Compare(a.id, b.id))
	})
	o.place = make(map[string]agreement, len(rows))
	for i := range o.agreements {
		o.agreements[i].pos = int32(i)
		o.place[o.agreements[i].id] = o.agreements[i]
	}
}

func (x *indexer) mappings(o *Observations, rows []Mapping, normAt map[string]int32) {
	o.expresses = make([][]expression, len(o.norms))
	for _, m := range rows {
		owner := fmt.Sprintf("mapping %q to %q", m.From, m.To)
		from, to := x.lookup(normAt, "norm", owner, m.From), x.lookup(normAt, "norm", owner, m.To)
		match := enum(x, "mapping from", m.From, matches, m.Match)
		if len(x.problems) == 0 && o.norms[to].Level == CoreIdea {
			o.expresses[from] = append(o.expresses[from], expression{to, match})
		}
	}
	for _, e := range o.expresses {
		slices.SortFunc(e, func(a, b expression) int {
			return cmp.Or(cmp.Compare(a.idea, b.idea), cmp.Compare(a.match, b.match))
		})
	}
}

func (x *indexer) provisions(o *Observations, rows []Provision, normAt map[string]int32) {
	o.contains = make([][]provision, len(o.agreements))
	for i := range rows {
		p := &rows[i]
		norm := x.lookup(normAt, "norm", fmt.Sprintf("provision %q", p.Key), p.Norm)
		a, ok := o.place[p.Agreement]
		if !ok {
			x.fail("provision %q: unknown agreement %q", p.Key, p.Agreement)
			continue
		}
		o.contains[a.pos] = append(o.contains[a.pos], provision{p, norm})
	}
	for _, c := range o.contains {
		slices.SortFunc(c, func(a, b provision) int {
			return cmp.Or(cmp.Compare(a.norm, b.norm), strings.Compare(a.Key, b.Key))
		})
	}
}

func (x *indexer) assessments(o *Observations, rows []Assessment, incidentAt, normAt, coderAt map[string]int32) {
	index(x, "assessment", rows, func(a *Assessment) string { return a.ID })
	o.assessments = make([]assessment, len(rows))
	for i := range rows {
		r := &rows[i]
		owner := "assessment " + r.ID
		o.assessments[i] = assessment{
			id:         r.ID,
			incident:   x.lookup(incidentAt, "incident", owner, r.Incident),
			norm:       x.lookup(normAt, "norm", owner, r.Norm),
			coder:      x.lookup(coderAt, "coder", owner, r.Coder),
			relevance:  enum(x, "assessment", r.ID, relevances, r.Relevance),
			conduct:    enum(x, "assessment", r.ID, conducts, r.Conduct),
			mitigation: enum(x, "assessment", r.ID, mitigations, r.Mitigation),
			method:     enum(x, "assessment", r.ID, methods, r.Method),
			basis:      enum(x, "assessment", r.ID, bases, r.Basis),
			counted:    r.Counted,
			assessed:   r.Assessed,
		}
	}
	slices.SortFunc(o.assessments, func(a, b assessment) int { return strings.Compare(a.id, b.id) })
	o.byIncident = make([][]int32, len(o.incidents))
	if len(x.problems) > 0 {
		return
	}
	for i, a := range o.assessments {
		o.byIncident[a.incident] = append(o.byIncident[a.incident], int32(i))
	}
}
