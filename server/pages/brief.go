package pages

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"normgraph/web"
)

// A node is told in brief by what its type selects here. Response keys that
// differ in type between node types have different names, so that all of them
// can stand in one selection on the interface Node.
var briefFields = map[string]string{
	"Agreement":    "shortTitle date agreementKind: kind",
	"Norm":         "name level scheme code",
	"Incident":     "name startDate kinds",
	"Assessment":   "relevance conduct mitigation method rationale norm { id name } incident { id name } coder { id name }",
	"Coder":        "name coderKind: kind",
	"Signatory":    "name signatoryKind: kind country",
	"Contribution": "contributor day: date contributionKind: kind",
	"Call":         "name year callKind: kind",
	"Question":     "text number",
	"Answer":       "text",
	"Process":      "name status",
	"Workstream":   "name year",
	"WorkPackage":  "name number",
	"Meeting":      "name date meetingKind: kind",
	"Document":     "title day: date documentKind: kind",
}

// briefOf selects what brief reads, of a node of one type. briefFragments define it.
func briefOf(kind string) string { return "__typename id basis ...Brief" + kind }

// briefOfAny is the same on the interface Node.
var briefOfAny, briefFragments = func() (selection, fragments string) {
	var all, defined strings.Builder
	all.WriteString("__typename id basis")
	for _, kind := range slices.Sorted(maps.Keys(briefFields)) {
		fmt.Fprintf(&all, " ...Brief%s", kind)
		fmt.Fprintf(&defined, "\nfragment Brief%[1]s on %[1]s { %[2]s }", kind, briefFields[kind])
	}
	return all.String(), defined.String()
}()

// withBriefs adds the fragments that a document uses.
func withBriefs(document string) string {
	if strings.Contains(document, briefOfAny) {
		return document + briefFragments
	}
	var b strings.Builder
	b.WriteString(document)
	for kind, fields := range briefFields {
		if strings.Contains(document, "...Brief"+kind+" ") {
			fmt.Fprintf(&b, "\nfragment Brief%[1]s on %[1]s { %[2]s }", kind, fields)
		}
	}
	return b.String()
}

// brief is a node in one line.
type brief struct {
	Typename                                string `json:"__typename"`
	ID, Basis                               string
	ShortTitle, Name, Title, Contributor    string
	Text                                    string
	Date, Day, StartDate                    string
	Level, Scheme, Code, Country, Status    string
	Year                                    int
	Number                                  any // a text for some types
	AgreementKind, CoderKind, SignatoryKind string
	ContributionKind, CallKind, MeetingKind string
	DocumentKind                            string
	Kinds                                   []string
	Relevance, Conduct, Mitigation, Method  string
	Rationale                               string
	Norm, Incident, Coder                   named
}

// named is a node that is only mentioned.
type named struct{ ID, Name string }

// Href is the address of the node's page.
func (b brief) Href() string { return nodePath(b.ID) }

// Label is how the node is called.
func (b brief) Label() string {
	if b.Incident.Name != "" {
		return b.Norm.Name + " × " + b.Incident.Name
	}
	return cmp.Or(b.ShortTitle, b.Name, b.Title, b.Contributor, b.Text, b.ID)
}

// Facts are a few words that tell the node from others of its type.
func (b brief) Facts() string {
	var facts []string
	add := func(texts ...string) {
		for _, text := range texts {
			if text != "" {
				facts = append(facts, text)
			}
		}
	}
	add(b.Date, b.Day, b.StartDate)
	if b.Year != 0 {
		add(fmt.Sprint(b.Year))
	}
	if b.Number != nil {
		add(fmt.Sprint("no. ", b.Number))
	}
	if b.Level == "STATED" {
		add(b.Scheme, b.Code)
	} else {
		add(web.Words(b.Level))
	}
	for _, value := range append(b.Kinds, b.AgreementKind, b.CoderKind, b.SignatoryKind, b.ContributionKind,
		b.CallKind, b.MeetingKind, b.DocumentKind, b.Status, b.Relevance, b.Method) {
		add(web.Words(value))
	}
	add(b.Country, b.Coder.Name)
	return strings.Join(facts, " · ")
}

// kindMark is how a type looks in pictures: a shape and a number of the palette, never colour alone.
type kindMark struct {
	Shape  string // circle, square, diamond, triangle, hexagon
	Colour int    // class c1 … c6 of the style sheet
}

var kindMarks = map[string]kindMark{
	"Agreement": {"square", 1}, "Norm": {"circle", 2}, "Incident": {"triangle", 3}, "Assessment": {"diamond", 4},
	"Signatory": {"hexagon", 5}, "Coder": {"diamond", 6}, "Process": {"square", 6}, "Contribution": {"triangle", 6},
}

func markOf(kind string) kindMark {
	if mark, ok := kindMarks[kind]; ok {
		return mark
	}
	return kindMark{"circle", 6}
}
