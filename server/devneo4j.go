package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"normgraph/graph/store/neo4j/devserver"
)

type devNeo4jCmd struct {
	Data string `placeholder:"DIR" help:"Folder that keeps the database between runs. Default: neo4j in the user's data folder."`
	Port int    `default:"7687" help:"Port on 127.0.0.1; 0 takes a free one. Default: ${default}."`
}

// Help is the long help of the command.
func (devNeo4jCmd) Help() string {
	return `It uses docker, or else fetches the server's jars with Maven and runs them with Java 17 or 21.
The server listens on this machine only. Its password is made by chance and kept in the
folder's file "password". Example:

  normgraph dev-neo4j --port 7688`
}

// Run keeps the server until ctx ends or it ends by itself.
func (c *devNeo4jCmd) Run(ctx context.Context, log *zap.Logger) (err error) {
	if c.Data == "" {
		dir, err := dataDir()
		if err != nil {
			return err
		}
		c.Data = filepath.Join(dir, "neo4j")
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("the folder of the database cannot be made: %w", err)
	}
	log.Info("starting Neo4j; the first time its files are fetched, which takes a minute or two", zap.String("data", c.Data))
	var output io.Writer
	if log.Core().Enabled(zapcore.DebugLevel) {
		output = os.Stderr
	}
	server, err := devserver.Start(ctx, devserver.Options{DataDir: c.Data, Port: c.Port, Password: true, Log: output})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	fmt.Printf("Neo4j answers at %s (%s). Use it from another terminal:\n\n", server.URI, server.How)
	if server.How == devserver.HowEnvironment {
		fmt.Printf("  normgraph serve --store %s\n\n", server.URI)
		return nil
	}
	fmt.Printf("  export NEO4J_USER=%s NEO4J_PASSWORD=%s\n  normgraph serve --store %s\n\n", server.User, server.Password, server.URI)
	fmt.Println("Interrupt to stop it; the data stays.")
	select {
	case <-ctx.Done():
		return nil
	case <-server.Done():
		return errors.New("the Neo4j server ended by itself; --log-level debug shows what it prints")
	}
}
