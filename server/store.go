package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"go.uber.org/zap"

	"normgraph/graph"
	"normgraph/graph/store"
	"normgraph/graph/store/neo4j"
	"normgraph/graph/store/sqlite"
)

type storeFlags struct {
	Store string `env:"NORMGRAPH_STORE" placeholder:"URL" help:"Where the data is: sqlite:PATH, sqlite::memory:, neo4j://HOST, neo4j+s://HOST, bolt://HOST or bolt+s://HOST. Default: sqlite:normgraph.db in the user's data folder. The user and password of Neo4j come from NEO4J_USER and NEO4J_PASSWORD or NEO4J_PASSWORD_FILE."`
}

// storeTarget is a store that can be opened, again and again until it answers.
type storeTarget struct {
	name string // for the log; no credentials
	// remote stores may be away and come back.
	remote bool
	path   string // of the file, "" for others
	// open opens it for so many statements at the same time.
	open func(ctx context.Context, statements int) (store.Store, error)
}

// exists reports whether there is anything to open; that of a remote store is
// found out by opening it.
func (t *storeTarget) exists() bool {
	if t.path == "" {
		return t.remote
	}
	_, err := os.Stat(t.path)
	return !errors.Is(err, fs.ErrNotExist)
}

const storeForms = "sqlite:PATH, sqlite::memory:, neo4j://HOST, neo4j+s://HOST, bolt://HOST or bolt+s://HOST"

func (f *storeFlags) target(log *zap.Logger) (*storeTarget, error) {
	if f.Store == "" {
		dir, err := dataDir()
		if err != nil {
			return nil, err
		}
		return sqliteTarget(filepath.Join(dir, "normgraph.db"))
	}
	scheme, rest, _ := strings.Cut(f.Store, ":")
	switch scheme {
	case "sqlite":
		if rest == "" {
			return nil, errors.New("--store sqlite: lacks a path; give sqlite:PATH or sqlite::memory:")
		}
		return sqliteTarget(rest)
	case "neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc":
		return neo4jTarget(f.Store, log)
	}
	return nil, fmt.Errorf("--store names no kind of store that is known; give %s", storeForms)
}

func sqliteTarget(path string) (*storeTarget, error) {
	if path != ":memory:" {
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		path = abs
	}
	file := path
	if path == ":memory:" {
		file = ""
	}
	return &storeTarget{name: "sqlite:" + path, path: file, open: func(ctx context.Context, statements int) (store.Store, error) {
		if path != ":memory:" {
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				return nil, fmt.Errorf("the folder of the database cannot be made: %w", err)
			}
		}
		st, err := sqlite.Open(ctx, graph.Catalog(), path, sqlite.Readers(statements))
		if err != nil {
			return nil, err
		}
		return st, nil
	}}, nil
}

func neo4jTarget(address string, log *zap.Logger) (*storeTarget, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.New("--store is not a URL with a host; give for example neo4j://localhost:7687")
	}
	if u.User != nil {
		return nil, errors.New("--store must not hold a user or password, because command lines and environments are shown to others and end up in logs; set NEO4J_USER and NEO4J_PASSWORD, or NEO4J_PASSWORD_FILE")
	}
	config := neo4j.Config{URI: address, User: os.Getenv("NEO4J_USER"), Password: os.Getenv("NEO4J_PASSWORD"), Database: os.Getenv("NEO4J_DATABASE"), Log: log}
	if file := os.Getenv("NEO4J_PASSWORD_FILE"); file != "" && config.Password == "" {
		secret, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("the password of Neo4j cannot be read: %w", err)
		}
		config.Password = strings.TrimRight(string(secret), "\r\n")
	}
	if config.User == "" && config.Password != "" {
		config.User = "neo4j"
	}
	return &storeTarget{name: u.Scheme + "://" + u.Host, remote: true, open: func(ctx context.Context, statements int) (store.Store, error) {
		config.Statements = statements
		st, err := neo4j.Open(ctx, graph.Catalog(), config)
		if err != nil {
			return nil, err
		}
		return st, nil
	}}, nil
}

// dataDir is the folder for what this program keeps for its user.
func dataDir() (string, error) {
	base := os.Getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(base) {
		home, err := os.UserHomeDir()
		base = filepath.Join(home, ".local", "share")
		if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
			base, err = os.UserConfigDir()
		}
		if err != nil {
			return "", fmt.Errorf("there is no folder for user data (%w); say where the database is with --store sqlite:PATH", err)
		}
	}
	return filepath.Join(base, "normgraph"), nil
}
