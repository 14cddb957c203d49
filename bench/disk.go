package main

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// disk is what a store takes on disk, in bytes, by what it is for.
type disk map[string]float64

// The kinds of bytes, in the order of the table. Neo4j keeps the properties of
// nodes and relationships in one place.
var diskKinds = []string{"nodes", "relationships", "properties", "indexes of nodes", "full-text index", "log", "rest"}

func (d disk) total() float64 {
	sum := 0.0
	for _, bytes := range d {
		sum += bytes
	}
	return sum
}

// row says how many bytes of each kind a node takes, with the relationships
// that it has in the data.
func (d disk) row(name string, nodes int) []string {
	row := []string{name}
	for _, kind := range diskKinds {
		row = append(row, dash(d[kind]/float64(nodes)))
	}
	return append(row, number(d.total()/float64(nodes)))
}

func diskHead() []string {
	return append(append([]string{"bytes per node"}, diskKinds...), "all")
}

// sqliteDisk counts the pages of a file by the table they belong to. A closed
// store has no log.
func sqliteDisk(ctx context.Context, file string) (d disk, err error) {
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: file}).String()+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, `SELECT coalesce(s.tbl_name, d.name), coalesce(s.type, 'table'), sum(d.pgsize)
		FROM dbstat d LEFT JOIN sqlite_schema s ON s.name = d.name GROUP BY 1, 2`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	d = disk{}
	for rows.Next() {
		var table, kind string
		var bytes float64
		if err := rows.Scan(&table, &kind, &bytes); err != nil {
			return nil, err
		}
		switch {
		case strings.HasPrefix(table, "r_"):
			d["relationships"] += bytes
		case strings.HasPrefix(table, "search"):
			d["full-text index"] += bytes
		case strings.HasPrefix(table, "n_") && kind == "index":
			d["indexes of nodes"] += bytes
		case strings.HasPrefix(table, "n_"), table == "node":
			d["nodes"] += bytes
		default:
			d["rest"] += bytes
		}
	}
	return d, rows.Err()
}

// neo4jDisk counts the files of a stopped server.
func neo4jDisk(dir string) (disk, error) {
	d := disk{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		d[neo4jKind(path)] += float64(info.Size())
		return nil
	})
	return d, err
}

func neo4jKind(path string) string {
	folders := strings.Split(filepath.ToSlash(path), "/")
	file := folders[len(folders)-1]
	at := slices.Index(folders, "databases")
	if at < 0 || at+1 == len(folders) || folders[at+1] != "neo4j" {
		if at := slices.Index(folders, "transactions"); at >= 0 && folders[at+1] == "neo4j" {
			return "log"
		}
		return "rest"
	}
	switch {
	case slices.ContainsFunc(folders, func(s string) bool { return strings.HasPrefix(s, "fulltext") }):
		return "full-text index"
	case slices.Contains(folders, "schema"):
		return "indexes of nodes"
	case strings.HasPrefix(file, "neostore.nodestore"):
		return "nodes"
	case strings.HasPrefix(file, "neostore.relationshipstore"), strings.HasPrefix(file, "neostore.relationshipgroup"):
		return "relationships"
	case strings.HasPrefix(file, "neostore.propertystore"):
		return "properties"
	}
	return "rest"
}
