package main

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"net/http"
	"net/url"
	"strconv"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"normgraph/bench/shape"
)

// rawURL is where requests to a raw transport pretend to go.
const rawURL = "http://127.0.0.1/"

// query runs one plain statement and gives all of its rows.
type query func(ctx context.Context, values map[string]any) ([][]any, error)

// rawTransport answers requests, whose body is the number of the values to use,
// by running a statement in this process: the same loops drive it and the
// servers.
type rawTransport struct {
	query  query
	values []shape.Values
}

// RoundTrip runs the statement. The answer's body is empty.
func (t rawTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	i, err := strconv.Atoi(string(text))
	if err != nil {
		return nil, err
	}
	if _, err := t.query(r.Context(), t.values[i].Raw); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(nil)), Request: r}, nil
}

// openSQL opens a file with the service's pragmas.
func openSQL(file string) (*sql.DB, error) {
	dsn := (&url.URL{Scheme: "file", Path: file}).String() +
		"?mode=ro&_pragma=query_only(1)&_pragma=busy_timeout(1000)&_pragma=temp_store(memory)&_pragma=cache_size(-16384)&_pragma=mmap_size(1099511627776)"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	const connections = 4 // as the service has on two cores
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// rawSQL prepares the SQL of a shape.
func rawSQL(ctx context.Context, db *sql.DB, s *shape.Shape) (query, error) {
	statement, err := db.PrepareContext(ctx, s.SQL)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, values map[string]any) ([][]any, error) {
		var args []any
		for name, v := range values {
			args = append(args, sql.Named(name, v))
		}
		rows, err := statement.QueryContext(ctx, args...)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		var out [][]any
		for rows.Next() {
			row, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range row {
				into[i] = &row[i]
			}
			if err := rows.Scan(into...); err != nil {
				return nil, err
			}
			out = append(out, row)
		}
		return out, rows.Err()
	}, nil
}

// rawCypher runs the Cypher of a shape, one auto-commit transaction each.
func rawCypher(d driver.DriverWithContext, s *shape.Shape) query {
	return func(ctx context.Context, values map[string]any) ([][]any, error) {
		session := d.NewSession(ctx, driver.SessionConfig{AccessMode: driver.AccessModeRead, DatabaseName: "neo4j"})
		defer session.Close(ctx)
		result, err := session.Run(ctx, s.Cypher, values)
		if err != nil {
			return nil, err
		}
		var out [][]any
		for result.Next(ctx) {
			out = append(out, result.Record().Values)
		}
		return out, result.Err()
	}
}
