package graph

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// Resolver answers the fields that are no columns.
type Resolver struct{ DB *Database }

// Query returns the resolver of the root fields.
func (r *Resolver) Query() QueryResolver { return queryResolver{r} }

// Agreement returns the resolver of an agreement's relations.
func (r *Resolver) Agreement() AgreementResolver { return relations{} }

// Norm returns the resolver of a norm's relations.
func (r *Resolver) Norm() NormResolver { return relations{} }

// AgreementSignatoriesConnection returns the resolver of a connection's fields.
func (r *Resolver) AgreementSignatoriesConnection() AgreementSignatoriesConnectionResolver {
	return relations{}
}

type relations struct{}

func (relations) Norms(ctx context.Context, a *Agreement, sort []*NormSort, limit int) ([]*Norm, error) {
	return from(ctx).norms.Load(ctx, page{a.Key, limit, normOrder(sort)})
}

func (relations) Assessments(ctx context.Context, n *Norm, sort []*AssessmentSort, limit int) ([]*Assessment, error) {
	return from(ctx).assessments.Load(ctx, page{n.Key, limit, assessmentOrder(sort)})
}

func (relations) SignatoriesConnection(_ context.Context, a *Agreement, sort []*AgreementSignatoriesConnectionSort, first int) (*AgreementSignatoriesConnection, error) {
	return &AgreementSignatoriesConnection{page{a.Key, first, signatureOrder(sort)}}, nil
}

func (relations) TotalCount(ctx context.Context, c *AgreementSignatoriesConnection) (int, error) {
	return from(ctx).signed.Load(ctx, c.page.parent)
}

func (relations) Edges(ctx context.Context, c *AgreementSignatoriesConnection) ([]*AgreementSignatoriesEdge, error) {
	return from(ctx).signatures.Load(ctx, c.page)
}

type queryResolver struct{ *Resolver }

func (r queryResolver) Agreements(ctx context.Context, where *AgreementWhere, sort []*AgreementSort, limit, offset int) ([]*Agreement, error) {
	text := `SELECT ` + agreementColumns + ` FROM n_Agreement n WHERE 1`
	var args []any
	if where != nil && where.ID != nil {
		text += ` AND n.id = ?`
		args = append(args, where.ID.Eq)
	}
	if where != nil && where.Signatories != nil && where.Signatories.Some != nil && where.Signatories.Some.Country != nil {
		text += ` AND EXISTS (SELECT 1 FROM r_SIGNED e CROSS JOIN n_Signatory s ON s.__key = e.__src WHERE e.__dst = n.__key AND s.country = ?)`
		args = append(args, where.Signatories.Some.Country.Eq)
	}
	text += ` ORDER BY ` + agreementOrder(sort) + ` LIMIT ? OFFSET ?`
	return list[Agreement](ctx, r.DB, text, append(args, limit, offset)...)
}

func (r queryResolver) Signatories(ctx context.Context, sort []*SignatorySort, limit, offset int) ([]*Signatory, error) {
	return list[Signatory](ctx, r.DB, `SELECT `+signatoryColumns+` FROM n_Signatory n ORDER BY `+signatoryOrder(sort)+` LIMIT ? OFFSET ?`, limit, offset)
}

// cursor is the position behind an incident, in the order by year and id.
type cursor struct {
	Year int
	ID   string
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // an integer and a text
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

var errOrder = errors.New("incidents are paged by year and id, ascending")

func (r queryResolver) IncidentsConnection(ctx context.Context, where *IncidentWhere, sort []*IncidentSort, first int, after *string) (*IncidentsConnection, error) {
	if len(sort) != 2 || sort[0].Year == nil || *sort[0].Year != SortDirectionAsc || sort[1].ID == nil || *sort[1].ID != SortDirectionAsc {
		return nil, errOrder
	}
	text := `SELECT ` + incidentColumns + ` FROM n_Incident n WHERE 1`
	var args []any
	if where != nil && where.ID != nil {
		text += ` AND n.id = ?`
		args = append(args, where.ID.Eq)
	}
	if after != nil {
		var c cursor
		raw, err := base64.RawURLEncoding.DecodeString(*after)
		if err == nil {
			err = json.Unmarshal(raw, &c)
		}
		if err != nil {
			return nil, errors.New("after is not a cursor of this connection")
		}
		text += ` AND (n.year, n.id) > (?, ?)`
		args = append(args, c.Year, c.ID)
	}
	rows, err := list[Incident](ctx, r.DB, text+` ORDER BY n.year, n.id LIMIT ?`, append(args, first+1)...)
	if err != nil {
		return nil, err
	}
	out := &IncidentsConnection{Edges: []*IncidentEdge{}, PageInfo: &PageInfo{HasNextPage: len(rows) > first}}
	for _, i := range rows[:min(first, len(rows))] {
		out.Edges = append(out.Edges, &IncidentEdge{Cursor: cursor{i.Year, i.ID}.String(), Node: i})
	}
	return out, nil
}

// Search finds incidents in which all words occur.
func (r queryResolver) Search(ctx context.Context, query string, _ []NodeKind, first int) (*SearchConnection, error) {
	words := strings.Fields(query)
	for i, w := range words {
		words[i] = `"` + strings.ReplaceAll(w, `"`, `""`) + `"`
	}
	rows, err := list[Incident](ctx, r.DB, `SELECT `+incidentColumns+` FROM search f CROSS JOIN n_Incident n ON n.__key = f.rowid
		WHERE f.search MATCH ? ORDER BY n.id LIMIT ?`, strings.Join(words, " AND "), first)
	if err != nil {
		return nil, err
	}
	out := &SearchConnection{Edges: []*SearchEdge{}}
	for _, i := range rows {
		out.Edges = append(out.Edges, &SearchEdge{Node: i})
	}
	return out, nil
}
