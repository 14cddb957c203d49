package store

import (
	"context"

	"normgraph/graph/catalog"
)

// Found is what the rows of a store are, beside what its revision recorded of them.
type Found struct {
	Recorded *Info
	Counts   []Count // of nodes, by type in catalog order
	Edges    int
	Content  string
}

// AsRecorded reports whether the rows are those that were loaded.
func (f *Found) AsRecorded() bool { return f.Content == f.Recorded.Revision.Content }

// Nodes is the number of nodes of all types.
func (f *Found) Nodes() int64 {
	var n int64
	for _, c := range f.Counts {
		n += c.Count
	}
	return n
}

// Verify reads all rows of st, whose types are those of cat, and makes their
// content anew. Errors: those of Info and Read, and Unavailable when the store was
// loaded meanwhile.
func Verify(ctx context.Context, st Store, cat *catalog.Catalog) (*Found, error) {
	info, err := st.Info(ctx)
	if err != nil {
		return nil, err
	}
	found := &Found{Recorded: info}
	err = st.Read(ctx, func(rev Revision, rows Rows) error {
		if rev.Number != info.Revision.Number {
			return &Error{Code: Unavailable, Message: "the store was loaded while it was read; try again"}
		}
		var content Content
		for _, n := range cat.Nodes {
			count := Count{Kind: n.Name}
			if err := rows.Nodes(n, func(values []any) error {
				count.Count++
				content.Add(content.Node(n, values))
				return nil
			}); err != nil {
				return err
			}
			found.Counts = append(found.Counts, count)
		}
		for _, r := range cat.Relationships {
			for _, ends := range r.Ends {
				if err := rows.Edges(r, ends, func(e *Edge) error {
					found.Edges++
					content.Add(content.Edge(r, *e))
					return nil
				}); err != nil {
					return err
				}
			}
		}
		found.Content = content.Hex(info.Corpus)
		return nil
	})
	return found, err
}
