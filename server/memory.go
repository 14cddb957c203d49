package main

import (
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"go.uber.org/zap"
)

// gcRoom is the garbage that may lie about, in bytes, beyond as much as what
// lives. Little of what a request makes lives on, so that Go's rule alone would
// collect a small heap all the time: docs/performance.md has what this gives.
const gcRoom = 64 << 20

// gcLoading is by how many percent the heap of a load grows until garbage is
// collected: a load holds the whole corpus, and Go's 100 would double that.
const gcLoading = 50

// memoryShare is the part of the memory that the Go heap may come near to; the
// embedded store's pages lie outside.
const memoryShare = 0.8

// collectSeldom is for a process that serves, as long as it keeps the ballast:
// bytes that are never touched, so that they take addresses and no memory, but the
// collector counts them among what lives. GOGC in the environment wins, and little
// memory: there the ballast would count against it.
func collectSeldom(log *zap.Logger) (ballast []byte) {
	limitMemory(log)
	const ask = -1
	if os.Getenv("GOGC") == "" && debug.SetMemoryLimit(ask) >= 8*gcRoom {
		ballast = make([]byte, gcRoom)
	}
	return ballast
}

// collectOften is for a process that loads. GOGC in the environment wins.
func collectOften(log *zap.Logger) {
	limitMemory(log)
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcLoading)
	}
}

// limitMemory has garbage collected more often when the container's memory, or
// else the machine's, runs short. GOMEMLIMIT in the environment wins.
func limitMemory(log *zap.Logger) {
	_, err := memlimit.Set(memlimit.WithRatio(memoryShare), memlimit.WithProvider(memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)))
	if err != nil {
		log.Warn("the memory there is cannot be told; set GOMEMLIMIT if it is little", zap.Error(err))
	}
}
