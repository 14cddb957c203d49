package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// verify holds what a file of our schema stores against the content that its
// revision was made with. SQLite keeps no checksums: a value that changed on the
// disk is found in no other way.
func verify(ctx context.Context, db *sql.Tx, l *layout) error {
	var h head
	var text string
	err := db.QueryRowContext(ctx, `SELECT number, content, id, loaded, catalog, corpus FROM store`).Scan(append(h.fields(), &text)...)
	if err != nil || h.made != l.print || h.number == 0 {
		return err
	}
	var corpus store.Corpus
	if err := json.Unmarshal([]byte(text), &corpus); err != nil {
		return err
	}
	var content store.Content
	ids := map[int64]string{}
	for _, n := range l.cat.Nodes {
		var key int64
		values := make([]any, len(n.Properties))
		id := slices.Index(n.Properties, n.Property("id"))
		err := scan(ctx, db, `SELECT `+names("__key", n.Properties)+` FROM `+nodeTable(n), nil, []any{&key}, values, func() error {
			if err := restored(n.Properties, values); err != nil {
				return err
			}
			ids[key], _ = values[id].(string)
			content.Add(content.Node(n, values))
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, r := range l.cat.Relationships {
		var id edgeID
		values := make([]any, len(r.Properties))
		err := scan(ctx, db, `SELECT `+names("__src, __dst, __key", r.Properties)+` FROM `+edgeTable(r), nil, []any{&id.src, &id.dst, &id.key}, values, func() error {
			if err := restored(r.Properties, values); err != nil {
				return err
			}
			content.Add(content.Edge(r, store.Edge{From: ids[id.src], To: ids[id.dst], Key: id.key, Values: values}))
			return nil
		})
		if err != nil {
			return err
		}
	}
	if content.Hex(corpus) != h.content {
		return errors.New("the rows are not those of the revision")
	}
	return nil
}

// restored is unstored for values that may be of any kind.
func restored(props []*catalog.Property, values []any) error {
	for i, p := range props {
		ok := true
		switch values[i].(type) {
		case nil:
		case string:
			ok = p.List || p.Kind != catalog.Int && p.Kind != catalog.Float && p.Kind != catalog.Boolean
		case int64:
			ok = !p.List && (p.Kind == catalog.Int || p.Kind == catalog.Boolean)
		case float64:
			ok = !p.List && p.Kind == catalog.Float
		default:
			ok = false
		}
		if !ok {
			return errors.New("a value of " + p.Name + " is of another kind")
		}
	}
	return unstored(props, values)
}
