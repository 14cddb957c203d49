// Command gen writes everything that follows from schema.graphqls: the schema
// that clients see (graph/api.graphqls), the models, the executor and the root
// resolvers. It is run by `go generate ./...`.
//
// With -check it writes nothing and fails when a generated file is stale.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	check := flag.Bool("check", false, "compare the generated files with what would be generated; write nothing")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(check bool) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	if check {
		return stale(root)
	}
	// gqlgen takes paths and packages from the working directory.
	if err := os.Chdir(root); err != nil {
		return err
	}
	return generate(true)
}

// moduleRoot is the nearest folder with a go.mod, from the working directory up.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod here or above: run this inside the module")
		}
		dir = up
	}
}
