package devserver

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// TestLabel is the label of the one node that marks a database as a test
// database, which Wipe may empty.
const TestLabel = "NormgraphTestDatabase"

// ErrForeign says that a database holds something that is not ours.
var ErrForeign = errors.New("not a normgraph test database")

// Claim marks an empty database as a test database. One that is marked
// already is fine; one that holds nodes, constraints or indexes without the
// mark is refused with ErrForeign: Community has a single database, and it
// may be a user's.
func Claim(ctx context.Context, driver neo4j.DriverWithContext) error {
	marked, err := isMarked(ctx, driver)
	if err != nil || marked {
		return err
	}
	nodes, err := single[bool](ctx, driver, "RETURN EXISTS { MATCH (n) }")
	if err != nil {
		return err
	}
	schema, err := schemaDrops(ctx, driver)
	if err != nil {
		return err
	}
	if nodes || len(schema) > 0 {
		return fmt.Errorf("%w: it has data and no node (:%s); tests erase the database they use, so give them an empty one", ErrForeign, TestLabel)
	}
	return run(ctx, driver, "CREATE (:"+TestLabel+")")
}

// Wipe deletes everything in a claimed database but the mark: relationships
// and nodes in batches, then constraints and indexes. It refuses a database
// without the mark with ErrForeign.
func Wipe(ctx context.Context, driver neo4j.DriverWithContext) error {
	marked, err := isMarked(ctx, driver)
	if err != nil {
		return err
	}
	if !marked {
		return fmt.Errorf("%w: it has no node (:%s)", ErrForeign, TestLabel)
	}
	// Relationships first: a node with very many would make one large
	// transaction.
	statements := []string{
		"MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS",
		"MATCH (n) WHERE NOT n:" + TestLabel + " CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS",
	}
	drops, err := schemaDrops(ctx, driver)
	if err != nil {
		return err
	}
	for _, statement := range append(statements, drops...) {
		if err := run(ctx, driver, statement); err != nil {
			return fmt.Errorf("wiping the test database: %w", err)
		}
	}
	return nil
}

func isMarked(ctx context.Context, driver neo4j.DriverWithContext) (bool, error) {
	return single[bool](ctx, driver, "RETURN EXISTS { MATCH (:"+TestLabel+") }")
}

// schemaDrops returns the statements that drop what schema there is. Token
// lookup indexes belong to every new database and stay.
func schemaDrops(ctx context.Context, driver neo4j.DriverWithContext) ([]string, error) {
	var drops []string
	for _, kind := range []struct{ list, drop string }{
		{"SHOW CONSTRAINTS YIELD name RETURN collect(name)", "DROP CONSTRAINT "},
		{"SHOW INDEXES YIELD name, type, owningConstraint WHERE type <> 'LOOKUP' AND owningConstraint IS NULL RETURN collect(name)", "DROP INDEX "},
	} {
		names, err := single[[]any](ctx, driver, kind.list)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			drops = append(drops, kind.drop+"`"+strings.ReplaceAll(name.(string), "`", "``")+"` IF EXISTS")
		}
	}
	return drops, nil
}

// single runs a statement that returns one row of one value.
func single[T any](ctx context.Context, driver neo4j.DriverWithContext, statement string) (T, error) {
	var value T
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	result, err := session.Run(ctx, statement, nil)
	if err != nil {
		return value, err
	}
	record, err := result.Single(ctx)
	if err != nil {
		return value, err
	}
	return record.Values[0].(T), nil
}

// run is an auto-commit statement, which CALL IN TRANSACTIONS needs, without
// the server's own limit of time: ctx bounds it.
func run(ctx context.Context, driver neo4j.DriverWithContext, statement string) error {
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	result, err := session.Run(ctx, statement, nil, neo4j.WithTxTimeout(0))
	if err != nil {
		return err
	}
	_, err = result.Consume(ctx)
	return err
}
