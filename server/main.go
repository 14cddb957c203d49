// Command normgraph serves a graph of cybersecurity agreements and norms over
// GraphQL, from an embedded database or a Neo4j server.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type cli struct {
	logFlags

	Serve      serveCmd      `cmd:"" default:"withargs" help:"Serve GraphQL, the playground and the pages (the default command)."`
	Load       loadCmd       `cmd:"" help:"Load a corpus into the store."`
	Continuity continuityCmd `cmd:"" help:"Rank norms by how broadly they recur through incidents."`
	Query      queryCmd      `cmd:"" help:"Answer one GraphQL document from the store, without a server."`
	Schema     schemaCmd     `cmd:"" help:"Print the GraphQL schema (SDL)."`
	Health     healthCmd     `cmd:"" help:"Ask a running server whether it is ready."`
	DevNeo4j   devNeo4jCmd   `cmd:"" name:"dev-neo4j" help:"Start a Neo4j for development and keep it until interrupted."`
	Licences   licencesCmd   `cmd:"" help:"List the packages that are built into this program, with their licences."`
	Version    versionCmd    `cmd:"" help:"Print version, commit, Go version and schema hash."`
}

func (c *cli) parser(ctx context.Context) *kong.Kong {
	return kong.Must(c,
		kong.Name("normgraph"),
		kong.Description("A graph of cybersecurity agreements and norms over GraphQL."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, Tree: true}),
		limitDefaults(),
		kong.BindTo(ctx, (*context.Context)(nil)))
}

// The exit codes: a fault, or a command line that makes no sense.
const (
	exitFault = 1
	exitUsage = 2
)

// errSaid ends a command with exitFault when everything has been printed.
var errSaid = errors.New("")

func main() {
	// The first signal ends ctx, which commands obey in good order; the second
	// meets the default and ends the process at once.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	var c cli
	command, err := c.parser(ctx).Parse(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "normgraph: %v\nnormgraph --help tells what there is.\n", err)
		os.Exit(exitUsage)
	}
	log := c.logger(os.Stderr)
	err = command.Run(log)
	_ = log.Sync() // standard error may be something that cannot be synced
	if err != nil {
		if !errors.Is(err, errSaid) {
			fmt.Fprintf(os.Stderr, "normgraph: %v\n", err)
		}
		os.Exit(exitFault)
	}
}
