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
			refuseData(w, &fault{http.StatusNotFound, "the path ends in neither .csv nor .json"})
			return
		}
		document, variables, err := s.trusted(strings.TrimSuffix(file, form), r.URL.Query())
		if err != nil {
			refuseData(w, err)
			return
		}
		tagOf := func(tag string) string { return `W/"` + tag + form + r.URL.Query().Get("list") + `"` }
		known := strings.ReplaceAll(r.Header.Get("If-None-Match"), " ", "")
		res := s.Execute(r.Context(), graph.Request{Document: document.Text, Variables: variables, ReadOnly: true,
			Known: func(tag string) bool { return strings.Contains(","+known+",", ","+tagOf(tag)+",") }})
		if len(res.Errors) > 0 {
			code, _ := res.Errors[0].Extensions["code"].(string)
			refuseData(w, faultOf(code, res.Errors[0].Message))
			return
		}
		header := w.Header()
		header.Set("Cache-Control", "public, max-age=60")
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
		rows, err := flatten(res.Data, r.URL.Query().Get("list"))
		if err != nil {
			refuseData(w, err)
			return
		}
		var body bytes.Buffer
		if form == ".csv" {
			header.Set("Content-Type", "text/csv; charset=utf-8; header=present")
			header.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", document.Name+".csv"))
			err = rows.writeCSV(&body)
		} else {
			header.Set("Content-Type", "application/json")
			err = rows.writeJSON(&body)
		}
		if err != nil {
			refuseData(w, err)
			return
		}
		header.Set("Content-Length", strconv.Itoa(body.Len()))
		if r.Method != http.MethodHead {
			_, _ = w.Write(body.Bytes()) // a client that has gone cannot be told
		}
	})
}

// refuseData says in plain text what was wrong: programs read these addresses.
func refuseData(w http.ResponseWriter, err error) {
	f := faultOf("", "")
	errors.As(err, &f)
	for _, name := range []string{"ETag", "Content-Disposition"} {
		w.Header().Del(name)
	}
	w.Header().Set("Cache-Control", "no-store")
	if f.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	http.Error(w, f.message, f.status)
}
