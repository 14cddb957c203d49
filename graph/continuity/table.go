package continuity

// Table is what the measures are computed from: rows of the graph at one
// revision, named by their ids, with the answers of the store to the row
// filters. Rows may come in any order.
//
// Assessments that pass neither `assessments` nor `assessed` may be left out, and
// so may incidents that do not pass `incidents`, together with their
// assessments. Norms, mappings, coders, agreements and provisions are whole,
// whatever the filters. Dates are PartialDate text.
type Table struct {
	Incidents   []Incident
	Norms       []Norm
	Mappings    []Mapping
	Coders      []Coder
	Assessments []Assessment
	Agreements  []Agreement
	Provisions  []Provision
	Signatures  []Signature // of one signatory, for Commitments; else empty
}

// Incident is an event. End may be empty.
type Incident struct {
	ID         string
	Start, End string
	Kinds      []string
	Sectors    []string
	Countries  []string // ISO 3166-1 alpha-2
	Selected   bool     // passes `incidents`
}

// Norm is a stated norm or a core idea. Category may be empty.
type Norm struct {
	ID, Name         string
	Level            Level
	Scheme, Category string
}

// Mapping links two norms. It EXPRESSES where To is a core idea.
type Mapping struct {
	From, To string
	Match    Match
}

// Coder made assessments.
type Coder struct{ ID, Name string }

// Assessment is one coder's judgement of a norm against an incident.
type Assessment struct {
	ID                    string
	Incident, Norm, Coder string
	Relevance             Relevance
	Conduct               Conduct
	Mitigation            Mitigation
	Method                Method
	Basis                 Basis
	Counted               bool // passes `assessments`
	Assessed              bool // passes `assessed`
}

// Agreement states norms.
type Agreement struct{ ID, Date string }

// Provision says that an agreement contains a norm. Key is the edge's stored
// identity.
type Provision struct {
	Key             string
	Agreement, Norm string
	Locator         string
	LocatorChecked  bool
	Basis           Basis
}

// Signature says that a signatory signed an agreement. Date may be empty.
type Signature struct {
	Key                  string
	Signatory, Agreement string
	Role                 string
	Date                 string
}
