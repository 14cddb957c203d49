package pages

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"normgraph/web"
)

// evidence is what a cell of the heat map rests on.
type evidence struct {
	Key, Label, Period string
	Norm               string // address, "" for what is no node
	Incidents          []evidentIncident
	Assessments        int
	Assessed           int // incidents in the period, 0 if not known
	Truncated          bool
}

// evidentIncident is an incident with its assessments, one a coder.
type evidentIncident struct {
	ID, Name, StartDate, Source, URL string
	Kinds, Countries                 []string
	Assessments                      []judgement `json:"-"`
}

// Href is the address of the incident's page.
func (i evidentIncident) Href() string { return nodePath(i.ID) }

// Facts are date, kinds and countries.
func (i evidentIncident) Facts() string {
	var kinds []string
	for _, k := range i.Kinds {
		kinds = append(kinds, web.Words(k))
	}
	facts := []string{i.StartDate}
	for _, part := range []string{strings.Join(kinds, ", "), strings.Join(i.Countries, " ")} {
		if part != "" {
			facts = append(facts, part)
		}
	}
	return strings.Join(facts, " · ")
}

// Where is the source of the incident, or its address.
func (i evidentIncident) Where() value {
	if i.Source != "" {
		return valueOf(i.Source)
	}
	return valueOf(i.URL)
}

// judgement is one assessment.
type judgement struct {
	ID, Relevance, Conduct, Mitigation, Method, Confidence, Rationale, Basis, Source string
	Coder, Norm                                                                      named
	Incident                                                                         evidentIncident
}

// Href is the address of the assessment's page.
func (j judgement) Href() string { return nodePath(j.ID) }

// Mark is the coder in one or two letters: "A" of "Automated reading A", "PC" of "Published commentary".
func (j judgement) Mark() string {
	words := strings.Fields(j.Coder.Name)
	if len(words) == 0 {
		return "?"
	}
	if last := words[len(words)-1]; len([]rune(last)) == 1 {
		return last
	}
	mark := ""
	for _, w := range words[:min(2, len(words))] {
		mark += strings.ToUpper(string([]rune(w)[:1]))
	}
	return mark
}

// Where is the source of the judgement.
func (j judgement) Where() value { return valueOf(j.Source) }

const evidenceShown = 500

const evidenceDocument = `query Evidence($where: AssessmentWhere, $limit: Int!) {
  assessmentsConnection(where: $where, first: $limit, sort: [{ id: ASC }]) { totalCount edges { node { id relevance conduct mitigation method confidence rationale basis source
    coder { id name } norm { id name } incident { id name startDate source url kinds countries } } } }
}`

// readEvidence reads the counted assessments of a row, or of one period of it:
// incidents by start, within each the coders by name.
func (q reading) readEvidence(ctx context.Context, f filters) (*evidence, error) {
	where, err := f.counted(f.Methods, f.CellKey, f.CellPeriod)
	if err != nil {
		return nil, err
	}
	var read struct {
		AssessmentsConnection struct {
			TotalCount int
			Edges      []struct{ Node judgement }
		}
	}
	if err := q.ask(ctx, evidenceDocument, map[string]any{"where": where, "limit": evidenceShown}, &read); err != nil {
		return nil, err
	}
	e := &evidence{Key: f.CellKey, Label: f.CellKey, Period: f.CellPeriod, Assessments: read.AssessmentsConnection.TotalCount,
		Truncated: read.AssessmentsConnection.TotalCount > len(read.AssessmentsConnection.Edges)}
	at := map[string]int{}
	for _, edge := range read.AssessmentsConnection.Edges {
		j := edge.Node
		i, known := at[j.Incident.ID]
		if !known {
			i = len(e.Incidents)
			at[j.Incident.ID] = i
			e.Incidents = append(e.Incidents, j.Incident)
		}
		e.Incidents[i].Assessments = append(e.Incidents[i].Assessments, j)
	}
	sortEvidence(e.Incidents)
	return e, nil
}

// place adds what the figure knows of the row.
func (e *evidence) place(c continuum) {
	for _, edge := range c.Edges {
		row := edge.Node
		if row.Key != e.Key {
			continue
		}
		e.Label = row.Label
		if row.Norm != nil {
			e.Norm = nodePath(row.Norm.ID)
		}
		e.Assessed = c.AssessedIncidents
		for _, p := range row.Series {
			if p.Period == e.Period {
				e.Assessed = p.Assessed
			}
		}
	}
}

// Summary is the line below the heading.
func (e *evidence) Summary() string {
	parts := []string{web.Counted(len(e.Incidents), "incident")}
	if e.Assessed > 0 {
		parts[0] = web.Number(len(e.Incidents)) + " of " + web.Counted(e.Assessed, "incident")
	}
	if e.Period != "" {
		parts = append([]string{e.Period}, parts...)
	}
	return strings.Join(append(parts, web.Counted(e.Assessments, "assessment")), " · ")
}

func sortEvidence(incidents []evidentIncident) {
	slices.SortStableFunc(incidents, func(a, b evidentIncident) int { return cmp.Compare(a.StartDate, b.StartDate) })
	for _, i := range incidents {
		slices.SortStableFunc(i.Assessments, func(a, b judgement) int { return cmp.Compare(a.Coder.Name, b.Coder.Name) })
	}
}
