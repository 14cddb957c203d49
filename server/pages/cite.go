package pages

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"normgraph/web"
)

// citation is what is cited.
type citation struct {
	Key, Title, Address string
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
	address := c.Address
	if strings.Contains(address, "?") {
		address += "&"
	} else {
		address += "?"
	}
	address += fmt.Sprint("revision=", c.Corpus.Revision)
	day := c.Retrieved.Format("2006-01-02")
	csl, err := json.MarshalIndent([]any{map[string]any{
		"id": "normgraph:" + c.Key, "type": "dataset", "title": c.Title, "container-title": c.Corpus.Name, "version": c.Corpus.Version,
		"note": fmt.Sprint("revision ", c.Corpus.Revision), "URL": address,
		"accessed": map[string]any{"date-parts": [][]int{{c.Retrieved.Year(), int(c.Retrieved.Month()), c.Retrieved.Day()}}},
	}}, "", "  ")
	if err != nil {
		panic(err) // it holds only texts and numbers
	}
	return citations{
		Text: fmt.Sprintf("“%s”. %s. %s (retrieved %s).", c.Title, held, address, day),
		BibTeX: fmt.Sprintf("@misc{normgraph:%s,\n  title = {%s},\n  howpublished = {%s},\n  url = {%s},\n  urldate = {%s}\n}",
			c.Key, bibtex.Replace(c.Title), bibtex.Replace(held), bibtexAddress.Replace(address), day),
		CSL: string(csl),
	}
}

// What TeX would take for commands.
var (
	bibtex = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`, "#", `\#`,
		"$", `\$`, "_", `\_`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`)
	bibtexAddress = strings.NewReplacer("{", "%7B", "}", "%7D", `\`, "%5C")
)
