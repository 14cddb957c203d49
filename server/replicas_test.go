package main

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"normgraph/graph/store/neo4j/devserver/devtest"
)

// TestReplicas runs two servers over one store: they give the same answers with
// the same ETag, before a load through neither of them and after it, and the
// copy that one client has is known to both.
func TestReplicas(t *testing.T) {
	corpus := t.TempDir()
	for name, text := range map[string]string{
		"corpus.json": `{"name":"mine","version":"1"}`,
		"norms.csv":   "id,name,level,scheme,category,basis\nn1,A,STATED,x,RESTRAINT,SOURCED\n",
	} {
		if err := os.WriteFile(filepath.Join(corpus, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, store := range map[string]func(t *testing.T) string{
		"sqlite": func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "x.db") },
		"neo4j":  func(t *testing.T) string { return devtest.ForTest(t).URI },
	} {
		t.Run(name, func(t *testing.T) {
			at := store(t)
			replicas := []*served{serve(t, t.TempDir(), "ready", "--store", at), serve(t, t.TempDir(), "ready", "--store", at)}
			_, tag := agreed(t, replicas)
			for _, s := range replicas {
				if code, _, _ := tagged(t, s, tag); code != http.StatusNotModified {
					t.Errorf("the tag %s is not known: %d", tag, code)
				}
			}
			if code, _, stderr := run(t, t.TempDir(), "", "load", corpus, "--replace", "--yes", "--store", at); code != 0 {
				t.Fatal(stderr)
			}
			loaded := time.Now()
			for _, s := range replicas {
				for {
					_, body, _ := tagged(t, s, tag)
					if strings.Contains(body, `"totalCount":1}`) {
						break
					}
					if time.Since(loaded) > 10*time.Second {
						t.Fatalf("not noticed: %s", body)
					}
					time.Sleep(10 * time.Millisecond)
				}
				t.Logf("noticed within %v", time.Since(loaded))
			}
			if _, after := agreed(t, replicas); after == tag {
				t.Error("the tag has stayed")
			}
			for _, s := range replicas {
				if code := s.stop(t); code != 0 {
					t.Errorf("exit code %d", code)
				}
			}
		})
	}
}

// agreed is the answer of all replicas and its tag.
func agreed(t *testing.T, replicas []*served) (body, tag string) {
	t.Helper()
	for i, s := range replicas {
		code, b, tg := tagged(t, s, "")
		if code != http.StatusOK || i > 0 && (b != body || tg != tag) {
			t.Fatalf("replica %d: %d %s with tag %s, the one before: %s with tag %s", i, code, b, tg, body, tag)
		}
		body, tag = b, tg
	}
	return body, tag
}

func tagged(t *testing.T, s *served, known string) (code int, body, tag string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/graphql?query="+url.QueryEscape("{normsConnection{totalCount}}"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if known != "" {
		r.Header.Set("If-None-Match", known)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(b), answer.Header.Get("ETag")
}
