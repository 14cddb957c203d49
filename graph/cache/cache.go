// Package cache keeps values up to a bound in bytes, those used last.
package cache

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Cache is safe for concurrent use.
type Cache[K comparable, V any] struct {
	bound int64

	mu   sync.Mutex
	lru  *simplelru.LRU[K, entry[V]]
	held int64
}

type entry[V any] struct {
	value V
	bytes int64
}

// overhead is what an entry takes beside its value.
const overhead = 200

// New makes a cache of at most bound bytes; 0 keeps nothing.
func New[K comparable, V any](bound int64) *Cache[K, V] {
	c := &Cache[K, V]{bound: bound}
	var err error
	c.lru, err = simplelru.NewLRU(math.MaxInt32, func(_ K, e entry[V]) { c.held -= e.bytes })
	if err != nil {
		panic(err) // only for a size below 1
	}
	return c
}

// Get gives the value of key.
func (c *Cache[K, V]) Get(key K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.lru.Get(key)
	return e.value, ok
}

// Add keeps a value of the given size, in place of those not used for longest.
// A value of more than an eighth of the bound is not kept.
func (c *Cache[K, V]) Add(key K, value V, bytes int64) {
	bytes += overhead
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lru.Remove(key)
	if bytes > c.bound/8 {
		return
	}
	c.lru.Add(key, entry[V]{value, bytes})
	for c.held += bytes; c.held > c.bound; {
		c.lru.RemoveOldest()
	}
}

// Purge forgets everything.
func (c *Cache[K, V]) Purge() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lru.Purge()
}

// Bytes is the size of what is kept.
func (c *Cache[K, V]) Bytes() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held
}
