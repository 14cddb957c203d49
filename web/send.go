package web

import (
	"net/http"
	"strconv"
	"strings"
)

// send answers with a body by its validator, always whole: ranges of what is so
// small serve nobody, and many of them make a large answer of a small file. The
// validator is weak, because the body may be compressed on its way.
func send(w http.ResponseWriter, r *http.Request, tag string, body []byte) {
	header := w.Header()
	header.Set("ETag", `W/"`+tag+`"`)
	header.Set("Accept-Ranges", "none")
	if known(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that has gone cannot be told
	}
}

// known reports whether If-None-Match holds a tag; it compares weakly (RFC 9110, 13.1.2).
func known(fields []string, tag string) bool {
	for item := range strings.SplitSeq(strings.Join(fields, ","), ",") {
		item = strings.TrimSpace(item)
		if item == "*" || strings.TrimPrefix(item, "W/") == `"`+tag+`"` {
			return true
		}
	}
	return false
}
