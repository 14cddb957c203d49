package graph

import (
	"context"
	"time"

	"normgraph/graph/internal/exec"
	"normgraph/graph/model"
)

// Resolver answers the root fields: those that read nodes from the request's
// one statement, the others by themselves.
type Resolver struct{ service *Service }

// Query returns the resolvers of the root fields.
func (r *Resolver) Query() exec.QueryResolver { return query{Resolver: r} }

// query resolves what reads nodes. Computed root fields are written before the
// executor asks for them (package analysis), so that their methods, which the
// executor's interface wants, are never reached.
type query struct {
	*Resolver
	exec.QueryResolver
}

func (query) Node(ctx context.Context, id string) (model.Node, error) {
	return rootOne[model.Node](ctx)
}

func (query) Nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	return rootMany[model.Node](ctx)
}

func (query) Search(ctx context.Context, query string, kinds []model.NodeKind, first *int, after *string) (*model.SearchConnection, error) {
	return rootOne[*model.SearchConnection](ctx)
}

func (q query) Corpus(ctx context.Context) (*model.Corpus, error) {
	st := ctx.Value(stateKey{}).(*state)
	info, err := st.info()
	if err != nil {
		return nil, err
	}
	st.told.Store(&info.Revision)
	out := &model.Corpus{
		Name: info.Corpus.Name, Version: info.Corpus.Version, Licence: info.Corpus.Licence, Sources: info.Corpus.Texts(),
		Revision: int(info.Revision.Number), LoadedAt: info.Revision.Loaded.UTC().Format(time.RFC3339),
	}
	for _, s := range info.Corpus.Attributions() {
		out.Attributions = append(out.Attributions, &model.CorpusSource{
			Name: s.Name, Version: given(s.Version), Licence: given(s.Licence), Date: given(s.Date), URL: given(s.URL)})
	}
	for _, c := range info.Counts {
		out.Counts = append(out.Counts, &model.CorpusCount{Kind: model.NodeKind(c.Kind), Count: int(c.Count)})
	}
	return out, nil
}

// given is null for a text that is not there.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
