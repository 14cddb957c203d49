package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"
)

//go:embed dist
var dist embed.FS

// build is what the front-end build made: its files, and which of them a source file became.
type build struct {
	assets   map[string]*asset
	manifest map[string]chunk
}

// chunk is an entry of Vite's manifest (https://vite.dev/guide/backend-integration).
type chunk struct {
	File    string   `json:"file"`
	CSS     []string `json:"css"`
	Imports []string `json:"imports"` // keys of the manifest
}

// built reads the embedded build once. It panics on a broken one: the test finds that before a user does.
var built = sync.OnceValue(func() *build {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err)
	}
	made, err := readBuild(files)
	if err != nil {
		panic(fmt.Errorf("web/dist: %w", err))
	}
	return made
})

func readBuild(files fs.FS) (*build, error) {
	assets, err := readAssets(files)
	if err != nil {
		return nil, err
	}
	manifest, ok := assets["manifest.json"]
	if !ok {
		return nil, fmt.Errorf("no manifest.json; run npm ci && npm run build in web/")
	}
	text, err := manifest.plain()
	if err != nil {
		return nil, err
	}
	made := &build{assets: assets}
	if err := json.Unmarshal(text, &made.manifest); err != nil {
		return nil, fmt.Errorf("manifest.json: %w", err)
	}
	return made, nil
}

// needs are the addresses that a page loads for entries of the build.
type needs struct {
	Styles   []string
	Scripts  []string
	Preloads []string // the scripts' static imports
}

// add joins what another entry needs; each address stays once.
func (n *needs) add(more needs) {
	join := func(to *[]string, from []string) {
		for _, address := range from {
			if !slices.Contains(*to, address) {
				*to = append(*to, address)
			}
		}
	}
	join(&n.Styles, more.Styles)
	join(&n.Scripts, more.Scripts)
	join(&n.Preloads, more.Preloads)
}

// needsOf follows the static imports of an entry, given as the path of its source file.
func (b *build) needsOf(entry string) (needs, error) {
	root, ok := b.manifest[entry]
	if !ok {
		return needs{}, fmt.Errorf("the build has no entry %s", entry)
	}
	var found needs
	seen := map[string]bool{}
	var follow func(key string)
	follow = func(key string) {
		if seen[key] {
			return
		}
		seen[key] = true
		part := b.manifest[key]
		for _, imported := range part.Imports {
			follow(imported)
		}
		for _, style := range part.CSS {
			found.Styles = append(found.Styles, "/"+style)
		}
		if key != entry {
			found.Preloads = append(found.Preloads, "/"+part.File)
		}
	}
	follow(entry)
	if path.Ext(root.File) == ".css" {
		found.Styles = append(found.Styles, "/"+root.File)
	} else {
		found.Scripts = append(found.Scripts, "/"+root.File)
	}
	return found, nil
}
