package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// asset is one built file.
type asset struct {
	contentType string
	plain       func() ([]byte, error)
	packed      []byte // gzip, nil where that is not smaller
	etag        string // without the quotes, of the plain form
}

// The types of what the build makes, fixed so that they do not depend on the machine's tables.
var contentTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".svg":  "image/svg+xml",
	".ttf":  "font/ttf",
}

// readAssets reads a built folder; keys are slash-separated paths without ".gz".
func readAssets(files fs.FS) (map[string]*asset, error) {
	all := map[string]*asset{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		made := &asset{etag: base64.RawURLEncoding.EncodeToString(sum[:12])}
		plainName, isPacked := strings.CutSuffix(name, ".gz")
		if isPacked {
			made.packed = content
			made.plain = sync.OnceValues(func() ([]byte, error) { return unpack(content) })
		} else {
			made.plain = func() ([]byte, error) { return content, nil }
		}
		made.contentType = contentTypes[path.Ext(plainName)]
		if made.contentType == "" {
			return fmt.Errorf("%s: no content type is known for this ending; add it to contentTypes", name)
		}
		all[plainName] = made
		return nil
	})
	return all, err
}

func unpack(packed []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}

// Assets serves the built files under the path /assets/. Their names hold a
// hash of their content, so that they may be kept for ever. They are sent as
// stored (gzip) where the client takes that, else unpacked.
func Assets() http.Handler { return ReadOnly(http.HandlerFunc(serveAsset)) }

func serveAsset(w http.ResponseWriter, r *http.Request) {
	found, ok := built().assets[strings.TrimPrefix(r.URL.Path, "/")]
	if !ok || !strings.HasPrefix(r.URL.Path, "/assets/") {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	header := w.Header()
	header.Set("Content-Type", found.contentType)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	if found.packed != nil {
		header.Set("Vary", "Accept-Encoding")
	}
	if found.packed != nil && acceptsGzip(r.Header.Values("Accept-Encoding")) {
		header.Set("Content-Encoding", "gzip")
		send(w, r, found.etag+"-gzip", found.packed)
		return
	}
	plain, err := found.plain()
	if err != nil {
		header.Set("Cache-Control", "no-store")
		http.Error(w, "the file cannot be read", http.StatusInternalServerError)
		return
	}
	send(w, r, found.etag, plain)
}

// acceptsGzip reads Accept-Encoding as RFC 9110, 12.5.3 says: gzip by its own
// weight if it is named, else by that of "*".
func acceptsGzip(fields []string) bool {
	accepted := false
	for item := range strings.SplitSeq(strings.Join(fields, ","), ",") {
		coding, parameters, _ := strings.Cut(item, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding != "gzip" && coding != "x-gzip" && coding != "*" {
			continue
		}
		positive := true
		if key, value, ok := strings.Cut(strings.TrimSpace(parameters), "="); ok && strings.EqualFold(key, "q") {
			weight, err := strconv.ParseFloat(value, 64)
			positive = err == nil && weight > 0
		}
		if coding != "*" {
			return positive
		}
		accepted = positive
	}
	return accepted
}

// ReadOnly refuses every method but GET and HEAD.
func ReadOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD are served here", http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Script serves one built script at an address that does not change with its
// content. entry is its source file; it may import nothing. It panics where the
// build has no such script: any test that uses it finds that.
func Script(entry string) http.Handler {
	found, err := built().needsOf(entry)
	if err != nil || len(found.Scripts) != 1 || len(found.Preloads) != 0 {
		panic(fmt.Sprintf("web/dist: %s is no script of its own: %v", entry, err))
	}
	file := built().assets[strings.TrimPrefix(found.Scripts[0], "/")]
	return ReadOnly(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, err := file.plain()
		if err != nil {
			http.Error(w, "the file cannot be read", http.StatusInternalServerError)
			return
		}
		header := w.Header()
		header.Set("Content-Type", file.contentType)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cache-Control", "public, max-age=3600")
		send(w, r, file.etag, content)
	}))
}
