// Package web holds what people see: the templates of the pages and the files
// that are built for them in advance (see README.md), all embedded. No page asks
// anything of another host. Package pages fills the templates.
package web

import (
	"fmt"
	"strings"
	"time"
)

// Corpus is what the start page tells of the loaded corpus.
type Corpus struct {
	Name     string
	Version  string
	Revision int
	LoadedAt time.Time // left out if zero
	Sources  []string  // each with version and terms, as far as they are known
	Licences []string  // of the corpus, then of its sources
	Counts   []Count   // nodes by kind (a type name, as "WorkPackage"), shown in this order
	Methods  []Count   // assessments by AssessmentMethod (as "AUTOMATED_READING"), shown in this order
}

// Count is a named number.
type Count struct {
	Name  string
	Count int
}

const (
	allSources = "/#sources" // where the page shows them whole
	first      = 3           // that are told elsewhere
)

// FirstSources are those for a place without room for all.
func (c Corpus) FirstSources() string {
	return strings.Join(c.Sources[:min(first, len(c.Sources))], "; ")
}

// MoreSources is how many FirstSources leaves out.
func (c Corpus) MoreSources() int { return max(0, len(c.Sources)-first) }

// SourcesInShort are the first sources in a line, and the address of all.
func (c Corpus) SourcesInShort(origin string) string {
	if more := c.MoreSources(); more > 0 {
		return fmt.Sprintf("%s; and %d more: %s", c.FirstSources(), more, origin+allSources)
	}
	return c.FirstSources()
}

// Terms are the first licence, and the address of the others.
func (c Corpus) Terms(origin string) string {
	switch n := len(c.Licences); n {
	case 0:
		return ""
	case 1:
		return c.Licences[0]
	default:
		return fmt.Sprintf("%s; and %d more: %s", c.Licences[0], n-1, origin+allSources)
	}
}
