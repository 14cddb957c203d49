package continuity

import "fmt"

// periods are the observable periods of E: those with an incident.
type periods struct {
	labels []string
	sizes  []int32 // n_t
	of     []int32 // period of each place of E, ascending
}

// periods cuts the years into blocks, aligned to fromYear.
func (s *sample) periods(years int) (*periods, error) {
	if years < 1 {
		return nil, badInput("periodYears", "%d years make no period: at least 1 is needed", years)
	}
	p := &periods{of: make([]int32, s.n())}
	last := -1
	for place := range s.assessed {
		block := (s.at(int32(place)).start.Year - s.fromYear) / years
		if block != last {
			last = block
			first := s.fromYear + block*years
			p.labels = append(p.labels, periodLabel(first, first+years-1))
			p.sizes = append(p.sizes, 0)
		}
		t := len(p.sizes) - 1
		p.sizes[t]++
		p.of[place] = int32(t)
	}
	return p, nil
}

func periodLabel(first, last int) string {
	if first == last {
		return fmt.Sprintf("%04d", first)
	}
	return fmt.Sprintf("%04d-%04d", first, last)
}

// tally counts members per period.
func (p *periods) tally(members []int32) []int32 {
	counts := make([]int32, len(p.sizes))
	for _, m := range members {
		counts[p.of[m]]++
	}
	return counts
}

func activePeriods(counts []int32) int {
	active := 0
	for _, c := range counts {
		if c > 0 {
			active++
		}
	}
	return active
}

// longestGap is the longest run of periods without a member, from the first
// active one to the last of all.
func longestGap(counts []int32) int {
	longest, run, begun := 0, 0, false
	for _, c := range counts {
		begun = begun || c > 0
		if c > 0 {
			run = 0
		} else if begun {
			run++
		}
		longest = max(longest, run)
	}
	return longest
}
