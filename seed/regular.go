package seed

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
)

// Bounds of a file in bytes. A folder is held in memory while it is checked.
const (
	maxCSV    = 1 << 30
	maxCorpus = 1 << 20
)

// readRegular reads a file of at most so many bytes. What is none, such as a pipe
// or a device, has no end that one could wait for: the problem says what it is, and
// nothing of it is read.
func readRegular(fsys fs.FS, name string, most int64) (data []byte, problem string, err error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, "", err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Sprintf("it is %s; expected a regular file", kindOf(info.Mode())), nil
	}
	long := fmt.Sprintf("the file has more than %d bytes; split the corpus, and load its parts with --merge", most)
	if info.Size() > most {
		return nil, long, nil
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	var buf bytes.Buffer
	buf.Grow(int(info.Size()) + bytes.MinRead)
	if _, err := buf.ReadFrom(io.LimitReader(f, most+1)); err != nil {
		return nil, "", err
	}
	if int64(buf.Len()) > most { // it grew meanwhile
		return nil, long, nil
	}
	return buf.Bytes(), "", nil
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "no file that can be read to an end"
}
