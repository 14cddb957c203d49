package sqlite

import (
	"slices"
	"strings"

	"normgraph/graph/catalog"
)

// reorder gives all nodes new keys when keys no longer ascend with the ids of a
// type, as statements rely on: the load has brought ids in between.
func (l *loader) reorder() error {
	var broken bool
	const between = `SELECT EXISTS (SELECT 1 FROM (SELECT id, lag(id) OVER (PARTITION BY type ORDER BY __key) AS before FROM node) WHERE id < before)`
	if err := l.conn.QueryRowContext(l.ctx, between).Scan(&broken); err != nil || !broken {
		return err
	}
	steps := []string{
		`CREATE TEMP TABLE moved(old INTEGER PRIMARY KEY, new INTEGER NOT NULL)`,
		`INSERT INTO temp.moved SELECT __key, row_number() OVER (ORDER BY type, id) FROM node`,
	}
	// By way of negative numbers: a new key may be another node's old one.
	for _, assigned := range []string{`-(SELECT new FROM temp.moved WHERE old = @)`, `-@`} {
		set := func(column string) string { return column + " = " + strings.ReplaceAll(assigned, "@", column) }
		steps = append(steps, `UPDATE node SET `+set("__key"))
		for _, n := range l.cat.Nodes {
			steps = append(steps, `UPDATE `+nodeTable(n)+` SET `+set("__key"))
		}
		for _, r := range l.cat.Relationships {
			steps = append(steps, `UPDATE `+edgeTable(r)+` SET `+set("__src")+`, `+set("__dst"))
		}
	}
	steps = append(steps, `DROP TABLE temp.moved`)
	if err := execAll(l.ctx, l.conn, steps); err != nil {
		return err
	}
	return l.indexAll()
}

// reindex makes the search entries of a store in the form of this version.
func (l *loader) reindex() error {
	if err := l.indexAll(); err != nil {
		return err
	}
	if err := l.exec(`INSERT INTO search(search) VALUES('optimize')`); err != nil {
		return err
	}
	return l.exec(`UPDATE store SET catalog = ?`, l.print)
}

// indexAll makes the search entries of all stored nodes.
func (l *loader) indexAll() error {
	if err := l.exec(`INSERT INTO search(search) VALUES('delete-all')`); err != nil {
		return err
	}
	for _, n := range l.cat.Nodes {
		if err := l.indexTexts(n); err != nil {
			return err
		}
	}
	return nil
}

// indexTexts makes those of a type.
func (l *loader) indexTexts(n *catalog.Node) error {
	if !slices.ContainsFunc(n.Properties, func(p *catalog.Property) bool { return p.Search > 0 }) {
		return nil
	}
	var key int64
	values := make([]any, len(n.Properties))
	return scan(l.ctx, l.conn, `SELECT `+names("__key", n.Properties)+` FROM `+nodeTable(n), nil, []any{&key}, values, func() error {
		if err := unstored(n.Properties, values); err != nil {
			return err
		}
		return l.indexText(n, key, values)
	})
}
