// Package cores says how many cores the process has, and lets it run more threads
// than that.
package cores

import "runtime"

// Count is how many cores there are, as far as the process may use them. What
// computes for long runs so many times at once.
var Count = runtime.GOMAXPROCS(0)

// more threads than cores: for statements and computations.
const more = 8

// Share lets more threads run than there are cores. Between goroutines, one that
// computes has a thread for 10 ms, and whoever is in line waits for all before it;
// between threads the system gives a core at once to who has used little. So what is
// kept is answered in time while others compute.
func Share() { runtime.GOMAXPROCS(Count + more) }
