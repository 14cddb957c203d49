package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const oneNorm = "id,name,level,scheme,category,basis\nn1,A,STATED,x,RESTRAINT,SOURCED\n"

// folder writes a corpus folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// norms is the number of norms that a server tells, or its error.
func norms(t *testing.T, s *served) string {
	t.Helper()
	_, body := fetch(t, s.url+"/graphql?query="+url.QueryEscape("{normsConnection{totalCount}}"))
	var answer struct {
		Data struct {
			NormsConnection struct{ TotalCount json.Number }
		}
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if len(answer.Errors) > 0 {
		return answer.Errors[0].Extensions.Code + ": " + answer.Errors[0].Message
	}
	return answer.Data.NormsConnection.TotalCount.String()
}

func within(t *testing.T, what string, f func() bool) {
	t.Helper()
	for start := time.Now(); !f(); time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > 10*time.Second {
			t.Fatal(what)
		}
	}
}

// Somebody renames a new file over the one that a server has open. The server
// says so and answers nothing from the old one; no other process opens the new
// one beside the old one's log; after a restart the new one answers, whole.
func TestFileReplacedWhileServing(t *testing.T) {
	dir := t.TempDir()
	path, fresh := filepath.Join(dir, "x.db"), filepath.Join(dir, "new.db")
	corpus := folder(t, map[string]string{"corpus.json": `{"name":"mine","version":"1"}`, "norms.csv": oneNorm})
	old := serve(t, dir, "ready", "--store", "sqlite:"+path)
	if got := norms(t, old); got == "1" {
		t.Fatal(got)
	}
	if code, _, said := run(t, dir, "", "load", corpus, "--store", "sqlite:"+fresh); code != 0 {
		t.Fatal(said)
	}
	if err := os.Rename(fresh, path); err != nil {
		t.Fatal(err)
	}
	const why = "the store's file was replaced by another while it was open; restart the service"
	within(t, "the old file still answers", func() bool { return norms(t, old) == "UNAVAILABLE: "+why })
	if status, body := fetch(t, old.url+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, why) {
		t.Errorf("readyz: %d %s", status, body)
	}
	if said := old.said(); strings.Count(said, why) != 2 { // as reason and as error of one line
		t.Errorf("the log says it %d times, want one line: %s", strings.Count(said, why), said)
	}
	for _, args := range [][]string{{"load", corpus, "--replace"}, {"serve", "--listen", "127.0.0.1:0"}} {
		code, _, said := run(t, dir, "", append(args, "--store", "sqlite:"+path)...)
		if code == 0 || !strings.Contains(said, "another process still has open; end that process") {
			t.Errorf("%s beside the old server: %d %s", args[0], code, said)
		}
	}
	if code := old.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
	next := serve(t, dir, "ready", "--store", "sqlite:"+path)
	if got := norms(t, next); got != "1" {
		t.Errorf("after the restart: %s norms, want 1", got)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	within(t, "a removed file still answers", func() bool {
		return strings.HasPrefix(norms(t, next), "UNAVAILABLE: the store's file was removed while it was open")
	})
	if code := next.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
	next = serve(t, dir, "ready", "--store", "sqlite:"+path)
	if got := norms(t, next); got == "1" || strings.HasPrefix(got, "UNAVAILABLE") {
		t.Errorf("a new store beside the log of a removed one: %s norms", got)
	}
}

// What docs/stores.md says about another file: load into it, restart with it.
func TestAnotherFile(t *testing.T) {
	dir := t.TempDir()
	path, fresh := filepath.Join(dir, "x.db"), filepath.Join(dir, "new.db")
	corpus := folder(t, map[string]string{"corpus.json": `{"name":"mine","version":"1"}`, "norms.csv": oneNorm})
	old := serve(t, dir, "ready", "--store", "sqlite:"+path)
	if code, _, said := run(t, dir, "", "load", corpus, "--store", "sqlite:"+fresh); code != 0 {
		t.Fatal(said)
	}
	if code := old.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if list, _ := filepath.Glob(path + "?*"); len(list) > 0 {
		t.Errorf("a stopped service leaves %v", list)
	}
	if err := os.Rename(fresh, path); err != nil {
		t.Fatal(err)
	}
	next := serve(t, dir, "ready", "--store", "sqlite:"+path)
	if got := norms(t, next); got != "1" {
		t.Errorf("%s norms, want 1", got)
	}
}

// A log that a killed process left is not written over a file that took the
// place of its own.
func TestLeftLog(t *testing.T) {
	dir := t.TempDir()
	path, copied, fresh := filepath.Join(dir, "x.db"), filepath.Join(dir, "copy.db"), filepath.Join(dir, "new.db")
	corpus := folder(t, map[string]string{"corpus.json": `{"name":"mine","version":"1"}`, "norms.csv": oneNorm})
	load := func(at string, more ...string) {
		t.Helper()
		if code, _, said := run(t, dir, "", append([]string{"load", "--store", "sqlite:" + at}, more...)...); code != 0 {
			t.Fatal(said)
		}
	}
	load(fresh, corpus)
	load(path)
	restore(t, path, copied)
	many := strings.Builder{}
	for i := range 1000 {
		fmt.Fprintf(&many, "m%d,%s,STATED,x,RESTRAINT,SOURCED\n", i, strings.Repeat("long ", 20))
	}
	head, _, _ := strings.Cut(oneNorm, "\n")
	load(path, "--merge", folder(t, map[string]string{"corpus.json": `{"name":"mine","version":"2"}`, "norms.csv": head + "\n" + many.String()}))
	// A reader keeps the log from being folded in; then all are killed.
	keeper := serve(t, dir, "ready", "--store", "sqlite:"+path, "--max-visited", "1000000000000000000", "--max-points", "1000000000000000000")
	small := folder(t, map[string]string{"corpus.json": `{"name":"mine","version":"3"}`, "norms.csv": strings.Replace(oneNorm, "n1", "m1", 1)})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, keeper.url+"/graphql?query="+url.QueryEscape(lasting()), nil)
	go func() {
		if answer, err := http.DefaultClient.Do(r); err == nil {
			_ = answer.Body.Close()
		}
	}()
	within(t, "no statement runs", func() bool { return keeper.metric(t, `normgraph_http_requests_in_flight`) == 1 })
	time.Sleep(300 * time.Millisecond) // for the statement to have begun
	loader := exec.CommandContext(t.Context(), binary, "load", small, "--merge", "--store", "sqlite:"+path)
	if out, err := loader.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	_ = keeper.Process.Kill()
	_ = keeper.Wait()
	log, err := os.ReadFile(path + "-wal")
	if err != nil || len(log) == 0 {
		t.Fatalf("no log was left: %v", err)
	}
	for name, other := range map[string]string{"another store": fresh, "an older copy": copied} {
		restore(t, other, path)
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if code, _, said := run(t, dir, "", "load", corpus, "--merge", "--store", "sqlite:"+path); code == 0 || !strings.Contains(said, "remove -wal and -shm") {
			t.Errorf("%s: %d %s", name, code, said)
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
			t.Errorf("%s: the file was changed: %v", name, err)
		}
	}
	for _, end := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + end); err != nil {
			t.Fatal(err)
		}
	}
	load(path, corpus, "--merge")
}

// restore puts a copy of a file in the place of another.
func restore(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to+".part", b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(to+".part", to); err != nil {
		t.Fatal(err)
	}
}
