package main

import (
	"os"
	"strings"
	"testing"
)

// TestNoLimitIsTurnedOff: neither 0 nor less is taken for a limit, by any
// command; and docs/limits.md tells of each.
func TestNoLimitIsTurnedOff(t *testing.T) {
	doc, err := os.ReadFile("../docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, command := range new(cli).parser(t.Context()).Model.Children {
		for _, flag := range command.Flags {
			if flag.Group == nil || !strings.HasPrefix(flag.Group.Title, "Limits of") || flag.Name == "trusted-proxy" {
				continue
			}
			found++
			if !strings.Contains(string(doc), "`--"+flag.Name) {
				t.Errorf("docs/limits.md does not tell of --%s", flag.Name)
			}
			for _, value := range []string{"0", "-1"} {
				if flag.Target.Type().String() == "time.Duration" {
					value += "s"
				}
				args := []string{command.Name, "--" + flag.Name + "=" + value}
				if command.Name == "query" {
					args = append(args, "../documents/about-the-corpus.graphql")
				}
				_, err := new(cli).parser(t.Context()).Parse(args)
				if err == nil || !strings.Contains(err.Error(), "--"+flag.Name+" must be greater than 0") {
					t.Errorf("%s: %v", strings.Join(args, " "), err)
				}
			}
		}
	}
	if found < 40 { // those of serve, and those of a request once more of query
		t.Errorf("only %d limits found", found)
	}
}
