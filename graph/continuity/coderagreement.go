package continuity

import (
	"context"
	"slices"
)

// Variable is what coders are compared on.
type Variable string

// The variables of an assessment that coders can agree on.
const (
	OnRelevance  Variable = "RELEVANCE"
	OnConduct    Variable = "CONDUCT"
	OnMitigation Variable = "MITIGATION"
)

// AgreementArgs are the arguments of coderAgreement. On RELEVANCE all values
// take part, so Filters.Relevance must be nil; on the others it selects the
// assessments as everywhere.
type AgreementArgs struct {
	Variable Variable
	Coders   []string // nil is all
	GroupBy  GroupBy  // ByNorm or ByCoreIdea
	// MissingIsNotRelevant makes the silence of a coder about a norm, on an
	// incident that the coder assessed, a NOT_RELEVANT. Only on RELEVANCE, and
	// with Coders.
	MissingIsNotRelevant bool
	Filters
	Resampling
	Interval bool // compute the interval
}

// CoderAgreement is how far coders agree, by Krippendorff's α, on units (an
// incident and a norm or core idea) that at least two of them judged.
type CoderAgreement struct {
	Units        int
	Pairs        int    // Σ m(m−1)/2 over units with m values
	Conflicts    int    // units for which one coder's own rows differ; missing for that coder
	RawAgreement Number // share of pairs that agree
	AlphaNominal Number
	AlphaOrdinal Number // on RELEVANCE only
	// Interval is of AlphaNominal: percentiles over resamples of the incidents
	// with a unit. Resamples without variation are dropped.
	Interval         *Interval
	DroppedResamples int
	Reason           string // why α is null, empty if it is not
	Caveats          []string
	Coders           []CoderValues
	ByGroup          []GroupAgreement // by key; groups with a unit
}

// CoderValues is how many values of the units are a coder's.
type CoderValues struct {
	Coder  string
	Values int
}

// GroupAgreement is the agreement on one norm or core idea.
type GroupAgreement struct {
	Group
	Units        int
	AlphaNominal Number
	Reason       string
}

// variable is how a [Variable] is read from an assessment: a category, or one
// that is missing.
type variable struct {
	categories int
	value      func(*assessment) int8
	strongest  bool // of one coder's values, take the strongest, which is the least code
}

// missing is no value; conflict is that a coder's rows differ.
const (
	missing  int8 = -1
	conflict int8 = -2
)

func (v Variable) read() (variable, error) {
	switch v {
	case OnRelevance:
		return variable{len(relevances), func(a *assessment) int8 { return a.relevance }, true}, nil
	case OnConduct: // NOT_ASSESSED comes last and is missing
		return variable{len(conducts) - 1, func(a *assessment) int8 { return a.conduct }, false}, nil
	case OnMitigation:
		return variable{len(mitigations) - 1, func(a *assessment) int8 { return a.mitigation }, false}, nil
	}
	return variable{}, badInput("variable", "%q is not one of RELEVANCE, CONDUCT, MITIGATION", v)
}

// CoderAgreement compares the coders.
func (o *Observations) CoderAgreement(ctx context.Context, args AgreementArgs) (*CoderAgreement, error) {
	v, chosen, err := o.checkAgreement(args)
	if err != nil {
		return nil, err
	}
	s, err := o.sample(args.Filters)
	if err != nil {
		return nil, err
	}
	g, err := o.grouping(args.GroupBy, s.matches)
	if err != nil {
		return nil, err
	}
	u := s.judgements(g, v, chosen, args)
	result := u.result
	result.AlphaNominal, result.Reason = reliability(u.all, result.Units)
	if args.Variable == OnRelevance && result.Reason == "" {
		result.AlphaOrdinal = u.all.alpha(ordinal)
	}
	result.RawAgreement = ratio(float64(u.agreeing), float64(result.Pairs))
	for i, c := range o.coders {
		if chosen[i] && (args.Coders != nil || u.values[i] > 0) {
			result.Coders = append(result.Coders, CoderValues{c.ID, u.values[i]})
		}
	}
	for i, group := range g.groups {
		if u.units[i] > 0 {
			alpha, reason := reliability(u.byGroup[i], u.units[i])
			result.ByGroup = append(result.ByGroup, GroupAgreement{group, u.units[i], alpha, reason})
		}
	}
	result.Caveats = s.agreementCaveats(g, u, chosen, args)
	if args.Interval && result.Reason == "" {
		if err := u.bootstrap(ctx, args.Resampling, &result); err != nil {
			return nil, err
		}
	}
	return &result, stopped(ctx)
}

func (o *Observations) checkAgreement(args AgreementArgs) (v variable, chosen []bool, err error) {
	if v, err = args.Variable.read(); err != nil {
		return v, nil, err
	}
	if err := args.Resampling.check(); err != nil {
		return v, nil, err
	}
	switch {
	case args.GroupBy != ByNorm && args.GroupBy != ByCoreIdea:
		return v, nil, badInput("groupBy", "coders judge norms and core ideas: %q is neither NORM nor CORE_IDEA", args.GroupBy)
	case args.Variable == OnRelevance && args.Relevance != nil:
		return v, nil, badInput("relevance", "it would choose the assessments by the value that is compared")
	case args.MissingIsNotRelevant && args.Variable != OnRelevance:
		return v, nil, badInput("missingIsNotRelevant", "a missing row can stand for a value of RELEVANCE only, not of %s", args.Variable)
	case args.MissingIsNotRelevant && args.Coders == nil:
		return v, nil, badInput("coders", "with `missingIsNotRelevant`, name the coders whose silence is a judgement")
	}
	chosen = make([]bool, len(o.coders))
	for i, c := range o.coders {
		chosen[i] = args.Coders == nil || slices.Contains(args.Coders, c.ID)
	}
	for i, id := range args.Coders {
		if !slices.ContainsFunc(o.coders, func(c Coder) bool { return c.ID == id }) {
			return v, nil, badInput("coders", "no coder has the id %q", id)
		}
		if slices.Contains(args.Coders[:i], id) {
			return v, nil, badInput("coders", "%q comes twice", id)
		}
	}
	if args.Coders != nil && len(args.Coders) < 2 {
		return v, nil, badInput("coders", "agreement needs at least two coders")
	}
	return v, chosen, nil
}

// agreementCaveats are what a reader of α has to know.
func (s *sample) agreementCaveats(g *grouping, u *judgements, chosen []bool, args AgreementArgs) []string {
	list := s.apart(g, chosen, args)
	if args.Variable == OnRelevance && !args.MissingIsNotRelevant && u.result.Units > 0 {
		if per, _ := u.all.totals(); per[code(relevances, NotRelevant)] == 0 {
			list = append(list, "Only rows that coders made are compared, and none of them finds a norm not relevant: that coders agree on what does not matter is not counted. Naming the `coders`, with `missingIsNotRelevant`, counts it.")
		}
	}
	return list
}

// reliability is α nominal, or why there is none.
func reliability(c coincidences, units int) (Number, string) {
	if units < 2 {
		return Number{}, "Fewer than 2 units were judged by two or more coders."
	}
	alpha := c.alpha(nominal)
	if !alpha.Known() {
		return alpha, "All values are the same: without variation, agreement cannot be told from chance."
	}
	return alpha, ""
}

// bootstrap resamples the incidents that have units.
func (u *judgements) bootstrap(ctx context.Context, r Resampling, result *CoderAgreement) error {
	incidents := u.byIncident
	if err := checkLimit("resamplingSteps", "steps of resampling", r.Resamples*len(incidents)*len(u.all.cells), maxSteps); err != nil {
		return err
	}
	alphas := make([]Number, r.Resamples)
	err := r.resample(ctx, alphaStream, len(incidents), func() (func(int, []int32), func()) {
		sum := newCoincidences(u.all.categories)
		return func(b int, drawn []int32) {
			clear(sum.cells)
			for i, times := range drawn {
				if times > 0 {
					sum.add(float64(times), incidents[i])
				}
			}
			alphas[b] = sum.alpha(nominal)
		}, func() {}
	})
	if err != nil {
		return err
	}
	var known []float64
	for _, a := range alphas {
		if a.Known() {
			known = append(known, a.Float())
		}
	}
	result.DroppedResamples = len(alphas) - len(known)
	if len(known) > 0 {
		slices.Sort(known)
		i := percentileInterval(known)
		result.Interval = &i
	}
	return nil
}
