package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestAudit runs all audits of npm's graphql-http against a server.
func TestAudit(t *testing.T) {
	required := slices.Contains(strings.Split(os.Getenv("NORMGRAPH_TEST_REQUIRE"), ","), "node")
	unable := t.Skipf
	if required {
		unable = t.Fatalf
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			unable("SKIPPED: the GraphQL over HTTP audit needs %s: %v", tool, err)
		}
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/audit")); err != nil {
		t.Fatal(err)
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		unable("SKIPPED: the GraphQL over HTTP audit cannot be installed: %v\n%s", err, out)
	}
	s := serve(t, t.TempDir(), "ready")
	audit := exec.CommandContext(t.Context(), "node", "audit.mjs", s.url+"/graphql")
	audit.Dir = dir
	out, err := audit.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "61 of 61 ok") {
		t.Errorf("%v\n%s", err, out)
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
