//go:build unix

package seed_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"normgraph/seed"
)

// What has no end, or one too far, is refused before anything of it is read.
func TestOnlyRegularFiles(t *testing.T) {
	pipe := func(path string) error { return syscall.Mkfifo(path, 0o600) }
	device := func(path string) error { return os.Symlink("/dev/zero", path) }
	sparse := func(path string) error {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			return err
		}
		return os.Truncate(path, 10<<30)
	}
	for name, kind := range map[string]struct {
		file func(string) error
		said string
	}{
		"pipe":   {pipe, "it is a named pipe; expected a regular file"},
		"device": {device, "it is a device; expected a regular file"},
		"sparse": {sparse, "the file has more than "},
		"link":   {func(path string) error { return os.Symlink("elsewhere.txt", path) }, ""},
	} {
		for _, file := range []string{"norms.csv", "corpus.json", "signatures.csv"} {
			dir := t.TempDir()
			if err := os.CopyFS(dir, corpus(map[string]string{"elsewhere.txt": fixture[file]})); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, file)
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if err := kind.file(path); err != nil {
				t.Fatal(err)
			}
			fsys, err := seed.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			_, err = seed.Read(fsys, readCatalog(t, fixtureSchema))
			if kind.said == "" && err != nil {
				t.Errorf("%s, %s: %v", file, name, err)
			}
			if kind.said != "" && (err == nil || !strings.HasPrefix(err.Error(), file+": "+kind.said) || strings.Count(err.Error(), "\n") != 1) {
				t.Errorf("%s, %s: %v", file, name, err)
			}
		}
	}
}
