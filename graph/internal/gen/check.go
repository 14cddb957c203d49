package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// generatedDirs hold nothing but generated files.
var generatedDirs = []string{"graph/model", "graph/internal/exec"}

// stale generates into a copy of the module and compares. The error names each
// file that differs.
func stale(root string) error {
	tmp, err := os.MkdirTemp("", "normgraph-gen")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	if err := copySources(tmp, root); err != nil {
		return err
	}
	if err := os.Chdir(tmp); err != nil {
		return err
	}
	defer func() { _ = os.Chdir(root) }()
	if err := generate(false); err != nil {
		return err
	}
	names, err := generatedFiles(tmp, root)
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range names {
		want, _ := os.ReadFile(filepath.Join(tmp, name))
		got, _ := os.ReadFile(filepath.Join(root, name)) // missing here or there: nil
		if !bytes.Equal(got, want) {
			errs = append(errs, fmt.Errorf("%s is stale: run go generate ./... and commit the result", name))
		}
	}
	return errors.Join(errs...)
}

// generatedFiles lists the generated files that any of the modules has.
func generatedFiles(roots ...string) ([]string, error) {
	names := []string{apiFile, rootsFile}
	seen := map[string]bool{}
	for _, root := range roots {
		for _, dir := range generatedDirs {
			list, err := os.ReadDir(filepath.Join(root, dir))
			if err != nil && !os.IsNotExist(err) {
				return nil, err
			}
			for _, f := range list {
				if name := dir + "/" + f.Name(); !seen[name] {
					seen[name] = true
					names = append(names, name)
				}
			}
		}
	}
	return names, nil
}

// copySources copies what generation reads, without what it writes: the module
// files, the schema, and the code below graph with what it embeds.
func copySources(dst, src string) error {
	for _, name := range []string{"go.mod", "go.sum", configFile, domainFile} {
		if err := copyFile(filepath.Join(dst, name), filepath.Join(src, name)); err != nil {
			return err
		}
	}
	for _, dir := range generatedDirs {
		if err := os.MkdirAll(filepath.Join(dst, dir), 0o755); err != nil {
			return err
		}
	}
	return filepath.WalkDir(filepath.Join(src, "graph"), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(src, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		switch {
		case d.IsDir() && (d.Name() == "testdata" || isGenerated(name+"/")):
			return fs.SkipDir
		case d.IsDir(), strings.HasSuffix(name, "_test.go"), isGenerated(name):
			return nil
		}
		return copyFile(filepath.Join(dst, name), path)
	})
}

func isGenerated(name string) bool {
	for _, dir := range generatedDirs {
		if strings.HasPrefix(name, dir+"/") {
			return true
		}
	}
	return name == rootsFile || name == apiFile
}

func copyFile(dst, src string) error {
	data, err := os.ReadFile(src)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dst), 0o755); err != nil {
		return err
	}
	return os.WriteFile(dst, data, 0o644)
}
