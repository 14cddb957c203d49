// Command dataloader serves the benchmark's documents with gqlgen and
// dataloaders, from a file of the service's SQLite store. It prints its address
// and ends when standard input does.
package main

//go:generate go run github.com/99designs/gqlgen generate

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"normgraph/bench/dataloader/graph"
)

func main() {
	file := flag.String("db", "", "file of the service's SQLite store")
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on")
	flag.Parse()
	if err := run(*file, *listen); err != nil {
		fmt.Fprintln(os.Stderr, "dataloader:", err)
		os.Exit(1)
	}
}

func run(file, listen string) error {
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("--db names no file: %w", err)
	}
	db, err := graph.Open(file)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", graph.Handler(db))
	mux.HandleFunc("/statements", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, db.Statements()) })
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", listen)
	if err != nil {
		return err
	}
	fmt.Printf("http://%s/graphql\n", listener.Addr())
	web := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = web.Shutdown(context.Background())
	}()
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
