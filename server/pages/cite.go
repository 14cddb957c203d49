package pages

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"normgraph/graph"
	"normgraph/web"
)

// citation is what is cited.
type citation struct {
	Key, Title, Address string
	Origin              string // of this service
	Corpus              web.Corpus
	Retrieved           time.Time
}

// citations are the forms of one.
type citations struct{ Text, BibTeX, CSL string }

// cite writes a citation as text, BibTeX and CSL-JSON
// (https://docs.citationstyles.org/en/stable/specification.html).
func cite(c citation) citations {
	held := c.Corpus.Name
	if c.Corpus.Version != "" {
		held += ", version " + c.Corpus.Version
	}
	held = fmt.Sprintf("%s, revision %d", held, c.Corpus.Revision)
	address := atRevision(c.Address, c.Corpus.Revision)
	day := c.Retrieved.Format("2006-01-02")
	csl, err := json.MarshalIndent([]any{map[string]any{
		"id": "normgraph:" + c.Key, "type": "dataset", "title": c.Title, "container-title": c.Corpus.Name, "version": c.Corpus.Version,
		"note": noteOf(c.Corpus), "URL": address,
		"accessed": map[string]any{"date-parts": [][]int{{c.Retrieved.Year(), int(c.Retrieved.Month()), c.Retrieved.Day()}}},
	}}, "", "  ")
	if err != nil {
		panic(err) // it holds only texts and numbers
	}
	short, note := "", ""
	if len(c.Corpus.Sources) > 0 {
		short = " Sources: " + strings.TrimSuffix(c.Corpus.SourcesInShort(c.Origin), ".") + "."
		note = fmt.Sprintf("  note = {Sources: %s},\n", bibtex.Replace(strings.Join(c.Corpus.Sources, "; ")))
	}
	return citations{
		Text: fmt.Sprintf("“%s”. %s. %s (retrieved %s).%s", c.Title, held, address, day, short),
		BibTeX: fmt.Sprintf("@misc{normgraph:%s,\n  title = {%s},\n  howpublished = {%s},\n%s  url = {%s},\n  urldate = {%s}\n}",
			c.Key, bibtex.Replace(c.Title), bibtex.Replace(held), note, bibtexAddress.Replace(address), day),
		CSL: string(csl),
	}
}

// noteOf has what CSL knows no place for.
func noteOf(c web.Corpus) string {
	note := fmt.Sprint("revision ", c.Revision)
	if len(c.Sources) > 0 {
		note += "; sources: " + strings.Join(c.Sources, "; ")
	}
	return note
}

// atRevision adds the revision to an address, before a fragment; it takes the place of one that is there.
func atRevision(address string, revision int) string {
	page, fragment, cut := strings.Cut(address, "#")
	page, query, _ := strings.Cut(page, "?")
	kept := []string{}
	for part := range strings.SplitSeq(query, "&") {
		if part != "" && !strings.HasPrefix(part, revisionName+"=") {
			kept = append(kept, part)
		}
	}
	page += "?" + strings.Join(append(kept, fmt.Sprint(revisionName, "=", revision)), "&")
	if cut {
		page += "#" + fragment
	}
	return page
}

// cite serves /cite?title=…&address=/…: citations of an address of this service, as JSON.
func (s *site) cite() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := parameters(r.URL.RawQuery, []string{"address", "title"})
		if err != nil {
			s.refuseData(w, r, err)
			return
		}
		address, title := query.Get("address"), query.Get("title")
		if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || title == "" {
			s.refuseData(w, r, badRequest("address must be a path of this service, and title a text"))
			return
		}
		corpus, err := s.Corpus(r.Context())
		if err != nil {
			s.refuseData(w, r, faultOf(graph.CodeUnavailable, "the corpus is being loaded"))
			return
		}
		if err := revisionOf(query, int64(corpus.Revision)); err != nil {
			s.refuseData(w, r, err)
			return
		}
		body, err := json.Marshal(cite(citation{Key: "answer", Title: title, Address: s.origin(r) + address, Origin: s.origin(r), Corpus: corpus, Retrieved: today()}))
		if err != nil {
			s.refuseData(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(body) // a client that has gone cannot be told
	})
}

// What TeX would take for commands.
var (
	bibtex = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`, "#", `\#`,
		"$", `\$`, "_", `\_`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`)
	bibtexAddress = strings.NewReplacer("{", "%7B", "}", "%7D", `\`, "%5C")
)
