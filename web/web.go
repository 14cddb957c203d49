// Package web holds what people see: the templates of the pages and the files
// that are built for them in advance (see README.md), all embedded. No page asks
// anything of another host. Package pages fills the templates.
package web

import "time"

// Corpus is what the start page tells of the loaded corpus.
type Corpus struct {
	Name     string
	Version  string
	Licence  string
	Revision int
	LoadedAt time.Time // left out if zero
	Sources  []string
	Counts   []Count // nodes by kind (a type name, as "WorkPackage"), shown in this order
	Methods  []Count // assessments by AssessmentMethod (as "AUTOMATED_READING"), shown in this order
}

// Count is a named number.
type Count struct {
	Name  string
	Count int
}
