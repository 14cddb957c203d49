package continuity

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"normgraph/graph/cores"
)

// Resampling says how a bootstrap draws.
type Resampling struct {
	Resamples int   // 1 … 10,000
	Seed      int64 // the same seed gives the same digits
	// Progress, if set, is called after each resample, from several goroutines.
	Progress func()
}

const maxResamples = 10_000

func (r Resampling) check() error {
	if r.Resamples < 1 || r.Resamples > maxResamples {
		return badInput("resamples", "%d is not between 1 and %d", r.Resamples, maxResamples)
	}
	return nil
}

// The streams of random numbers: no two statistics share one.
const (
	rankStream  = 0
	alphaStream = 1
)

// resample draws units with replacement, as many as there are, again and again.
// Each worker's use gets the number b of the resample and how often each unit
// was drawn; its finish is called once at the end, never at the same time as
// another. Resample b always comes from the same stream of random numbers, so
// the result does not depend on the number of workers if finish commutes.
func (r Resampling) resample(ctx context.Context, stream uint64, units int,
	worker func() (use func(b int, drawn []int32), finish func())) error {
	var next atomic.Int64
	var mutex sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	for range min(cores.Count, r.Resamples) {
		group.Go(func() error {
			use, finish := worker()
			drawn := make([]int32, units)
			var source rand.PCG
			random := rand.New(&source)
			for {
				b := int(next.Add(1)) - 1
				if b >= r.Resamples {
					break
				}
				if err := stopped(ctx); err != nil {
					return err
				}
				source.Seed(uint64(r.Seed), stream<<32|uint64(b))
				clear(drawn)
				for range units {
					drawn[random.IntN(units)]++
				}
				use(b, drawn)
				if r.Progress != nil {
					r.Progress()
				}
			}
			mutex.Lock()
			defer mutex.Unlock()
			finish()
			return nil
		})
	}
	return group.Wait()
}
