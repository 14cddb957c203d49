package continuity

import "slices"

// Filters are the arguments that all measures over incidents share, but for the
// row filters, which the store answers in the [Table].
type Filters struct {
	Relevance []Relevance // counted values; nil is RELEVANT and PARTLY_RELEVANT
	Matches   []Match     // mappings that lead to a core idea; nil is EXACT, CLOSE and NARROWER
	From, To  string      // PartialDate, compared with the start of an incident; empty is open
	AsOf      string      // PartialDate; hides what is later; empty hides nothing
	// AllMethods says that no filter chose among the assessments, so that those of
	// all methods are pooled.
	AllMethods bool
}

var (
	defaultRelevance = []Relevance{Relevant, PartlyRelevant}
	defaultMatches   = []Match{Exact, Close, Narrower}
)

// sample is what the filters leave: E, the assessed incidents, and the counted
// assessments. Incidents of E are named by their place in E, which is in the
// order of their starts.
type sample struct {
	*Observations
	assessed []int32 // E: places in Observations.incidents
	counted  [][]int32
	matches  uint8 // set of codes
	fromYear int   // of `from`, else of the first incident in E
	asOf     int32 // latest day shown

	allMethods bool

	selected int // incidents within the window, assessed or not
	reaching int // incidents that began before `from` and reached it, else in E
}

func (o *Observations) sample(f Filters) (*sample, error) {
	s := &sample{Observations: o, allMethods: f.AllMethods}
	relevance, err := codeSet("relevance", relevances, f.Relevance, defaultRelevance)
	if err != nil {
		return nil, err
	}
	if relevance&(1<<code(relevances, NotRelevant)) != 0 {
		return nil, badInput("relevance", "NOT_RELEVANT cannot be counted: it says that the norm does not bear on the incident")
	}
	if s.matches, err = codeSet("matches", matches, f.Matches, defaultMatches); err != nil {
		return nil, err
	}
	w, err := f.window()
	if err != nil {
		return nil, err
	}
	s.asOf = w.asOf

	for i := range o.incidents {
		in := &o.incidents[i]
		if !in.Selected || in.start.Earliest > w.to || in.start.Earliest > w.asOf {
			continue
		}
		assessed := slices.ContainsFunc(o.byIncident[i], func(a int32) bool { return o.assessments[a].assessed })
		if in.start.Earliest < w.from {
			if assessed && in.end.Latest >= w.from {
				s.reaching++
			}
			continue
		}
		s.selected++
		if !assessed {
			continue
		}
		var counted []int32
		for _, a := range o.byIncident[i] {
			if r := &o.assessments[a]; r.counted && relevance&(1<<r.relevance) != 0 {
				counted = append(counted, a)
			}
		}
		s.assessed = append(s.assessed, int32(i))
		s.counted = append(s.counted, counted)
	}
	s.fromYear = w.fromYear
	if w.open && len(s.assessed) > 0 {
		s.fromYear = s.at(0).start.Year
	}
	return s, nil
}

// n is |E|.
func (s *sample) n() int { return len(s.assessed) }

// at is the incident at a place of E.
func (s *sample) at(place int32) *incident { return &s.incidents[s.assessed[place]] }

func (s *sample) visible(a agreement) bool { return a.date.Earliest <= s.asOf }

// window is From, To and AsOf as days; open says that there is no From.
type window struct {
	from, to, asOf int32
	fromYear       int
	open           bool
}

const (
	firstDay = -1 << 31
	lastDay  = 1<<31 - 1
)

func (f Filters) window() (window, error) {
	w := window{from: firstDay, to: lastDay, asOf: lastDay, open: f.From == ""}
	read := func(argument, text string, use func(Date)) error {
		if text == "" {
			return nil
		}
		d, err := ParseDate(text)
		if err != nil {
			return badInput(argument, "%v", err)
		}
		use(d)
		return nil
	}
	if err := read("from", f.From, func(d Date) { w.from, w.fromYear = d.Earliest, d.Year }); err != nil {
		return w, err
	}
	if err := read("to", f.To, func(d Date) { w.to = d.Latest }); err != nil {
		return w, err
	}
	if err := read("asOf", f.AsOf, func(d Date) { w.asOf = d.Latest }); err != nil {
		return w, err
	}
	if w.from > w.to {
		return w, badInput("from", "%s is after `to`, %s: nothing lies between them", f.From, f.To)
	}
	return w, nil
}

// codeSet is the set of the codes of values, of fallback when values is nil.
func codeSet[T ~string](argument string, enum, values, fallback []T) (uint8, error) {
	if values == nil {
		values = fallback
	}
	var set uint8
	for _, v := range values {
		c := code(enum, v)
		if c < 0 {
			return 0, badInput(argument, "%q is not one of %v", v, enum)
		}
		set |= 1 << c
	}
	return set, nil
}
