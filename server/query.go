package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.uber.org/zap"

	"normgraph/graph"
)

type queryCmd struct {
	storeFlags
	limitFlags

	File      string `arg:"" help:"File with a GraphQL document; - reads standard input."`
	Variables string `placeholder:"JSON" help:"Variables, a JSON object."`
	Operation string `placeholder:"NAME" help:"Operation to run when the document has several."`
}

// Help is the long help of the command.
func (queryCmd) Help() string {
	return `The answer goes to standard output as JSON; the exit code is 1 when it has errors. An empty
store is filled with the bundled corpus. Examples:

  echo '{ corpus { name counts { kind count } } }' | normgraph query -
  normgraph query recurring.graphql --variables '{"from": 2015}'`
}

// Validate checks what kong cannot.
func (c *queryCmd) Validate() error { return c.check() }

// Run answers one document.
func (c *queryCmd) Run(ctx context.Context, log *zap.Logger) (err error) {
	document, err := read(c.File)
	if err != nil {
		return err
	}
	var variables map[string]any
	if c.Variables != "" && (json.Unmarshal([]byte(c.Variables), &variables) != nil || variables == nil) {
		return errors.New("--variables is not a JSON object")
	}
	target, err := c.target(log)
	if err != nil {
		return err
	}
	b := newBackend(target, c.limits(), log)
	defer func() { err = errors.Join(err, b.Close()) }()
	if err := b.attempt(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	res := b.Execute(ctx, graph.Request{Document: document, OperationName: c.Operation, Variables: json.RawMessage(c.Variables)})
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	err = encoder.Encode(struct {
		Errors     gqlerror.List   `json:"errors,omitempty"`
		Data       json.RawMessage `json:"data,omitempty"`
		Extensions map[string]any  `json:"extensions,omitempty"`
	}{res.Errors, res.Data, res.Extensions})
	if err == nil && len(res.Errors) > 0 {
		return errSaid
	}
	return err
}

func read(file string) (string, error) {
	var text []byte
	var err error
	if file == "-" {
		text, err = io.ReadAll(os.Stdin)
	} else {
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return "", fmt.Errorf("the document cannot be read: %w", err)
	}
	return string(text), nil
}
