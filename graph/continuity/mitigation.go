package continuity

// ValueCount is how many counted assessments have an enum value.
type ValueCount struct {
	Value Mitigation
	Count int
}

// MethodCount is how many counted assessments were made so.
type MethodCount struct {
	Method Method
	Basis  Basis
	Count  int
}

// mitigation counts the values of assessments, in enum order, all six.
func (o *Observations) mitigation(assessments []int32) []ValueCount {
	counts := make([]ValueCount, len(mitigations))
	for i, m := range mitigations {
		counts[i].Value = m
	}
	for _, a := range assessments {
		counts[o.assessments[a].mitigation].Count++
	}
	return counts
}

// mitigated is the mean over incidents of each incident's mean credit, and its
// Wilson interval over the judged incidents. Null without a judged one.
func (o *Observations) mitigated(assessments []int32) (Number, *Interval) {
	type mean struct{ sum, judged float64 }
	means := make([]mean, len(o.incidents))
	n := 0.0
	for _, a := range assessments {
		r := &o.assessments[a]
		if int(r.mitigation) < len(credit) {
			m := &means[r.incident]
			if m.judged == 0 {
				n++
			}
			m.sum += credit[r.mitigation]
			m.judged++
		}
	}
	if n == 0 {
		return Number{}, nil
	}
	sum := 0.0
	for _, m := range means { // in the order of incidents, for the last digit
		if m.judged > 0 {
			sum += m.sum / m.judged
		}
	}
	sum = min(sum, n)
	w := wilson(sum, n)
	return number(sum / n), &w
}

// methods counts assessments per method and basis, in enum order.
func (o *Observations) methods(assessments []int32) []MethodCount {
	counts := make([]int, len(methods)*len(bases))
	for _, a := range assessments {
		r := &o.assessments[a]
		counts[int(r.method)*len(bases)+int(r.basis)]++
	}
	var list []MethodCount
	for i, n := range counts {
		if n > 0 {
			list = append(list, MethodCount{methods[i/len(bases)], bases[i%len(bases)], n})
		}
	}
	return list
}

// coderCount is the number of different coders.
func (o *Observations) coderCount(assessments []int32) int {
	seen, count := make([]bool, len(o.coders)), 0
	for _, a := range assessments {
		if c := o.assessments[a].coder; !seen[c] {
			seen[c] = true
			count++
		}
	}
	return count
}
