package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// stored gives a data set's values the form they have in columns.
func stored(values []any) []any {
	out := make([]any, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case nil, string, int64, float64:
			out[i] = v
		case bool:
			out[i] = argument(nil, v)
		default:
			out[i] = listText(v)
		}
	}
	return out
}

// unstored turns column values back into those of a data set, in place.
func unstored(props []*catalog.Property, values []any) error {
	for i, p := range props {
		switch v := values[i].(type) {
		case int64:
			if p.Kind == catalog.Boolean {
				values[i] = v != 0
			}
		case string:
			if !p.List {
				continue
			}
			var err error
			if values[i], err = list(p.Kind, v); err != nil {
				return fmt.Errorf("sqlite: stored list of %s: %w", p.Name, err)
			}
		}
	}
	return nil
}

func list(kind catalog.Kind, text string) (any, error) {
	switch kind {
	case catalog.Int:
		return decode[[]int64](text)
	case catalog.Float:
		return decode[[]float64](text)
	case catalog.Boolean:
		return decode[[]bool](text)
	}
	return decode[[]string](text)
}

func decode[T any](text string) (T, error) {
	var v T
	err := json.Unmarshal([]byte(text), &v)
	return v, err
}

// querier is a database or one of its connections.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// scan calls f with each row; fixed columns come first. f may keep nothing.
func scan(ctx context.Context, db querier, query string, fixed []any, values []any, f func() error) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	into := slices.Clone(fixed)
	for i := range values {
		into = append(into, &values[i])
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := f(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// change is a row of the data set and, for an update, the key it has.
type change struct {
	row int
	key int64
}

// nodes brings all node types up to date: first what goes, then what comes, so
// that an id may move from one type to another.
func (l *loader) nodes() error {
	l.keys = map[string]int64{}
	sets := map[*catalog.Node][][]any{}
	for _, s := range l.data.Nodes {
		sets[s.Type] = s.Rows
	}
	changed := map[*catalog.Node][]change{}
	present := map[*catalog.Node][]bool{}
	for _, n := range l.cat.Nodes {
		var err error
		if changed[n], present[n], err = l.compareNodes(n, sets[n]); err != nil {
			return err
		}
	}
	for _, n := range l.cat.Nodes {
		for _, c := range changed[n] {
			if err := l.updateNode(n, c.key, sets[n][c.row]); err != nil {
				return err
			}
		}
		id := slices.Index(n.Properties, n.Property("id"))
		for i, row := range sets[n] {
			if !present[n][i] {
				if err := l.insertNode(n, row[id].(string), row); err != nil {
					return err
				}
			}
			l.content.Add(l.content.Node(n, row))
			if err := l.tick(); err != nil {
				return err
			}
		}
	}
	return nil
}

// compareNodes goes over what is stored of a type: it notes the keys, deletes
// what a replacing load does not hold, and tells which rows of the data set
// are there and which of them differ.
func (l *loader) compareNodes(n *catalog.Node, rows [][]any) (changed []change, present []bool, err error) {
	id := slices.Index(n.Properties, n.Property("id"))
	at := make(map[string]int, len(rows))
	for i, r := range rows {
		at[r[id].(string)] = i
	}
	present = make([]bool, len(rows))
	var gone []int64
	var key int64
	values := make([]any, len(n.Properties))
	err = scan(l.ctx, l.conn, `SELECT `+names("__key", n.Properties)+` FROM `+nodeTable(n), []any{&key}, values, func() error {
		l.last = max(l.last, key)
		name := values[id].(string)
		i, given := at[name]
		switch {
		case given:
			present[i] = true
			if !slices.Equal(values, stored(rows[i])) {
				changed = append(changed, change{i, key})
			}
		case l.options.Mode == store.LoadReplace:
			gone = append(gone, key)
			return nil
		default:
			if err := unstored(n.Properties, values); err != nil {
				return err
			}
			l.content.Add(l.content.Node(n, values))
		}
		l.keys[name] = key
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	for _, key := range gone {
		l.report.NodesDeleted++
		for _, table := range []string{nodeTable(n), "node"} {
			if err := l.exec(`DELETE FROM `+table+` WHERE __key = ?`, key); err != nil {
				return nil, nil, err
			}
		}
		if err := l.exec(`DELETE FROM search WHERE rowid = ?`, key); err != nil {
			return nil, nil, err
		}
	}
	return changed, present, nil
}

func (l *loader) updateNode(n *catalog.Node, key int64, row []any) error {
	l.report.NodesUpdated++
	if err := l.exec(assign(nodeTable(n), n.Properties, "__key = ?"), append(stored(row), key)...); err != nil {
		return err
	}
	if err := l.exec(`DELETE FROM search WHERE rowid = ?`, key); err != nil {
		return err
	}
	return l.indexText(n, key, row)
}

func (l *loader) insertNode(n *catalog.Node, id string, row []any) error {
	if _, used := l.keys[id]; used {
		return &store.Error{Code: store.Conflict, Message: fmt.Sprintf("the id %q of a %s is already that of a node of another type", id, n.Name)}
	}
	l.last++
	l.keys[id] = l.last
	l.report.NodesCreated++
	if err := l.exec(`INSERT INTO node(__key, type, id) VALUES(?, ?, ?)`, l.last, int64(l.rank[n]), id); err != nil {
		return err
	}
	args := append([]any{l.last}, stored(row)...)
	if err := l.exec(insert(nodeTable(n), names("__key", n.Properties), len(args)), args...); err != nil {
		return err
	}
	return l.indexText(n, l.last, row)
}

func (l *loader) indexText(n *catalog.Node, key int64, row []any) error {
	name, body := tokens(n, row)
	if name == "" && body == "" {
		return nil
	}
	return l.exec(`INSERT INTO search(rowid, name, body) VALUES(?, ?, ?)`, key, name, body)
}

// edgeID is the stored identity of a relationship within its type.
type edgeID struct {
	src, dst int64
	key      string
}

func (a edgeID) compare(b edgeID) int {
	return cmp.Or(cmp.Compare(a.src, b.src), cmp.Compare(a.dst, b.dst), strings.Compare(a.key, b.key))
}

// edges brings all relationships up to date; l.keys knows every node.
func (l *loader) edges() error {
	ids := make(map[int64]string, len(l.keys))
	for id, key := range l.keys {
		ids[key] = id
	}
	for _, r := range l.cat.Relationships {
		if err := l.relationship(r, ids); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) relationship(r *catalog.Relationship, ids map[int64]string) error {
	rows, err := l.edgeRows(r)
	if err != nil {
		return err
	}
	find := func(id edgeID) (int, bool) {
		return slices.BinarySearchFunc(rows, id, func(e identified, id edgeID) int { return e.id.compare(id) })
	}
	var gone, changed []edgeID
	var id edgeID
	present := make([]bool, len(rows))
	values := make([]any, len(r.Properties))
	query := `SELECT ` + names("__src, __dst, __key", r.Properties) + ` FROM ` + edgeTable(r)
	err = scan(l.ctx, l.conn, query, []any{&id.src, &id.dst, &id.key}, values, func() error {
		i, given := find(id)
		switch {
		case given:
			present[i] = true
			if !slices.Equal(values, stored(rows[i].edge.Values)) {
				changed = append(changed, id)
			}
		case l.options.Mode == store.LoadReplace:
			gone = append(gone, id)
		default:
			if err := unstored(r.Properties, values); err != nil {
				return err
			}
			l.content.Add(l.content.Edge(r, store.Edge{From: ids[id.src], To: ids[id.dst], Key: id.key, Values: values}))
		}
		return nil
	})
	if err != nil {
		return err
	}
	const same = `__src = ? AND __dst = ? AND __key = ?`
	for _, id := range gone {
		l.report.EdgesDeleted++
		if err := l.exec(`DELETE FROM `+edgeTable(r)+` WHERE `+same, id.src, id.dst, id.key); err != nil {
			return err
		}
	}
	for _, id := range changed {
		l.report.EdgesUpdated++
		i, _ := find(id)
		if err := l.exec(assign(edgeTable(r), r.Properties, same), append(stored(rows[i].edge.Values), id.src, id.dst, id.key)...); err != nil {
			return err
		}
	}
	text := insert(edgeTable(r), names("__src, __dst, __key", r.Properties), 3+len(r.Properties))
	for i, e := range rows {
		if !present[i] {
			l.report.EdgesCreated++
			if err := l.exec(text, append([]any{e.id.src, e.id.dst, e.id.key}, stored(e.edge.Values)...)...); err != nil {
				return err
			}
		}
		l.content.Add(l.content.Edge(r, *e.edge))
		if err := l.tick(); err != nil {
			return err
		}
	}
	return nil
}

type identified struct {
	id   edgeID
	edge *store.Edge
}

// edgeRows are the data set's relationships of a type in the order of their
// table, which makes writing them sequential.
func (l *loader) edgeRows(r *catalog.Relationship) ([]identified, error) {
	var out []identified
	for _, s := range l.data.Edges {
		if s.Relationship != r {
			continue
		}
		for i := range s.Rows {
			e := &s.Rows[i]
			src, ok := l.keys[e.From]
			dst, also := l.keys[e.To]
			if !ok || !also {
				return nil, &store.Error{Code: store.Conflict, Message: fmt.Sprintf("a relationship %s leads from %q to %q, and one of the two is not there", r.Type, e.From, e.To)}
			}
			out = append(out, identified{edgeID{src, dst, e.Key}, e})
		}
	}
	slices.SortFunc(out, func(a, b identified) int { return a.id.compare(b.id) })
	return out, nil
}
