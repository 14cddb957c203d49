package pages

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"

	"normgraph/graph"
)

// data serves /data/{document}.csv and .json: the answer of a trusted document
// as flat rows.
func (s *site) data() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file := r.PathValue("file")
		form := path.Ext(file)
		if form != ".csv" && form != ".json" {
			s.refuseData(w, r, notFound("the path ends in neither .csv nor .json"))
			return
		}
		document, err := s.trusted(strings.TrimSuffix(file, form), r.URL.RawQuery)
		if err != nil {
			s.refuseData(w, r, err)
			return
		}
		list, excel := document.Query.Get("list"), document.Query.Get("excel")
		if excel != "" && (excel != "1" || form != ".csv") {
			s.refuseData(w, r, badRequest("excel is “%s”; 1 was expected, and a path that ends in .csv.", shorten(excel, 40)))
			return
		}
		tagOf := func(tag string) string { return `W/"` + tag + form + excel + list + `"` }
		known := strings.ReplaceAll(r.Header.Get("If-None-Match"), " ", "")
		res := s.Execute(r.Context(), graph.Request{Document: document.Text, Variables: document.Variables, ReadOnly: true,
			Known: func(tag string) bool { return strings.Contains(","+known+",", ","+tagOf(tag)+",") }})
		if len(res.Errors) > 0 {
			code, _ := res.Errors[0].Extensions["code"].(string)
			s.refuseData(w, r, faultOf(code, res.Errors[0].Message))
			return
		}
		if err := revisionOf(document.Query, res.Revision.Number); err != nil {
			s.refuseData(w, r, err)
			return
		}
		header := w.Header()
		header.Set("Cache-Control", "public, max-age=60")
		header.Set("Link", "<"+s.origin(r)+`/#sources>; rel="license"`)
		if res.Tag != "" {
			header.Set("ETag", tagOf(res.Tag))
		}
		if res.Revision.Number > 0 {
			header.Set("X-Revision", fmt.Sprint(res.Revision.Number))
		}
		if res.NotModified {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		root, err := readRoot(res.Data)
		var paths []string
		if err == nil {
			paths, err = s.readOn(r.Context(), document, res, root)
		}
		if errors.Is(err, errMoved) {
			err = faultOf(graph.CodeUnavailable, "the data was changed while it was read; try again in a moment")
		}
		if err != nil {
			s.refuseData(w, r, err)
			return
		}
		rows, err := document.flatten(root)
		if err != nil {
			s.refuseData(w, r, err)
			return
		}
		if cut := stillCut(root, paths); len(cut) > 0 {
			header.Set("X-Truncated", strings.Join(cut, ", "))
		}
		var body bytes.Buffer
		if excel != "" {
			body.WriteString("\ufeff") // or Excel takes the text for that of an older code page
		}
		if form == ".csv" {
			header.Set("Content-Type", "text/csv; charset=utf-8; header=present")
			header.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", document.Name+".csv"))
			err = rows.writeCSV(&body)
		} else {
			header.Set("Content-Type", "application/json")
			err = rows.writeJSON(&body)
		}
		if err != nil {
			s.refuseData(w, r, err)
			return
		}
		header.Set("Content-Length", strconv.Itoa(body.Len()))
		if r.Method != http.MethodHead {
			_, _ = w.Write(body.Bytes()) // a client that has gone cannot be told
		}
	})
}

// refuseData says in plain text what was wrong: programs read these addresses.
func (s *site) refuseData(w http.ResponseWriter, r *http.Request, err error) {
	f := s.told(r, err)
	for _, name := range []string{"ETag", "Content-Disposition"} {
		w.Header().Del(name)
	}
	w.Header().Set("Cache-Control", "no-store")
	if f.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	http.Error(w, f.message, f.status)
}
