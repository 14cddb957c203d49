package devserver_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"normgraph/graph/store/neo4j/devserver"
	"normgraph/graph/store/neo4j/devserver/devtest"
)

// TestPassword: a folder that had none gets one, which stays; without it nothing is
// answered, and with it no file of the machine is read.
func TestPassword(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "secret.csv")
	if err := os.WriteFile(file, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	start := func(password bool) *devserver.Server {
		t.Helper()
		return devtest.Own(t, devserver.Options{DataDir: dir, HeapMB: 512, Password: password})
	}
	stop := func(s *devserver.Server) {
		t.Helper()
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	open := start(false)
	ask(t, open, "CREATE (n:Kept {id: 'a'}) RETURN n.id")
	stop(open)
	first := start(true)
	if got := ask(t, first, "MATCH (n:Kept) RETURN n.id"); got != "a" || first.User != "neo4j" || len(first.Password) < 20 {
		t.Errorf("%v, user %q", got, first.User)
	}
	for _, auth := range []neo4j.AuthToken{neo4j.NoAuth(), neo4j.BasicAuth("neo4j", "neo4j", "")} {
		driver, err := neo4j.NewDriverWithContext(first.URI, auth)
		if err != nil {
			t.Fatal(err)
		}
		if err := driver.VerifyConnectivity(t.Context()); err == nil || !strings.Contains(err.Error(), "Security") {
			t.Errorf("without the password: %v", err)
		}
		_ = driver.Close(t.Context())
	}
	driver, err := first.Driver()
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	_, err = neo4j.ExecuteQuery(t.Context(), driver, "LOAD CSV FROM $url AS row RETURN row", map[string]any{"url": "file://" + file}, neo4j.EagerResultTransformer)
	if err == nil || !strings.Contains(err.Error(), "allow_csv_import_from_file_urls") {
		t.Errorf("a file: %v", err)
	}
	stop(first)
	again := start(true)
	if got := ask(t, again, "MATCH (n:Kept) RETURN n.id"); got != "a" || again.Password != first.Password {
		t.Errorf("%v; the password stays: %t", got, again.Password == first.Password)
	}
	stop(again)
}
