package neo4j

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"go.uber.org/zap"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

const (
	nodeLabel   = "NormgraphNode"
	searchIndex = "normgraph_search"
)

// index is one constraint or index that the store needs.
type index struct{ name, create string }

// indexes are the constraints and indexes of a catalog. The order by id of
// every type, and by each property that is worth it and never null, has an index
// of its own: a page of a root list then reads no more nodes than it returns.
func indexes(cat *catalog.Catalog) []index {
	out := []index{
		{"normgraph_id", "CREATE CONSTRAINT normgraph_id IF NOT EXISTS FOR (n:" + nodeLabel + ") REQUIRE n.id IS UNIQUE"},
		{"normgraph_revision", "CREATE CONSTRAINT normgraph_revision IF NOT EXISTS FOR (n:" + markerLabel + ") REQUIRE n.name IS UNIQUE"},
		{searchIndex, "CREATE FULLTEXT INDEX " + searchIndex + " IF NOT EXISTS FOR (n:" + nodeLabel + ") ON EACH [n." + nameColumn + ", n." + bodyColumn + "]" +
			" OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace', `fulltext.eventually_consistent`: false}}"},
	}
	for _, n := range cat.Nodes {
		idx := "normgraph_id_" + strings.ToLower(n.Name)
		out = append(out, index{idx, "CREATE INDEX " + name(idx) + " IF NOT EXISTS FOR (n:" + name(n.Name) + ") ON (n.id)"})
		for _, p := range n.Properties {
			if p.Indexed() && p.NonNull {
				idx := "normgraph_" + strings.ToLower(n.Name+"_"+p.Name)
				out = append(out, index{idx, "CREATE INDEX " + name(idx) + " IF NOT EXISTS FOR (n:" + name(n.Name) + ") ON (n." + name(p.Name) + ", n.id)"})
			}
		}
	}
	return out
}

// searchOptions are what the full-text index must have been made with. Another
// one of the same name would silently stay and find other nodes.
var searchOptions = map[string]any{"fulltext.analyzer": "whitespace", "fulltext.eventually_consistent": false}

// contact remembers that the schema was looked after.
type contact struct {
	mu   sync.Mutex
	done atomic.Bool
}

// contact brings constraints and indexes up to date before the first read of a
// database that is ours. It leaves any other database alone. Callers wait for
// each other only once the server has answered.
func (s *Store) contact(ctx context.Context) error {
	c := &s.contacted
	if c.done.Load() {
		return nil
	}
	record, err := s.read(ctx, "MATCH (m:"+markerLabel+") RETURN m.format, m.number = 0 OR coalesce(m.search = $form, false)",
		map[string]any{"form": store.SearchForm(s.cat)})
	if err != nil || record == nil {
		return err // not ours, or not yet: the read itself says so
	}
	if err := checkFormat(record[0]); err != nil {
		return err
	}
	if record[1] != true {
		return errOtherSearch
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done.Load() {
		return nil
	}
	if err := s.ensureSchema(ctx); err != nil {
		if away(err) || ctx.Err() != nil {
			return err
		}
		// A user who may only read can still be served.
		s.log.Warn("indexes could not be brought up to date", zap.Error(err))
	}
	c.done.Store(true)
	return nil
}

// errOtherSearch says that text is indexed as other versions of the program or of
// the schema do: a search would miss it.
var errOtherSearch = &store.Error{Code: store.Unavailable, Message: "the store was made for another version of search; run load --replace to rebuild it"}

func checkFormat(v any) error {
	if n, ok := v.(int64); ok && n > formatVersion {
		return &store.Error{Code: store.Unavailable, Message: fmt.Sprintf("the store was written by a newer version (format %d, this one knows %d); use that version", n, formatVersion)}
	}
	return nil
}

// ensureSchema makes what is missing, makes the full-text index again when it
// has other options, and waits until all indexes answer. Processes that start
// together collide here: the server then reports a deadlock, or, in spite of IF
// NOT EXISTS, that another has made it just now. So the loser looks again.
func (s *Store) ensureSchema(ctx context.Context) error {
	for try := 0; ; try++ {
		err := s.completeSchema(ctx)
		if err == nil || try == maxSchemaTries || !away(err) && !madeMeanwhile(err) {
			return err
		}
		if pause(ctx, time.Duration(100<<try)*time.Millisecond) != nil {
			return err
		}
	}
}

const maxSchemaTries = 4

func madeMeanwhile(err error) bool {
	var server *neo4j.Neo4jError
	return errors.As(err, &server) && strings.HasPrefix(server.Code, "Neo.ClientError.Schema.") && strings.HasSuffix(server.Code, "AlreadyExists")
}

const awaitIndexes = "CALL db.awaitIndexes(300)"

// completeSchema writes only where something is missing: a cluster without a
// leader, or a user who may only read, can serve what is there.
func (s *Store) completeSchema(ctx context.Context) error {
	var missing []string
	err := s.run(ctx, neo4j.AccessModeRead, func(ctx context.Context, session neo4j.SessionWithContext, options ...txOption) (err error) {
		var online bool
		if missing, online, err = s.missingSchema(ctx, session, options...); err != nil || online || len(missing) > 0 {
			return err
		}
		return execute(ctx, session, awaitIndexes, options...)
	})
	if err != nil || len(missing) == 0 {
		return err
	}
	return s.run(ctx, neo4j.AccessModeWrite, func(ctx context.Context, session neo4j.SessionWithContext, options ...txOption) error {
		for _, statement := range append(missing, awaitIndexes) {
			if err := execute(ctx, session, statement, options...); err != nil {
				return err
			}
		}
		return nil
	})
}

// missingSchema gives the statements that complete the schema, and whether the
// indexes that are there answer.
func (s *Store) missingSchema(ctx context.Context, session neo4j.SessionWithContext, options ...txOption) (statements []string, online bool, err error) {
	result, err := session.Run(ctx, "SHOW INDEXES YIELD name, options, state WHERE name STARTS WITH 'normgraph_' RETURN name, options, state", nil, options...)
	if err != nil {
		return nil, false, err
	}
	have := map[string]map[string]any{}
	online = true
	for result.Next(ctx) {
		v := result.Record().Values
		options, _ := v[1].(map[string]any)
		have[v[0].(string)] = options
		online = online && v[2] == "ONLINE"
	}
	if err := result.Err(); err != nil {
		return nil, false, err
	}
	if options, ok := have[searchIndex]; ok && !searchable(options) {
		s.log.Warn("the full-text index has other options and is made again", zap.Any("options", options["indexConfig"]))
		statements = append(statements, "DROP INDEX "+searchIndex+" IF EXISTS")
		delete(have, searchIndex)
	}
	for _, x := range indexes(s.cat) {
		if _, ok := have[x.name]; !ok {
			statements = append(statements, x.create)
		}
	}
	return statements, online, nil
}

func execute(ctx context.Context, session neo4j.SessionWithContext, statement string, options ...txOption) error {
	result, err := session.Run(ctx, statement, nil, options...)
	if err == nil {
		_, err = result.Consume(ctx)
	}
	return err
}

func searchable(options map[string]any) bool {
	config, _ := options["indexConfig"].(map[string]any)
	for k, v := range searchOptions {
		if config[k] != v {
			return false
		}
	}
	return true
}
