package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLicences(t *testing.T) {
	code, out, _ := run(t, t.TempDir(), "", "licences", "--texts")
	for _, want := range []string{"\ncytoscape ", "\nmonaco-editor ", "Permission is hereby granted", "\ngithub.com/99designs/gqlgen "} {
		if code != 0 || !strings.Contains("\n"+out, want) {
			t.Errorf("exit code %d, without %q", code, want)
		}
	}
}

// Flags of the pages and trusted documents say what is wrong with their values.
func TestPageFlags(t *testing.T) {
	empty, broken := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "mine.graphql"), []byte("# titel: T\n{ corpus { name } }"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ flag, value, says string }{
		{"--frame-ancestors", "example.org", `--frame-ancestors "example.org" is not an origin`},
		{"--frame-ancestors", "https://a.example;script-src", "is not an origin"},
		{"--public-url", "https://a.example/path", "is not scheme and host"},
		{"--documents", empty, "holds no file that ends in .graphql"},
		{"--documents", broken, `mine.graphql:1: unknown key "titel"`},
	} {
		code, _, errs := run(t, t.TempDir(), "", "serve", "--listen", "127.0.0.1:0", c.flag, c.value)
		if code == 0 || !strings.Contains(errs, c.says) {
			t.Errorf("%s %s: exit code %d, %s", c.flag, c.value, code, errs)
		}
	}
}

// A folder of documents adds to the bundled ones, in every form of an answer.
func TestOwnDocuments(t *testing.T) {
	folder := t.TempDir()
	text := "# title: Mine\n# explain: E\n# view: table\n# variables: {\"n\": 2}\nquery Mine($n: Int!) { norms(limit: $n) { id } }\n"
	if err := os.WriteFile(filepath.Join(folder, "mine.graphql"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	s := serve(t, t.TempDir(), "ready", "--documents", folder, "--documents-only")
	for path, want := range map[string]string{
		"/graphql?documentId=mine":    `"norms":[{"id":`,
		"/data/mine.csv?n=1":          "id\r\n",
		"/embed/mine":                 "Mine",
		"/data/signed-and-party.json": "state-al",
	} {
		if status, body := fetch(t, s.url+path); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.200s", path, status, body)
		}
	}
	if status, body := fetch(t, s.url+"/graphql?query={__typename}"); status != 403 || !strings.Contains(body, "PERSISTED_QUERY_ONLY") {
		t.Errorf("an ad-hoc query: %d %s", status, body)
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
