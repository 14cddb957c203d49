//go:build unix

package sqlite

import (
	"io"
	"os"
	"syscall"
)

// Bytes that the engine's unix code locks: in the index of the log (-shm) every
// connection to it holds the first, in the database every connection that reads
// through a log holds a part of the others.
const (
	shmInUse              = 128
	sharedFirst, sharedOf = 0x40000000 + 2, 510
)

// strangers reports whether another process works with the log that stands
// beside the file at path, but not with the file: it has one that was there
// before, and the two would share one log.
func strangers(file *os.File, path string) bool {
	index, err := os.Open(path + "-shm")
	if err != nil {
		return false
	}
	defer index.Close()
	return held(index, shmInUse, 1) && !held(file, sharedFirst, sharedOf)
}

// held reports whether another process holds a lock on some of the bytes.
func held(f *os.File, first, bytes int64) bool {
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: first, Len: bytes}
	return syscall.FcntlFlock(f.Fd(), syscall.F_GETLK, &lock) == nil && lock.Type != syscall.F_UNLCK
}
