package httpapi

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
)

// packFrom is the size in bytes from which an answer is compressed.
const packFrom = 1024

// compressed compresses answers for clients that take gzip.
func compressed(h http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(packFrom), gzhttp.CompressionLevel(gzip.BestSpeed))
	if err != nil {
		panic(err) // only for options that make no sense
	}
	return wrap(h)
}

// packed is the compressed form of a body with a tag, which is made once. Nil:
// the client does not take it, or it is not worth it.
func (a *api) packed(r *http.Request, tag string, body [][]byte, size int) []byte {
	if tag == "" || size < packFrom || !takesGzip(r) {
		return nil
	}
	if kept, ok := a.packs.Get(tag); ok {
		return kept
	}
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestSpeed)
	if err != nil {
		panic(err) // only for a level that is none
	}
	for _, part := range body {
		_, _ = w.Write(part) // a buffer takes all
	}
	_ = w.Close()
	a.packs.Add(tag, buf.Bytes(), int64(buf.Len()))
	return buf.Bytes()
}

// takesGzip reports whether a client names gzip, as all that take it do.
func takesGzip(r *http.Request) bool {
	for _, field := range r.Header.Values("Accept-Encoding") {
		for item := range strings.SplitSeq(field, ",") {
			coding, weight, _ := strings.Cut(item, ";")
			if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
				_, q, _ := strings.Cut(weight, "=")
				return strings.Trim(q, " 0.") != "" || !strings.Contains(weight, "=")
			}
		}
	}
	return false
}
