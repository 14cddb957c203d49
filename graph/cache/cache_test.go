package cache_test

import (
	"testing"

	"pgregory.net/rapid"

	"normgraph/graph/cache"
)

// Against a list of what was used, last first: the cache holds its longest
// beginning that fits.
func TestCache(t *testing.T) {
	const overhead = 200
	type kept struct {
		key, value int
		bytes      int64
	}
	rapid.Check(t, func(t *rapid.T) {
		bound := rapid.Int64Range(0, 8000).Draw(t, "bound")
		c := cache.New[int, int](bound)
		var model []kept
		take := func(key int) (kept, bool) {
			for i, k := range model {
				if k.key == key {
					model = append(model[:i:i], model[i+1:]...)
					return k, true
				}
			}
			return kept{}, false
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			key := rapid.IntRange(0, 9).Draw(t, "key")
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				c.Purge()
				model = nil
			case 1, 2, 3, 4:
				v, ok := c.Get(key)
				k, want := take(key)
				if ok != want || v != k.value {
					t.Fatalf("Get(%d) gave %d, %t; want %d, %t", key, v, ok, k.value, want)
				}
				if want {
					model = append([]kept{k}, model...)
				}
			default:
				k := kept{key, rapid.Int().Draw(t, "value"), rapid.Int64Range(0, 1000).Draw(t, "bytes")}
				c.Add(k.key, k.value, k.bytes)
				take(key)
				if k.bytes+overhead <= bound/8 {
					model = append([]kept{k}, model...)
				}
			}
			var sum int64
			for i, k := range model {
				if sum+k.bytes+overhead > bound {
					model = model[:i]
					break
				}
				sum += k.bytes + overhead
			}
			if c.Bytes() != sum {
				t.Fatalf("%d bytes are kept, want %d of %d", c.Bytes(), sum, bound)
			}
		}
	})
}
