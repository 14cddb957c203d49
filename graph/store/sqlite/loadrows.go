package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// appendStored appends a data set's values in the form they have in columns.
func appendStored(to, values []any) []any {
	for _, v := range values {
		switch x := v.(type) {
		case nil, string, int64, float64:
			to = append(to, v)
		case bool:
			to = append(to, argument(nil, x))
		default:
			to = append(to, listText(x))
		}
	}
	return to
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
func scan(ctx context.Context, db querier, query string, args, fixed, values []any, f func() error) error {
	rows, err := db.QueryContext(ctx, query, args...)
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

// pageSize is the number of stored rows that are compared before the changes
// among them are written: a statement must not read a table that is being
// written.
const pageSize = 1000

// absent is the position of a stored row that the data set does not have.
const absent = -1

// nodes brings all node types up to date: first what goes, then what comes, so
// that an id may move from one type to another. Keys follow the order of ids.
func (l *loader) nodes() error {
	lists := make([]store.NodeList, len(l.cat.Nodes))
	present := make([][]bool, len(l.cat.Nodes))
	for i, n := range l.cat.Nodes {
		lists[i] = l.data.NodeList(n)
		if l.filled {
			present[i] = make([]bool, lists[i].Len())
			if err := l.compareNodes(n, lists[i], present[i]); err != nil {
				return err
			}
		}
	}
	if l.options.Approve != nil && l.report.NodesDeleted > 0 {
		if err := l.options.Approve(l.report.NodesDeleted, l.held); err != nil {
			return err
		}
	}
	for t, n := range l.cat.Nodes {
		insert := fmt.Sprintf(`INSERT INTO %s(%s) VALUES(?%s)`, nodeTable(n), names("__key", n.Properties), strings.Repeat(", ?", len(n.Properties)))
		for i := range lists[t].Len() {
			if !l.filled || !present[t][i] {
				if err := l.insertNode(n, insert, lists[t].ID(i), lists[t].Row(i)); err != nil {
					return err
				}
			}
			if err := l.tick(); err != nil {
				return err
			}
		}
	}
	return nil
}

// compareNodes goes over what is stored of a type: it updates what differs,
// deletes what a replacing load does not hold, and tells which rows of the data
// set are there.
func (l *loader) compareNodes(n *catalog.Node, list store.NodeList, present []bool) error {
	type change struct {
		key int64
		at  int // in list
	}
	var changes []change
	var key int64
	id := slices.Index(n.Properties, n.Property("id"))
	values := make([]any, len(n.Properties))
	page := fmt.Sprintf(`SELECT %s FROM %s WHERE __key > ? ORDER BY __key LIMIT %d`, names("__key", n.Properties), nodeTable(n), pageSize)
	for more := true; more; {
		read := 0
		err := scan(l.ctx, l.conn, page, []any{key}, []any{&key}, values, func() error {
			read++
			l.held++
			switch i, given := list.Find(values[id].(string)); {
			case given:
				present[i] = true
				if !l.stored(values, list.Row(i)) {
					changes = append(changes, change{key, i})
				}
			case l.options.Mode == store.LoadReplace:
				changes = append(changes, change{key, absent})
			default:
				if err := unstored(n.Properties, values); err != nil {
					return err
				}
				l.content.Add(l.content.Node(n, values))
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, c := range changes {
			if c.at == absent {
				err = l.deleteNode(n, c.key)
			} else {
				err = l.updateNode(n, c.key, list.Row(c.at))
			}
			if err != nil {
				return err
			}
		}
		more, changes = read == pageSize, changes[:0]
	}
	return nil
}

// stored reports whether columns hold a row of the data set.
func (l *loader) stored(columns, row []any) bool {
	l.args = appendStored(l.args[:0], row)
	return slices.Equal(columns, l.args)
}

func (l *loader) deleteNode(n *catalog.Node, key int64) error {
	l.report.NodesDeleted++
	for _, table := range []string{nodeTable(n), "node"} {
		if err := l.exec(`DELETE FROM `+table+` WHERE __key = ?`, key); err != nil {
			return err
		}
	}
	return l.exec(`DELETE FROM search WHERE rowid = ?`, key)
}

func (l *loader) updateNode(n *catalog.Node, key int64, row []any) error {
	l.report.NodesUpdated++
	l.args = append(appendStored(l.args[:0], row), key)
	if err := l.exec(assign(nodeTable(n), n.Properties, "__key = ?"), l.args...); err != nil {
		return err
	}
	if err := l.exec(`DELETE FROM search WHERE rowid = ?`, key); err != nil {
		return err
	}
	return l.indexText(n, key, row)
}

func (l *loader) insertNode(n *catalog.Node, insert, id string, row []any) error {
	l.last++
	l.report.NodesCreated++
	written, err := l.affect(`INSERT INTO node(__key, type, id) VALUES(?, ?, ?) ON CONFLICT(id) DO NOTHING`, l.last, int64(l.rank[n]), id)
	if err != nil {
		return err
	}
	if written == 0 {
		return &store.Error{Code: store.Conflict, Message: fmt.Sprintf("the id %q of a %s is already that of a node of another type", id, n.Name)}
	}
	l.args = appendStored(append(l.args[:0], l.last), row)
	if err := l.exec(insert, l.args...); err != nil {
		return err
	}
	return l.indexText(n, l.last, row)
}

func (l *loader) indexText(n *catalog.Node, key int64, row []any) error {
	name, body := store.SearchTokens(n, row)
	if len(name)+len(body) == 0 {
		return nil
	}
	return l.exec(`INSERT INTO search(rowid, name, body) VALUES(?, ?, ?)`, key, strings.Join(name, " "), strings.Join(body, " "))
}

// edgeID is the stored identity of a relationship within its type.
type edgeID struct {
	src, dst int64
	key      string
}

// edges brings all relationships up to date.
func (l *loader) edges() error {
	for _, r := range l.cat.Relationships {
		list := l.data.EdgeList(r)
		var present []bool
		if l.filled {
			present = make([]bool, len(list))
			if err := l.compareEdges(r, list, present); err != nil {
				return err
			}
		}
		insert := fmt.Sprintf(`INSERT INTO %s(%s) SELECT a.__key, b.__key, ?%s FROM node a, node b WHERE a.id = ? AND b.id = ?`,
			edgeTable(r), names("__src, __dst, __key", r.Properties), strings.Repeat(", ?", len(r.Properties)))
		for i, e := range list {
			if !l.filled || !present[i] {
				if err := l.insertEdge(r, insert, e); err != nil {
					return err
				}
			}
			if err := l.tick(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loader) insertEdge(r *catalog.Relationship, insert string, e *store.Edge) error {
	l.report.EdgesCreated++
	l.args = append(appendStored(append(l.args[:0], e.Key), e.Values), e.From, e.To)
	written, err := l.affect(insert, l.args...)
	if err == nil && written == 0 {
		return &store.Error{Code: store.Conflict, Message: fmt.Sprintf("a relationship %s leads from %q to %q, and one of the two is not there", r.Type, e.From, e.To)}
	}
	return err
}

// compareEdges does for relationships what compareNodes does for nodes. An end
// that is no more has the id "".
func (l *loader) compareEdges(r *catalog.Relationship, list store.EdgeList, present []bool) error {
	type change struct {
		id edgeID
		at int // in list
	}
	const same = `__src = ? AND __dst = ? AND __key = ?`
	var changes []change
	var id edgeID
	var e store.Edge
	values := make([]any, len(r.Properties))
	page := fmt.Sprintf(`SELECT coalesce((SELECT id FROM node n WHERE n.__key = __src), ''), coalesce((SELECT id FROM node n WHERE n.__key = __dst), ''), %s
FROM %s WHERE (__src, __dst, __key) > (?, ?, ?) ORDER BY __src, __dst, __key LIMIT %d`, names("__src, __dst, __key", r.Properties), edgeTable(r), pageSize)
	for more := true; more; {
		read := 0
		err := scan(l.ctx, l.conn, page, []any{id.src, id.dst, id.key}, []any{&e.From, &e.To, &id.src, &id.dst, &id.key}, values, func() error {
			read++
			e.Key = id.key
			switch i, given := list.Find(&e); {
			case given:
				present[i] = true
				if !l.stored(values, list[i].Values) {
					changes = append(changes, change{id, i})
				}
			case l.gone(r, &e):
				changes = append(changes, change{id, absent})
			default:
				if err := unstored(r.Properties, values); err != nil {
					return err
				}
				e.Values = values
				l.content.Add(l.content.Edge(r, e))
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, c := range changes {
			if c.at == absent {
				l.report.EdgesDeleted++
				err = l.exec(`DELETE FROM `+edgeTable(r)+` WHERE `+same, c.id.src, c.id.dst, c.id.key)
			} else {
				l.report.EdgesUpdated++
				l.args = append(appendStored(l.args[:0], list[c.at].Values), c.id.src, c.id.dst, c.id.key)
				err = l.exec(assign(edgeTable(r), r.Properties, same), l.args...)
			}
			if err != nil {
				return err
			}
		}
		more, changes = read == pageSize, changes[:0]
	}
	return nil
}
