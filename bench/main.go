// Command bench measures the service against what a user might take instead, on
// the same data, answers compared first. See README.md.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type cli struct {
	Run     runCmd     `cmd:"" default:"withargs" help:"Measure all subjects with all shapes and print one table (the default command)."`
	Load    loadCmd    `cmd:"" help:"Measure the bulk load of generated data into SQLite and Neo4j."`
	Attack  attackCmd  `cmd:"" help:"Measure what a normal client sees while others ask the heaviest queries."`
	Cost    costCmd    `cmd:"" help:"Measure what a point costs that a client pays, over generated documents."`
	Profile profileCmd `cmd:"" help:"Write a CPU profile of the service."`
}

const description = `Measures this service against the Neo4j GraphQL Library and a dataloader server, on the same data.

Load is sent to this machine only, and every measurement is bounded in time and number.

Examples, in the project's folder:

  go run ./bench --quick                                  about two minutes, 10⁴ nodes
  go run ./bench --nodes 10000,100000,1000000 --corpus    everything; hours
  go run ./bench --subjects sqlite,dataloader,sql --shapes small,large
  go run ./bench load --nodes 100000
  go run ./bench cost --documents 1000
  go run ./bench profile --store neo4j --shapes small,large --out cpu.pprof`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	var c cli
	command := kong.Parse(&c, kong.Name("bench"), kong.Description(description),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
