// Package graph is a GraphQL server as gqlgen users usually build one: a
// resolver per relation, and behind it a loader that collects the keys that one
// request asks for and reads them with one statement.
package graph

// Agreement is a row of n_Agreement. Key is the row's number, here and below.
type Agreement struct {
	Key                               int64
	ID, Title, ShortTitle, Date, Kind string
	Year                              int
	Convener, URL, Source             *string
	Basis                             string
}

const agreementColumns = `n.__key, n.id, n.title, n.shortTitle, n.date, n.kind, n.year, n.convener, n.url, n.source, n.basis`

func (a *Agreement) into() []any {
	return []any{&a.Key, &a.ID, &a.Title, &a.ShortTitle, &a.Date, &a.Kind, &a.Year, &a.Convener, &a.URL, &a.Source, &a.Basis}
}

// Norm is a row of n_Norm.
type Norm struct {
	Key                int64
	ID, Name, Category string
}

const normColumns = `n.__key, n.id, n.name, n.category`

func (n *Norm) into() []any { return []any{&n.Key, &n.ID, &n.Name, &n.Category} }

// Assessment is a row of n_Assessment.
type Assessment struct {
	Key                       int64
	ID, Relevance, Mitigation string
}

const assessmentColumns = `n.__key, n.id, n.relevance, n.mitigation`

func (a *Assessment) into() []any { return []any{&a.Key, &a.ID, &a.Relevance, &a.Mitigation} }

// Signatory is a row of n_Signatory.
type Signatory struct {
	Key            int64
	ID, Name, Kind string
	Country        *string
	Basis          string
}

const signatoryColumns = `n.__key, n.id, n.name, n.kind, n.country, n.basis`

func (s *Signatory) into() []any {
	return []any{&s.Key, &s.ID, &s.Name, &s.Kind, &s.Country, &s.Basis}
}

// Incident is a row of n_Incident.
type Incident struct {
	Key      int64
	ID, Name string
	Year     int
}

// IsFound marks the member of the union.
func (*Incident) IsFound() {}

const incidentColumns = `n.__key, n.id, n.name, n.year`

func (i *Incident) into() []any { return []any{&i.Key, &i.ID, &i.Name, &i.Year} }

// AgreementSignatoriesConnection remembers what its fields read when asked.
type AgreementSignatoriesConnection struct{ page page }

// AgreementSignatoriesEdge is a signature with its signatory.
type AgreementSignatoriesEdge struct {
	Properties *Signature
	Node       *Signatory
}
