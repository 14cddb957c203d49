package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"normgraph/graph"
)

type schemaCmd struct{}

// Help is the long help of the command.
func (schemaCmd) Help() string {
	return "Example:\n\n  normgraph schema > schema.graphqls"
}

// Run prints the SDL.
func (schemaCmd) Run() error {
	_, err := fmt.Print(graph.SDL)
	return err
}

type versionCmd struct{}

// Help is the long help of the command.
func (versionCmd) Help() string {
	return "Example:\n\n  normgraph version"
}

// Run prints what this program is, a line each.
func (versionCmd) Run() error {
	version, goVersion := "unknown", runtime.Version()
	vcs := map[string]string{"vcs.revision": "unknown"}
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			vcs[s.Key] = s.Value
		}
	}
	commit := vcs["vcs.revision"]
	if vcs["vcs.modified"] == "true" {
		commit += " (modified)"
	}
	_, err := fmt.Printf("version %s\ncommit %s\ngo %s\nschema %x\n", version, commit, goVersion, sha256.Sum256([]byte(graph.SDL)))
	return err
}

// buildID tells programs apart that may answer differently: the commit, or for
// a program that no commit describes its file. Replicas have the same.
func buildID() string {
	vcs := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			vcs[s.Key] = s.Value
		}
	}
	if commit := vcs["vcs.revision"]; commit != "" && vcs["vcs.modified"] == "false" {
		return commit
	}
	if sum, err := executableSum(); err == nil {
		return sum
	}
	return rand.Text()
}

// executableSum is a hash of the program's file, equal for all replicas of it.
func executableSum() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

type healthCmd struct {
	URL string `arg:"" name:"url" optional:"" default:"http://127.0.0.1:8080/readyz" help:"Address to ask. Default: ${default}."`
}

// Help is the long help of the command.
func (healthCmd) Help() string {
	return `The exit code is 0 when the answer has status 200. Example, as a container's health check:

  normgraph health http://127.0.0.1:8080/readyz`
}

// Run asks once.
func (c *healthCmd) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL, nil)
	if err != nil {
		return fmt.Errorf("%q is not a URL", c.URL)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1000))
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d: %s", answer.StatusCode, strings.TrimSpace(string(text)))
	}
	return nil
}
