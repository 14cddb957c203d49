package continuity

import "context"

// maxRanked bounds the table of ranks, which is square in the groups.
const maxRanked = 2_000

// rankIntervals are the 2.5 and 97.5 percentiles of the rank of each group over
// resamples of E. A group without an incident in a resample scores 0 there.
func (p *periods) rankIntervals(ctx context.Context, w Weights, r Resampling, members [][]int32) ([]Interval, error) {
	groups, n := len(members), len(p.of)
	steps := 2 * n
	for _, m := range members {
		steps += len(m) + len(p.sizes)
	}
	if err := checkLimit("rankedGroups", "groups with a rank interval", groups, maxRanked); err != nil {
		return nil, err
	}
	if err := checkLimit("resamplingSteps", "steps of resampling", steps*r.Resamples, maxSteps); err != nil {
		return nil, err
	}

	times := make([]int32, groups*(groups+1)) // how often a group had a rank
	err := r.resample(ctx, rankStream, n, func() (func(int, []int32), func()) {
		seen := make([]int32, len(times))
		sizes, counts := make([]int32, len(p.sizes)), make([]int32, len(p.sizes))
		scores, sorted, ranked := make([]int64, groups), make([]int64, groups), make([]int32, groups)
		use := func(_ int, drawn []int32) {
			clear(sizes)
			for place, d := range drawn {
				sizes[p.of[place]] += d
			}
			for g, m := range members {
				clear(counts)
				for _, place := range m {
					counts[p.of[place]] += drawn[place]
				}
				scores[g] = rounded(w.score(counts, sizes))
			}
			ranks(scores, sorted, ranked)
			for g, rank := range ranked {
				seen[g*(groups+1)+int(rank)]++
			}
		}
		return use, func() {
			for i, s := range seen {
				times[i] += s
			}
		}
	})
	if err != nil {
		return nil, err
	}

	low, high := percentileRanks(r.Resamples)
	intervals := make([]Interval, groups)
	for g := range intervals {
		row := times[g*(groups+1) : (g+1)*(groups+1)]
		intervals[g] = interval(float64(reaches(row, low)), float64(reaches(row, high)))
	}
	return intervals, nil
}

// reaches is the rank at which the cumulative count reaches place.
func reaches(times []int32, place int) int {
	sum := 0
	for rank, n := range times {
		if sum += int(n); sum >= place {
			return rank
		}
	}
	return len(times) - 1
}
