package continuity

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Population is what the assessments of one method cover, whatever the filter.
type Population struct {
	Method    Method
	Incidents int  // with an assessment by the method
	CoreIdeas int  // with one that finds them relevant, or partly
	Wide      bool // enough of both to stand for themselves

	narrow bool // less than half of the core ideas
}

// wideIncidents and half of the core ideas make a population wide.
const wideIncidents = 30

// byReference is the order in which methods are preferred as the reference.
var byReference = []Method{
	"ADJUDICATED", "CODED", "FORUM_FINDING", "PUBLISHED_ANALYSIS", Published, "STATE_STATEMENT",
	"AUTOMATED_READING", "DATASET_DERIVED", "EDITORIAL_CANDIDATE",
}

// Populations are those of the methods that occur, in the order of preference.
func (o *Observations) Populations() []Population {
	defaults, err := codeSet("matches", matches, nil, defaultMatches)
	if err != nil {
		panic(err) // never: they are matches
	}
	g := o.normGrouping(func(n *Norm) bool { return n.Level == CoreIdea }, defaults)
	var list []Population
	for _, m := range byReference {
		method := code(methods, m)
		if method < 0 {
			continue
		}
		incidents, ideas := map[int32]bool{}, map[int32]bool{}
		for i := range o.assessments {
			a := &o.assessments[i]
			if a.method != method {
				continue
			}
			incidents[a.incident] = true
			if slices.Contains(defaultRelevance, relevances[a.relevance]) {
				for _, idea := range g.of[a.norm] {
					ideas[idea] = true
				}
			}
		}
		if len(incidents) > 0 {
			narrow := 2*len(ideas) < len(g.groups)
			list = append(list, Population{m, len(incidents), len(ideas), len(incidents) >= wideIncidents && !narrow, narrow})
		}
	}
	return list
}

// Reference is the population whose figures can be compared with each other: the
// first wide one, else the one that covers the most incidents × core ideas; nil
// without any.
func Reference(populations []Population) *Population {
	var best *Population
	for i := range populations {
		p := &populations[i]
		if p.Wide {
			return p
		}
		if best == nil || p.Incidents*p.CoreIdeas > best.Incidents*best.CoreIdeas {
			best = p
		}
	}
	return best
}

// pooled says of methods that alone judged some of E, on few of the core ideas, how
// they lower the shares of all other ideas; "" if there are none.
func (s *sample) pooled() string {
	if !s.allMethods {
		return ""
	}
	covered, alone := make([]int, len(methods)), make([]int, len(methods))
	for _, place := range s.assessed {
		by := uint16(0)
		for _, a := range s.byIncident[place] {
			if r := &s.assessments[a]; r.assessed {
				by |= 1 << r.method
			}
		}
		for m := range methods {
			covered[m] += int(by >> m & 1)
			alone[m] += btoi(by == 1<<m)
		}
	}
	if slices.Max(covered) == 0 || slices.Max(alone) == s.n() {
		return "" // a single method
	}
	populations, ideas := s.Populations(), 0
	for i := range s.norms {
		ideas += btoi(s.norms[i].Level == CoreIdea)
	}
	reference := Reference(populations)
	at := func(p Population) int { return int(code(methods, p.Method)) }
	covers := fmt.Sprintf("%s alone covers %s and %s.", reference.Method,
		count(covered[at(*reference)], "incident", "incidents"), count(reference.CoreIdeas, "idea", "ideas"))
	populations = slices.DeleteFunc(populations, func(p Population) bool { return !p.narrow || alone[at(p)] == 0 })
	if len(populations) == 0 {
		return ""
	}
	slices.SortStableFunc(populations, func(a, b Population) int { return cmp.Compare(alone[at(b)], alone[at(a)]) })
	var clauses []string
	for i, p := range populations {
		of, verb, on := fmt.Sprintf("%d", alone[at(p)]), "", fmt.Sprintf("%d", p.CoreIdeas)
		if i == 0 {
			of += fmt.Sprintf(" of %s", count(s.n(), "assessed incident", "assessed incidents"))
			verb = "were judged "
			if alone[at(p)] == 1 {
				verb = "was judged "
			}
			on += fmt.Sprintf(" of %s", count(ideas, "core idea", "core ideas"))
		}
		clauses = append(clauses, fmt.Sprintf("%s %sby %s only, on %s", of, verb, p.Method, on))
	}
	return "Methods are pooled: " + strings.Join(clauses, "; ") + "; shares of other ideas are too low. " + covers
}
