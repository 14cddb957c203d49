package main

import (
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"go.uber.org/zap"
)

// By how many percent the heap grows until garbage is collected; Go's own is 100.
const (
	// Little of what a request makes lives on, so that a small heap would be
	// collected all the time: docs/performance.md has what this gives.
	gcServing = 400
	// A load holds the whole corpus, and so does its garbage.
	gcLoading = 50
)

// memoryShare is the part of the memory that the Go heap may come near to; the
// embedded store's pages lie outside.
const memoryShare = 0.8

// collectGarbage sets when garbage is collected: as given, and more often when the
// container's memory, or the machine's, runs short. GOGC and GOMEMLIMIT win.
func collectGarbage(percent int, log *zap.Logger) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
	_, err := memlimit.Set(memlimit.WithRatio(memoryShare), memlimit.WithProvider(memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)))
	if err != nil {
		log.Warn("the memory there is cannot be told; set GOMEMLIMIT if it is little", zap.Error(err))
	}
}
