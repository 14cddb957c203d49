package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/bench/load"
	"normgraph/bench/shape"
)

// subject is something that answers the shapes.
type subject struct {
	name string
	// pid is the process that answers, dbPID that of its database, 0 if the
	// first is the database too.
	pid, dbPID int
	url        string // of the service; "" for others
	// prepare makes the requests of a shape.
	prepare func(ctx context.Context, s *shape.Shape, values []shape.Values) (load.Attack, error)
	// rows runs plain statements; nil for GraphQL servers.
	rows func(ctx context.Context, s *shape.Shape, v shape.Values) ([][]any, error)
	// statements counts those sent to the store so far; nil when that is not known.
	statements func(ctx context.Context) (float64, error)
	// cost is the number of statements and db hits of one request; nil when
	// there is no such measure.
	cost func(ctx context.Context, s *shape.Shape, v shape.Values) (statements, hits float64, err error)
	stop func() error
}

// The subjects, by the names that --subjects takes.
const (
	subjectSQLite     = "sqlite"
	subjectCached     = "cached"
	subjectDataloader = "dataloader"
	subjectSQL        = "sql"
	subjectNeo4j      = "neo4j"
	subjectLibrary    = "library"
	subjectCypher     = "cypher"
)

var titles = map[string]string{
	subjectSQLite: "normgraph, SQLite", subjectCached: "normgraph, SQLite, cached", subjectDataloader: "gqlgen + dataloader", subjectSQL: "plain SQL",
	subjectNeo4j: "normgraph, Neo4j", subjectLibrary: "@neo4j/graphql", subjectCypher: "plain Cypher",
}

func onNeo4j(name string) bool {
	return name == subjectNeo4j || name == subjectLibrary || name == subjectCypher
}

func ours(name string) bool {
	return name == subjectSQLite || name == subjectCached || name == subjectNeo4j
}

// start starts a subject over a world's stores.
func (w *workshop) start(ctx context.Context, name string, on *world, connections int) (*subject, error) {
	var s *subject
	var err error
	client := load.Client(connections)
	switch name {
	case subjectSQLite:
		s, err = w.service(ctx, "sqlite:"+on.sqliteFile(), client, unlimited, uncached)
	case subjectCached:
		s, err = w.service(ctx, "sqlite:"+on.sqliteFile(), client, unlimited)
	case subjectNeo4j:
		if s, err = w.service(ctx, on.neo.URI, client, unlimited, uncached); err == nil {
			s.cost = on.serviceCost
		}
	case subjectDataloader:
		s, err = w.dataloader(ctx, on, client)
	case subjectLibrary:
		s, err = w.library(ctx, on, client)
	case subjectSQL:
		s, err = plainSQL(on)
	case subjectCypher:
		s, err = plainCypher(on)
	default:
		return nil, fmt.Errorf("no subject is called %q", name)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", titles[name], err)
	}
	s.name = name
	if onNeo4j(name) {
		s.dbPID = findProcess(filepath.Join(on.dir, "neo4j"))
	}
	return s, nil
}

// uncached leaves the service no room to keep an answer: the requests of the
// benchmark repeat, and what a query costs is the question.
const uncached = "--cache-bytes=1"

// unlimited refuses no request because others are under way, as the peers do.
const unlimited = "--max-in-flight=10000"

// service starts the built service on a store.
func (w *workshop) service(ctx context.Context, target string, client *http.Client, flags ...string) (*subject, error) {
	program, err := w.build(ctx, "./server")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	metricsPort, err := freePort()
	if err != nil {
		return nil, err
	}
	address, metrics := "127.0.0.1:"+strconv.Itoa(port), "127.0.0.1:"+strconv.Itoa(metricsPort)
	// The peers write no line for each request.
	flags = append([]string{"serve", "--store", target, "--listen", address, "--metrics-listen", metrics, "--log-level", "warn"}, flags...)
	cmd := exec.Command(program, flags...)
	cmd.Env = append(os.Environ(), "NEO4J_USER=", "NEO4J_PASSWORD=")
	p, err := spawn(cmd)
	if err != nil {
		return nil, err
	}
	if err := p.ready(ctx, client, "http://"+address+"/readyz"); err != nil {
		return nil, errors.Join(err, p.stop(), errors.New(p.stderr.String()))
	}
	url := "http://" + address + "/graphql"
	return &subject{pid: p.cmd.Process.Pid, url: url, stop: p.stop, prepare: graphQL(client, url, askCursor),
		statements: func(ctx context.Context) (float64, error) {
			return metric(ctx, client, "http://"+metrics+"/metrics", "normgraph_store_statements_total ")
		}}, nil
}

func (w *workshop) dataloader(ctx context.Context, on *world, client *http.Client) (*subject, error) {
	program, err := w.build(ctx, "./bench/dataloader")
	if err != nil {
		return nil, err
	}
	p, err := spawn(exec.Command(program, "-db", on.sqliteFile()))
	if err != nil {
		return nil, err
	}
	url, err := p.line()
	if err != nil {
		return nil, err
	}
	return &subject{pid: p.cmd.Process.Pid, stop: p.stop, prepare: graphQL(client, url, askCursor),
		statements: func(ctx context.Context) (float64, error) {
			return metric(ctx, client, strings.Replace(url, "/graphql", "/statements", 1), "")
		}}, nil
}

// library starts the peer, and a second one that tells its statements.
func (w *workshop) library(ctx context.Context, on *world, client *http.Client) (*subject, error) {
	p, url, err := w.peer(on, false)
	if err != nil {
		return nil, err
	}
	telling, tellingURL, err := w.peer(on, true)
	if err != nil {
		return nil, errors.Join(err, p.stop())
	}
	t := newTrace(telling)
	s := &subject{pid: p.cmd.Process.Pid, prepare: libraryGraphQL(client, url),
		stop: func() error { return errors.Join(p.stop(), telling.stop()) }}
	ask := libraryGraphQL(client, tellingURL)
	s.cost = func(ctx context.Context, sh *shape.Shape, v shape.Values) (float64, float64, error) {
		a, err := ask(ctx, sh, []shape.Values{v})
		if err != nil {
			return 0, 0, err
		}
		for range 2 { // the first request ever also asks the server for its version
			t.drain()
			if _, err := post(ctx, a.Client, a.URL, a.Bodies[0]); err != nil {
				return 0, 0, err
			}
		}
		return on.profiled(ctx, t.drain())
	}
	return s, nil
}

func (w *workshop) peer(on *world, tell bool) (*process, string, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, "", fmt.Errorf("it needs Node 20 or later: %w", err)
	}
	dir := filepath.Join(w.module, "bench", "peer")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@neo4j", "graphql")); err != nil {
		return nil, "", errors.New("its packages are missing; run npm ci --prefix bench/peer")
	}
	cmd := exec.Command(node, "server.js")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "NODE_ENV=production", "PORT=0", "NEO4J_URI="+on.neo.URI, "NEO4J_USER=", "NEO4J_PASSWORD=", "PEER_SDL="+shape.LibrarySDL)
	if tell {
		cmd.Env = append(cmd.Env, "PEER_TRACE=1")
	}
	p, err := spawn(cmd)
	if err != nil {
		return nil, "", err
	}
	url, err := p.line()
	return p, strings.Replace(url, "localhost", "127.0.0.1", 1), err
}

func plainSQL(on *world) (*subject, error) {
	db, err := openSQL(on.sqliteFile())
	if err != nil {
		return nil, err
	}
	return plain(db.Close, func(ctx context.Context, s *shape.Shape) (query, error) { return rawSQL(ctx, db, s) }), nil
}

func plainCypher(on *world) (*subject, error) {
	d, err := on.neo.Driver()
	if err != nil {
		return nil, err
	}
	s := plain(func() error { return d.Close(context.Background()) },
		func(_ context.Context, s *shape.Shape) (query, error) { return rawCypher(d, s), nil })
	s.cost = func(ctx context.Context, sh *shape.Shape, v shape.Values) (float64, float64, error) {
		return on.profiled(ctx, []told{{sh.Cypher, v.Raw}})
	}
	return s, nil
}

// plain is a subject in this process.
func plain(stop func() error, open func(context.Context, *shape.Shape) (query, error)) *subject {
	return &subject{
		pid: os.Getpid(), stop: stop,
		prepare: func(ctx context.Context, s *shape.Shape, values []shape.Values) (load.Attack, error) {
			q, err := open(ctx, s)
			a := load.Attack{Client: &http.Client{Transport: rawTransport{q, values}}, URL: rawURL}
			for i := range values {
				a.Bodies = append(a.Bodies, []byte(strconv.Itoa(i)))
			}
			return a, err
		},
		rows: func(ctx context.Context, s *shape.Shape, v shape.Values) ([][]any, error) {
			q, err := open(ctx, s)
			if err != nil {
				return nil, err
			}
			return q(ctx, v.Raw)
		},
	}
}

// cursorOf gives a server's cursor to the position of v.
type cursorOf func(ctx context.Context, client *http.Client, url string, v shape.Values) (string, error)

// askCursor asks a server for the cursor behind a node.
func askCursor(ctx context.Context, client *http.Client, url string, v shape.Values) (string, error) {
	body, err := request(shape.CursorDocument, map[string]any{"id": v.Raw["id"]})
	if err != nil {
		return "", err
	}
	text, err := post(ctx, client, url, body)
	if err != nil {
		return "", err
	}
	leaves := shape.Leaves(text)
	if len(leaves) != 1 {
		return "", fmt.Errorf("the node %v has %d cursors", v.Raw["id"], len(leaves))
	}
	return leaves[0], nil
}

// countCursor is a cursor of the library: it counts nodes from 0.
func countCursor(_ context.Context, _ *http.Client, _ string, v shape.Values) (string, error) {
	return base64.StdEncoding.EncodeToString([]byte("arrayconnection:" + strconv.Itoa(v.Position-1))), nil
}

func libraryGraphQL(client *http.Client, url string) func(context.Context, *shape.Shape, []shape.Values) (load.Attack, error) {
	ask := graphQL(client, url, countCursor)
	return func(ctx context.Context, s *shape.Shape, values []shape.Values) (load.Attack, error) {
		own := *s
		if own.Library != "" {
			own.Document = own.Library
		}
		return ask(ctx, &own, values)
	}
}

// graphQL makes requests over HTTP.
func graphQL(client *http.Client, url string, cursor cursorOf) func(context.Context, *shape.Shape, []shape.Values) (load.Attack, error) {
	return func(ctx context.Context, s *shape.Shape, values []shape.Values) (load.Attack, error) {
		a := load.Attack{Client: client, URL: url}
		for _, v := range values {
			variables := v.Variables
			if v.Position > 0 {
				after, err := cursor(ctx, client, url, v)
				if err != nil {
					return a, err
				}
				variables = map[string]any{"after": after}
			}
			body, err := request(s.Document, variables)
			if err != nil {
				return a, err
			}
			a.Bodies = append(a.Bodies, body)
		}
		return a, nil
	}
}

func request(document string, variables map[string]any) ([]byte, error) {
	return json.Marshal(map[string]any{"query": document, "variables": variables})
}

// post sends one request and gives the data of the answer.
func post(ctx context.Context, client *http.Client, url string, body []byte) (json.RawMessage, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	response, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return shape.Data(text)
}

// metric reads the number that follows name at the start of a line of a page.
func metric(ctx context.Context, client *http.Client, url, name string) (float64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	response, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if number, ok := strings.CutPrefix(line, name); ok {
			return strconv.ParseFloat(strings.TrimSpace(number), 64)
		}
	}
	return 0, fmt.Errorf("%s has no line that begins with %q", url, name)
}

// runAll runs one statement and gives its summary.
func runAll(ctx context.Context, d driver.DriverWithContext, text string, parameters map[string]any) (driver.ResultSummary, error) {
	session := d.NewSession(ctx, driver.SessionConfig{DatabaseName: "neo4j"})
	defer session.Close(ctx)
	result, err := session.Run(ctx, text, parameters)
	if err != nil {
		return nil, err
	}
	return result.Consume(ctx)
}
